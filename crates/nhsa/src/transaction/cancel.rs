//! 撤销结算 (2208, 2305, 2103): a negative settlement of its own.

use gongji_agency::command::{CancelSettlement, Command};
use gongji_agency::record::Record;
use gongji_agency::settlement::number_of;

use super::settle::shown;
use crate::bill::Bill;
use crate::call::{Call, record};
use crate::fault::Fault;
use crate::input::Node;
use crate::wire::Wire;

/// A settlement of this institution by its id, with the one that it cancels where it is a negative one.
pub fn found(call: &Call<'_>, node: &Node<'_>) -> Result<(Record, Option<Record>), Fault> {
    let id = node.need("setl_id")?;
    let missing = || Fault::new("no_settlement", format!("本机构没有这笔结算：{id}"));
    let seq = number_of('S', &id).map_err(|_| missing())?;
    let (made, cancelled) = call.look(|desk, _| {
        let made = desk.record(seq)?;
        let cancelled = match made.as_ref().and_then(|made| made.cancels) {
            Some(seq) => Some(record(desk, seq)?),
            None => None,
        };
        Ok((made, cancelled))
    })?;
    let made = made.ok_or_else(missing)?;
    let bill = Bill::booked(&made, cancelled.as_ref()).ok_or_else(missing)?;
    if bill.settlement().institution != call.institution.id {
        return Err(missing());
    }
    call.same_person(node, &bill.settlement().person)?;
    match node.text("mdtrt_id") {
        Some(visit) if Wire::text(visit.clone()) != bill.visit() => {
            Err(Fault::new("visit_differs", format!("结算 {id} 不属于就医 {visit}")))
        }
        _ => Ok((made, cancelled)),
    }
}

/// 2208, 2305 and 2103.
pub fn settlement(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    let (made, negative) = found(call, &asked)?;
    if negative.is_some() {
        return Err(Fault::new("already_cancelled", "这是一笔撤销结算的负记录，不能再撤销"));
    }
    let booked = match call.before()? {
        Some(record) => record,
        None => {
            let command = CancelSettlement { settlement: asked.need("setl_id")?, reason: reason(call) };
            call.book(Some(Command::CancelSettlement(command)), Vec::new())?
        }
    };
    let broken = || Fault::new("internal", "平台内部错误，请联系经办机构");
    let bill = Bill::booked(&booked, Some(&made)).ok_or_else(broken)?;
    let kept = match &bill.settlement().visit {
        Some(visit) => call.note(&format!("visit/{visit}"))?,
        None => call.note(&format!("visit/V{}", made.seq))?,
    };
    shown(call, &bill, &kept)
}

fn reason(call: &Call<'_>) -> String {
    match call.number {
        "2208" => "门诊结算撤销",
        "2305" => "住院结算撤销",
        _ => "药店结算撤销",
    }
    .to_owned()
}
