//! 移动支付 (6201–6203, 6301, 6401, 6204): orders that are paid with an electronic credential.
//!
//! An order keeps the fees that were sent, and is settled whole when it is paid. Its token proves that the answer to its upload was seen.

use std::sync::Arc;

use gongji_agency::command::{CancelSettlement, Command, SettleAtOnce, VisitAsked};
use gongji_agency::record::Record;
use gongji_agency::row::{Note, Person};
use gongji_agency::settlement::number_of;
use gongji_money::Fen;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::credential::holder;
use super::settle::same_total;
use super::visit::{care_type, same_insurance};
use crate::bill::Bill;
use crate::call::{Call, note, object, record};
use crate::fault::Fault;
use crate::input::{Node, list};
use crate::line::{MOST_LINES, Sent};
use crate::moment;
use crate::output::{self, Member};
use crate::wire::Wire;

/// 订单状态 as the code table has them.
const PRICED: &str = "1";
const PAID: &str = "6";
const REFUNDED: &str = "7";
const CANCELLED: &str = "12";

/// The names of fees in these transactions by those of the others.
const NAMES: [(&str, &str); 8] = [
    ("feedetl_sn", "feedetlSn"),
    ("fee_ocur_time", "feeOcurTime"),
    ("med_list_codg", "medListCodg"),
    ("medins_list_codg", "medinsListCodg"),
    ("det_item_fee_sumamt", "detItemFeeSumamt"),
    ("cnt", "cnt"),
    ("pric", "pric"),
    ("init_feedetl_sn", "initFeedetlSn"),
];

/// A fee under the names of 2204.
fn renamed(node: &Node<'_>) -> Wire {
    let members =
        NAMES.into_iter().filter_map(|(name, sent)| Some((name.to_owned(), node.wire(sent)?.clone())));
    Wire::Object(members.collect())
}

/// The fees of an upload: a node of its own, or one inside `data`.
fn fees(call: &Call<'_>) -> Result<Vec<Sent>, Fault> {
    let input = &call.request.input;
    let inside = input.get("data").filter(|data| data.get("feedetailList").is_some());
    let nodes = list(call.number, inside.unwrap_or(input), "feedetailList")?;
    if nodes.is_empty() || nodes.len() > MOST_LINES {
        let problem = format!("feedetailList 应有 1 到 {MOST_LINES} 条明细，写了 {} 条", nodes.len());
        return Err(Fault::new("line_count", problem));
    }
    let read = |node: &Node<'_>| {
        let wire = Wire::Object(vec![("feedetail".to_owned(), renamed(node))]);
        let fees = list("2204", &wire, "feedetail")?;
        let sent = fees.iter().map(Sent::read).collect::<Result<Vec<_>, Fault>>()?;
        sent.into_iter().next().ok_or_else(|| Fault::new("line_count", "明细是空的"))
    };
    nodes.iter().map(read).collect()
}

/// An order as it was uploaded.
fn asked(call: &Call<'_>, data: &Node<'_>, person: &Person) -> Result<SettleAtOnce, Fault> {
    let sent = fees(call)?;
    if let Some(back) = sent.iter().find(|line| line.returns.is_some()) {
        let problem = format!("明细 {} 是退费；订单的退费用 6203", back.serial);
        return Err(Fault::new("return_line", problem));
    }
    same_total(data, "medfeeSumamt", sent.iter().map(Sent::amount).sum())?;
    let date = data.need_date("begntime")?;
    same_insurance(call, data, &person.id, date)?;
    let care = care_type(call, &data.need("medType")?)?;
    let (use_account, use_mutual_aid) = super::settle::accounts_in(data, "acctUsedFlag")?;
    Ok(SettleAtOnce {
        visit: VisitAsked {
            person: person.id.clone(),
            institution: call.institution.id.clone(),
            care_type: care.to_owned(),
            date,
            filing: None,
            transfer_from: None,
            from_emergency: false,
            family_doctor: None,
            cause: None,
            conditions: super::visit::conditions_of(care, data.text("diseCodg")),
            prescribed_by: None,
        },
        lines: sent.into_iter().map(|line| line.asked).collect(),
        charges: None,
        use_account,
        use_mutual_aid,
        expect: None,
    })
}

/// What proves that somebody saw the answer to the upload.
fn token(number: &str, message: &str) -> String {
    let hash = Sha256::new().chain_update(number).chain_update([0]).chain_update(message).finalize();
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// An order of this institution.
struct Order {
    number: String,
    kept: Arc<Note>,
}

impl Order {
    fn find(call: &Call<'_>, node: &Node<'_>) -> Result<Order, Fault> {
        let number = node.need("payOrdId")?;
        let missing = || Fault::new("no_order", format!("本机构没有这个订单：{number}"));
        number_of('O', &number).map_err(|_| missing())?;
        let kept = call.note(&format!("order/{number}"))?;
        if kept.0.is_empty() {
            return Err(missing());
        }
        Ok(Order { number, kept })
    }

    /// The same, where the token is that of its upload.
    fn proved(call: &Call<'_>, node: &Node<'_>) -> Result<Order, Fault> {
        let order = Order::find(call, node)?;
        let right = token(&order.number, order.text("message"));
        if node.need("payToken")? == right {
            return Ok(order);
        }
        Err(Fault::new("wrong_token", "payToken（支付token）不是这个订单的"))
    }

    fn text(&self, name: &str) -> &str {
        self.kept.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn state(&self) -> &str {
        self.text("state")
    }

    fn command(&self) -> Result<SettleAtOnce, Fault> {
        let kept = self.kept.0.get("command").cloned().unwrap_or_default();
        serde_json::from_value(kept).map_err(|_| Fault::new("internal", "订单读不懂，请联系经办机构"))
    }

    fn patch(&self, members: Map<String, Value>) -> Vec<gongji_agency::command::NoteAsked> {
        vec![note(format!("order/{}", self.number), members)]
    }

    /// What paid it; `None` before.
    fn paid(&self, call: &Call<'_>) -> Result<Option<Record>, Fault> {
        let message = self.text("paid_by");
        if message.is_empty() {
            return Ok(None);
        }
        let key = call.own(message);
        call.look(|desk, _| match desk.outcome(&key)?.and_then(|outcome| outcome.seq) {
            Some(seq) => Ok(Some(record(desk, seq)?)),
            None => Ok(None),
        })
    }

    /// The bill that it was paid as, or would be.
    fn bill(&self, call: &Call<'_>) -> Result<Bill, Fault> {
        let broken = || Fault::new("internal", "订单读不懂，请联系经办机构");
        match self.paid(call)? {
            Some(record) => Bill::booked(&record, None).ok_or_else(broken),
            None => {
                let tried = call.try_out(&Command::SettleAtOnce(self.command()?))?;
                Bill::tried(&tried, self.text("message")).ok_or_else(broken)
            }
        }
    }
}

/// The amounts of an order.
fn amounts(bill: &Bill) -> Vec<Member> {
    let account = bill.account();
    let fund = bill.total() - account - bill.cash();
    vec![
        ("feeSumamt", Wire::fen(bill.total())),
        ("ownPayAmt", Wire::fen(bill.cash())),
        ("psnAcctPay", Wire::fen(account)),
        ("fundPay", Wire::fen(fund)),
    ]
}

/// 6201: the fees of an order, which must be such that they can be settled.
pub fn upload(call: &Call<'_>) -> Result<Wire, Fault> {
    let data = call.node("data")?;
    let record = match call.before()? {
        Some(record) => record,
        None => {
            let person = holder(call, &data.need("ecToken")?)?;
            if data.text("psnNo").is_some_and(|number| number != person.id) {
                return Err(Fault::new("person_differs", "psnNo（人员编号）不是持凭证的人"));
            }
            let settle = asked(call, &data, &person)?;
            call.try_out(&Command::SettleAtOnce(settle.clone()))?;
            let kept = serde_json::to_value(&settle).unwrap_or_default();
            let patch = object([
                ("command", kept),
                ("message", json!(call.request.message)),
                ("order", json!(data.need("medOrgOrd")?)),
                ("med_type", json!(data.need("medType")?)),
                ("state", json!(PRICED)),
            ]);
            call.book(None, vec![note("order/O{seq}", patch)])?
        }
    };
    let number = format!("O{}", record.seq);
    let members =
        [("payToken", Wire::text(token(&number, &call.request.message))), ("payOrdId", Wire::text(number))];
    Ok(Wire::object([("data", output::node("6201", "data", &members, &[]))]))
}

fn shown(call: &Call<'_>, order: &Order, state: &str, bill: &Bill) -> Result<Wire, Fault> {
    let at = bill.booked_at().map(moment::compact).unwrap_or_default();
    let mut members = vec![
        ("payOrdId", Wire::text(order.number.clone())),
        ("ordStas", Wire::text(state)),
        ("callType", Wire::text("2")),
        ("medOrgOrd", Wire::text(order.text("order"))),
        ("traceTime", Wire::text(at)),
        ("orgCodg", Wire::text(call.institution.id.clone())),
        ("orgName", Wire::text(call.institution.name.clone())),
        ("setlType", Wire::text("ALL")),
    ];
    members.extend(amounts(bill));
    Ok(Wire::object([("data", output::node(call.number, "data", &members, &[]))]))
}

/// 6202: the order is settled.
pub fn pay(call: &Call<'_>) -> Result<Wire, Fault> {
    let data = call.node("data")?;
    let order = Order::proved(call, &data)?;
    let record = match call.before()? {
        Some(record) => record,
        None => {
            if order.state() != PRICED {
                let problem = format!("订单 {} 的状态是 {}，不能支付", order.number, order.state());
                return Err(Fault::new("order_state", problem));
            }
            let mut notes =
                order.patch(object([("state", json!(PAID)), ("paid_by", json!(call.request.message))]));
            notes.push(note("visit/V{seq}", object([("med_type", json!(order.text("med_type")))])));
            call.book(Some(Command::SettleAtOnce(order.command()?)), notes)?
        }
    };
    let broken = || Fault::new("internal", "订单读不懂，请联系经办机构");
    shown(call, &order, PAID, &Bill::booked(&record, None).ok_or_else(broken)?)
}

/// 6301: how an order stands, and what it costs or would.
pub fn query(call: &Call<'_>) -> Result<Wire, Fault> {
    let order = Order::proved(call, &call.node("data")?)?;
    shown(call, &order, order.state(), &order.bill(call)?)
}

/// 6401: an order that was not paid.
pub fn cancel(call: &Call<'_>) -> Result<Wire, Fault> {
    let order = Order::proved(call, &call.node("data")?)?;
    if call.before()?.is_none() {
        if order.state() != PRICED {
            let problem =
                format!("订单 {} 的状态是 {}，不能撤销；已支付的用 6203 退费", order.number, order.state());
            return Err(Fault::new("order_state", problem));
        }
        call.book(None, order.patch(object([("state", json!(CANCELLED))])))?;
    }
    let out = Wire::object([("success", Wire::Bool(true))]);
    Ok(Wire::object([("data", out)]))
}

/// 6203: all that the insurance paid goes back; what was paid in cash is the institution's to give back.
pub fn refund(call: &Call<'_>) -> Result<Wire, Fault> {
    let data = call.node("data")?;
    let order = Order::find(call, &data)?;
    let kind = data.need("refdType")?;
    if kind != "ALL" && kind != "HI" {
        let problem = format!("refdType（退费类型）写的是 {kind}：医保退费为 ALL 或 HI，现金由机构自己退");
        return Err(Fault::new("unknown_code", problem));
    }
    let paid = order
        .paid(call)?
        .ok_or_else(|| Fault::new("order_state", format!("订单 {} 还没有支付", order.number)))?;
    let broken = || Fault::new("internal", "订单读不懂，请联系经办机构");
    let bill = Bill::booked(&paid, None).ok_or_else(broken)?;
    let record = match call.before()? {
        Some(record) => record,
        None => {
            for (field, paid) in [
                ("totlRefdAmt", bill.total()),
                ("psnAcctRefdAmt", bill.account()),
                ("fundRefdAmt", bill.total() - bill.account() - bill.cash()),
            ] {
                let told = data.amount(field)?;
                if told.is_some_and(|told| told.fen() != paid) {
                    let problem =
                        format!("{field} 写的是 {}，支付的是 {}", told.unwrap_or_default(), Fen::new(paid));
                    return Err(Fault::new("total_differs", problem));
                }
            }
            let id = bill.id().unwrap_or_default();
            let command = CancelSettlement { settlement: id, reason: "医保移动支付退费".to_owned() };
            let notes = order.patch(object([("state", json!(REFUNDED))]));
            call.book(Some(Command::CancelSettlement(command)), notes)?
        }
    };
    let at = moment::compact(record.booked_at);
    let members = [
        ("refdSn", Wire::text(format!("S{}", record.seq))),
        ("hiFefdSn", Wire::text(format!("S{}", record.seq))),
        ("hiTrnsDate", Wire::text(at.chars().take(8).collect::<String>())),
        ("hiTrnsTime", Wire::text(at.chars().skip(8).collect::<String>())),
        ("refStatus", Wire::text("SUCC")),
    ];
    Ok(Wire::object([("data", output::node("6203", "data", &members, &[]))]))
}

/// 6204: what the institution has of an order, which must be what was paid.
pub fn synchronise(call: &Call<'_>) -> Result<Wire, Fault> {
    let data = call.node("data")?;
    let order = Order::find(call, &data)?;
    if order.text("order") != data.need("medOrgOrd")? {
        return Err(Fault::new("order_differs", "medOrgOrd（医院订单号）与上传时的不一致"));
    }
    let bill = order.bill(call)?;
    for (field, known) in amounts(&bill) {
        let told = data.amount(field)?;
        if told.is_some_and(|told| Wire::fen(told.fen()) != known) {
            let problem = format!("{field} 写的是 {}，订单的是 {known}", told.unwrap_or_default());
            return Err(Fault::new("total_differs", problem));
        }
    }
    if call.before()?.is_none() {
        let patch = object([("synchronised", Value::Object(data.kept()))]);
        return call.tell(None, order.patch(patch), Wire::Null);
    }
    Ok(Wire::Null)
}
