//! `GET /sandbox/messages/{id}`: both bodies, every field with its meaning, why the amounts came out.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gongji_agency::actor::Actor;
use gongji_nhsa::sandbox::meaning::Line;

use super::stage::newest;
use super::{Here, Row, nothing};
use crate::Gongji;
use crate::agency::look;
use crate::api::sandbox::messages::decoded;
use crate::page::statement;
use crate::page::view::{Bars, TableLine, table};
use crate::page::{print, render};
use crate::sandbox::log::Entry;
use crate::sandbox::why::{Stands, Why, original, why};

/// Why the amounts are as they are.
struct Explained {
    why: Why,
    /// What is said of the settlement behind them.
    about: String,
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

/// What is said of the settlement behind an answer.
fn about(why: &Why) -> String {
    let again = match (why.stands, why.agrees) {
        (Stands::Tried, true) => "按当时的规则和累计再算一遍，每一格都一致",
        (Stands::Tried, false) => "按当时的规则和累计再算一遍，与答复的不一致",
        (_, true) => "按入账时的规则和累计再算一遍，每一格都一致",
        (_, false) => "再算一遍与入账的不一致",
    };
    match why.stands {
        Stands::Tried => format!("试算，没有入账；{again}"),
        Stands::Booked => format!("结算 {}，{again}", why.settlement),
        Stands::TakenBack => {
            format!("这里说的是被撤销的结算 {}，答复里逐项为负；{again}", why.settlement)
        }
    }
}

/// Why the amounts of an answer came out.
async fn explained(here: &Here, entry: Arc<Entry>) -> Option<Explained> {
    let of = Arc::clone(&here.agency);
    let told = look(here.agency.clone(), Actor::operator("沙箱"), move |desk, context| {
        why(&of, desk, context, &entry)
    });
    let why = told.await.ok()??;
    Some(Explained { about: about(&why), bars: Bars::of(&why.bill), lines: table(&why.bill), why })
}

/// `GET /sandbox/messages/{id}`.
pub async fn show(State(_): State<Gongji>, Path(id): Path<u64>, here: Here) -> Response {
    let Some(entry) = here.sandbox.message(id) else {
        return nothing("打开报文：日志里没有这一条，只留最近一千条", "回到沙箱：/sandbox");
    };
    let one = Row::of(&entry);
    let (request, answer) = decoded(&entry);
    let (raw_request, raw_answer) = (pretty(&entry.request_text()), pretty(&entry.answer));
    let explained = explained(&here, entry).await;
    render(StatusCode::OK, &MessagePage { one, request, answer, raw_request, raw_answer, explained })
}

/// `GET /sandbox/settlements/{id}`: the A4 statement of a booked settlement; for a negative record that of the one that it takes back.
pub async fn sheet(State(state): State<Gongji>, Path(id): Path<String>, here: Here) -> Response {
    let of = Arc::clone(&here.agency);
    let told = look(here.agency, Actor::operator("沙箱"), move |desk, context| {
        let (id, _) = original(desk, &id)?;
        statement::of(&of, desk, context, &id)
    });
    match told.await {
        Ok((bill, booked)) => print::statement(&bill, booked, state.options.today().to_string()),
        Err(problem) => nothing(&problem.detail, "回到沙箱：/sandbox"),
    }
}
