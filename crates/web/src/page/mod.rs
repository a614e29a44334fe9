//! The pages. Server rendered; a script only adds convenience.

mod areas;
mod bill;
mod calculate;
mod case;
mod dialect;
mod five;
pub mod form;
mod inputs;
mod lines;
mod matrix;
mod print;
mod questions;
mod sandbox;
pub mod scope;
mod statement;
mod terms;
mod tries;
pub mod view;

use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use crate::Gongji;

/// The routes of the pages.
pub fn routes() -> Router<Gongji> {
    Router::new()
        .route("/", get(form::start))
        .route("/bill", get(bill::show))
        .route("/bill/print", get(print::show))
        .route("/five", get(five::show))
        .route("/calculate", get(calculate::list))
        .route("/calculate/{kind}", get(calculate::show))
        .route("/settlements/{id}/print", get(statement::show))
        .route("/areas", get(areas::list))
        .route("/areas/{code}", get(areas::one))
        .route("/matrix", get(matrix::show))
        .merge(sandbox::routes())
}

/// Puts each error under the question that it is about; what none asks keeps no key.
fn placed(sections: &mut [questions::Section], wrong: Vec<case::Wrong>) -> Vec<case::Wrong> {
    for question in sections.iter_mut().flat_map(|section| &mut section.questions) {
        question.wrong = wrong.iter().find(|error| error.key == question.key).map(|error| error.text.clone());
    }
    let asked = |key: &str| {
        sections.iter().any(|section| section.questions.iter().any(|question| question.key == key))
    };
    wrong
        .into_iter()
        .map(|error| if asked(&error.key) { error } else { case::Wrong { key: String::new(), ..error } })
        .collect()
}

/// A template as an answer with that status.
fn render(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => (status, Html(text)).into_response(),
        // Writing into a string does not fail; a template that does is a defect that tests would meet.
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, "页面没有排出来；没有扣款，请再试一次").into_response(),
    }
}

/// A page that says what went wrong.
#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    title: String,
    step: String,
    next: String,
}

/// An error as a page: which step, whether money moved, what next.
fn trouble(status: StatusCode, title: &str, step: &str, next: &str) -> Response {
    render(status, &ErrorPage { title: title.to_owned(), step: step.to_owned(), next: next.to_owned() })
}

/// 404.
pub fn no_such_page() -> Response {
    trouble(StatusCode::NOT_FOUND, "没有这一页", "打开页面：这个地址不存在", "检查地址，或者从首页重新开始")
}

/// 405.
pub fn no_such_method(method: &str) -> Response {
    let step = format!("打开页面：这个地址不接受 {method}");
    trouble(StatusCode::METHOD_NOT_ALLOWED, "打不开", &step, "直接打开这个地址，或者从首页重新开始")
}
