//! 预结算与结算 of a visit or a stay (2206, 2207, 2303, 2304).

use gongji_agency::command::{Command, Settle, SettleBatches};
use gongji_agency::row::{Note, Visit};
use gongji_money::Fen;
use jiff::civil::Date;

use super::fees::{batches, waits};
use super::visit::same_insurance;
use crate::bill::Bill;
use crate::call::{Call, note, object};
use crate::fault::Fault;
use crate::input::Node;
use crate::output;
use crate::wire::Wire;

/// Which accounts may pay: 0 none, 1 the own one, 2 the own one and those of relatives.
pub fn accounts(node: &Node<'_>) -> Result<(bool, bool), Fault> {
    accounts_in(node, "acct_used_flag")
}

/// The same by a field of another name.
pub fn accounts_in(node: &Node<'_>, field: &str) -> Result<(bool, bool), Fault> {
    match node.text(field).as_deref() {
        None | Some("0") => Ok((false, false)),
        Some("1") => Ok((true, false)),
        Some("2") => Ok((true, true)),
        Some(other) => Err(Fault::new(
            "unknown_code",
            format!("{field}（个人账户使用标志）没有取值 {other}，应为 0、1、2"),
        )),
    }
}

/// Checks the total that the institution reckons with.
pub fn same_total(node: &Node<'_>, field: &str, total: i64) -> Result<(), Fault> {
    match node.amount(field)? {
        Some(asked) if asked.fen() != total => Err(Fault::new(
            "total_differs",
            format!("{field}（医疗费总额）写的是 {asked}，待结算的明细合计 {}", Fen::new(total)),
        )),
        _ => Ok(()),
    }
}

fn discharge(kept: &Note) -> Option<Date> {
    crate::input::date(kept.0.get("discharged")?["endtime"].as_str()?)
}

/// The command that settles what the message names.
fn command(call: &Call<'_>, asked: &Node<'_>, visit: &Visit, kept: &Note) -> Result<Command, Fault> {
    let (use_account, use_mutual_aid) = accounts(asked)?;
    let outpatient = matches!(call.number, "2206" | "2207");
    if visit.is_stay() == outpatient {
        return Err(Fault::new("wrong_kind", "门诊用 2206、2207 结算，住院用 2303、2304 结算"));
    }
    same_insurance(call, asked, &visit.person, visit.opened_on)?;
    let mut settle = Settle {
        visit: visit.id.clone(),
        // The day of booking takes its place.
        date: visit.opened_on,
        discharged_on: None,
        mid_stay: false,
        use_account,
        use_mutual_aid,
        charges: None,
        expect: None,
    };
    let total_of = |numbers: &[u32]| -> i64 {
        visit.batches.iter().filter(|batch| numbers.contains(&batch.no)).map(|batch| batch.total).sum()
    };
    if !outpatient {
        settle.mid_stay = asked.text("mid_setl_flag").as_deref() == Some("1");
        if !settle.mid_stay {
            settle.discharged_on = asked.date("dscgTime")?.or_else(|| discharge(kept));
        }
        let waiting: Vec<u32> =
            visit.batches.iter().filter(|batch| batch.waits()).map(|batch| batch.no).collect();
        same_total(asked, "medfee_sumamt", total_of(&waiting))?;
        return Ok(Command::Settle(settle));
    }
    let charge = asked.need("chrg_bchno")?;
    let numbers: Vec<u32> = batches(kept)
        .filter(|(no, known, _)| *known == charge && waits(visit, *no))
        .map(|(no, _, _)| no)
        .collect();
    if numbers.is_empty() {
        return Err(Fault::new("no_lines", format!("收费批次 {charge} 没有待结算的明细")));
    }
    same_total(asked, "medfee_sumamt", total_of(&numbers))?;
    Ok(Command::SettleBatches(SettleBatches { settle, batches: numbers }))
}

/// `setlinfo` and `setldetail`.
pub fn shown(call: &Call<'_>, bill: &Bill, kept: &Note) -> Result<Wire, Fault> {
    let person = call.person(&bill.settlement().person)?;
    let mut members = bill.members(&person, kept, call.codes());
    members.extend(super::institution::members(&call.institution, call.codes()));
    // Some tables misspell the cash of a cancellation; both names are sent.
    let info = output::node(call.number, "setlinfo", &members, &["setl_id", "psn_cash_pay", "hosp_part_amt"]);
    Ok(Wire::object([("setlinfo", info), ("setldetail", bill.rows(call.number, call.codes()))]))
}

fn broken() -> Fault {
    Fault::new("internal", "平台内部错误，请联系经办机构")
}

/// 2206 and 2303: what 2207 and 2304 would book. Books nothing.
pub fn try_out(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    let (visit, kept) = call.visit(&asked)?;
    let command = command(call, &asked, &visit, &kept)?;
    let bill = Bill::tried(&call.try_out(&command)?, &call.request.message).ok_or_else(broken)?;
    shown(call, &bill, &kept)
}

/// 2207 and 2304.
pub fn settle(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    let (visit, kept) = call.visit(&asked)?;
    let record = match call.before()? {
        Some(record) => record,
        None => {
            let command = command(call, &asked, &visit, &kept)?;
            let invoice = asked
                .text("invono")
                .map(|number| note(format!("visit/{}", visit.id), object([("invono", number.into())])));
            call.book(Some(command), invoice.into_iter().collect())?
        }
    };
    let bill = Bill::booked(&record, None).ok_or_else(broken)?;
    shown(call, &bill, &kept)
}
