//! 医疗保障基金结算清单 (4101–4103): the clinical side of a settlement, checked against it and kept beside it.

use std::sync::Arc;

use gongji_agency::command::reversal_id;
use gongji_agency::record::Record;
use gongji_agency::row::{Note, Reversal, Visit};
use gongji_money::Fen;
use serde_json::{Map, Value, json};

use super::cancel::found;
use super::typed::{check, need};
use crate::bill::Bill;
use crate::call::{Call, note, object};
use crate::fault::Fault;
use crate::input::{Node, list, node};
use crate::wire::Wire;

/// The nodes of 4101 that are lists, and what each entry must have.
pub const LISTS: [(&str, &[&str]); 6] = [
    ("opspdiseinfo", &[]),
    ("diseinfo", &["diag_type", "diag_code", "diag_name", "maindiag_flag"]),
    ("oprninfo", &["oprn_oprt_type", "oprn_oprt_name", "oprn_oprt_code"]),
    ("icuinfo", &["scs_cutd_ward_type", "scs_cutd_inpool_time", "scs_cutd_exit_time"]),
    ("payinfo", &["fund_pay_type", "fund_payamt"]),
    ("bldinfo", &[]),
];

/// States of a list: 未提交, 已提交, 审核通过, 不通过.
const KEPT: &str = "0";
const SUBMITTED: &str = "1";
const REFUSED: &str = "3";

/// A settlement with its list.
pub struct Listed {
    /// The settlement as the wire shows it.
    pub bill: Bill,
    /// Its record.
    pub record: Record,
    /// What was kept of the list; empty where none was uploaded.
    pub kept: Arc<Note>,
}

impl Listed {
    /// The live settlement that a node names, with its list.
    ///
    /// # Errors
    /// As [`found`]; the fault `already_cancelled`.
    pub fn find(call: &Call<'_>, node: &Node<'_>) -> Result<Listed, Fault> {
        let (record, cancelled) = found(call, node)?;
        let gone = || Fault::new("already_cancelled", "这笔结算已经撤销，或是撤销的负记录，没有结算清单");
        let bill =
            Bill::booked(&record, cancelled.as_ref()).filter(|bill| !bill.is_negative()).ok_or_else(gone)?;
        let reversed = call.look(|desk, _| Ok(desk.get::<Reversal>(&reversal_id(record.seq))?.is_some()))?;
        if reversed {
            return Err(gone());
        }
        let kept = call.note(&id(&record))?;
        Ok(Listed { bill, record, kept })
    }

    /// 清单流水号.
    pub fn number(&self) -> String {
        format!("L{}", self.record.seq)
    }

    /// How it stands; `None` where no list was uploaded.
    pub fn state(&self) -> Option<&str> {
        self.kept.0.get("state").and_then(Value::as_str)
    }
}

fn id(record: &Record) -> String {
    format!("list/S{}", record.seq)
}

/// Whether the stay is told as it was.
fn same_stay(call: &Call<'_>, asked: &Node<'_>, bill: &Bill) -> Result<(), Fault> {
    let (begin, end) = (asked.need_date("setl_begn_date")?, asked.need_date("setl_end_date")?);
    if end < begin {
        let problem = format!("setl_end_date（结算结束日期）{end} 早于开始日期 {begin}");
        return Err(Fault::new("dates_go_back", problem));
    }
    let Some(visit) = &bill.settlement().visit else { return Ok(()) };
    let visit = call.look(|desk, _| Ok((*desk.need::<Visit>(visit)?).clone()))?;
    if !visit.is_stay() {
        return Ok(());
    }
    for (field, name, known) in
        [("adm_time", "入院时间", Some(visit.opened_on)), ("dscg_time", "出院时间", visit.discharged_on)]
    {
        if let (Some(told), Some(known)) = (asked.date(field)?, known)
            && told != known
        {
            let problem = format!("{field}（{name}）写的是 {told}，登记的是 {known}");
            return Err(Fault::new("stay_differs", problem));
        }
    }
    Ok(())
}

/// Whether the funds are told as they paid: each that is told, and none left out.
fn same_funds(call: &Call<'_>, payers: &[Node<'_>], bill: &Bill) -> Result<(), Fault> {
    if payers.is_empty() {
        return Ok(());
    }
    let mut booked = bill.payers(call.codes());
    for node in payers {
        let code = node.need("fund_pay_type")?;
        let told = node.amount("fund_payamt")?.unwrap_or_default();
        let paid = booked.iter().position(|(known, _)| *known == code).map(|at| booked.remove(at).1);
        let paid = paid.unwrap_or_default();
        if told.fen() != paid {
            let problem = format!("payinfo 的 {code} 写的是 {told}，结算的是 {}", Fen::new(paid));
            return Err(Fault::new("fund_differs", problem));
        }
    }
    match booked.iter().find(|(code, _)| bill.is_fund(call.codes(), code)) {
        Some((code, fen)) => {
            let problem = format!("payinfo 缺少 {code}，结算的是 {}", Fen::new(*fen));
            Err(Fault::new("fund_differs", problem))
        }
        None => Ok(()),
    }
}

/// One main diagnosis, among those of western medicine where there are any.
fn one_main(diagnoses: &[Node<'_>]) -> Result<(), Fault> {
    let is = |node: &Node<'_>, field: &str, value: &str| node.text(field).as_deref() == Some(value);
    let western = diagnoses.iter().filter(|node| is(node, "diag_type", "1"));
    let main = western.clone().filter(|node| is(node, "maindiag_flag", "1")).count();
    if diagnoses.is_empty() || (western.count() > 0 && main != 1) {
        let problem = format!("diseinfo 应有且只有一个西医主诊断（maindiag_flag 为 1），有 {main} 个");
        return Err(Fault::new("main_diagnosis", problem));
    }
    Ok(())
}

/// 4101: kept until it is submitted; sent again it replaces what was kept.
pub fn upload(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("setlinfo")?;
    let listed = Listed::find(call, &asked)?;
    if call.before()?.is_none() {
        if listed.state().is_some_and(|state| state != KEPT && state != REFUSED) {
            let problem = format!("结算清单 {} 已经提交，不能再上传", listed.number());
            return Err(Fault::new("list_submitted", problem));
        }
        check(call, "setlinfo", &asked)?;
        same_stay(call, &asked, &listed.bill)?;
        let mut patch = object([("setlinfo", Value::Object(asked.kept())), ("state", json!(KEPT))]);
        for (name, fields) in LISTS {
            let entries = call.maybe_list(name)?;
            for entry in &entries {
                need(entry, fields)?;
                check(call, name, entry)?;
            }
            match name {
                "diseinfo" => one_main(&entries)?,
                "payinfo" => same_funds(call, &entries, &listed.bill)?,
                _ => {}
            }
            let entries = entries.iter().map(|entry| Value::Object(entry.kept()));
            patch.insert(name.to_owned(), Value::Array(entries.collect()));
        }
        // What was told before is not mixed with what is told now.
        let mut cleared: Map<String, Value> = Map::new();
        if let Some(Value::Object(before)) = listed.kept.0.get("setlinfo") {
            cleared.extend(before.keys().map(|key| (key.clone(), Value::Null)));
        }
        if let Some(Value::Object(now)) = patch.get_mut("setlinfo") {
            cleared.append(now);
            *now = cleared;
        }
        call.book(None, vec![note(id(&listed.record), patch)])?;
    }
    let members = [("setl_list_id", Wire::text(listed.number()))];
    Ok(Wire::object([("data", crate::output::node("4101", "data", &members, &[]))]))
}

/// The nodes of 4102, which is described as `data#stastinfo`: a list inside `data`, one of its own, or the fields of `data` themselves.
fn states<'call>(call: &'call Call<'_>) -> Result<Vec<Node<'call>>, Fault> {
    let input = &call.request.input;
    if let Some(data) = input.get("data")
        && data.get("stastinfo").is_some()
    {
        return list(call.number, data, "stastinfo");
    }
    let direct = list(call.number, input, "stastinfo")?;
    if direct.is_empty() { Ok(vec![node(call.number, input, "data")?]) } else { Ok(direct) }
}

/// 4102: an institution submits a list, or takes it back before it is looked at. One list a message.
pub fn change_state(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = states(call)?;
    let [asked] = asked.as_slice() else {
        return Err(Fault::new("line_count", format!("一次修改一份清单的状态，写了 {} 份", asked.len())));
    };
    let listed = Listed::find(call, asked)?;
    if call.before()?.is_none() {
        let wanted = asked.need("stas_type")?;
        let state = listed.state().ok_or_else(|| {
            Fault::new("no_list", format!("结算 {} 还没有上传清单", listed.bill.settlement().id))
        })?;
        match (state, wanted.as_str()) {
            (KEPT | REFUSED, SUBMITTED) | (SUBMITTED, KEPT) => {}
            (SUBMITTED, SUBMITTED) => {
                return Err(Fault::new("list_submitted", "清单已经提交，不能重复提交"));
            }
            _ => {
                let problem = format!("清单的状态是 {state}，机构不能改为 {wanted}：审核的结果由经办机构写");
                return Err(Fault::new("list_state", problem));
            }
        }
        return call.tell(
            None,
            vec![note(id(&listed.record), object([("state", json!(wanted))]))],
            Wire::Null,
        );
    }
    Ok(Wire::Null)
}
