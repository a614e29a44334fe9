//! `GET /calculate`: what else can be computed; `GET /calculate/{kind}`: one calculation, asked and answered.

mod event;
mod form;
mod kinds;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use gongji_cases::answer::{CalculationAnswer, PursesAnswer};
use gongji_cases::{Answer, CaseError, ErrorCode};

use super::bill::{options, stopped, wrong_of};
use super::case::Wrong;
use super::inputs::Inputs;
use super::questions::{Kind, Section};
use super::view::Basis;
use super::{render, trouble};
use crate::{Gongji, engine};

#[derive(Template)]
#[template(path = "calculations.html")]
struct IndexPage {
    kinds: Vec<&'static kinds::Kind>,
}

/// One figure of the result.
struct Line {
    id: String,
    label: String,
    value: String,
    basis: Option<Basis>,
}

/// The answer as the page shows it.
struct Told {
    answer: CalculationAnswer,
    /// The sentence in pieces between which a line may break.
    sentence: Vec<String>,
    lines: Vec<Line>,
    /// What moved in the account: part, before, after.
    moved: Vec<(&'static str, String, String)>,
    json: String,
}

#[derive(Template)]
#[template(path = "calculate.html")]
struct CalculatePage {
    kind: &'static kinds::Kind,
    wrong: Vec<Wrong>,
    sections: Vec<Section>,
    result: Option<Told>,
}

/// `GET /calculate`.
pub async fn list() -> Response {
    render(StatusCode::OK, &IndexPage { kinds: kinds::Kind::all().collect() })
}

fn line(step: &gongji_cases::answer::CalculationStep) -> Line {
    let basis = Basis::of_figure(step);
    Line {
        id: step.name.clone(),
        label: step.label.clone(),
        value: step.value.clone(),
        basis: (!basis.is_empty()).then_some(basis),
    }
}

fn moved(inputs: &Inputs, after: &PursesAnswer) -> Vec<(&'static str, String, String)> {
    let before = |key: &str| {
        let plain = super::case::plain_amount(inputs.get_or(key, "0")).unwrap_or_default();
        plain.parse::<gongji_money::Fen>().unwrap_or(gongji_money::Fen::ZERO)
    };
    [("当年账户", before("current"), after.current_year), ("历年账户", before("carried"), after.carried_over)]
        .into_iter()
        .filter(|(_, before, after)| *before != after.0)
        .map(|(label, before, after)| (label, before.grouped(), after.grouped()))
        .collect()
}

/// The error under the field that it is about.
fn wrong_field(error: &CaseError, kind: &kinds::Kind) -> Wrong {
    let mut wrong = wrong_of(error);
    if error.code == ErrorCode::MissingField {
        wrong.text = format!("还要知道：{}", error.expected);
    }
    if let Some(field) = error.field.strip_prefix("events[0].") {
        let name = field.split(['.', '[']).next().unwrap_or(field);
        if let Some(found) = kind.field.iter().find(|field| field.name == name) {
            wrong.key = found.key();
        }
    }
    wrong
}

/// The case of an address, answered.
async fn computed(
    state: &Gongji,
    kind: &'static kinds::Kind,
    inputs: &Inputs,
) -> Result<Result<Told, Vec<Wrong>>, Response> {
    let asked = match options(inputs) {
        Ok(asked) => asked,
        Err(wrong) => return Ok(Err(vec![wrong])),
    };
    let case = match event::of(kind, form::scheme(kind, inputs), inputs) {
        Ok(case) => case,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let (engine, text) = (state.clone(), case.to_string());
    let done = tokio::task::spawn_blocking(move || engine::answer(&engine, &text, asked)).await;
    let answer: Answer = match done {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) if error.is_bad_input() => return Ok(Err(vec![wrong_field(&error, kind)])),
        Ok(Err(error)) => return Err(stopped(&error.to_string())),
        Err(_) => return Err(stopped("计算中断")),
    };
    let Some(told) = answer.results.first().and_then(|result| result.calculation()) else {
        return Err(stopped("答案是空的"));
    };
    let shown = if kind.purses { moved(inputs, &answer.purses) } else { Vec::new() };
    Ok(Ok(Told {
        sentence: told.sentence.split_inclusive(['，', '。']).map(str::to_owned).collect(),
        lines: told.steps.iter().map(line).collect(),
        moved: shown,
        json: serde_json::to_string_pretty(&case).unwrap_or_default(),
        answer: told.clone(),
    }))
}

/// `GET /calculate/{kind}`.
pub async fn show(
    State(state): State<Gongji>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let Some(kind) = kinds::Kind::find(&name) else {
        let step = format!("打开“{name}”：没有这一种计算");
        return trouble(StatusCode::NOT_FOUND, "没有这一种计算", &step, "从“计算”里选一种");
    };
    let inputs = Inputs::parse(query.as_deref());
    let mut page = CalculatePage {
        kind,
        wrong: Vec::new(),
        sections: form::sections(&state, kind, &inputs),
        result: None,
    };
    if !inputs.has("q") {
        return render(StatusCode::OK, &page);
    }
    match computed(&state, kind, &inputs).await {
        Ok(Ok(result)) => {
            page.result = Some(result);
            render(StatusCode::OK, &page)
        }
        Ok(Err(wrong)) => {
            page.wrong = super::placed(&mut page.sections, wrong);
            render(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(response) => response,
    }
}
