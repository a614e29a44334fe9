//! A body of JSON text, and the threads that compute.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use gongji_cases::{CaseError, ErrorCode};
use serde::Serialize;

use crate::Gongji;
use crate::problem::{FieldProblem, Problem};

/// The text of a body that is declared as JSON, within the limit and in UTF-8.
pub struct JsonText(pub String);

fn declared_json(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

impl FromRequest<Gongji> for JsonText {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &Gongji) -> Result<JsonText, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or("没有写类型").to_owned();
        if !declared_json(&kind) {
            return Err(Problem::not_declared_json(&kind));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Problem::too_large(state.options.body_limit)
            } else {
                Problem::not_json("正文没有收完整，请再提交一次".to_owned())
            }
        })?;
        let text = String::from_utf8(bytes.into())
            .map_err(|_| Problem::not_json("正文不是 UTF-8 编码的文本".to_owned()))?;
        Ok(JsonText(text))
    }
}

/// The problem that an error of the engine is.
pub fn problem_of(error: &CaseError) -> Problem {
    match error.code {
        ErrorCode::MalformedJson => Problem::not_json(error.to_string()),
        ErrorCode::Internal => Problem::stopped(),
        _ => {
            let fields = if error.field.is_empty() {
                Vec::new()
            } else {
                vec![FieldProblem {
                    field: error.field.clone(),
                    found: error.found.clone(),
                    expected: error.expected.clone(),
                }]
            };
            Problem::bad_case(error.code.name(), error.to_string(), fields)
        }
    }
}

/// Computes on a thread of its own, so that a bill of a million lines holds up nobody, and answers with JSON.
pub async fn compute<T, F>(work: F) -> Response
where
    T: Serialize + Send + 'static,
    F: FnOnce() -> Result<T, CaseError> + Send + 'static,
{
    let done = tokio::task::spawn_blocking(move || {
        let answer = work().map_err(|error| problem_of(&error))?;
        serde_json::to_vec(&answer).map_err(|_| Problem::stopped())
    })
    .await;
    match done {
        Ok(Ok(text)) => ([(header::CONTENT_TYPE, "application/json")], text).into_response(),
        Ok(Err(problem)) => problem.into_response(),
        Err(_) => Problem::stopped().into_response(),
    }
}
