//! A calculation that is no bill in words: figures, steps with clauses, one sentence.

use gongji_rules::{Calculation, Entry, Figure};
use jiff::civil::Date;
use serde_json::{Map, Value};

use super::clause::clause;
use super::figures::{exact_yuan, rounding_words};
use crate::answer::{CalculationAnswer, CalculationStep, Day, Receipt};
use crate::request;
use crate::run::Run;

fn plain(figure: &Figure) -> Value {
    match figure {
        Figure::Money(amount) => amount.to_string().into(),
        Figure::Count(count) => (*count).into(),
        Figure::Day(day) => day.to_string().into(),
        Figure::Flag(flag) => (*flag).into(),
        Figure::Name(name, _) => (*name).into(),
    }
}

fn words(entry: &Entry<'_>) -> String {
    match &entry.figure {
        Figure::Money(amount) => format!("{} 元", amount.grouped()),
        Figure::Count(count) if entry.unit.is_empty() => count.to_string(),
        Figure::Count(count) => format!("{count} {}", entry.unit),
        Figure::Day(day) => day.to_string(),
        Figure::Flag(flag) => if *flag { "是" } else { "否" }.to_owned(),
        Figure::Name(_, label) => (*label).to_owned(),
    }
}

fn step(run: &Run<'_>, entry: &Entry<'_>) -> CalculationStep {
    let formula = entry.formula.as_ref().map_or_else(String::new, |formula| {
        let rounded =
            entry.rounding.map_or_else(String::new, |rounding| format!("，{}", rounding_words(rounding)));
        match &entry.figure {
            Figure::Money(amount) => format!("{formula} = {amount}{rounded}"),
            _ => formula.to_string(),
        }
    });
    let exact =
        entry.formula.as_ref().filter(|_| entry.rounding.is_some()).and_then(|formula| formula.value());
    CalculationStep {
        name: entry.name.clone(),
        label: entry.label.clone(),
        value: words(entry),
        formula,
        exact: exact.map_or_else(String::new, |exact| exact_yuan(exact.numerator, exact.denominator)),
        rounding: entry.rounding.map_or("none", |rounding| rounding.name()).to_owned(),
        reason: entry.reason.clone(),
        clauses: entry
            .decisions
            .iter()
            .map(|decision| clause(run.pack, &decision.cited, decision.words.clone()))
            .collect(),
    }
}

/// The figures that the sentence of a kind names, in order.
const fn headline(kind: &str) -> &'static [&'static str] {
    match kind.as_bytes() {
        b"contribution" => &["base", "employer_total", "person_total", "total", "yearly_total", "late_fee"],
        b"premium" => &["person", "total", "waiting_months", "cover_from", "cover_to"],
        b"account_credit" => &["credit"],
        b"account_interest" => &["interest", "closing"],
        b"account_clearing" => &["difference", "current_year", "carried_over"],
        b"year_roll" => &["rolled", "current_year", "carried_over"],
        b"waiting_period" => &["waiting_months", "cover_from"],
        b"maternity_allowance" => &["days", "paid_by", "allowance", "refund", "nutrition", "total"],
        b"account_use" => &["allowed", "account_paid", "cash_paid", "paid_to"],
        b"cover" => &["covered", "from", "to", "next_from", "empty_because"],
        b"retirement_top_up" => &["months_missing", "monthly", "amount", "fund", "enterprise_total"],
        b"retirement_status" => &["age_reached_on", "months_missing", "retired"],
        b"transfer" => &["status", "transferred", "returns_on"],
        _ => &["granted", "reduced", "cap"],
    }
}

fn sentence(asked: &request::Calculation, sheet: &Calculation<'_>) -> String {
    let named = |name: &&str| sheet.entries.iter().find(|entry| entry.name == *name);
    let told: Vec<&Entry<'_>> = headline(asked.kind).iter().filter_map(named).collect();
    let figures: Vec<String> = told.iter().map(|entry| format!("{} {}", entry.label, words(entry))).collect();
    let why = told.first().map(|entry| entry.reason.as_str()).filter(|why| !why.is_empty());
    match why {
        Some(why) => format!("{}：{}（{why}）。", asked.label, figures.join("，")),
        None => format!("{}：{}。", asked.label, figures.join("，")),
    }
}

/// The whole answer to a calculation.
pub(crate) fn calculation_answer(
    run: &Run<'_>,
    asked: &request::Calculation,
    sheet: &Calculation<'_>,
    (date, law_date): (Date, Date),
    receipt: Receipt,
) -> CalculationAnswer {
    let figures: Map<String, Value> =
        sheet.entries.iter().map(|entry| (entry.name.clone(), plain(&entry.figure))).collect();
    CalculationAnswer {
        label: asked.label.to_owned(),
        sentence: sentence(asked, sheet),
        area: run.pack.area.name.clone(),
        scheme_label: run.scheme.label.clone(),
        date: Day(date),
        law_date: Day(law_date),
        steps: sheet.entries.iter().map(|entry| step(run, entry)).collect(),
        receipt,
        figures,
    }
}
