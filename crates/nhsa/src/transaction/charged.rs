//! 费用明细查询 (5204) and 慢特病用药记录 (5205): the lines of settlements.

use std::collections::BTreeMap;
use std::sync::Arc;

use gongji_agency::Stop;
use gongji_agency::port::StoreError;
use gongji_agency::record::Record;
use gongji_agency::refusal::Refusal;
use gongji_agency::row::{Institution, Line, Lines};
use gongji_agency::settlement::{Settlement, live_before, net};
use gongji_cases::Case;
use gongji_cases::request::Charges;
use serde_json::Value;

use super::cancel::found;
use super::fees::batches;
use crate::bill::Bill;
use crate::call::Call;
use crate::fault::Fault;
use crate::line::{Known, Sent, Split};
use crate::output::{self, Member};
use crate::wire::Wire;

/// The kinds of care of 慢特病.
const CHRONIC: [&str; 3] = ["chronic_outpatient", "outpatient_major", "special_drug"];

/// So many lines of a bill are split together.
const TOGETHER: usize = 1_000;

/// A line that was settled.
struct Charged {
    sent: Sent,
    split: Split,
    /// What the institution told of it; nothing where it came another way.
    told: Value,
}

/// The lines of a settlement as they were settled, with their serial numbers where the interface knows them.
fn lines_of(call: &Call<'_>, made: &Settlement, own: bool) -> Result<Vec<(String, Line, Value)>, Fault> {
    let Some(visit) = &made.visit else { return Ok(Vec::new()) };
    let rows = call.look(|desk, _| {
        let mut rows = Vec::with_capacity(made.batches.len());
        for no in &made.batches {
            rows.push((*no, (*desk.need::<Lines>(&Lines::id(visit, *no))?).clone()));
        }
        Ok(net(rows.iter().map(|(no, rows)| (*no, rows)))?)
    })?;
    let kept = if own { call.note(&format!("visit/{visit}"))? } else { Arc::default() };
    let known: BTreeMap<u32, Vec<&str>> = batches(&kept).map(|(no, _, serials)| (no, serials)).collect();
    let mut told = BTreeMap::new();
    for no in made.batches.iter().filter(|_| own) {
        told.insert(*no, call.note(&format!("lines/{visit}/{no}"))?);
    }
    let memos = kept.0.get("memos");
    let place = |line: u32| (line as usize).saturating_sub(1);
    let found = rows.into_iter().map(|net| {
        let serial = known.get(&net.at.batch).and_then(|serials| serials.get(place(net.at.line)));
        let serial = serial.map_or_else(|| format!("{}-{}", net.at.batch, net.at.line), |s| (*s).to_owned());
        let told = told.get(&net.at.batch).and_then(|note| note.0.get("lines"));
        let mut told: Value =
            told.and_then(|lines| lines.get(place(net.at.line))).cloned().unwrap_or_default();
        // 2306 may have given it another remark since.
        if let (Some(told), Some(memo)) = (told.as_object_mut(), memos.and_then(|memos| memos.get(&serial))) {
            told.insert("memo".to_owned(), memo.clone());
        }
        (serial, net.line, told)
    });
    Ok(found.collect())
}

/// The lines of a settlement, each split as it was when the settlement was made.
fn charged(call: &Call<'_>, made: &Settlement) -> Result<Vec<Charged>, Fault> {
    let own = made.institution == call.institution.id;
    let mut lines = lines_of(call, made, own)?;
    call.look(|desk, context| {
        let damaged = |what: String| Stop::Store(StoreError::Corrupt(format!("{} 的案例{what}", made.id)));
        let mut case = Case::read(made.case.get()).map_err(|error| damaged(format!("读不懂：{error}")))?;
        let event = case.events.pop().ok_or_else(|| damaged("没有账单".to_owned()))?;
        let Some(Charges::Lines(inputs)) = &event.charges else { return Ok(Vec::new()) };
        if made.visit.is_none() {
            // A bill settled at once keeps its lines in its question alone.
            let of = |(at, input): (usize, &gongji_cases::request::LineInput)| {
                let line = Line {
                    code: input.code.clone().unwrap_or_default(),
                    name: input.name.clone().unwrap_or_default(),
                    on: made.law_day,
                    quantity: quantity(input.quantity),
                    unit_price: input.unit_price.fen(),
                    amount: input.amount.fen(),
                    returns: None,
                    cancelled: false,
                };
                ((at + 1).to_string(), line, Value::Null)
            };
            lines = inputs.iter().enumerate().map(of).collect();
        }
        let mut portions = Vec::with_capacity(inputs.len());
        for part in inputs.chunks(TOGETHER) {
            let mut event = event.clone();
            event.charges = Some(Charges::Lines(part.to_vec()));
            portions.extend(context.rules.split(&case.person, &event)?);
        }
        let in_scope: i64 = portions.iter().map(|line| line.in_scope.fen()).sum();
        if portions.len() != lines.len() || in_scope != made.in_scope {
            return Err(Refusal::new(
                "rules_changed",
                "这笔结算按先前版本的规则计算，明细的拆分已经不能重算",
            )
            .at("setl_id")
            .found(&made.id)
            .into());
        }
        let level = desk.need::<Institution>(&made.institution)?.level.clone();
        let mut all = Vec::with_capacity(lines.len());
        for ((serial, line, told), portions) in lines.drain(..).zip(portions) {
            let known = Known::of(desk, &line, &made.care_area, level.as_deref())?;
            all.push(Charged { sent: Sent::of(serial, &line), split: Split { portions, known }, told });
        }
        Ok(all)
    })
}

/// A quantity as text.
fn quantity(quantity: gongji_money::Rate) -> String {
    let scaled = i128::from(quantity.numerator()) * 1_000_000 / i128::from(quantity.denominator());
    crate::line::decimal(i64::try_from(scaled).unwrap_or(i64::MAX), 6)
}

/// What the institution told of a line and gets back as it was.
const TOLD: [&str; 17] = [
    "medins_list_codg",
    "medins_list_name",
    "sin_dos_dscr",
    "used_frqu_dscr",
    "medc_way_dscr",
    "bilg_dept_codg",
    "bilg_dept_name",
    "bilg_dr_codg",
    "bilg_dr_name",
    "acord_dept_codg",
    "acord_dept_name",
    "orders_dr_code",
    "orders_dr_name",
    "hosp_appr_flag",
    "tcmdrug_used_way",
    "etip_flag",
    "memo",
];

impl Charged {
    fn members(&self, call: &Call<'_>, made: &Settlement, med_type: &str, sign: i64) -> Vec<Member> {
        let told = |name: &str| self.told[name].as_str();
        let day = self.sent.asked.on.map(|on| format!("{on} 00:00:00"));
        let on = told("fee_ocur_time").map(str::to_owned).or(day).unwrap_or_default();
        let on = if on.len() == 10 { format!("{on} 00:00:00") } else { on };
        let number = told("rxno").or_else(|| told("drord_no"));
        let mut members = vec![
            ("setl_id", Wire::text(made.id.clone())),
            ("mdtrt_id", output::text(made.visit.as_deref())),
            ("psn_no", Wire::text(made.person.clone())),
            ("med_type", Wire::text(med_type)),
            ("fee_ocur_time", Wire::text(on)),
            ("rx_drord_no", output::text(number)),
        ];
        members.extend(TOLD.into_iter().map(|name| (name, output::text(told(name)))));
        members.extend(self.split.members(&self.sent, call.codes()).into_iter().map(|(name, value)| {
            match value {
                Wire::Number(digits) if sign < 0 && NEGATED.contains(&name) => (name, negated(&digits)),
                value => (name, value),
            }
        }));
        members
    }
}

/// The numbers of a line that are below zero where its settlement was cancelled.
const NEGATED: [&str; 6] =
    ["det_item_fee_sumamt", "cnt", "fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt"];

fn negated(digits: &str) -> Wire {
    let nothing = digits.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    Wire::Number(if nothing { digits.to_owned() } else { format!("-{digits}") })
}

/// 医疗类别 of a settlement, as it was told or as it is written by default.
fn med_type(call: &Call<'_>, made: &Settlement, record: &Record) -> Result<String, Fault> {
    let visit = made.visit.clone().unwrap_or_else(|| format!("V{}", record.cancels.unwrap_or(record.seq)));
    let kept = call.note(&format!("visit/{visit}"))?;
    let told = kept.0.get("med_type").and_then(Value::as_str);
    Ok(told.or_else(|| call.codes().exact("med_type", &made.care_type)).unwrap_or_default().to_owned())
}

/// 5204: the lines of a settlement, less what was taken back before it; of a negative one with signs turned.
pub fn lines(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    let (record, cancelled) = found(call, &asked)?;
    let missing = || Fault::new("no_settlement", "没有这笔结算");
    let bill = Bill::booked(&record, cancelled.as_ref()).ok_or_else(missing)?;
    let (made, sign) = (bill.settlement(), if bill.is_negative() { -1 } else { 1 });
    let med_type = med_type(call, made, &record)?;
    let visit = ("mdtrt_id", bill.visit());
    let id = ("setl_id", bill.id().map_or(Wire::Null, Wire::Text));
    let rows = charged(call, made)?.into_iter().map(|line| {
        let mut members = vec![id.clone(), visit.clone()];
        members.extend(line.members(call, made, &med_type, sign));
        output::node("5204", "", &members, &[])
    });
    Ok(Wire::List(rows.collect()))
}

/// What a settlement's lines come to by 医疗收费项目类别: total, 甲, 乙 and 全自费, fen.
pub fn sums_by_kind(call: &Call<'_>, made: &Settlement) -> Result<BTreeMap<String, [i64; 4]>, Fault> {
    let mut sums: BTreeMap<String, [i64; 4]> = BTreeMap::new();
    for line in charged(call, made)? {
        let known = &line.split.known;
        let of_kind = sums.entry(known.charge_kind(call.codes()).to_owned()).or_default();
        let own = line.split.portions.non_covered.fen();
        let covered = line.sent.amount() - own;
        let (first, second) = if known.class() == "A" { (covered, 0) } else { (0, covered) };
        for (sum, part) in of_kind.iter_mut().zip([line.sent.amount(), first, second, own]) {
            *sum = sum.saturating_add(part);
        }
    }
    Ok(sums)
}

/// 5205: the drugs of a person's live settlements of 慢特病 within a time, wherever they were dispensed.
pub fn chronic_drugs(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    let person = call.person(&asked.need("psn_no")?)?;
    let (from, to) = (asked.need_date("begntime")?, asked.date("endtime")?);
    let records = call.look(|desk, _| live_before(desk, &person.id, u64::MAX))?;
    let mut rows = Vec::new();
    for record in &records {
        let Some(made) = record.settlement.as_deref() else { continue };
        if made.person != person.id || !CHRONIC.contains(&made.care_type.as_str()) {
            continue;
        }
        let place = call.look(|desk, _| Ok((*desk.need::<Institution>(&made.institution)?).clone()))?;
        let med_type = call.codes().exact("med_type", &made.care_type).unwrap_or_default();
        for line in charged(call, made)? {
            let on = line.sent.asked.on.unwrap_or(made.law_day);
            if on < from || to.is_some_and(|to| on > to) || !line.split.known.is_drug() {
                continue;
            }
            let mut members = line.members(call, made, med_type, 1);
            members.extend([
                ("fixmedins_code", Wire::text(place.id.clone())),
                ("fixmedins_name", Wire::text(place.name.clone())),
            ]);
            rows.push(output::node("5205", "feedetail", &members, &[]));
        }
    }
    Ok(Wire::object([("feedetail", Wire::List(rows))]))
}
