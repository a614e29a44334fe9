//! 对总账 (3201).

use gongji_agency::desk::Row;
use gongji_agency::row::Note;
use gongji_money::Fen;
use jiff::civil::Date;

use crate::bill::Bill;
use crate::call::{Call, record};
use crate::fault::Fault;
use crate::input::Node;
use crate::output;
use crate::tables::Codes;
use crate::wire::Wire;

/// So many entries are fetched together.
const TOGETHER: usize = 500;

/// Every bill of the institution, negative ones too, that was booked on these days.
pub fn bills(call: &Call<'_>, from: Date, to: Date) -> Result<Vec<Bill>, Fault> {
    let prefix = call.own("moved/");
    call.look(|desk, _| {
        let mut found = Vec::new();
        let mut after = format!("{prefix}{from}");
        let end = format!("{prefix}{to}/~");
        loop {
            let page = desk.view().page(Note::KIND, &prefix, &after, TOGETHER)?;
            let Some((last, _)) = page.last() else { break };
            after.clone_from(last);
            for (id, _) in page.iter().take_while(|(id, _)| *id < end) {
                let seq: u64 = id.rsplit('/').next().and_then(|seq| seq.parse().ok()).unwrap_or_default();
                let booked = record(desk, seq)?;
                let cancelled = match booked.cancels {
                    Some(seq) => Some(record(desk, seq)?),
                    None => None,
                };
                found.extend(Bill::booked(&booked, cancelled.as_ref()));
            }
            if page.len() < TOGETHER || after > end {
                break;
            }
        }
        Ok(found)
    })
}

/// The days of a reconciliation.
///
/// # Errors
/// The faults `missing_field`, `malformed_date` and `dates_go_back`.
pub fn period(asked: &Node<'_>) -> Result<(Date, Date), Fault> {
    let (from, to) = (asked.need_date("stmt_begndate")?, asked.need_date("stmt_enddate")?);
    if to < from {
        return Err(Fault::new("dates_go_back", format!("对账结束日期 {to} 早于开始日期 {from}")));
    }
    Ok((from, to))
}

/// 对账结果 as the area writes it: `equal`, `differs`, `only_institution`, `only_centre`.
pub fn result(codes: Codes<'_>, name: &str) -> &'static str {
    codes.exact("stmt_rslt", name).unwrap_or("1")
}

/// 3201: number and sums of the institution against those that are booked, for one insurance and kind of clearing.
pub fn totals(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    let codes = call.codes();
    let (insurance, clearing) = (asked.need("insutype")?, asked.need("clr_type")?);
    let (from, to) = period(&asked)?;
    let bills = bills(call, from, to)?;
    let of_kind = bills.iter().filter(|bill| {
        codes.exact("insutype", &bill.settlement().scheme) == Some(insurance.as_str())
            && bill.clearing(codes) == clearing
    });
    let (mut count, mut total, mut fund, mut account) = (0_i64, 0_i64, 0_i64, 0_i64);
    for bill in of_kind {
        count += 1;
        total += bill.total();
        fund += bill.fund_total(codes);
        account += bill.account();
    }
    let mut differences = Vec::new();
    let asked_count = asked.scaled("fixmedins_setl_cnt", 0)?.unwrap_or_default();
    if asked_count != count {
        differences.push(format!("结算笔数：机构 {asked_count}，中心 {count}"));
    }
    for (field, name, booked) in [
        ("medfee_sumamt", "医疗费总额", total),
        ("fund_pay_sumamt", "基金支付总额", fund),
        ("acct_pay", "个人账户支付金额", account),
    ] {
        let own = asked.amount(field)?.unwrap_or_default();
        if own.fen() != booked {
            differences.push(format!("{name}：机构 {own}，中心 {}", Fen::new(booked)));
        }
    }
    let members = [
        ("setl_optins", output::text(asked.text("setl_optins").as_deref())),
        ("stmt_rslt", Wire::text(result(codes, if differences.is_empty() { "equal" } else { "differs" }))),
        (
            "stmt_rslt_dscr",
            Wire::text(if differences.is_empty() { "平".to_owned() } else { differences.join("；") }),
        ),
    ];
    Ok(Wire::object([("stmtinfo", output::node("3201", "stmtinfo", &members, &[]))]))
}
