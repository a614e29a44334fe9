//! `GET /five`: the five questions, asked and answered.

mod form;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use gongji_cases::FiveAnswer;
use gongji_cases::five::{Part, QuestionAnswer, TITLES};

use super::bill::{options, stopped, wrong_of};
use super::case::Wrong;
use super::inputs::Inputs;
use super::questions::{Kind, Section};
use super::view::Basis;
use super::{placed, render};
use crate::{Gongji, engine};

/// One figure.
struct Line {
    id: String,
    label: String,
    value: String,
    basis: Option<Basis>,
}

/// Something that could not be said.
struct Gap {
    label: String,
    why: String,
    /// The question of the form that would answer it; empty where the rules are missing.
    key: &'static str,
}

/// A saying set right.
struct Saying {
    sentence: String,
    basis: Basis,
}

/// One question as the page shows it.
struct Asked {
    name: String,
    title: String,
    answer: String,
    lines: Vec<Line>,
    gaps: Vec<Gap>,
    corrections: Vec<Saying>,
}

#[derive(Template)]
#[template(path = "five.html")]
struct FivePage {
    titles: [(&'static str, &'static str); 5],
    answer: Option<FiveAnswer>,
    place: String,
    asked: Vec<Asked>,
    json: String,
    wrong: Vec<Wrong>,
    sections: Vec<Section>,
}

fn line(part: &Part) -> Line {
    let basis = Basis::of_part(part);
    Line {
        id: part.name.clone(),
        label: part.label.clone(),
        value: part.value.clone(),
        basis: (!basis.is_empty()).then_some(basis),
    }
}

fn asked(question: &QuestionAnswer) -> Asked {
    let saying = |correction: &gongji_cases::five::CorrectionAnswer| {
        let mut basis = Basis::default();
        basis.cite(&correction.clauses);
        Saying { sentence: correction.sentence.clone(), basis }
    };
    Asked {
        name: question.name.clone(),
        title: question.title.clone(),
        answer: question.answer.clone(),
        lines: question.grouped().iter().map(line).collect(),
        gaps: question
            .gaps
            .iter()
            .map(|gap| Gap { label: gap.label.clone(), why: gap.why.clone(), key: form::key_of(&gap.field) })
            .collect(),
        corrections: question.corrections.iter().map(saying).collect(),
    }
}

/// The answer to an address; or what is wrong with it.
async fn answered(state: &Gongji, inputs: &Inputs) -> Result<Result<FiveAnswer, Vec<Wrong>>, Response> {
    let options = match options(inputs) {
        Ok(options) => options,
        Err(wrong) => return Ok(Err(vec![wrong])),
    };
    let case = match form::case(inputs, state.options.today()) {
        Ok(case) => case,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let (engine, text) = (state.clone(), case.to_string());
    match tokio::task::spawn_blocking(move || engine::five(&engine, &text, options)).await {
        Ok(Ok(answer)) => Ok(Ok(answer)),
        Ok(Err(error)) if error.is_bad_input() => {
            let wrong = wrong_of(&error);
            let key = match error.field.as_str() {
                "person.scheme" => "category".to_owned(),
                field => form::key_of(field).to_owned(),
            };
            let key = if key.is_empty() { wrong.key } else { key };
            Ok(Err(vec![Wrong { key, text: wrong.text }]))
        }
        Ok(Err(error)) => Err(stopped(&error.to_string())),
        Err(_) => Err(stopped("计算中断")),
    }
}

fn place_of(answer: &FiveAnswer) -> String {
    let mut parts = vec![answer.area.clone(), answer.scheme_label.clone()];
    parts.extend(answer.category_label.clone());
    parts.extend(answer.age.map(|age| format!("{age} 岁")));
    format!("{}，按 {} 的规则", parts.join(" · "), answer.law_date)
}

/// `GET /five`.
pub async fn show(State(state): State<Gongji>, RawQuery(query): RawQuery) -> Response {
    let inputs = Inputs::parse(query.as_deref());
    let mut page = FivePage {
        titles: TITLES,
        answer: None,
        place: String::new(),
        asked: Vec::new(),
        json: String::new(),
        wrong: Vec::new(),
        sections: form::sections(&state, &inputs),
    };
    if !inputs.has("q") {
        return render(StatusCode::OK, &page);
    }
    match answered(&state, &inputs).await {
        Ok(Ok(answer)) => {
            page.place = place_of(&answer);
            page.asked = answer.questions.iter().map(asked).collect();
            page.json = serde_json::to_string_pretty(&answer.case).unwrap_or_default();
            page.answer = Some(answer);
            render(StatusCode::OK, &page)
        }
        Ok(Err(wrong)) => {
            page.wrong = placed(&mut page.sections, wrong);
            render(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(response) => response,
    }
}
