//! The A4 statement: of a trial (`GET /bill/print`), which has no settlement number and names nobody, and of a booked settlement.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use gongji_cases::answer::{BillAnswer, Yuan};
use gongji_money::{Fen, in_words};

use super::inputs::Inputs;
use super::questions::sections;
use super::view::{Bars, Item, Meter, meters, summary};
use super::{bill, form, render};
use crate::Gongji;

/// One band of one layer.
struct BandRow {
    layer: String,
    range: String,
    entered: String,
    ratio: String,
    paid: String,
    own: String,
    clause: String,
}

/// An amount with its words.
struct Spelled {
    label: &'static str,
    figures: String,
    words: String,
}

/// An identity, and whether its figures agree.
struct Balance {
    label: String,
    figures: String,
    agrees: bool,
}

/// What a booked settlement has that a trial has not.
pub struct Booked {
    /// 结算编号.
    pub settlement: String,
    /// 机构.
    pub institution: String,
    /// 姓名 and 人员编号.
    pub person: String,
    /// 证件号, masked unless the reader keeps people's files.
    pub certificate: String,
    /// 就医登记.
    pub visit: Option<String>,
    /// The settlement that it replaces.
    pub replaces: Option<String>,
    /// The record that cancelled it.
    pub cancelled_by: Option<u64>,
    /// Whether it comes to the same fen today.
    pub agrees: bool,
    /// Hash of the table.
    pub table: String,
    /// Hash of all texts of rules.
    pub edition: String,
}

#[derive(Template)]
#[template(path = "print.html")]
struct PrintPage<'answer> {
    bill: &'answer BillAnswer,
    booked: Option<Booked>,
    query: String,
    asked: Vec<Item>,
    bars_of: Bars,
    bands: Vec<BandRow>,
    funds: Vec<(&'static str, Yuan)>,
    purses: Vec<(&'static str, Yuan)>,
    spelled: Vec<Spelled>,
    meters: Vec<Meter>,
    balances: Vec<Balance>,
    today: String,
}

/// Whether the sides of `a = b + c = d − e` come to the same fen.
fn agrees(figures: &str) -> bool {
    let side = |text: &str| -> Option<Fen> {
        let mut sum = Fen::ZERO;
        let mut minus = false;
        for word in text.split_whitespace() {
            match word {
                "+" => minus = false,
                "-" | "−" => minus = true,
                amount => {
                    let amount: Fen = amount.replace(',', "").parse().ok()?;
                    sum = if minus { sum.checked_sub(amount)? } else { sum.checked_add(amount)? };
                }
            }
        }
        Some(sum)
    };
    let sides: Option<Vec<Fen>> = figures.split('=').map(side).collect();
    sides.is_some_and(|sides| sides.len() > 1 && sides.windows(2).all(|pair| pair[0] == pair[1]))
}

fn bands(bill: &BillAnswer) -> Vec<BandRow> {
    let mut rows = Vec::new();
    for step in &bill.steps {
        for band in &step.bands {
            let number = format!("第 {} 段", band.number);
            let decides = |clause: &&gongji_cases::answer::Clause| clause.parameter.contains(&number);
            let ratio = |clause: &&gongji_cases::answer::Clause| clause.rule_id.contains(".ratio");
            let clause = step.clauses.iter().find(decides).or_else(|| step.clauses.iter().find(ratio));
            let article = clause.and_then(|clause| clause.article.clone());
            rows.push(BandRow {
                layer: step.label.clone(),
                range: if band.range.is_empty() { "不分段".to_owned() } else { band.range.clone() },
                entered: band.entered.grouped(),
                ratio: band.ratio.clone(),
                paid: band.paid.grouped(),
                own: band.own_share.grouped(),
                clause: match (clause, article) {
                    (Some(clause), Some(article)) => {
                        format!("{}，{article}（{}）", clause.document, clause.grade_label)
                    }
                    (Some(clause), None) => format!("{}（{}）", clause.document, clause.grade_label),
                    (None, _) => "暂无依据".to_owned(),
                },
            });
        }
    }
    rows
}

fn spelled(label: &'static str, amount: Yuan) -> Spelled {
    Spelled { label, figures: amount.grouped(), words: in_words(amount.0) }
}

/// `GET /bill/print`.
pub async fn show(State(state): State<Gongji>, RawQuery(query): RawQuery) -> Response {
    let inputs = Inputs::parse(query.as_deref());
    let Ok(scope) = form::scope(&state, &inputs) else {
        return form::ask(&state, &inputs, StatusCode::UNPROCESSABLE_ENTITY, Vec::new());
    };
    let answered = match bill::compute(&state, &inputs, false, None).await {
        Ok(answered) => answered,
        Err(response) => return response,
    };
    let Some(bill) = answered.answer.last() else { return bill::stopped("答案是空的") };
    let asked = summary(&sections(&scope, &inputs), &inputs)
        .into_iter()
        .filter(|(section, _)| matches!(*section, "您是谁" | "在哪里看的"))
        .flat_map(|(_, items)| items)
        .collect();
    let today = state.options.today().to_string();
    sheet(bill, None, inputs.query(), asked, today)
}

/// The statement of a booked settlement.
pub fn statement(bill: &BillAnswer, booked: Booked, today: String) -> Response {
    sheet(bill, Some(booked), String::new(), Vec::new(), today)
}

fn sheet(
    bill: &BillAnswer,
    booked: Option<Booked>,
    query: String,
    asked: Vec<Item>,
    today: String,
) -> Response {
    let page = PrintPage {
        bill,
        booked,
        query,
        asked,
        bars_of: Bars::of(bill),
        bands: bands(bill),
        funds: vec![
            ("基本统筹", bill.pooled_paid),
            ("大额补助", bill.employee_large_sum_aid),
            ("大病保险", bill.resident_critical_illness),
            ("企业及商业补充", bill.enterprise_supplement),
            ("公务员补助", bill.civil_servant_aid),
            ("医疗救助", bill.medical_assistance),
            ("其他基金", bill.other_fund_paid),
            ("基金支付合计", bill.fund_paid_total),
            ("医院负担", bill.hospital_borne),
        ],
        purses: vec![
            ("个人账户", bill.personal_account_paid),
            ("家庭共济", bill.mutual_aid_paid),
            ("现金", bill.cash_paid),
            ("个人负担合计", bill.personal_burden),
        ],
        spelled: vec![
            spelled("医疗费总额", bill.total_charge),
            spelled("基金支付总额", bill.fund_paid_total),
            spelled("个人负担总额", bill.personal_burden),
        ],
        meters: meters(bill),
        balances: bill
            .identities
            .iter()
            .map(|identity| Balance {
                label: identity.label.clone(),
                figures: identity.figures.clone(),
                agrees: agrees(&identity.figures),
            })
            .collect(),
        today,
    };
    render(StatusCode::OK, &page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn balances_are_checked_not_claimed() {
        assert!(agrees("28630.93 = 1236.50 + 480.00 + 1927.07 + 24987.36"));
        assert!(agrees("7998.05 = 28630.93 − 20632.88 − 0.00 = 2156.30 + 3000.00 + 2841.75"));
        assert!(!agrees("1.00 = 0.99"));
        assert!(!agrees("1.00"));
        assert!(!agrees("1.00 = eins"));
    }
}
