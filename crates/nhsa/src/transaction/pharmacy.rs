//! 药店 (2101, 2102): visit, lines and settlement in one.

use gongji_agency::command::{Command, SettleAtOnce, VisitAsked};
use gongji_agency::row::Note;
use serde_json::Value;

use super::settle::{accounts, same_total};
use super::visit::{care_type, same_insurance};
use crate::bill::Bill;
use crate::call::{Call, note, object};
use crate::fault::Fault;
use crate::line::{MOST_LINES, Sent, Split, split};
use crate::output;
use crate::wire::Wire;

/// What is bought, and how its lines are split.
fn asked(call: &Call<'_>) -> Result<(Command, Vec<Sent>, Vec<Split>), Fault> {
    let info = call.node("druginfo")?;
    let nodes = call.list("drugdetail")?;
    if nodes.len() > MOST_LINES {
        let problem = format!("一次至多结算 {MOST_LINES} 条明细，写了 {} 条", nodes.len());
        return Err(Fault::new("line_count", problem));
    }
    let sent = nodes.iter().map(Sent::read).collect::<Result<Vec<Sent>, Fault>>()?;
    if let Some(back) = sent.iter().find(|line| line.returns.is_some()) {
        let problem = format!("明细 {} 是退费；药店的退费用 2103 撤销结算", back.serial);
        return Err(Fault::new("return_line", problem));
    }
    same_total(&info, "medfee_sumamt", sent.iter().map(Sent::amount).sum())?;
    let date = info.need_date("begntime")?;
    let person = info.need("psn_no")?;
    same_insurance(call, &info, &person, date)?;
    let care = care_type(call, &info.need("med_type")?)?;
    let (use_account, use_mutual_aid) = accounts(&info)?;
    let settle = SettleAtOnce {
        visit: VisitAsked {
            person,
            institution: call.institution.id.clone(),
            care_type: care.to_owned(),
            date,
            filing: None,
            transfer_from: None,
            from_emergency: false,
            family_doctor: None,
            cause: None,
            conditions: Vec::new(),
            prescribed_by: None,
        },
        lines: sent.iter().map(|line| line.asked.clone()).collect(),
        charges: None,
        use_account,
        use_mutual_aid,
        expect: None,
    };
    let splits = call.look(|desk, context| {
        let bill = settle.asked(desk, context)?;
        split(desk, context, &bill, &sent)
    })?;
    Ok((Command::SettleAtOnce(settle), sent, splits))
}

fn told(call: &Call<'_>) -> Result<Note, Fault> {
    let info = call.node("druginfo")?;
    let mut kept = Note::default();
    kept.merge(&object([
        ("opened", Value::Object(info.kept())),
        ("med_type", info.need("med_type")?.into()),
        ("number", call.number.into()),
    ]));
    Ok(kept)
}

fn shown(call: &Call<'_>, bill: &Bill, sent: &[Sent], splits: &[Split]) -> Result<Wire, Fault> {
    let person = call.person(&bill.settlement().person)?;
    let codes = call.codes();
    let members = bill.members(&person, &told(call)?, codes);
    let lines = sent
        .iter()
        .zip(splits)
        .map(|(sent, split)| output::node(call.number, "detlcutinfo", &split.members(sent, codes), &[]));
    Ok(Wire::object([
        ("setlinfo", output::node(call.number, "setlinfo", &members, &["setl_id", "hosp_part_amt"])),
        ("setldetail", bill.rows(call.number, codes)),
        ("detlcutinfo", Wire::List(lines.collect())),
    ]))
}

fn broken() -> Fault {
    Fault::new("internal", "平台内部错误，请联系经办机构")
}

/// 2101: what 2102 would book. Books nothing.
pub fn try_out(call: &Call<'_>) -> Result<Wire, Fault> {
    let (command, sent, splits) = asked(call)?;
    let bill = Bill::tried(&call.try_out(&command)?, &call.request.message).ok_or_else(broken)?;
    shown(call, &bill, &sent, &splits)
}

/// 2102.
pub fn settle(call: &Call<'_>) -> Result<Wire, Fault> {
    let (command, sent, splits) = asked(call)?;
    let record = match call.before()? {
        Some(record) => record,
        None => call.book(Some(command), vec![note("visit/V{seq}", told(call)?.0)])?,
    };
    let bill = Bill::booked(&record, None).ok_or_else(broken)?;
    shown(call, &bill, &sent, &splits)
}
