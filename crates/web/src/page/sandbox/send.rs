//! The forms of the sandbox: a request, a whole sequence, faults on and off. Each answers with the way back.

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gongji_nhsa::gateway::path::place;
use gongji_nhsa::sandbox::sequence::{Sequence, Step, sequence};
use serde::Deserialize;

use super::{Here, Own, nothing};
use crate::Gongji;
use crate::api::sandbox::{ONE, address};
use crate::interface::message::Message;
use crate::page::trouble;
use crate::sandbox::deliver::deliver;
use crate::sandbox::faults::Kind;

/// What is sent, for whom, from where.
#[derive(Debug, Deserialize)]
pub struct Asked {
    sequence: String,
    #[serde(default)]
    step: usize,
    person: String,
    institution: String,
}

impl Asked {
    /// The page that shows the sequence with the same people, at a place.
    fn back(&self, place: &str) -> Response {
        let query =
            [("sequence", &self.sequence), ("person", &self.person), ("institution", &self.institution)];
        let query = serde_urlencoded::to_string(query).unwrap_or_default();
        Redirect::to(&format!("/sandbox?{query}#{place}")).into_response()
    }
}

/// Sends the request of a step as it can be sent now; whether it was ready.
async fn sent(here: &Here, asked: &Asked, sequence: &Sequence, step: &'static Step) -> Option<bool> {
    let (agency, sandbox) = (here.agency.clone(), here.sandbox.clone());
    let person = sandbox.person(sequence, Some(&asked.person))?.clone();
    let counter = sandbox.counter(sequence, Some(&asked.institution))?.clone();
    let making = tokio::task::spawn_blocking(move || {
        let learned = sandbox.learned(&person, &counter);
        sandbox.prepared(&agency, step, &person, &counter, &learned)
    });
    let prepared = making.await.ok()?;
    if !prepared.missing.is_empty() {
        return Some(false);
    }
    let path = address(&step.infno);
    let message = Message {
        place: place(path).or_else(|| place(ONE))?,
        path: path.to_owned(),
        body: prepared.body.to_string().into(),
        file: None,
        takes_file: step.infno == "9102",
    };
    deliver(here.agency.clone(), here.sandbox.clone(), message).await.map(|_| true)
}

fn unknown() -> Response {
    nothing("发送报文：没有这个流程、这一步、这个人或这家机构", "从沙箱首页重新开始：/sandbox")
}

/// `POST /sandbox/send`.
pub async fn one(State(_): State<Gongji>, _: Own, here: Here, Form(asked): Form<Asked>) -> Response {
    let found = sequence(&asked.sequence)
        .and_then(|sequence| Some((sequence, sequence.steps.get(asked.step.checked_sub(1)?)?)));
    let Some((sequence, step)) = found else { return unknown() };
    match sent(&here, &asked, sequence, step).await {
        Some(_) => asked.back(&format!("step-{}", asked.step)),
        None => unknown(),
    }
}

/// `POST /sandbox/play`: every step in order; one that lacks what an earlier one should have given is left out.
pub async fn all(State(_): State<Gongji>, _: Own, here: Here, Form(asked): Form<Asked>) -> Response {
    let Some(sequence) = sequence(&asked.sequence) else { return unknown() };
    for step in &sequence.steps {
        if sent(&here, &asked, sequence, step).await.is_none() {
            return unknown();
        }
    }
    asked.back("log")
}

/// A fault as the form says it.
#[derive(Debug, Deserialize)]
pub struct FaultAsked {
    kind: Kind,
    #[serde(default)]
    infno: String,
    times: u32,
    #[serde(default)]
    milliseconds: u64,
}

/// `POST /sandbox/faults`.
pub async fn fault_on(
    State(_): State<Gongji>,
    _: Own,
    here: Here,
    Form(asked): Form<FaultAsked>,
) -> Response {
    let made = here.sandbox.faults.switch_on(asked.kind, &asked.infno, asked.times, asked.milliseconds);
    match made {
        Some(_) => Redirect::to("/sandbox#faults").into_response(),
        None => trouble(
            StatusCode::UNPROCESSABLE_ENTITY,
            "没有打开",
            "打开故障：开着的已经太多",
            "先关掉一些，再打开新的",
        ),
    }
}

/// Which fault goes off.
#[derive(Debug, Deserialize)]
pub struct Off {
    id: u64,
}

/// `POST /sandbox/faults/off`.
pub async fn fault_off(State(_): State<Gongji>, _: Own, here: Here, Form(off): Form<Off>) -> Response {
    // One that is used up meanwhile is off as well.
    here.sandbox.faults.switch_off(Some(off.id));
    Redirect::to("/sandbox#faults").into_response()
}
