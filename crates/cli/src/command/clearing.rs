//! `gongji clearing days`, `list`, `show`, `comparison`, `areas`, `netting`.

use gongji_agency::clearing::fund_line;
use gongji_agency::look::{self, BetweenAreas as Between, ClearingSeen, DayTotals, DifferenceSeen};
use gongji_money::Fen;

use crate::arguments::{BetweenAreas, ClearingDays, ListClearings, Netting, OneClearing, OneComparison};
use crate::exit::{Outcome, Stop};
use crate::office::Counter;
use crate::terminal::{Side, Table};

/// So many are fetched at once.
const PAGE: usize = 500;

fn scheme(name: &str) -> &str {
    match name {
        "employee" => "职工",
        "resident" => "居民",
        other => other,
    }
}

/// Sums that the agency added up before.
fn plus(one: Fen, other: Fen) -> Fen {
    one.checked_add(other).unwrap_or(one)
}

fn table(left: usize, right: usize, head: &[&str]) -> Table {
    let sides = [vec![Side::Left; left], vec![Side::Right; right]].concat();
    let mut table = Table::new(&sides);
    table.row(head.iter().copied());
    table.rule();
    table
}

/// Lists what an institution settled by day.
pub fn days(asked: &ClearingDays) -> Outcome {
    let counter = Counter::open(&asked.agency)?;
    let days = counter
        .look(|desk, context| look::clearing_days(desk, context, &asked.institution, asked.from, asked.to))?;
    if days.is_empty() {
        return Err(Stop::bad_input("这些天没有结算"));
    }
    let head = [
        "日期",
        "参保地",
        "险种",
        "清算类别",
        "状态",
        "笔数",
        "撤销",
        "总额",
        "基金",
        "账户",
        "现金",
        "应付机构",
    ];
    let mut told = table(5, 7, &head);
    for day in &days {
        told.row(day_cells(day));
    }
    anstream::print!("{}", told.render());
    Ok(())
}

fn day_cells(day: &DayTotals) -> [String; 12] {
    [
        day.date.to_string(),
        day.area.clone(),
        scheme(&day.scheme).to_owned(),
        format!("{} {}", day.clearing_type, day.label),
        day.state.label().to_owned(),
        day.settled.to_string(),
        day.cancelled.to_string(),
        day.total.grouped(),
        day.fund_paid.grouped(),
        plus(day.account_paid, day.mutual_aid_paid).grouped(),
        day.cash_paid.grouped(),
        day.payable.grouped(),
    ]
}

/// Lists clearings.
pub fn list(asked: &ListClearings) -> Outcome {
    let counter = Counter::open(&asked.agency)?;
    let of = (asked.area.as_str(), asked.institution.as_deref(), asked.month.as_deref());
    let mut told = table(4, 3, &["清算", "机构", "月份", "状态", "应付", "预留和扣款", "拨付"]);
    let (mut after, mut found) = (String::new(), 0);
    loop {
        let page = counter.look(|desk, context| look::clearings(desk, context, of, &after, PAGE))?;
        found += page.entries.len();
        for one in &page.entries {
            told.row([
                one.clearing.clone(),
                one.institution.clone(),
                one.month.clone(),
                one.label.to_owned(),
                one.due.grouped(),
                plus(one.due, -one.amount).grouped(),
                one.amount.grouped(),
            ]);
        }
        match page.next {
            Some(next) => after = next,
            None => break,
        }
    }
    if found == 0 {
        return Err(Stop::bad_input("没有符合条件的清算"));
    }
    anstream::print!("{}", told.render());
    Ok(())
}

/// Shows a clearing.
pub fn show(asked: &OneClearing) -> Outcome {
    let counter = Counter::open(&asked.agency)?;
    let one = counter.look(|desk, context| look::clearing(desk, context, &asked.clearing))?;
    anstream::println!("{} {} {} {}", one.clearing, one.institution, one.month, one.label);
    anstream::print!("{}", clearing_table(&one).render());
    anstream::println!("{} 由 {} 申请", one.opened_on, one.opened_by);
    if let Some(by) = &one.approved_by {
        anstream::println!("由 {by} 复核");
    }
    if !one.withdrawn.is_empty() {
        anstream::println!("撤回：{}", one.withdrawn);
    }
    for payment in &one.payments {
        let (pool, accounts) = (payment.pool.grouped(), payment.accounts.grouped());
        anstream::println!("{} 由 {} 付款：统筹 {pool}，个人账户 {accounts}", payment.date, payment.by);
        if let Some(on) = payment.returned_on {
            anstream::println!("{on} 退回：{}", payment.returned);
        }
    }
    Ok(())
}

fn clearing_table(one: &ClearingSeen) -> Table {
    let mut told = table(1, 1, &["", "金额"]);
    for day in &one.days {
        told.row([day.date.to_string(), day.payable.grouped()]);
    }
    told.rule();
    told.row(["应付".to_owned(), one.due.grouped()]);
    let minus = |fen: Fen| (-fen).grouped();
    if !one.withheld.is_zero() {
        told.row(["预留".to_owned(), minus(one.withheld)]);
    }
    if !one.released.is_zero() {
        told.row(["返还预留".to_owned(), one.released.grouped()]);
    }
    for deduction in &one.deductions {
        told.row([format!("扣款（{}）", deduction.reason), minus(deduction.amount)]);
    }
    told.rule();
    told.row(["拨付".to_owned(), one.amount.grouped()]);
    told
}

/// Shows a comparison.
pub fn comparison(asked: &OneComparison) -> Outcome {
    let counter = Counter::open(&asked.agency)?;
    let one = counter.look(|desk, context| look::comparison(desk, context, &asked.comparison))?;
    let result = if one.agrees { "一致" } else { "有差异" };
    anstream::println!("{} {} {} 至 {}：{result}", one.comparison, one.institution, one.from, one.to);
    let mut told = table(1, 5, &["", "笔数", "总额", "基金", "账户", "现金"]);
    let mut row = |name: String, side: &look::FiguresSeen| {
        let count = side.count.to_string();
        let amounts =
            [side.total, side.fund_paid, side.account_paid, side.cash_paid].map(|fen| fen.grouped());
        told.row([vec![name, count], amounts.to_vec()].concat());
    };
    row("中心".to_owned(), &one.here);
    row("机构".to_owned(), &one.there);
    for group in &one.groups {
        let name = format!("{} {}", scheme(&group.scheme), group.label);
        row(format!("{name}，中心"), &group.here);
        row(format!("{name}，机构"), &group.there);
    }
    anstream::print!("{}", told.render());
    for difference in &one.differences {
        anstream::println!("{}", in_words(difference));
    }
    Ok(())
}

fn in_words(difference: &DifferenceSeen) -> String {
    let what = if difference.refund { "的撤销" } else { "" };
    let mut words = format!("{}{what}：{}", difference.settlement, difference.label);
    let day = |day: Option<jiff::civil::Date>| day.map_or_else(|| "没有".to_owned(), |day| day.to_string());
    words.push_str(&format!("（中心 {}，机构 {}）", day(difference.day_here), day(difference.day_there)));
    for amount in &difference.amounts {
        let name = match amount.field.as_str() {
            "total" => "总额",
            "fund_paid" => "基金",
            "account_paid" => "账户",
            _ => "现金",
        };
        words.push_str(&format!("，{name} {} / {}", amount.here.grouped(), amount.there.grouped()));
    }
    words
}

/// Lists what an area and each other owe each other.
pub fn areas(asked: &BetweenAreas) -> Outcome {
    let counter = Counter::open(&asked.agency)?;
    let found =
        counter.look(|desk, context| look::between_areas(desk, context, &asked.area, &asked.month))?;
    if found.is_empty() {
        return Err(Stop::bad_input("这个统筹区与别的区没有清算"));
    }
    let mut told = table(2, 1, &["对方", "项目", "欠对方"]);
    for one in &found {
        between(&mut told, one);
    }
    anstream::print!("{}", told.render());
    Ok(())
}

fn between(told: &mut Table, one: &Between) {
    told.row([one.other.clone(), "月初".to_owned(), one.opening.grouped()]);
    for (line, amount) in &one.lines {
        let label = match line.as_str() {
            "area_payment" => "已付",
            line => fund_line(line, 0).0,
        };
        let grouped = amount.parse::<Fen>().map_or_else(|_| amount.clone(), |fen| fen.grouped());
        told.row([String::new(), label.to_owned(), grouped]);
    }
    told.row([String::new(), "月末".to_owned(), one.closing.grouped()]);
}

/// Nets everything.
pub fn netting(asked: &Netting) -> Outcome {
    let counter = Counter::open(&asked.agency)?;
    let netting = counter.look(|desk, context| look::netting(desk, context, &asked.month))?;
    if netting.areas.is_empty() {
        return Err(Stop::bad_input("没有区域间清算"));
    }
    let mut told = table(1, 3, &["统筹区", "应付", "应收", "净付"]);
    for one in &netting.areas {
        told.row([one.area.clone(), one.owes.grouped(), one.owed.grouped(), one.net.grouped()]);
    }
    told.rule();
    told.row(["合计".to_owned(), String::new(), String::new(), netting.sum.grouped()]);
    anstream::print!("{}", told.render());
    Ok(())
}
