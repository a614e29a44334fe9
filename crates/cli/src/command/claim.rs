//! `gongji claim list`, `show`, `reasons`.

use gongji_agency::look::{self, ClaimBrief};
use gongji_agency::reasons::reasons;
use gongji_agency::row::ClaimStatus;

use crate::arguments::{ListClaims, OneClaim};
use crate::exit::{Outcome, Stop};
use crate::office::Counter;
use crate::terminal::{Side, Table};

/// So many entries are fetched together.
const TOGETHER: usize = 500;

/// Prints claims of an area or of a person.
pub fn list(asked: &ListClaims) -> Outcome {
    let status = match &asked.status {
        Some(name) => {
            Some(ClaimStatus::ALL.into_iter().find(|status| status.name() == name).ok_or_else(|| {
                let names = ClaimStatus::ALL.map(|status| format!("{}（{}）", status.name(), status.label()));
                Stop::bad_input(format!("没有这个状态：{name}；有 {}", names.join("、")))
            })?)
        }
        None => None,
    };
    let counter = Counter::open(&asked.agency)?;
    let mut all: Vec<ClaimBrief> = Vec::new();
    let mut after = String::new();
    loop {
        let page = counter.look(|desk, context| match &asked.person {
            Some(person) => look::claims_of(desk, context, person, &after, TOGETHER),
            None => {
                let area = asked.area.as_deref().unwrap_or_default();
                look::claims(desk, context, (area, status), &after, TOGETHER)
            }
        })?;
        all.extend(page.entries);
        match page.next {
            Some(next) => after = next,
            None => break,
        }
    }
    let mut table = Table::new(&[
        Side::Left,
        Side::Left,
        Side::Left,
        Side::Left,
        Side::Right,
        Side::Right,
        Side::Right,
        Side::Left,
    ]);
    table.row(["申请", "日期", "人员", "机构", "总额", "应付", "已付", "状态"]);
    table.rule();
    for one in &all {
        table.row([
            one.id.clone(),
            one.date.to_string(),
            one.person.clone(),
            one.institution.clone(),
            one.total.grouped(),
            one.due.grouped(),
            one.paid.grouped(),
            one.label.to_owned(),
        ]);
    }
    anstream::print!("{}", table.render());
    anstream::println!("{} 项", all.len());
    Ok(())
}

/// Prints a claim with everything.
pub fn show(one: &OneClaim) -> Outcome {
    let counter = Counter::open(&one.agency)?;
    let seen = counter.look(|desk, context| look::claim(desk, context, &one.id))?;
    let brief = &seen.claim;
    anstream::println!(
        "{}  {}  {}  {}  {}\n",
        brief.id,
        brief.person,
        brief.institution,
        brief.date,
        brief.label
    );
    let mut lines =
        Table::new(&[Side::Left, Side::Left, Side::Left, Side::Right, Side::Left, Side::Right, Side::Left]);
    lines.row(["", "编码", "名称", "金额", "审核", "认可", "原因"]);
    lines.rule();
    for line in &seen.lines {
        lines.row([
            line.line.to_string(),
            line.code.clone(),
            line.name.clone(),
            line.amount.grouped(),
            line.verdict.map_or("未审核", |verdict| verdict.label()).to_owned(),
            line.accepted.grouped(),
            line.words.clone(),
        ]);
    }
    anstream::println!("{}", lines.render());
    if let Some(fund) = &seen.reckoned_fund_paid {
        anstream::println!("测算基金支付 {fund}");
    }
    if let Some(settlement) = &seen.settlement {
        anstream::println!(
            "结算 {settlement}，应付个人 {}，已付 {}；说明：gongji settlement explain {settlement}",
            brief.due.grouped(),
            brief.paid.grouped()
        );
    }
    for payment in &seen.payments {
        let back = payment.returned_on.map(|on| format!("，{on} 退回：{}", payment.returned_for));
        anstream::println!(
            "支付 {}  {}  {}  {}{}",
            payment.id,
            payment.on,
            payment.amount.grouped(),
            payment.to,
            back.unwrap_or_default()
        );
    }
    let mut history = Table::new(&[Side::Right, Side::Left, Side::Left, Side::Left, Side::Left]);
    history.row(["记录", "日期", "经过", "谁", "说明"]);
    history.rule();
    for step in &seen.history {
        let by = step.by.clone().unwrap_or_default();
        let by = format!("{}（{}）", by, step.role.label());
        history.row([
            step.record.to_string(),
            step.on.to_string(),
            step.what.to_owned(),
            by,
            step.reason.clone(),
        ]);
    }
    anstream::print!("\n{}", history.render());
    Ok(())
}

/// Prints every coded reason.
pub fn list_reasons() -> Outcome {
    let mut table = Table::new(&[Side::Left, Side::Left, Side::Left]);
    table.row(["代码", "原因", "用于"]);
    table.rule();
    for reason in reasons() {
        let of = if reason.applies_to == "line" { "审核明细" } else { "支付退回" };
        table.row([reason.code.as_str(), reason.label.as_str(), of]);
    }
    anstream::print!("{}", table.render());
    Ok(())
}
