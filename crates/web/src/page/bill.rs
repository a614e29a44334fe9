//! `GET /bill`: the answer.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use gongji_cases::answer::BillAnswer;
use gongji_cases::{Answer, QuoteOptions};
use gongji_cases::{CaseError, ErrorCode};
use gongji_policy::Dimension;
use jiff::civil::Date;
use serde_json::Value;

use super::case::Wrong;
use super::inputs::Inputs;
use super::questions::sections;
use super::tries::Tries;
use super::view::{Bars, Basis, Item, Meter, TableLine, meters, summary, table};
use super::{case, dialect, form, render, terms, trouble};
use crate::Gongji;
use crate::engine::{self, Alternatives};

#[derive(Template)]
#[template(path = "bill.html")]
struct BillPage<'answer> {
    bill: &'answer BillAnswer,
    /// The sentence in pieces between which a line may break.
    sentence: Vec<String>,
    place: String,
    query: String,
    restart: String,
    elder: String,
    bars_of: Bars,
    lines: Vec<TableLine>,
    /// Layers that did nothing: what, why, by which clause.
    idle: Vec<(String, String, Basis)>,
    meters: Vec<Meter>,
    /// How the year stands, sentence by sentence.
    year: Vec<String>,
    asked: Vec<(&'static str, Vec<Item>)>,
    json: String,
    /// 长辈版.
    big: bool,
    /// 长辈版 with its details.
    open: bool,
    details: String,
    tries: Option<Tries>,
}

/// Which question of the form a field of the case belongs to.
pub fn question_of(field: &str) -> &'static str {
    let last = field.rsplit('.').next().unwrap_or(field);
    match last {
        "pooling_area" => "area",
        "scheme" => "scheme",
        "category" => "category",
        "birth_date" => "age",
        "sex" => "sex",
        "post_type" => "post",
        "account_option" => "account",
        "premium_tier" => "tier",
        "retired_on" => "retired",
        "assistance" => "aid",
        "supplements" => "supp",
        "local_paid" => "local_years",
        "continuous" => "continuous",
        "years" => "years",
        "total" if field.contains("years") => "years",
        "care_type" => "care",
        "date" => "date",
        "level" if field.contains("issued_by") => "issued",
        "prescription" | "issued_by" => "issued",
        "level" => "level",
        "grade" => "grade",
        "admin_level" => "admin",
        "type" => "type",
        "group" => "group",
        "care_area" => "place",
        "filing" => "filing",
        "family_doctor" => "doctor",
        "from_emergency" => "from_emergency",
        "mid_stay" => "mid",
        "cause" => "cause",
        "condition" => "condition",
        "admitted_on" => "admitted",
        "discharged_on" => "discharged",
        "total" => "total",
        "non_covered" => "non",
        "over_limit_price" => "over",
        "upfront_self_pay" => "upfront",
        "lines" => "lines",
        "current_year" if !field.contains("mutual_aid") => "current",
        "carried_over" if !field.contains("mutual_aid") => "carried",
        "relation" | "mutual_aid" => "kin1",
        "stay" => "before_admissions",
        "admissions" => "before_admissions",
        "deductible_paid" => "before_deductible_paid",
        "pooled_paid" => "before_pooled_paid",
        "in_scope_self_pay" => "before_in_scope_self_pay",
        _ if field.contains(".lines") => "lines",
        _ => "",
    }
}

/// The error as the form says it.
pub fn wrong_of(error: &CaseError) -> Wrong {
    let mut text = error.problem.clone();
    if !error.expected.is_empty() && error.code != ErrorCode::NeedsAnswer {
        text.push_str(&format!("。应为{}", error.expected));
    }
    if let Some(hint) = &error.hint {
        text.push_str(&format!("。{hint}"));
    }
    Wrong { key: question_of(&error.field).to_owned(), text }
}

/// The options that an address may carry.
pub fn options(inputs: &Inputs) -> Result<QuoteOptions, Wrong> {
    Ok(QuoteOptions { on: case::day(inputs, "on")?, known_on: case::day(inputs, "known_on")? })
}

/// What an address asks, answered; or the page that says what is missing.
pub struct Answered {
    /// The question.
    pub case: Value,
    /// The answer.
    pub answer: Answer,
    /// The what-ifs, where they were asked for and the engine has them.
    pub alternatives: Option<Alternatives>,
}

/// Computes away from the threads that serve. `compare_on` is a day whose law is tried too; `None` tries nothing.
pub async fn compute(
    state: &Gongji,
    inputs: &Inputs,
    try_others: bool,
    compare_on: Option<Date>,
) -> Result<Answered, Response> {
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    let asked = options(inputs).map_err(|wrong| form::ask(state, inputs, unprocessable, vec![wrong]))?;
    let case = case::of(inputs).map_err(|wrong| form::ask(state, inputs, unprocessable, wrong))?;
    let text = case.to_string();
    let engine = state.clone();
    let done = tokio::task::spawn_blocking(move || {
        let answer = engine::answer(&engine, &text, asked)?;
        // A bill that has an answer is shown, also where trying it otherwise fails.
        let others = try_others.then(|| engine::what_ifs(&engine, &text, asked, compare_on).ok());
        Ok::<_, CaseError>((answer, others.flatten()))
    });
    match done.await {
        Ok(Ok((answer, alternatives))) => Ok(Answered { case, answer, alternatives }),
        Ok(Err(error)) if error.is_bad_input() => {
            Err(form::ask(state, inputs, unprocessable, vec![wrong_of(&error)]))
        }
        Ok(Err(error)) => Err(stopped(&error.to_string())),
        Err(_) => Err(stopped("计算中断")),
    }
}

/// The engine's own fault, as a page.
pub fn stopped(what: &str) -> Response {
    let step = format!("计算这张单子：{what}");
    let next = "把这一页的地址报告给维护者；也可以用命令行 gongji quote 再算一次";
    trouble(StatusCode::INTERNAL_SERVER_ERROR, "没有算出来", &step, next)
}

/// Where the bill is from: 郑州市 · 职工医保 · 退休 · 三级 · 住院.
pub fn place_of(bill: &BillAnswer, inputs: &Inputs) -> String {
    let mut parts = vec![bill.benefit.area.clone(), bill.benefit.scheme_label.clone()];
    for (key, dimension) in [("category", Dimension::Category), ("level", Dimension::Level)] {
        if inputs.has(key) {
            parts.push(terms::value(dimension, inputs.get(key)));
        }
    }
    parts.push(bill.benefit.care_type_label.clone());
    format!("{}，按 {} 的规则", parts.join(" · "), bill.benefit.law_date)
}

fn idle(bill: &BillAnswer) -> Vec<(String, String, Basis)> {
    bill.steps
        .iter()
        .filter(|step| !step.triggered && step.kind != "tally")
        .map(|step| {
            let mut basis = Basis::of_step(step);
            basis.sentences.retain(|sentence| *sentence != step.reason);
            (step.label.clone(), step.reason.clone(), basis)
        })
        .collect()
}

/// `GET /bill`.
pub async fn show(State(state): State<Gongji>, RawQuery(query): RawQuery) -> Response {
    let inputs = Inputs::parse(query.as_deref());
    if form::FIRST.iter().any(|key| !inputs.has(key)) {
        return form::ask(&state, &inputs, StatusCode::UNPROCESSABLE_ENTITY, Vec::new());
    }
    let scope = match form::scope(&state, &inputs) {
        Ok(scope) => scope,
        Err(_) => return form::ask(&state, &inputs, StatusCode::UNPROCESSABLE_ENTITY, Vec::new()),
    };
    let day = inputs.get("date").parse().unwrap_or_else(|_| state.options.today());
    let answered = match compute(&state, &inputs, true, scope.day_before_change(day)).await {
        Ok(answered) => answered,
        Err(response) => return response,
    };
    let Some(bill) = answered.answer.last() else { return stopped("答案是空的") };
    let mut lines = table(bill);
    for line in &mut lines {
        line.dialect = dialect::term(&bill.benefit.pooling_area, &line.id).map(str::to_owned);
    }
    let big = inputs.has("big");
    let tries = answered.alternatives.as_ref().map(|others| Tries::of(bill, others, &inputs));
    let page = BillPage {
        bill,
        sentence: bill.sentence.split_inclusive(['，', '。']).map(str::to_owned).collect(),
        place: place_of(bill, &inputs),
        query: inputs.query(),
        restart: inputs.with("again", "1").query(),
        elder: inputs.with("big", if big { "" } else { "1" }).query(),
        bars_of: Bars::of(bill),
        lines,
        idle: idle(bill),
        meters: meters(bill),
        year: bill.words.year.split_inclusive('。').map(str::to_owned).collect(),
        asked: summary(&sections(&scope, &inputs), &inputs),
        json: serde_json::to_string_pretty(&answered.case).unwrap_or_default(),
        big,
        open: inputs.get("big") == "2",
        details: inputs.with("big", "2").query(),
        tries,
    };
    render(StatusCode::OK, &page)
}
