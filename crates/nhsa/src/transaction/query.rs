//! 查询 (5201–5203, 5206, 5303).

use std::collections::BTreeMap;

use gongji_agency::desk::Row;
use gongji_agency::row::{Note, Visit, VisitStatus};
use gongji_agency::settlement::{Settlement, live_before};
use gongji_policy::Payer;
use jiff::civil::Date;
use serde_json::Value;

use super::cancel::found;
use super::settle::shown;
use crate::bill::{Bill, away, civil_servant, person_members, psn_type};
use crate::call::Call;
use crate::fault::Fault;
use crate::input::date;
use crate::output::{self, Member};
use crate::wire::Wire;

/// So many notes are fetched together.
const TOGETHER: usize = 500;

/// 5203: a settlement, or the negative of one.
pub fn settlement(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    let (made, cancelled) = found(call, &asked)?;
    let broken = || Fault::new("no_settlement", "没有这笔结算");
    let bill = Bill::booked(&made, cancelled.as_ref()).ok_or_else(broken)?;
    let of = match &bill.settlement().visit {
        Some(visit) => visit.clone(),
        None => format!("V{}", made.cancels.unwrap_or(made.seq)),
    };
    let kept = call.note(&format!("visit/{of}"))?;
    shown(call, &bill, &kept)
}

/// 5202: the diagnoses of a visit.
pub fn diagnoses(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    let (visit, kept) = call.visit(&asked)?;
    let known = kept.0.get("diagnoses").and_then(Value::as_object);
    let rows = known.into_iter().flatten().map(|(key, diagnosis)| {
        let text = |name: &str| Wire::text(diagnosis[name].as_str().unwrap_or_default());
        let number = |name: &str| match diagnosis[name].as_str() {
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.is_empty() => {
                let digits = digits.trim_start_matches('0');
                Wire::Number(if digits.is_empty() { "0" } else { digits }.to_owned())
            }
            _ => Wire::Number("0".to_owned()),
        };
        // Outpatient diagnoses carry no mark: the first is the main one.
        let first = key.ends_with("/1/0001");
        let main = diagnosis["maindiag_flag"].as_str().unwrap_or(if first { "1" } else { "0" });
        let members = [
            ("diag_info_id", Wire::text(format!("{}/{key}", visit.id))),
            ("mdtrt_id", Wire::text(visit.id.clone())),
            ("psn_no", Wire::text(visit.person.clone())),
            ("inout_diag_type", Wire::text(key.split('/').next().unwrap_or_default())),
            ("diag_type", text("diag_type")),
            ("maindiag_flag", Wire::text(main)),
            ("diag_srt_no", number("diag_srt_no")),
            ("diag_code", text("diag_code")),
            ("diag_name", text("diag_name")),
            ("diag_dept", text("diag_dept")),
            ("dise_dor_no", text("dise_dor_no")),
            ("dise_dor_name", text("dise_dor_name")),
            ("diag_time", text("diag_time")),
        ];
        output::node("5202", "diseinfo", &members, &[])
    });
    Ok(Wire::object([("diseinfo", Wire::List(rows.collect()))]))
}

/// The visits of this institution that were not cancelled, of one person where told, with what is kept of each.
fn seen(call: &Call<'_>, person: Option<&str>) -> Result<Vec<(Visit, Note)>, Fault> {
    let prefix = call.own("visit/");
    call.look(|desk, _| {
        let mut seen: Vec<(Visit, Note)> = Vec::new();
        let mut after = String::new();
        loop {
            let page = desk.view().page(Note::KIND, &prefix, &after, TOGETHER)?;
            for (id, text) in &page {
                after.clone_from(id);
                let visit = id.rsplit('/').next().unwrap_or_default();
                let Some(visit) = desk.get::<Visit>(visit)? else { continue };
                if person.is_none_or(|person| visit.person == person)
                    && visit.status != VisitStatus::Cancelled
                {
                    let note: Note = serde_json::from_str(text).unwrap_or_default();
                    seen.push(((*visit).clone(), note));
                }
            }
            if page.len() < TOGETHER {
                break;
            }
        }
        Ok(seen)
    })
}

/// 5303: who lies in this institution now, admitted within a time.
pub fn admitted(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    let (from, to) = (asked.need_date("begntime")?, asked.need_date("endtime")?);
    let person = asked.text("psn_no");
    let mut rows = Vec::new();
    for (visit, note) in seen(call, person.as_deref())? {
        let lies = visit.is_stay() && visit.status == VisitStatus::Open && !note.0.contains_key("discharged");
        if lies && (from..=to).contains(&visit.opened_on) {
            let person = call.person(&visit.person)?;
            let mut members = visit_members(call, &person, &visit, &note);
            members.push(("begndate", output::day(visit.opened_on)));
            let home = person.cover_on(visit.opened_on).map_or("", |cover| cover.area.as_str());
            members.push(("out_flag", Wire::text(away(home, &call.institution.area))));
            rows.push(output::node("5303", "data", &members, &[]));
        }
    }
    Ok(Wire::object([("data", Wire::List(rows))]))
}

/// 5201: the visits of a person at this institution that began within a time.
pub fn visits(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    let person = call.person(&asked.need("psn_no")?)?;
    let (from, to) = (asked.need_date("begntime")?, asked.need_date("endtime")?);
    let wanted = asked.text("mdtrt_id");
    let seen = seen(call, Some(&person.id))?;
    let rows = seen
        .iter()
        .filter(|(visit, _)| (from..=to).contains(&visit.opened_on))
        .filter(|(visit, _)| wanted.as_ref().is_none_or(|wanted| *wanted == visit.id))
        .filter(|(visit, note)| {
            asked.text("med_type").is_none_or(|code| med_type(call, visit, note).starts_with(&code))
        })
        .map(|(visit, note)| {
            output::node("5201", "mdtrtinfo", &visit_members(call, &person, visit, note), &[])
        });
    Ok(Wire::object([("mdtrtinfo", Wire::List(rows.collect()))]))
}

fn med_type(call: &Call<'_>, visit: &Visit, note: &Note) -> String {
    let told = note.0.get("med_type").and_then(Value::as_str);
    told.or_else(|| call.codes().exact("med_type", &visit.care_type)).unwrap_or_default().to_owned()
}

/// What was told of a visit and comes back as it was.
const TOLD: [&str; 16] = [
    "coner_name",
    "tel",
    "begntime",
    "mdtrt_cert_type",
    "medrcdno",
    "atddr_no",
    "chfpdr_name",
    "adm_dept_codg",
    "adm_dept_name",
    "adm_bed",
    "dscg_maindiag_code",
    "dscg_maindiag_name",
    "main_cond_dscr",
    "dise_codg",
    "dise_name",
    "fpsc_no",
];

fn visit_members(
    call: &Call<'_>,
    person: &gongji_agency::row::Person,
    visit: &Visit,
    note: &Note,
) -> Vec<Member> {
    let codes = call.codes();
    let told = |name: &str| {
        let places = ["described", "discharged", "opened"].into_iter();
        let mut found = places.filter_map(|place| note.0.get(place)?.get(name)?.as_str());
        Wire::text(found.next().unwrap_or_default())
    };
    let cover = person.cover_on(visit.opened_on);
    let mut members = person_members(person, visit.opened_on, codes);
    members.extend(TOLD.into_iter().map(|name| (name, told(name))));
    let end = note.0.get("discharged").and_then(|discharged| discharged["endtime"].as_str());
    let number = match told("ipt_otp_no") {
        Wire::Text(text) if text.is_empty() => told("ipt_no"),
        found => found,
    };
    members.extend([
        ("mdtrt_id", Wire::text(visit.id.clone())),
        ("insutype", output::text(cover.and_then(|cover| codes.exact("insutype", &cover.scheme)))),
        ("psn_type", Wire::text(cover.map_or("", |cover| psn_type(cover, codes)))),
        ("cvlserv_flag", Wire::text(cover.map_or("0", civil_servant))),
        ("insu_optins", output::text(cover.map(|cover| cover.area.as_str()))),
        ("emp_name", output::text(cover.and_then(|cover| cover.employer.as_deref()))),
        ("endtime", end.map_or(Wire::Null, Wire::text)),
        ("med_type", Wire::text(med_type(call, visit, note))),
        ("ipt_otp_no", number),
        (
            "inhosp_stas",
            Wire::text(if visit.is_stay() && visit.status == VisitStatus::Open && end.is_none() {
                "1"
            } else {
                "0"
            }),
        ),
    ]);
    members
}

/// What a person used, by insurance and year: code → value in fen, or a number of times.
type Sums = BTreeMap<(String, i16), BTreeMap<String, (i64, bool)>>;

/// 5206: what the live settlements of a year sum to, up to the month that is asked.
pub fn accumulators(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    let person = call.person(&asked.need("psn_no")?)?;
    let month = asked.text("cum_ym");
    let end = match &month {
        None => None,
        Some(month) => Some(last_day(month).ok_or_else(|| {
            Fault::new(
                "malformed_date",
                format!("data.cum_ym（累计年月）应为 202601 这样的年月，写的是 {month}"),
            )
        })?),
    };
    let (records, today) =
        call.look(|desk, context| Ok((live_before(desk, &person.id, u64::MAX)?, context.today)))?;
    let until = end.unwrap_or(today);
    let mut sums = Sums::new();
    for record in records.iter().filter(|record| record.date <= until) {
        if let Some(made) = record.settlement.as_deref().filter(|made| made.person == person.id) {
            add(&mut sums, made, call);
        }
    }
    let shown_month = month.unwrap_or_else(|| format!("{:04}{:02}", today.year(), today.month()));
    let year_asked = end.map(Date::year);
    let rows = sums.iter().filter(|((_, year), _)| year_asked.is_none_or(|asked| asked == *year)).flat_map(
        |((insurance, year), values)| {
            let shown_month = &shown_month;
            values.iter().map(move |(code, (value, money))| {
                let value = if *money { Wire::fen(*value) } else { Wire::Number(value.to_string()) };
                let members = [
                    ("insutype", Wire::text(insurance.clone())),
                    ("year", Wire::text(year.to_string())),
                    ("cum_ym", Wire::text(shown_month.clone())),
                    ("cum_type_code", Wire::text(code.clone())),
                    ("cum", value),
                ];
                output::node("5206", "cuminfo", &members, &[])
            })
        },
    );
    Ok(Wire::object([("cuminfo", Wire::List(rows.collect()))]))
}

/// The last day of a month such as `202602`, or of a year.
fn last_day(month: &str) -> Option<Date> {
    let first = match month.len() {
        4 => date(&format!("{month}1201"))?,
        6 => date(&format!("{month}01"))?,
        _ => return None,
    };
    Some(first.last_of_month())
}

/// Adds a settlement under the plain code of each sum and under that of its kind of care.
fn add(sums: &mut Sums, made: &Settlement, call: &Call<'_>) {
    let codes = call.codes();
    let insurance = codes.exact("insutype", &made.scheme).unwrap_or_default().to_owned();
    let kind = format!("_BIZ{}", codes.exact("med_type", &made.care_type).unwrap_or_default());
    let values = sums.entry((insurance, made.year.year())).or_default();
    let mut put = |code: &str, value: i64, money: bool| {
        if value != 0 {
            for code in [code.to_owned(), format!("{code}{kind}")] {
                let place = values.entry(code).or_insert((0, money));
                place.0 = place.0.saturating_add(value);
            }
        }
    };
    put("C0000", 1, false);
    put("F0000", made.total, true);
    put("S0000", made.in_scope, true);
    let deductible = made.cells.iter().filter(|cell| cell.row == "deductible");
    put("Q0000", deductible.map(|cell| cell.fen).sum(), true);
    for payer in Payer::ALL.into_iter().filter(|payer| payer.is_fund()) {
        let paid = made.cells.iter().filter(|cell| cell.payer == payer.name()).map(|cell| cell.fen).sum();
        let code = codes
            .exact("cum_fund", &format!("{}/{}", made.scheme, payer.name()))
            .or_else(|| codes.exact("cum_fund", payer.name()));
        put(code.unwrap_or("D999996"), paid, true);
    }
    put(codes.exact("cum_fund", "account").unwrap_or("D310201"), made.account_paid, true);
    for (item, value) in
        [("101", made.non_covered), ("102", made.upfront_self_pay), ("103", made.over_limit_price)]
    {
        if value != 0 {
            let place = values_of(values, &format!("Z0000{kind}_LAB{item}"));
            *place = place.saturating_add(value);
        }
    }
}

fn values_of<'map>(values: &'map mut BTreeMap<String, (i64, bool)>, code: &str) -> &'map mut i64 {
    &mut values.entry(code.to_owned()).or_insert((0, true)).0
}
