//! The pages of the sandbox. Without one they are not there.

mod fields;
mod message;
mod send;
mod stage;

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::{get, post};
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use super::trouble;
use crate::Gongji;
use crate::agency::Agency;
use crate::api::sandbox::messages::MessageHead;
use crate::origin::OwnOrigin;
use crate::problem::Problem;
use crate::sandbox::Sandbox;
use crate::sandbox::log::Entry;

/// The routes.
pub fn routes() -> Router<Gongji> {
    Router::new()
        .route("/sandbox", get(stage::show))
        .route("/sandbox/log", get(message::fragment))
        .route("/sandbox/send", post(send::one))
        .route("/sandbox/play", post(send::all))
        .route("/sandbox/faults", post(send::fault_on))
        .route("/sandbox/faults/off", post(send::fault_off))
        .route("/sandbox/messages/{id}", get(message::show))
        .route("/sandbox/settlements/{id}", get(message::sheet))
        .route("/sandbox/transactions", get(fields::list))
        .route("/sandbox/transactions/{number}", get(fields::one))
        .route("/sandbox/tables/{name}", get(fields::table))
}

/// The sandbox behind a page.
pub struct Here {
    agency: Arc<Agency>,
    sandbox: Arc<Sandbox>,
}

/// What is answered where there is no such page.
fn nothing(step: &str, next: &str) -> Response {
    trouble(StatusCode::NOT_FOUND, "没有这一页", step, next)
}

impl FromRequestParts<Gongji> for Here {
    type Rejection = Response;

    async fn from_request_parts(_: &mut Parts, state: &Gongji) -> Result<Here, Response> {
        match (state.agency.clone(), state.sandbox.clone()) {
            (Some(agency), Some(sandbox)) => Ok(Here { agency, sandbox }),
            _ => Err(nothing("打开沙箱：这里不是沙箱", "用 gongji serve --sandbox 启动一个")),
        }
    }
}

/// A form that this server's own page sent.
pub struct Own;

impl FromRequestParts<Gongji> for Own {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &Gongji) -> Result<Own, Response> {
        match OwnOrigin::from_request_parts(parts, state).await {
            Ok(_) => Ok(Own),
            Err(problem) => {
                let Problem { detail, .. } = problem;
                Err(trouble(StatusCode::FORBIDDEN, "没有办理", &detail, "从这个沙箱自己的页面再来一次"))
            }
        }
    }
}

/// A message in the list.
pub struct Row {
    head: MessageHead,
    time: String,
    took: String,
}

impl Row {
    /// The row of an entry.
    pub fn of(entry: &Entry) -> Row {
        Row { head: MessageHead::of(entry), time: time(entry.at), took: took(entry.took) }
    }
}

/// A time of day in China.
fn time(milliseconds: i64) -> String {
    let china = TimeZone::fixed(Offset::constant(8));
    let at = Timestamp::from_millisecond(milliseconds).unwrap_or_default().to_zoned(china);
    at.strftime("%m-%d %H:%M:%S").to_string()
}

fn took(microseconds: u64) -> String {
    format!("{}.{} 毫秒", microseconds / 1_000, microseconds % 1_000 / 100)
}
