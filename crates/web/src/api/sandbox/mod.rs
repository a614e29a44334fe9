//! `GET /api/v1/sandbox`: who is on the stage, and requests that can be pasted. Without a sandbox none of these addresses is there.

pub mod faults;
pub mod messages;

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use gongji_nhsa::gateway::path::{self, Place};
use gongji_nhsa::sandbox::{Character, Counter, Item, Missing, sequence};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::asked::Asked;
use super::settlements::{Explanation, explanation};
use crate::Gongji;
use crate::agency::look;
use crate::problem::Problem;
use crate::sandbox::found::InSandbox;
use crate::sandbox::why::original;
use gongji_agency::actor::Actor;

/// The address that takes every transaction.
pub const ONE: &str = "/fsi/api/rsfComIfsService/callService";

/// The address of a transaction: its own where it has one.
pub fn address(number: &str) -> &'static str {
    let own = |(_, place): &(&str, Place)| *place != Place::Any && place.takes(number);
    path::paths().find(own).map_or(ONE, |(path, _)| path)
}

/// A request that can be sent.
#[derive(Serialize, ToSchema)]
pub struct RequestView {
    /// 交易编号.
    #[schema(example = "2201")]
    infno: String,
    /// 交易名称.
    #[schema(example = "门诊挂号")]
    name: &'static str,
    /// What it is there for.
    what: &'static str,
    /// Where to post it.
    #[schema(example = "/fsi/api/outpatientDocInfoService/outpatientRregistration")]
    path: &'static str,
    /// The body.
    #[schema(value_type = Object)]
    body: Value,
    /// What earlier messages must give first: names, and the transactions that give them. Empty for a request that is ready.
    #[schema(value_type = Vec<Object>)]
    missing: Vec<Missing>,
}

/// A documented sequence.
#[derive(Serialize, ToSchema)]
pub struct SequenceView {
    /// Short name.
    #[schema(example = "outpatient")]
    name: &'static str,
    /// 名称.
    title: &'static str,
    /// What it shows.
    remark: &'static str,
    /// 人员编号 of the person for whom the requests are made.
    person: String,
    /// 机构编码 of the institution that sends them.
    institution: String,
    /// The messages, in order.
    steps: Vec<RequestView>,
}

/// A sandbox.
#[derive(Serialize, ToSchema)]
pub struct SandboxView {
    /// 统筹区.
    #[schema(example = "990201")]
    area: String,
    /// Its name.
    area_name: String,
    /// The address that takes every transaction.
    address: &'static str,
    /// Invented people: those of the sequences, then others.
    #[schema(value_type = Vec<Object>)]
    people: Vec<Character>,
    /// Invented institutions.
    #[schema(value_type = Vec<Object>)]
    institutions: Vec<Counter>,
    /// The catalogue.
    #[schema(value_type = Vec<Object>)]
    items: Vec<Item>,
    /// The documented sequences with requests that work when they are sent in order; one that needs an earlier answer says so until that was given.
    sequences: Vec<SequenceView>,
}

/// The name of a transaction.
pub fn name_of(number: &str) -> &'static str {
    gongji_nhsa::fields::transaction(number).map_or("", |known| known.name)
}

/// 沙箱：人员、机构、目录，各交易可以直接粘贴的报文。
#[utoipa::path(
    get,
    path = "/api/v1/sandbox",
    tag = "沙箱",
    responses(
        (status = 200, description = "沙箱里有什么", body = SandboxView),
        (status = 404, description = "不是沙箱", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn stage(
    State(_): State<Gongji>,
    RawQuery(query): RawQuery,
    InSandbox { agency, sandbox }: InSandbox,
) -> Result<Json<SandboxView>, Problem> {
    Asked::read(query.as_deref(), &[])?;
    let made = tokio::task::spawn_blocking(move || {
        let stage = &sandbox.stage;
        let sequences = sequence::sequences().iter().filter_map(|sequence| {
            let person = sandbox.person(sequence, None)?;
            let counter = sandbox.counter(sequence, None)?;
            let learned = sandbox.learned(person, counter);
            let steps = sequence.steps.iter().map(|step| {
                let prepared = sandbox.prepared(&agency, step, person, counter, &learned);
                RequestView {
                    name: name_of(&step.infno),
                    what: &step.what,
                    path: address(&step.infno),
                    infno: prepared.infno,
                    body: prepared.body,
                    missing: prepared.missing,
                }
            });
            Some(SequenceView {
                name: &sequence.name,
                title: &sequence.title,
                remark: &sequence.remark,
                person: person.person.clone(),
                institution: counter.id.clone(),
                steps: steps.collect(),
            })
        });
        SandboxView {
            area: stage.area.clone(),
            area_name: stage.area_name.clone(),
            address: ONE,
            people: stage.characters.iter().chain(&stage.crowd).cloned().collect(),
            institutions: stage.institutions.clone(),
            items: stage.items.clone(),
            sequences: sequences.collect(),
        }
    });
    made.await.map(Json).map_err(|_| Problem::stopped())
}

/// 一个交易现在可以发送的报文；前面的报文给出的就诊ID、结算ID等已经填好。
#[utoipa::path(
    get,
    path = "/api/v1/sandbox/requests/{infno}",
    tag = "沙箱",
    params(
        ("infno" = String, Path, description = "交易编号", example = "2201"),
        ("sequence" = Option<String>, Query, description = "哪一个流程里的，如 outpatient；不写就取第一个"),
        ("step" = Option<u64>, Query, description = "流程里的第几步，从 1 起；不写就取这个交易的第一步"),
        ("person" = Option<String>, Query, description = "人员编号或短名；不写就是流程里的人"),
        ("institution" = Option<String>, Query, description = "机构编码或短名；不写就是流程里的机构")
    ),
    responses(
        (status = 200, description = "报文", body = RequestView),
        (status = 404, description = "不是沙箱，或没有这个交易的报文、这个人、这家机构", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn request(
    State(_): State<Gongji>,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
    InSandbox { agency, sandbox }: InSandbox,
) -> Result<Json<RequestView>, Problem> {
    let asked = Asked::read(query.as_deref(), &["sequence", "step", "person", "institution"])?;
    let at = asked.number("step", 0)?;
    let at = (at > 0).then_some(usize::try_from(at).unwrap_or(usize::MAX));
    let made = tokio::task::spawn_blocking(move || {
        let texts = ["sequence", "person", "institution"].map(|name| asked.text(name));
        let ordered = sandbox.order(&agency, &number, (texts[0], at), texts[1], texts[2]);
        ordered.map(|ordered| RequestView {
            name: name_of(&ordered.step.infno),
            what: &ordered.step.what,
            path: address(&ordered.step.infno),
            infno: ordered.prepared.infno,
            body: ordered.prepared.body,
            missing: ordered.prepared.missing,
        })
    });
    let made = made.await.map_err(|_| Problem::stopped())?;
    made.map(Json).ok_or_else(|| {
        Problem::not_found("沙箱没有这个交易的现成报文，或没有这个人、这家机构；见 /api/v1/sandbox")
    })
}

/// 沙箱里一笔结算的说明：金额是怎样得来的。
#[utoipa::path(
    get,
    path = "/api/v1/sandbox/settlements/{id}/explanation",
    tag = "沙箱",
    params(("id" = String, Path, description = "结算编号：setl_id", example = "S12")),
    responses(
        (status = 200, description = "说明", body = Explanation),
        (status = 404, description = "不是沙箱，或没有这笔结算", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn explanation_of(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    InSandbox { agency, .. }: InSandbox,
) -> Result<Json<Explanation>, Problem> {
    let of = std::sync::Arc::clone(&agency);
    let actor = Actor::operator("沙箱");
    look(agency, actor, move |desk, context| {
        let (id, _) = original(desk, &id)?;
        explanation(&of, desk, context, &id)
    })
    .await
    .map(Json)
}
