//! A booked settlement as people read it: the table as stored, the entry, the printed statement.

use std::fmt::Write as _;

use gongji_agency::record::Record;
use gongji_agency::row::{Institution, Person};
use gongji_agency::settlement::Settlement;
use gongji_cases::settle::Row;
use gongji_ledger::{Account, AccountKind, Posting};
use gongji_money::{Fen, in_words};
use gongji_policy::view::value_label;
use gongji_policy::{Dimension, Payer};

use crate::terminal::{Side, Table, pad};

/// The name of a kind of care, as people read it.
pub fn care(settlement: &Settlement) -> &str {
    value_label(Dimension::CareType, &settlement.care_type)
}

/// 险种.
pub fn scheme(name: &str) -> &str {
    match name {
        "employee" => "职工医保",
        "resident" => "居民医保",
        other => other,
    }
}

fn row_label(name: &str) -> String {
    match name.parse() {
        Ok(Row::NonCovered) => "全自费".to_owned(),
        Ok(Row::OverLimitPrice) => "超限价自费".to_owned(),
        Ok(Row::UpfrontSelfPay) => "先行自付".to_owned(),
        Ok(Row::AccountFirst) => "账户先付".to_owned(),
        Ok(Row::Deductible) => "起付".to_owned(),
        Ok(Row::Band(band)) => format!("第 {band} 段"),
        Ok(Row::OverCeiling) => "超限额".to_owned(),
        Err(_) => name.to_owned(),
    }
}

fn payer_label(name: &str) -> &str {
    Payer::ALL.into_iter().find(|payer| payer.name() == name).map_or(name, |payer| payer.label())
}

fn amount(fen: i64) -> String {
    Fen::new(fen).grouped()
}

/// Why × who, as stored.
pub fn table(settlement: &Settlement) -> String {
    let mut rows: Vec<&str> = Vec::new();
    let mut payers: Vec<&str> = Vec::new();
    for cell in &settlement.cells {
        if !rows.contains(&cell.row.as_str()) {
            rows.push(&cell.row);
        }
        if !payers.contains(&cell.payer.as_str()) {
            payers.push(&cell.payer);
        }
    }
    payers.sort_by_key(|payer| Payer::ALL.iter().position(|known| known.name() == *payer));
    let sum = |row: Option<&str>, payer: Option<&str>| -> i64 {
        settlement
            .cells
            .iter()
            .filter(|cell| row.is_none_or(|row| cell.row == row))
            .filter(|cell| payer.is_none_or(|payer| cell.payer == payer))
            .map(|cell| cell.fen)
            .sum()
    };
    let shown = |fen: i64| if fen == 0 { "·".to_owned() } else { amount(fen) };
    let mut table = Table::new(&[&[Side::Left], vec![Side::Right; payers.len() + 1].as_slice()].concat());
    table.row(["为什么"].into_iter().chain(payers.iter().map(|payer| payer_label(payer))).chain(["合计"]));
    table.rule();
    for row in &rows {
        let amounts = payers.iter().map(|payer| shown(sum(Some(row), Some(payer))));
        table.row([row_label(row)].into_iter().chain(amounts).chain([amount(sum(Some(row), None))]));
    }
    table.rule();
    let totals = payers.iter().map(|payer| amount(sum(None, Some(payer))));
    table.row(["合计".to_owned()].into_iter().chain(totals).chain([amount(settlement.total)]));
    table.render()
}

/// An account's name.
pub fn account_label(account: &Account) -> String {
    match &account.kind {
        AccountKind::Fund { scheme: name, fund } => format!("{}{}", scheme(name), fund.label()),
        AccountKind::Personal { person, sub } => format!("{person} {}", sub.label()),
        AccountKind::Held { person } => format!("{person} 共济待收"),
        AccountKind::Receivable { payer } => format!("应收保费 {payer}"),
        AccountKind::Subsidy => "财政补助".to_owned(),
        AccountKind::Payable { institution } => format!("应付定点机构 {institution}"),
        AccountKind::PayablePerson { person } => format!("应付个人 {person}"),
        AccountKind::ReceivablePerson { person } => format!("应收个人 {person}"),
        AccountKind::Clearing { other, of_accounts: false } => format!("与 {other} 清算"),
        AccountKind::Clearing { other, of_accounts: true } => format!("与 {other} 清算（个人账户）"),
        AccountKind::Bank { purse } if purse == "pool" => "统筹基金存款".to_owned(),
        AccountKind::Bank { .. } => "个人账户存款".to_owned(),
        AccountKind::Collection { payer } => format!("待转保费 {payer}"),
        AccountKind::Wallet { person } => format!("{person} 医保钱包"),
        AccountKind::Opening => "期初".to_owned(),
    }
}

/// The entry: account, debit, credit.
pub fn entry(record: &Record) -> String {
    let mut table = Table::new(&[Side::Left, Side::Left, Side::Right, Side::Right]);
    table.row(["账簿", "科目", "借", "贷"]);
    table.rule();
    for Posting(account, fen) in record.entry.postings() {
        let (debit, credit) =
            if *fen < 0 { (amount(-fen), String::new()) } else { (String::new(), amount(*fen)) };
        table.row([account.area.clone(), account_label(account), debit, credit]);
    }
    table.render()
}

/// Who, where, what.
pub fn head(settlement: &Settlement, person: &Person, institution: &Institution) -> String {
    format!(
        "{}  {}（{}）  {}  {}  {}  {}\n",
        settlement.id,
        person.name,
        settlement.person,
        institution.name,
        care(settlement),
        scheme(&settlement.scheme),
        settlement.law_day
    )
}

/// 结算单.
pub fn statement(
    record: &Record,
    settlement: &Settlement,
    person: &Person,
    institution: &Institution,
) -> String {
    const WIDTH: usize = 64;
    let mut text = String::new();
    let title = "基本医疗保险结算单";
    let _ = writeln!(text, "{}{title}", " ".repeat((WIDTH - 2 * title.chars().count()) / 2));
    let pairs = [
        ("结算编号", settlement.id.clone(), "结算日期", record.date.to_string()),
        ("姓名", person.name.clone(), "人员编号", settlement.person.clone()),
        ("证件号码", person.masked_number(), "险种", scheme(&settlement.scheme).to_owned()),
        ("定点机构", institution.name.clone(), "机构编码", settlement.institution.clone()),
        ("医疗类别", care(settlement).to_owned(), "参保地", settlement.area.clone()),
    ];
    text.push_str(&format!("{}\n", "─".repeat(WIDTH)));
    for (left, left_value, right, right_value) in pairs {
        let left = pad(&format!("{} {left_value}", pad(left, 8, Side::Left)), WIDTH / 2, Side::Left);
        let _ = writeln!(text, "{left}  {} {right_value}", pad(right, 8, Side::Left));
    }
    text.push_str(&format!("{}\n", "─".repeat(WIDTH)));
    let mut amounts = Table::new(&[Side::Left, Side::Right, Side::Left, Side::Left, Side::Right]);
    let lines = [
        ("医疗费总额", settlement.total, "基金支付总额", settlement.fund_paid),
        ("全自费", settlement.non_covered, "个人账户支付", settlement.account_paid),
        ("超限价自费", settlement.over_limit_price, "家庭共济支付", settlement.mutual_aid_paid),
        ("先行自付", settlement.upfront_self_pay, "医院负担", settlement.hospital_borne),
        ("符合政策范围", settlement.in_scope, "现金支付", settlement.cash_paid),
    ];
    for (left, left_fen, right, right_fen) in lines {
        amounts.row([left.to_owned(), amount(left_fen), String::new(), right.to_owned(), amount(right_fen)]);
    }
    text.push_str(&amounts.render());
    text.push_str(&format!("{}\n", "─".repeat(WIDTH)));
    text.push_str(&table(settlement));
    text.push_str(&format!("{}\n", "─".repeat(WIDTH)));
    let _ = writeln!(text, "基金支付（大写）  {}", in_words(Fen::new(settlement.fund_paid)));
    let _ = writeln!(text, "现金支付（大写）  {}", in_words(Fen::new(settlement.cash_paid)));
    let _ = writeln!(text, "经办  {}", record.actor.name);
    let _ = writeln!(text, "费用表 {}", settlement.table);
    text
}
