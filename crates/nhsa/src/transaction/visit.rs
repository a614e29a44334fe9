//! Visits and stays: 挂号 (2201–2203), 入院与出院 (2401–2405).

use std::sync::Arc;

use gongji_agency::command::{CancelVisit, ChangeVisit, Command, OpenVisit, VisitAsked};
use gongji_agency::record::Record;
use gongji_agency::row::{Note, Visit, VisitStatus};
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use crate::call::{Call, note, object};
use crate::fault::Fault;
use crate::input::Node;
use crate::output;
use crate::wire::Wire;

/// The care type of a 医疗类别.
pub fn care_type(call: &Call<'_>, med_type: &str) -> Result<&'static str, Fault> {
    call.codes().longest("care_type", med_type).ok_or_else(|| {
        Fault::new("unknown_code", format!("med_type（医疗类别）没有取值 {med_type}，或本统筹区没有对照"))
    })
}

/// Checks that the insurance named is the one under which the person is covered on a day.
pub fn same_insurance(call: &Call<'_>, node: &Node<'_>, person: &str, on: Date) -> Result<(), Fault> {
    let Some(asked) = node.text("insutype") else { return Ok(()) };
    let person = call.person(person)?;
    let Some(cover) = person.cover_on(on) else { return Ok(()) };
    match call.codes().exact("insutype", &cover.scheme) {
        Some(known) if known != asked => Err(Fault::new(
            "insurance_differs",
            format!("insutype（险种类型）写的是 {asked}，参保人 {on} 的险种是 {known}"),
        )),
        _ => Ok(()),
    }
}

/// Diseases of the pack that a message names; only kinds of care that depend on them have any.
pub fn conditions(care_type: &str, node: &Node<'_>) -> Vec<String> {
    conditions_of(care_type, node.text("dise_codg"))
}

/// The same of a code.
pub fn conditions_of(care_type: &str, code: Option<String>) -> Vec<String> {
    let depends = matches!(care_type, "chronic_outpatient" | "outpatient_major" | "special_drug");
    if depends { code.into_iter().collect() } else { Vec::new() }
}

fn opening(call: &Call<'_>, node: &Node<'_>, care_type: &str) -> Result<Command, Fault> {
    let date = node.need_date("begntime")?;
    let person = node.need("psn_no")?;
    same_insurance(call, node, &person, date)?;
    let visit = VisitAsked {
        person,
        institution: call.institution.id.clone(),
        care_type: care_type.to_owned(),
        date,
        filing: None,
        transfer_from: None,
        from_emergency: node.text("med_type").is_some_and(|code| code.starts_with("24")),
        family_doctor: None,
        cause: None,
        conditions: conditions(care_type, node),
        prescribed_by: None,
    };
    Ok(Command::OpenVisit(OpenVisit { visit }))
}

fn opened(record: &Record) -> Wire {
    Wire::text(record.result["visit"].as_str().unwrap_or_default())
}

/// 2201. What the visit is for is told by 2203; until then it is an ordinary one.
pub fn register(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    let number = asked.need("ipt_otp_no")?;
    let record = match call.before()? {
        Some(record) => record,
        None => {
            let command = opening(call, &asked, "outpatient")?;
            let patch = object([("opened", Value::Object(asked.kept())), ("number", json!("2201"))]);
            call.book(Some(command), vec![note("visit/{visit}", patch)])?
        }
    };
    let members = [
        ("mdtrt_id", opened(&record)),
        ("psn_no", Wire::text(asked.need("psn_no")?)),
        ("ipt_otp_no", Wire::text(number)),
    ];
    Ok(Wire::object([("data", output::node("2201", "data", &members, &[]))]))
}

/// 2202 and 2404: a visit, or an admission, with all that waits.
pub fn cancel(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    if call.before()?.is_none() {
        let (visit, kept) = call.visit(&asked)?;
        if visit.is_stay() != (call.number == "2404") {
            return Err(Fault::new("wrong_kind", "门诊挂号用 2202 撤销，入院登记用 2404 撤销"));
        }
        let known = kept.0.get("opened").and_then(|opened| opened["ipt_otp_no"].as_str());
        if asked.text("ipt_otp_no").is_some_and(|asked| known.is_some_and(|known| known != asked)) {
            return Err(Fault::new("number_differs", "ipt_otp_no（住院/门诊号）与登记的不一致"));
        }
        let reason = if call.number == "2404" { "入院撤销" } else { "门诊挂号撤销" };
        let command = CancelVisit { visit: visit.id.clone(), reason: reason.to_owned() };
        return call.tell(Some(Command::CancelVisit(command)), Vec::new(), Wire::Null);
    }
    Ok(Wire::Null)
}

/// Diagnoses by where and in which order they stand; one that is void is taken out.
fn diagnoses(call: &Call<'_>, side: &str) -> Result<Map<String, Value>, Fault> {
    let mut patch = Map::new();
    for (at, node) in call.maybe_list("diseinfo")?.into_iter().enumerate() {
        let kind = node.text("diag_type").unwrap_or_else(|| "1".to_owned());
        let order = node.text("diag_srt_no").unwrap_or_else(|| (at + 1).to_string());
        let void = node.text("vali_flag").as_deref() == Some("0");
        let value = if void { Value::Null } else { Value::Object(node.kept()) };
        patch.insert(format!("{side}/{kind}/{order:0>4}"), value);
    }
    Ok(patch)
}

/// 2203 and 2203A: what the visit is for, and its diagnoses.
pub fn describe(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("mdtrtinfo")?;
    if call.before()?.is_none() {
        let (visit, _) = call.visit(&asked)?;
        let med_type = asked.need("med_type")?;
        let care = care_type(call, &med_type)?;
        let command = ChangeVisit {
            visit: visit.id.clone(),
            care_type: Some(care.to_owned()),
            conditions: Some(conditions(care, &asked)),
        };
        let patch = object([
            ("described", Value::Object(asked.kept())),
            ("med_type", med_type.into()),
            ("diagnoses", Value::Object(diagnoses(call, "1")?)),
        ]);
        let kept = vec![note(format!("visit/{}", visit.id), patch)];
        return call.tell(Some(Command::ChangeVisit(command)), kept, Wire::Null);
    }
    Ok(Wire::Null)
}

/// 2401.
pub fn admit(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("mdtrtinfo")?;
    let record = match call.before()? {
        Some(record) => record,
        None => {
            let med_type = asked.need("med_type")?;
            let care = care_type(call, &med_type)?;
            if !matches!(care, "inpatient" | "maternity_inpatient" | "home_bed" | "day_surgery") {
                let problem = format!("med_type（医疗类别）{med_type} 不是住院，请用 2201 挂号");
                return Err(Fault::new("wrong_kind", problem));
            }
            let command = opening(call, &asked, care)?;
            let patch = object([
                ("opened", Value::Object(asked.kept())),
                ("number", json!("2401")),
                ("med_type", med_type.into()),
                ("diagnoses", Value::Object(diagnoses(call, "1")?)),
            ]);
            call.book(Some(command), vec![note("visit/{visit}", patch)])?
        }
    };
    let members = [("mdtrt_id", opened(&record)), ("psn_no", Wire::text(asked.need("psn_no")?))];
    Ok(Wire::object([("result", output::node("2401", "result", &members, &[]))]))
}

/// 2402: the day of discharge, on which 2304 settles.
pub fn discharge(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("dscginfo")?;
    if call.before()?.is_none() {
        let (visit, _) = stay(call, &asked)?;
        let to = asked.need_date("endtime")?;
        if to < visit.opened_on {
            let problem = format!("endtime（结束时间）{to} 早于入院 {}", visit.opened_on);
            return Err(Fault::new("dates_go_back", problem));
        }
        let patch = object([
            ("discharged", Value::Object(asked.kept())),
            ("diagnoses", Value::Object(diagnoses(call, "2")?)),
        ]);
        return call.tell(None, vec![note(format!("visit/{}", visit.id), patch)], Wire::Null);
    }
    Ok(Wire::Null)
}

/// 2403: what was told at admission and is otherwise.
pub fn change(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("adminfo")?;
    if call.before()?.is_none() {
        let (visit, _) = stay(call, &asked)?;
        let mut patch = object([
            ("opened", Value::Object(asked.kept())),
            ("diagnoses", Value::Object(diagnoses(call, "1")?)),
        ]);
        let command = match asked.text("med_type") {
            None => None,
            Some(med_type) => {
                let care = care_type(call, &med_type)?;
                patch.insert("med_type".to_owned(), med_type.into());
                let care_type = Some(care.to_owned());
                Some(Command::ChangeVisit(ChangeVisit {
                    visit: visit.id.clone(),
                    care_type,
                    conditions: None,
                }))
            }
        };
        return call.tell(command, vec![note(format!("visit/{}", visit.id), patch)], Wire::Null);
    }
    Ok(Wire::Null)
}

/// 2405: the person stays.
pub fn discharge_undone(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    if call.before()?.is_none() {
        let (visit, kept) = stay(call, &asked)?;
        if !kept.0.contains_key("discharged") {
            return Err(Fault::new("not_discharged", format!("{} 没有办理出院", visit.id)));
        }
        let patch = object([("discharged", Value::Null)]);
        return call.tell(None, vec![note(format!("visit/{}", visit.id), patch)], Wire::Null);
    }
    Ok(Wire::Null)
}

/// The stay that a node names, which must go on.
fn stay(call: &Call<'_>, node: &Node<'_>) -> Result<(Arc<Visit>, Arc<Note>), Fault> {
    let (visit, kept) = call.visit(node)?;
    if !visit.is_stay() {
        return Err(Fault::new("wrong_kind", format!("{} 不是住院", visit.id)));
    }
    match visit.status {
        VisitStatus::Open => Ok((visit, kept)),
        VisitStatus::Closed => Err(Fault::new("visit_closed", "这次住院已经结算完毕，请先用 2305 撤销结算")),
        VisitStatus::Cancelled => Err(Fault::new("visit_cancelled", "这次入院登记已经撤销")),
    }
}
