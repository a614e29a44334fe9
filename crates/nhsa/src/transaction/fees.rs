//! 费用明细 (2204, 2205, 2301, 2302, 2306).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gongji_agency::command::{CancelLines, Command, NoteAsked, UploadLines};
use gongji_agency::row::{LineAt, Note, Visit};
use gongji_agency::settlement::Asked;
use gongji_cases::request::Charges;
use gongji_money::Fen;
use serde_json::{Map, Value, json};

use crate::call::{Call, note, object};
use crate::fault::Fault;
use crate::line::{MOST_LINES, Sent, split};
use crate::output;
use crate::wire::Wire;

/// The batches of a visit as the interface keeps them: number, 收费批次号 and the serial numbers of the lines, empty for lines that were cancelled.
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
        person,
        institution: Arc::clone(&call.institution),
        visit: None,
        claim: None,
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
    let codes = call.codes();
    let rows = sent
        .iter()
        .zip(&splits)
        .map(|(sent, split)| output::node(call.number, "result", &split.members(sent, codes), &[]));
    let answer = Wire::object([("result", Wire::List(rows.collect()))]);
    if call.before()?.is_none() {
        let no = visit.batches.last().map_or(1, |batch| batch.no + 1);
        let mut sent = sent;
        referred(&visit, &kept, &mut sent, no)?;
        let serials: Vec<&str> = sent.iter().map(|line| line.serial.as_str()).collect();
        let batch = json!({ "chrg_bchno": charge, "message": call.request.message, "lines": serials });
        let lines: Vec<Value> = nodes.iter().map(|node| Value::Object(node.kept())).collect();
        let notes = vec![
            note(format!("visit/{}", visit.id), object([("batches", json!({ "{batch}": batch }))])),
            note(format!("lines/{}/{{batch}}", visit.id), object([("lines", Value::Array(lines))])),
        ];
        let lines = sent.iter().map(|line| line.asked.clone()).collect();
        return call.tell(
            Some(Command::UploadLines(UploadLines { visit: visit.id.clone(), lines })),
            notes,
            answer,
        );
    }
    Ok(answer)
}

/// Every line of the visit that was not cancelled, by its serial number.
fn uploaded<'kept>(visit: &Visit, kept: &'kept Note) -> BTreeMap<&'kept str, LineAt> {
    let mut known = BTreeMap::new();
    for (no, _, serials) in batches(kept) {
        if !is_cancelled(visit, no) {
            let lines = (1..).zip(serials).filter(|(_, serial)| !serial.is_empty());
            known.extend(lines.map(|(line, serial)| (serial, LineAt { batch: no, line })));
        }
    }
    known
}

/// Checks that no serial number is used twice, and finds the line that each return takes back: of an earlier upload, or of this one, which will be
/// batch `no`.
fn referred(visit: &Visit, kept: &Note, sent: &mut [Sent], no: u32) -> Result<(), Fault> {
    let mut known: BTreeMap<String, LineAt> =
        uploaded(visit, kept).into_iter().map(|(serial, at)| (serial.to_owned(), at)).collect();
    for (line, sent) in (1..).zip(sent) {
        if known.insert(sent.serial.clone(), LineAt { batch: no, line }).is_some() {
            let problem = format!("feedetl_sn（费用明细流水号）{} 在这次就医中已经用过", sent.serial);
            return Err(Fault::new("serial_reused", problem));
        }
        let Some(original) = &sent.returns else { continue };
        let at = known.get(original).ok_or_else(|| {
            let problem = format!("init_feedetl_sn（原费用流水号）{original} 不是这次就医中未撤销的明细");
            Fault::new("return_unmatched", problem)
        })?;
        sent.asked.returns = Some(*at);
    }
    Ok(())
}

/// What is cancelled, and what the interface keeps of it: the batches with their serial numbers, those of cancelled lines empty.
fn cancelled(visit: &Visit, kept: &Note, lines: Vec<LineAt>) -> (Command, Vec<NoteAsked>) {
    let mut patch = Map::new();
    for (no, _, serials) in batches(kept).filter(|(no, _, _)| lines.iter().any(|at| at.batch == *no)) {
        let left = (1..)
            .zip(serials)
            .map(|(line, serial)| if lines.contains(&LineAt { batch: no, line }) { "" } else { serial });
        patch.insert(no.to_string(), json!({ "lines": left.collect::<Vec<_>>() }));
    }
    let notes = vec![note(format!("visit/{}", visit.id), object([("batches", Value::Object(patch))]))];
    (Command::CancelLines(CancelLines { visit: visit.id.clone(), batch: None, lines }), notes)
}

/// 2205: one batch of charges, or with `0000` all that wait.
pub fn cancel_batch(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    if call.before()?.is_none() {
        let (visit, kept) = call.visit(&asked)?;
        let charge = asked.need("chrg_bchno")?;
        let (command, notes) = if charge == "0000" {
            everything(&visit)
        } else {
            let of_charge: Vec<u32> = batches(&kept)
                .filter(|(no, known, _)| *known == charge && waits(&visit, *no))
                .map(|(no, _, _)| no)
                .collect();
            let lines: Vec<LineAt> =
                uploaded(&visit, &kept).into_values().filter(|at| of_charge.contains(&at.batch)).collect();
            if lines.is_empty() {
                let problem = format!("收费批次 {charge} 没有可以撤销的明细；已经结算的要先撤销结算");
                return Err(Fault::new("no_lines", problem));
            }
            cancelled(&visit, &kept, lines)
        };
        return call.tell(Some(command), notes, Wire::Null);
    }
    Ok(Wire::Null)
}

/// All lines that wait are cancelled.
fn everything(visit: &Visit) -> (Command, Vec<NoteAsked>) {
    let command = CancelLines { visit: visit.id.clone(), batch: None, lines: Vec::new() };
    (Command::CancelLines(command), Vec::new())
}

/// Whether a batch waits to be settled.
pub fn waits(visit: &Visit, no: u32) -> bool {
    visit.batches.iter().any(|batch| batch.no == no && batch.waits())
}

/// 2302: all lines that wait (`0000`), or those that are named.
pub fn cancel_lines(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.list("data")?;
    if call.before()?.is_none() {
        let (visit, kept) = call.visit(&asked[0])?;
        let mut serials = BTreeSet::new();
        for node in &asked {
            serials.insert(node.need("feedetl_sn")?);
        }
        let (command, notes) = if serials.contains("0000") {
            everything(&visit)
        } else {
            let known = uploaded(&visit, &kept);
            let mut lines = Vec::with_capacity(serials.len());
            for serial in &serials {
                let at = known.get(serial.as_str()).filter(|at| waits(&visit, at.batch));
                lines.push(*at.ok_or_else(|| {
                    let problem = format!("没有可以撤销的明细 {serial}；已经结算的要先撤销结算");
                    Fault::new("no_lines", problem)
                })?);
            }
            cancelled(&visit, &kept, lines)
        };
        return call.tell(Some(command), notes, Wire::Null);
    }
    Ok(Wire::Null)
}

/// 2306: the remark of lines, settled or not. Their 记账流水号 is that of the line.
pub fn remark(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.list("data")?;
    if call.before()?.is_none() {
        let (visit, kept) = call.visit(&asked[0])?;
        let known = uploaded(&visit, &kept);
        let mut memos = Map::new();
        for node in &asked {
            let (serial, item) = (node.need("bkkp_sn")?, node.need("med_list_codg")?);
            let at = known.get(serial.as_str()).ok_or_else(|| {
                let problem = format!("bkkp_sn（记账流水号）{serial} 不是这次就医中未撤销的明细");
                Fault::new("no_lines", problem)
            })?;
            let told = call.note(&format!("lines/{}/{}", visit.id, at.batch))?;
            let line = told.0.get("lines").and_then(|lines| lines.get((at.line as usize).saturating_sub(1)));
            let kept = line.and_then(|line| line["med_list_codg"].as_str()).unwrap_or_default();
            if kept != item {
                let problem = format!("med_list_codg（医疗目录编码）写的是 {item}，明细 {serial} 是 {kept}");
                return Err(Fault::new("line_differs", problem));
            }
            memos.insert(serial, node.text("memo").unwrap_or_default().into());
        }
        let patch = object([("memos", Value::Object(memos))]);
        return call.tell(None, vec![note(format!("visit/{}", visit.id), patch)], Wire::Null);
    }
    Ok(Wire::Null)
}
