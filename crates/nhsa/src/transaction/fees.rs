//! 费用明细 (2204, 2205, 2301, 2302).

use std::collections::BTreeSet;

use gongji_agency::command::{CancelLines, Command, UploadLines};
use gongji_agency::row::{Note, Visit};
use gongji_agency::settlement::Asked;
use gongji_cases::request::Charges;
use gongji_money::Fen;
use serde_json::{Value, json};

use crate::call::{Call, note, object};
use crate::fault::Fault;
use crate::line::{MOST_LINES, Sent, split};
use crate::output;
use crate::wire::Wire;

/// The batches of a visit as the interface keeps them: number, 收费批次号 and the serial numbers of the lines.
pub fn batches(kept: &Note) -> impl Iterator<Item = (u32, &str, Vec<&str>)> {
    let known = kept.0.get("batches").and_then(Value::as_object);
    known.into_iter().flatten().filter_map(|(no, batch)| {
        let serials = batch["lines"].as_array().into_iter().flatten().filter_map(Value::as_str);
        Some((no.parse().ok()?, batch["chrg_bchno"].as_str().unwrap_or_default(), serials.collect()))
    })
}

/// Whether the lines of a batch were cancelled.
fn is_cancelled(visit: &Visit, no: u32) -> bool {
    visit.batches.iter().any(|batch| batch.no == no && batch.cancelled)
}

/// A bill of the visit as far as it is known, for the split of its lines.
fn bill(call: &Call<'_>, visit: &Visit) -> Result<Asked, Fault> {
    let person = call.person(&visit.person)?;
    let today = call.look(|_, context| Ok(context.today))?;
    Ok(Asked {
        person: std::rc::Rc::new(person),
        institution: std::rc::Rc::new(call.institution.clone()),
        visit: None,
        care_type: visit.care_type.clone(),
        date: today,
        admitted_on: visit.opened_on,
        discharged_on: today,
        filing: visit.filing.clone(),
        stay: Some(visit.stay.clone()),
        mid_stay: false,
        from_emergency: visit.from_emergency,
        family_doctor: visit.family_doctor,
        cause: visit.cause.clone(),
        conditions: visit.conditions.clone(),
        prescribed_by: None,
        charges: Charges::in_scope(Fen::ZERO),
        use_account: false,
        use_mutual_aid: false,
        expect: None,
    })
}

/// 2204 and 2301: the lines are kept, and split.
pub fn upload(call: &Call<'_>) -> Result<Wire, Fault> {
    let nodes = call.list("feedetail")?;
    if nodes.len() > MOST_LINES {
        let problem = format!("一次至多上传 {MOST_LINES} 条明细，写了 {} 条", nodes.len());
        return Err(Fault::new("line_count", problem));
    }
    for field in ["mdtrt_id", "psn_no", "chrg_bchno"] {
        if nodes.iter().any(|node| node.text(field) != nodes[0].text(field)) {
            return Err(Fault::new("mixed_lines", format!("一次上传的明细 {field} 应当相同")));
        }
    }
    let (visit, kept) = call.visit(&nodes[0])?;
    let outpatient = call.number == "2204";
    if visit.is_stay() == outpatient {
        return Err(Fault::new("wrong_kind", "门诊明细用 2204 上传，住院明细用 2301 上传"));
    }
    let charge = if outpatient { nodes[0].need("chrg_bchno")? } else { String::new() };
    let sent = nodes.iter().map(Sent::read).collect::<Result<Vec<Sent>, Fault>>()?;
    let asked = bill(call, &visit)?;
    // The split comes first: what cannot be settled is not kept either.
    let splits = call.look(|desk, context| split(desk, context, &asked, &sent))?;
    if call.before()?.is_none() {
        let mut known: BTreeSet<&str> = BTreeSet::new();
        for (no, _, serials) in batches(&kept) {
            if !is_cancelled(&visit, no) {
                known.extend(serials);
            }
        }
        for line in &sent {
            if !known.insert(&line.serial) {
                let problem = format!("feedetl_sn（费用明细流水号）{} 在这次就医中已经用过", line.serial);
                return Err(Fault::new("serial_reused", problem));
            }
        }
        let serials: Vec<&str> = sent.iter().map(|line| line.serial.as_str()).collect();
        let batch = json!({ "chrg_bchno": charge, "message": call.request.message, "lines": serials });
        let lines: Vec<Value> = nodes.iter().map(|node| Value::Object(node.kept())).collect();
        let notes = vec![
            note(format!("visit/{}", visit.id), object([("batches", json!({ "{batch}": batch }))])),
            note(format!("lines/{}/{{batch}}", visit.id), object([("lines", Value::Array(lines))])),
        ];
        let lines = sent.iter().map(|line| line.asked.clone()).collect();
        call.book(Some(Command::UploadLines(UploadLines { visit: visit.id.clone(), lines })), notes)?;
    }
    let codes = call.codes();
    let rows = sent
        .iter()
        .zip(&splits)
        .map(|(sent, split)| output::node(call.number, "result", &split.members(sent, codes), &[]));
    Ok(Wire::object([("result", Wire::List(rows.collect()))]))
}

/// 2205: one batch of charges, or with `0000` all that wait.
pub fn cancel_batch(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    if call.before()?.is_none() {
        let (visit, kept) = call.visit(&asked)?;
        let charge = asked.need("chrg_bchno")?;
        let batch = if charge == "0000" {
            None
        } else {
            let of_charge: Vec<u32> = batches(&kept)
                .filter(|(no, known, _)| *known == charge && waits(&visit, *no))
                .map(|(no, _, _)| no)
                .collect();
            match of_charge.as_slice() {
                [] => {
                    let problem = format!("收费批次 {charge} 没有可以撤销的明细；已经结算的要先撤销结算");
                    return Err(Fault::new("no_lines", problem));
                }
                [one] => Some(*one),
                _ => {
                    let problem = format!("收费批次 {charge} 分多次上传，请用 0000 撤销全部未结算的明细");
                    return Err(Fault::new("several_uploads", problem));
                }
            }
        };
        call.book(Some(Command::CancelLines(CancelLines { visit: visit.id, batch })), Vec::new())?;
    }
    Ok(Wire::Null)
}

/// Whether a batch waits to be settled.
pub fn waits(visit: &Visit, no: u32) -> bool {
    visit.batches.iter().any(|batch| batch.no == no && batch.waits())
}

/// 2302: all lines that wait (`0000`), or exactly those of one upload.
pub fn cancel_lines(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.list("data")?;
    if call.before()?.is_none() {
        let (visit, kept) = call.visit(&asked[0])?;
        let mut serials = BTreeSet::new();
        for node in &asked {
            serials.insert(node.need("feedetl_sn")?);
        }
        let batch = if serials.contains("0000") {
            None
        } else {
            let same = |known: &[&str]| {
                known.len() == serials.len() && known.iter().all(|serial| serials.contains(*serial))
            };
            let found = batches(&kept).find(|(no, _, known)| waits(&visit, *no) && same(known));
            let partial = || {
                let problem = "只能撤销一次上传的全部明细，或用 0000 撤销全部未结算的明细";
                Fault::new("partial_upload", problem)
            };
            Some(found.ok_or_else(partial)?.0)
        };
        call.book(Some(Command::CancelLines(CancelLines { visit: visit.id, batch })), Vec::new())?;
    }
    Ok(Wire::Null)
}
