//! 备案 (2501–2506) and what of it can be asked (5301, 5302, 5304).

use gongji_agency::command::{
    CancelFiling, ChooseInstitution, Command, FileAway, RegisterChronic, RegisterMaternity,
};
use gongji_agency::row::{Filing, FilingKind, FilingStatus, Filings, Institution, Proof};
use jiff::civil::Date;
use serde_json::Value;

use crate::bill::{away, person_members};
use crate::call::{Call, note, object};
use crate::fault::Fault;
use crate::input::Node;
use crate::output::{self, Member, day};
use crate::wire::Wire;

/// Books a filing and what was told of it; the answer names it.
fn filed(
    call: &Call<'_>,
    asked: &Node<'_>,
    command: impl FnOnce() -> Result<Command, Fault>,
) -> Result<Wire, Fault> {
    let record = match call.before()? {
        Some(record) => record,
        None => {
            let told = object([("told", Value::Object(asked.kept()))]);
            call.book(Some(command()?), vec![note("filing/F{seq}", told)])?
        }
    };
    let members = [("trt_dcla_detl_sn", Wire::text(format!("F{}", record.seq)))];
    Ok(Wire::object([("result", output::node(call.number, "result", &members, &[]))]))
}

/// An institution that the agency knows; `None` for one of elsewhere, which the area alone stands for.
fn known(call: &Call<'_>, code: Option<String>) -> Result<Option<Institution>, Fault> {
    let Some(code) = code else { return Ok(None) };
    call.look(|desk, _| Ok(desk.get::<Institution>(&code)?.map(|row| (*row).clone())))
}

/// 2501: the message of the hospital that lets the person go is the letter of referral.
pub fn refer(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("refmedin")?;
    filed(call, &asked, || {
        let to = known(call, asked.text("reflin_medins_no"))?;
        let area = asked.text("mdtrtarea_admdvs").or_else(|| to.as_ref().map(|to| to.area.clone()));
        let from = asked.date("begndate")?;
        Ok(Command::FileAway(FileAway {
            person: asked.need("psn_no")?,
            filing: FilingKind::Referral,
            area,
            institution: to.map(|to| to.id),
            from: from.map_or_else(|| asked.need_date("refl_date"), Ok)?,
            to: asked.date("enddate")?,
            proofs: vec![Proof { kind: "referral_letter".to_owned(), number: call.request.message.clone() }],
            at: Some(call.institution.id.clone()),
            visit: None,
            reason: String::new(),
        }))
    })
}

/// 2503: holds once the agency has looked at it.
pub fn chronic(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    filed(call, &asked, || {
        asked.need("diag_dr_codg")?;
        Ok(Command::RegisterChronic(RegisterChronic {
            person: asked.need("psn_no")?,
            disease: asked.need("opsp_dise_code")?,
            care_type: "chronic_outpatient".to_owned(),
            institutions: Vec::new(),
            from: asked.need_date("begndate")?,
            to: asked.date("enddate")?,
            proofs: vec![Proof { kind: "diagnosis".to_owned(), number: call.request.message.clone() }],
            at: Some(call.institution.id.clone()),
            visit: None,
            reason: String::new(),
        }))
    })
}

/// What a 业务申请类型 files.
fn kind_of(call: &Call<'_>, code: &str) -> Result<&'static str, Fault> {
    call.codes().exact("filing", code).ok_or_else(|| {
        Fault::new(
            "unknown_code",
            format!("biz_appy_type（业务申请类型）{code} 不能用 2505 备案，或没有这个取值"),
        )
    })
}

/// 2505: a chosen hospital, a family doctor, a birth, or care in an emergency away from home.
pub fn choose(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    filed(call, &asked, || {
        let (person, institution) = (asked.need("psn_no")?, asked.need("fixmedins_code")?);
        let (from, to) = (asked.need_date("begndate")?, asked.date("enddate")?);
        let (at, reason) = (Some(call.institution.id.clone()), String::new());
        let kind = kind_of(call, &asked.need("biz_appy_type")?)?;
        Ok(match kind {
            "maternity" => Command::RegisterMaternity(RegisterMaternity {
                person,
                from,
                to: asked.need_date("enddate")?,
                institutions: vec![institution],
                proofs: Vec::new(),
                at,
                visit: None,
                reason,
            }),
            "emergency" => Command::FileAway(FileAway {
                person,
                filing: FilingKind::Emergency,
                area: None,
                institution: Some(institution),
                from,
                to,
                proofs: Vec::new(),
                at,
                visit: None,
                reason,
            }),
            "family_doctor" => Command::ChooseInstitution(ChooseInstitution {
                person,
                filing: FilingKind::FamilyDoctor,
                institution,
                from,
                to,
                at,
                reason,
            }),
            _ => Command::ChooseInstitution(ChooseInstitution {
                person,
                filing: FilingKind::ChosenHospital,
                institution,
                from,
                to,
                at,
                reason,
            }),
        })
    })
}

fn filings(call: &Call<'_>, person: &str) -> Result<Vec<Filing>, Fault> {
    let row = call.look(|desk, _| Ok(desk.get::<Filings>(person)?.map(|row| (*row).clone())))?;
    Ok(row.unwrap_or_default().filings)
}

/// 2502, 2504 and 2506: a filing is taken back; a registered disease only before the agency has looked at it.
pub fn cancel(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    if call.before()?.is_none() {
        let (person, id) = (asked.need("psn_no")?, asked.need("trt_dcla_detl_sn")?);
        let fits = |filing: &&Filing| match call.number {
            "2502" => filing.kind.is_away(),
            "2504" => filing.kind == FilingKind::Chronic,
            _ => filing.kind != FilingKind::Chronic,
        };
        let found = filings(call, &person)?.into_iter().find(|filing| filing.id == id);
        let found = found
            .as_ref()
            .filter(fits)
            .ok_or_else(|| Fault::new("no_filing", format!("参保人 {person} 没有这项备案：{id}")))?;
        if found.kind == FilingKind::Chronic && found.status != FilingStatus::Pending {
            let problem = format!("备案 {id} 已经复核（{}），请到经办机构办理", found.status.label());
            return Err(Fault::new("filing_reviewed", problem));
        }
        let reason = asked.text("memo").unwrap_or_else(|| "医药机构撤销备案".to_owned());
        let command = CancelFiling { person, filing: id, reason };
        return call.tell(Some(Command::CancelFiling(command)), Vec::new(), Wire::Null);
    }
    Ok(Wire::Null)
}

/// The filings of a person that hold on a day.
fn in_force(call: &Call<'_>, person: &str) -> Result<Vec<Filing>, Fault> {
    let person = call.person(person)?;
    let today = call.look(|_, context| Ok(context.today))?;
    let home = person.cover_on(today).map(|cover| cover.area.clone()).unwrap_or_default();
    let mut all = filings(call, &person.id)?;
    all.retain(|filing| filing.holds(&home, today));
    Ok(all)
}

fn period(filing: &Filing) -> [Member; 2] {
    [("begndate", day(filing.from)), ("enddate", filing.to.map_or(Wire::Null, day))]
}

/// 5301: the diseases that are registered now.
pub fn chronic_now(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    let mut held = in_force(call, &asked.need("psn_no")?)?;
    held.retain(|filing| filing.kind == FilingKind::Chronic);
    let mut rows = Vec::with_capacity(held.len());
    for filing in &held {
        let told = call.note(&format!("filing/{}", filing.id))?;
        let name = told.0.get("told").and_then(|told| told["opsp_dise_name"].as_str().map(str::to_owned));
        let disease = filing.disease.clone().unwrap_or_default();
        let mut members = vec![
            ("opsp_dise_name", Wire::text(name.unwrap_or_else(|| disease.clone()))),
            ("opsp_dise_code", Wire::text(disease)),
        ];
        members.extend(period(filing));
        rows.push(output::node("5301", "feedetail", &members, &[]));
    }
    Ok(Wire::object([("feedetail", Wire::List(rows))]))
}

/// 5302: the institutions that were chosen for a kind of business.
pub fn chosen_now(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    let person = call.person(&asked.need("psn_no")?)?;
    let kind = kind_of(call, &asked.need("biz_appy_type")?)?;
    let mut held = in_force(call, &person.id)?;
    held.retain(|filing| filing.kind.name() == kind);
    let mut rows = Vec::new();
    for (filing, code) in
        held.iter().flat_map(|filing| filing.institutions.iter().map(move |code| (filing, code)))
    {
        let name = known(call, Some(code.clone()))?.map(|known| known.name).unwrap_or_default();
        let scheme = person.cover_on(filing.from).map(|cover| cover.scheme.as_str());
        let insurance = scheme.and_then(|scheme| call.codes().exact("insutype", scheme));
        let mut members = vec![
            ("psn_no", Wire::text(person.id.clone())),
            ("insutype", output::text(insurance)),
            ("fix_srt_no", Wire::text((rows.len() + 1).to_string())),
            ("fixmedins_code", Wire::text(code.clone())),
            ("fixmedins_name", Wire::text(name)),
        ];
        members.extend(period(filing));
        rows.push(output::node("5302", "psnfixmedin", &members, &[]));
    }
    Ok(Wire::object([("psnfixmedin", Wire::List(rows))]))
}

/// What the referring hospital told and comes back as it was.
const TOLD: [&str; 9] = [
    "tel",
    "addr",
    "diag_code",
    "diag_name",
    "dise_cond_dscr",
    "reflin_medins_no",
    "reflin_medins_name",
    "refl_rea",
    "hosp_agre_refl_flag",
];

/// 5304: the referrals that were filed within a time and not taken back.
pub fn referrals(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    let person = call.person(&asked.need("psn_no")?)?;
    let from = asked.need_date("begntime")?;
    let to = asked.date("endtime")?.unwrap_or(Date::MAX);
    let codes = call.codes();
    let mut rows = Vec::new();
    for filing in filings(call, &person.id)? {
        let live = matches!(filing.status, FilingStatus::Valid | FilingStatus::Pending);
        if filing.kind != FilingKind::Referral || !live || !(from..=to).contains(&filing.from) {
            continue;
        }
        let told = call.note(&format!("filing/{}", filing.id))?;
        let told = told.0.get("told").cloned().unwrap_or_default();
        let cover = person.cover_on(filing.from);
        let mut members = person_members(&person, filing.from, codes);
        members.extend(TOLD.into_iter().map(|name| (name, output::text(told[name].as_str()))));
        members.extend([
            ("insutype", output::text(cover.and_then(|cover| codes.exact("insutype", &cover.scheme)))),
            ("dcla_souc", Wire::text(if filing.at.is_some() { "01" } else { "02" })),
            ("insu_optins", Wire::text(filing.home.clone())),
            ("emp_name", output::text(cover.and_then(|cover| cover.employer.as_deref()))),
            ("out_flag", Wire::text(away(&filing.home, filing.area.as_deref().unwrap_or_default()))),
            ("refl_date", day(filing.from)),
        ]);
        members.extend(period(&filing));
        rows.push(output::node("5304", "refmedin", &members, &[]));
    }
    Ok(Wire::object([("refmedin", Wire::List(rows))]))
}
