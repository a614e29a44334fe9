//! `GET /sandbox`: sequences with requests, the log, faults, people, institutions, items.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use gongji_nhsa::sandbox::sequence::{Sequence, sequence, sequences};
use gongji_nhsa::sandbox::{Character, Counter, Item, Missing};
use serde::Deserialize;
use serde_json::Value;

use super::{Here, Row, nothing};
use crate::Gongji;
use crate::api::sandbox::{ONE, address, name_of};
use crate::page::render;
use crate::sandbox::faults::{Fault, Kind};

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    sequence: Option<String>,
    person: Option<String>,
    institution: Option<String>,
}

struct StepView {
    infno: String,
    name: &'static str,
    what: &'static str,
    path: &'static str,
    body: String,
    curl: String,
    missing: Vec<Missing>,
}

#[derive(Template)]
#[template(path = "sandbox.html")]
struct SandboxPage<'stage> {
    area: &'stage str,
    area_name: &'stage str,
    address: String,
    sequences: Vec<&'static Sequence>,
    sequence: &'static Sequence,
    people: Vec<&'stage Character>,
    person: &'stage Character,
    institutions: &'stage [Counter],
    counter: &'stage Counter,
    items: &'stage [Item],
    steps: Vec<StepView>,
    log: Vec<Row>,
    faults: Vec<Fault>,
    kinds: Vec<(&'static str, &'static str)>,
}

/// So many messages the page shows.
pub const SHOWN: usize = 25;

/// The name under which the browser reached this server.
fn host(headers: &HeaderMap) -> &str {
    let told = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '-' | '[' | ']');
    if !told.is_empty() && told.chars().all(plain) { told } else { "127.0.0.1:8080" }
}

fn curl(host: &str, path: &str, body: &Value) -> String {
    let body = body.to_string().replace('\'', "'\\''");
    format!("curl -s http://{host}{path} -H 'content-type: application/json' --data-binary '{body}'")
}

/// `GET /sandbox`.
pub async fn show(
    State(_): State<Gongji>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    here: Here,
) -> Response {
    let host = host(&headers).to_owned();
    let made = tokio::task::spawn_blocking(move || page(&here, &asked, &host)).await;
    made.ok().flatten().unwrap_or_else(|| {
        nothing("打开沙箱：没有这个流程、这个人或这家机构", "从沙箱首页重新开始：/sandbox")
    })
}

fn page(here: &Here, asked: &Asked, host: &str) -> Option<Response> {
    let sandbox = &here.sandbox;
    let sequence = match &asked.sequence {
        Some(name) => sequence(name)?,
        None => sequences().first()?,
    };
    let person = sandbox.person(sequence, asked.person.as_deref())?;
    let counter = sandbox.counter(sequence, asked.institution.as_deref())?;
    let learned = sandbox.learned(person, counter);
    let steps = sequence.steps.iter().map(|step| {
        let prepared = sandbox.prepared(&here.agency, step, person, counter, &learned);
        let path = address(&step.infno);
        StepView {
            name: name_of(&step.infno),
            what: &step.what,
            path,
            curl: curl(host, path, &prepared.body),
            body: serde_json::to_string_pretty(&prepared.body).unwrap_or_default(),
            infno: prepared.infno,
            missing: prepared.missing,
        }
    });
    let stage = &sandbox.stage;
    let page = SandboxPage {
        area: &stage.area,
        area_name: &stage.area_name,
        address: format!("http://{host}{ONE}"),
        // Those whose person this sandbox has.
        sequences: sequences().iter().filter(|one| sandbox.person(one, None).is_some()).collect(),
        sequence,
        people: stage.characters.iter().chain(&stage.crowd).collect(),
        person,
        institutions: &stage.institutions,
        counter,
        items: &stage.items,
        steps: steps.collect(),
        log: newest(sandbox),
        faults: sandbox.faults.all(),
        kinds: Kind::ALL.iter().map(|kind| (kind.name(), kind.label())).collect(),
    };
    Some(render(StatusCode::OK, &page))
}

/// The newest messages, the newest first.
pub fn newest(sandbox: &crate::sandbox::Sandbox) -> Vec<Row> {
    sandbox.log.after(0, SHOWN).iter().rev().map(|entry| Row::of(entry)).collect()
}
