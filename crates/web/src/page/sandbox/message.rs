//! `GET /sandbox/messages/{id}`: both bodies, every field with its meaning, why the amounts came out.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gongji_agency::actor::Actor;
use gongji_cases::answer::BillAnswer;
use gongji_nhsa::sandbox::meaning::Line;

use super::stage::newest;
use super::{Here, Row, nothing};
use crate::Gongji;
use crate::agency::look;
use crate::api::sandbox::messages::decoded;
use crate::page::statement;
use crate::page::view::{Bars, TableLine, table};
use crate::page::{print, render};

/// Why a settlement is as it is.
struct Explained {
    settlement: String,
    agrees: bool,
    bill: BillAnswer,
    bars: Bars,
    lines: Vec<TableLine>,
}

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage {
    one: Row,
    request: Vec<Line>,
    answer: Vec<Line>,
    raw_request: String,
    raw_answer: String,
    explained: Option<Explained>,
}

#[derive(Template)]
#[template(path = "sandbox_log.html")]
struct LogFragment {
    log: Vec<Row>,
}

/// `GET /sandbox/log`: the rows of the log, for a page that is open.
pub async fn fragment(State(_): State<Gongji>, here: Here) -> Response {
    render(StatusCode::OK, &LogFragment { log: newest(&here.sandbox) })
}

/// A body as people read it.
fn pretty(text: &str) -> String {
    let read = serde_json::from_str::<serde_json::Value>(text);
    read.ok().and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or_else(|| text.to_owned())
}

/// The booked settlement that a message names, explained.
async fn explained(here: &Here, id: String) -> Option<Explained> {
    let of = std::sync::Arc::clone(&here.agency);
    let asked = id.clone();
    let told = look(of.clone(), Actor::operator("沙箱"), move |desk, context| {
        statement::of(&of, desk, context, &asked)
    });
    let (bill, booked) = told.await.ok()?;
    Some(Explained {
        settlement: id,
        agrees: booked.agrees,
        bars: Bars::of(&bill),
        lines: table(&bill),
        bill,
    })
}

/// `GET /sandbox/messages/{id}`.
pub async fn show(State(_): State<Gongji>, Path(id): Path<u64>, here: Here) -> Response {
    let Some(entry) = here.sandbox.message(id) else {
        return nothing("打开报文：日志里没有这一条，只留最近一千条", "回到沙箱：/sandbox");
    };
    let one = Row::of(&entry);
    let (request, answer) = decoded(&entry);
    let explained = match one.head.settlement.clone() {
        Some(settlement) => explained(&here, settlement).await,
        None => None,
    };
    let (raw_request, raw_answer) = (pretty(&entry.request_text()), pretty(&entry.answer));
    render(StatusCode::OK, &MessagePage { one, request, answer, raw_request, raw_answer, explained })
}

/// `GET /sandbox/settlements/{id}`: the A4 statement of a booked settlement.
pub async fn sheet(State(state): State<Gongji>, Path(id): Path<String>, here: Here) -> Response {
    let of = std::sync::Arc::clone(&here.agency);
    let told = look(here.agency, Actor::operator("沙箱"), move |desk, context| {
        statement::of(&of, desk, context, &id)
    });
    match told.await {
        Ok((bill, booked)) => print::statement(&bill, booked, state.options.today().to_string()),
        Err(problem) => nothing(&problem.detail, "回到沙箱：/sandbox"),
    }
}
