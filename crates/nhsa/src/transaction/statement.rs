//! 对明细账 (3202): a file of the institution's settlements against those that are booked.

use std::collections::{BTreeMap, BTreeSet};

use gongji_agency::settlement::number_of;
use gongji_money::Fen;
use jiff::civil::Date;

use super::reconcile::{bills, period, result};
use super::transfer::{end_of, fetched, kept};
use crate::bill::Bill;
use crate::call::{Call, note, record};
use crate::fault::Fault;
use crate::fields::{Direction, transaction};
use crate::file::{Row, packed, rows, unpacked};
use crate::input::scaled;
use crate::moment;
use crate::output;
use crate::wire::Wire;

/// The columns of a described file.
fn columns(direction: Direction) -> Vec<&'static str> {
    let described = transaction("3202").and_then(|known| known.node(direction, ""));
    described.map(|node| node.fields.iter().map(|field| field.name).collect()).unwrap_or_default()
}

/// One settlement as the institution has it. Amounts in fen.
#[derive(Clone, Debug)]
struct Told {
    settlement: String,
    visit: String,
    person: String,
    total: i64,
    fund: i64,
    account: i64,
    /// Whether it is a refund: its total is below zero, or zero and marked so.
    refund: bool,
    mark: String,
}

impl Told {
    fn read(row: &Row<'_>, columns: &[&str]) -> Result<Told, Fault> {
        let at = |name: &str| columns.iter().position(|column| *column == name).unwrap_or(usize::MAX);
        let text = |name: &str| row.get(at(name)).unwrap_or_default().to_owned();
        let amount = |name: &str| {
            let text = row.get(at(name)).unwrap_or("0");
            scaled(text, 2).ok_or_else(|| {
                Fault::new("malformed_file", format!("第 {} 行 {name} 应为金额，写的是 {text}", row.line))
            })
        };
        let total = amount("medfee_sumamt")?;
        let mark = text("refd_setl_flag");
        let told = Told {
            settlement: text("setl_id"),
            visit: text("mdtrt_id"),
            person: text("psn_no"),
            total,
            fund: amount("fund_pay_sumamt")?,
            account: amount("acct_pay")?,
            refund: total < 0 || (total == 0 && mark == "1"),
            mark,
        };
        if told.settlement.is_empty() {
            return Err(Fault::new("malformed_file", format!("第 {} 行没有 setl_id（结算ID）", row.line)));
        }
        Ok(told)
    }
}

/// How a row of the institution and what is booked differ, or a booked one that it has not.
struct Difference<'bills> {
    kind: &'static str,
    told: Option<Told>,
    booked: Option<&'bills Bill>,
    memo: String,
}

/// The settlements booked in a period, by the id under which an institution may know them: their own, and for a negative one that of what it cancels.
struct Booked<'bills> {
    bills: &'bills [Bill],
    by_id: BTreeMap<(String, bool), usize>,
}

impl<'bills> Booked<'bills> {
    fn new(bills: &'bills [Bill]) -> Booked<'bills> {
        let mut by_id = BTreeMap::new();
        for (at, bill) in bills.iter().enumerate() {
            by_id.insert((bill.id().unwrap_or_default(), bill.is_negative()), at);
            if bill.is_negative() {
                by_id.insert((bill.settlement().id.clone(), true), at);
            }
        }
        Booked { bills, by_id }
    }

    fn find(&self, told: &Told) -> Option<(usize, &'bills Bill)> {
        let at = *self.by_id.get(&(told.settlement.clone(), told.refund))?;
        Some((at, self.bills.get(at)?))
    }
}

/// What a settlement of another day or kind of clearing is said to be; `None` where this institution has no such settlement.
fn elsewhere(call: &Call<'_>, told: &Told) -> Result<Option<String>, Fault> {
    let Ok(seq) = number_of('S', &told.settlement) else { return Ok(None) };
    let found = call.look(|desk, _| {
        let Some(made) = desk.record(seq)? else { return Ok(None) };
        let cancelled = match made.cancels {
            Some(seq) => Some(record(desk, seq)?),
            None => None,
        };
        Ok(Bill::booked(&made, cancelled.as_ref()))
    })?;
    let own = found.filter(|bill| bill.settlement().institution == call.institution.id);
    let own = own.filter(|bill| bill.is_negative() == told.refund);
    Ok(own.map(|bill| {
        let at = bill.booked_at().map(moment::plain).unwrap_or_default();
        let clearing = bill.clearing(call.codes());
        format!("中心结算时间 {at}，清算类别 {clearing}，不在这次对账之内")
    }))
}

/// How a row and its booked settlement differ, in words; nothing where they agree.
fn differs(call: &Call<'_>, told: &Told, bill: &Bill) -> String {
    let mut words = Vec::new();
    for (name, own, booked) in [
        ("医疗费总额", told.total, bill.total()),
        ("基金支付总额", told.fund, bill.fund_total(call.codes())),
        ("个人账户支出", told.account, bill.account()),
    ] {
        if own != booked {
            words.push(format!("{name}：机构 {}，中心 {}", Fen::new(own), Fen::new(booked)));
        }
    }
    let visit = match bill.visit() {
        Wire::Text(visit) => visit,
        _ => String::new(),
    };
    for (name, own, booked) in
        [("就诊ID", &told.visit, &visit), ("人员编号", &told.person, &bill.settlement().person)]
    {
        if !own.is_empty() && own != booked {
            words.push(format!("{name}：机构 {own}，中心 {booked}"));
        }
    }
    words.join("；")
}

fn compare<'bills>(
    call: &Call<'_>,
    told: Vec<Told>,
    bills: &'bills [Bill],
) -> Result<Vec<Difference<'bills>>, Fault> {
    let booked = Booked::new(bills);
    let mut seen = BTreeSet::new();
    let mut differences = Vec::new();
    for told in told {
        match booked.find(&told) {
            Some((at, bill)) if seen.insert(at) => {
                let memo = differs(call, &told, bill);
                if !memo.is_empty() {
                    differences.push(Difference {
                        kind: "differs",
                        told: Some(told),
                        booked: Some(bill),
                        memo,
                    });
                }
            }
            Some((_, bill)) => {
                let memo = "机构的明细里重复".to_owned();
                let kind = "only_institution";
                differences.push(Difference { kind, told: Some(told), booked: Some(bill), memo });
            }
            None => {
                let memo = elsewhere(call, &told)?.unwrap_or_else(|| "中心没有这笔结算".to_owned());
                let kind = "only_institution";
                differences.push(Difference { kind, told: Some(told), booked: None, memo });
            }
        }
    }
    for (at, bill) in bills.iter().enumerate() {
        if !seen.contains(&at) {
            let memo = "机构没有这笔结算，可以按报文编号冲正（2601）".to_owned();
            differences.push(Difference { kind: "only_centre", told: None, booked: Some(bill), memo });
        }
    }
    Ok(differences)
}

/// A difference as a row of the file that goes down. What only the centre has comes without ids of settlement and visit, by its message's id.
fn row(call: &Call<'_>, difference: &Difference<'_>, columns: &[&str]) -> Vec<String> {
    let (told, booked) = (difference.told.as_ref(), difference.booked);
    let codes = call.codes();
    let amount = |own: Option<i64>, centre: Option<i64>| {
        own.or(centre).map(|fen| Fen::new(fen).to_string()).unwrap_or_default()
    };
    let value = |column: &str| match column {
        "psn_no" => told
            .map(|told| told.person.clone())
            .or_else(|| booked.map(|bill| bill.settlement().person.clone()))
            .unwrap_or_default(),
        "mdtrt_id" => told.map(|told| told.visit.clone()).unwrap_or_default(),
        "setl_id" => told.map(|told| told.settlement.clone()).unwrap_or_default(),
        "msgid" => booked.map(|bill| bill.message().to_owned()).unwrap_or_default(),
        "stmt_rslt" => result(codes, difference.kind).to_owned(),
        "refd_setl_flag" => match (told, booked) {
            (Some(told), _) if !told.mark.is_empty() => told.mark.clone(),
            (Some(told), _) => if told.refund { "1" } else { "0" }.to_owned(),
            (None, Some(bill)) => if bill.is_negative() { "1" } else { "0" }.to_owned(),
            (None, None) => String::new(),
        },
        "memo" => difference.memo.clone(),
        "medfee_sumamt" => amount(told.map(|told| told.total), booked.map(Bill::total)),
        "fund_pay_sumamt" => amount(told.map(|told| told.fund), booked.map(|bill| bill.fund_total(codes))),
        "acct_pay" => amount(told.map(|told| told.account), booked.map(Bill::account)),
        _ => String::new(),
    };
    columns.iter().map(|column| value(column)).collect()
}

/// The name of the file for a period.
fn name_of(from: Date, to: Date) -> String {
    format!("stmt_{}_{}.txt", from.strftime("%Y%m%d"), to.strftime("%Y%m%d"))
}

/// 3202: the differences, and only those, as a file to fetch with 9102.
pub fn details(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    let (from, to) = period(&asked)?;
    let clearing = asked.need("clr_type")?;
    let uploaded = asked.need("file_qury_no")?;
    let name = name_of(from, to);
    let record = match call.before()? {
        Some(record) => record,
        None => {
            let text = unpacked(&fetched(call, &uploaded)?.bytes)?;
            let sent = columns(Direction::FileIn);
            let told = rows(&text, &sent)?;
            let told = told.iter().map(|row| Told::read(row, &sent)).collect::<Result<Vec<_>, Fault>>()?;
            let codes = call.codes();
            let mut bills = bills(call, from, to)?;
            bills.retain(|bill| bill.clearing(codes) == clearing);
            let columns = columns(Direction::FileOut);
            let differences = compare(call, told, &bills)?;
            let rows: Vec<_> = differences.iter().map(|difference| row(call, difference, &columns)).collect();
            let (_, patch) = kept(call, &format!("{name}.zip"), &packed(&name, &rows)?)?;
            call.book(None, vec![note("file/F{seq}", patch)])?
        }
    };
    let number = format!("F{}", record.seq);
    let until = call.note(&format!("file/{number}"))?;
    let until = until.0.get("until").and_then(serde_json::Value::as_str).unwrap_or_default();
    let members = [
        ("file_qury_no", Wire::text(number)),
        ("filename", Wire::text(format!("{name}.zip"))),
        ("dld_endtime", Wire::text(end_of(until))),
    ];
    Ok(Wire::object([("fileinfo", output::node("3202", "fileinfo", &members, &[]))]))
}
