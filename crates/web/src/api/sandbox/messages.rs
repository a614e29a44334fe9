//! `GET /api/v1/sandbox/messages`: what came and went, and what it says.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use gongji_agency::actor::Actor;
use gongji_cases::answer::BillAnswer;
use gongji_nhsa::fields::Direction;
use gongji_nhsa::sandbox::meaning::{Line, lines};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Asked, InSandbox, name_of};
use crate::Gongji;
use crate::agency::look;
use crate::problem::Problem;
use crate::sandbox::log::Entry;
use crate::sandbox::why::{Stands, why};

/// A message in the list.
#[derive(Serialize, ToSchema)]
pub struct MessageHead {
    /// Its number in the log.
    pub id: u64,
    /// When it came: milliseconds since 1970.
    pub at: i64,
    /// How long it took, in microseconds.
    pub took_us: u64,
    /// Where it was posted.
    pub path: String,
    /// 交易编号; empty where it cannot be read.
    #[schema(example = "2207")]
    pub infno: String,
    /// 交易名称.
    pub name: &'static str,
    /// 报文ID.
    pub msgid: String,
    /// 机构编码.
    pub institution: String,
    /// 0 or −1; absent without an answer of the business.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub infcode: Option<i64>,
    /// Why it failed.
    pub err_msg: String,
    /// The settlement that it made or named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement: Option<String>,
    /// Whether a settlement was only tried out for it: a pre-settlement.
    pub is_trial: bool,
    /// Whether the sender got the answer.
    pub answered: bool,
    /// The faults that it met, as people read them.
    pub faults: String,
}

impl MessageHead {
    /// The head of an entry.
    pub fn of(entry: &Entry) -> MessageHead {
        let head = entry.head();
        MessageHead {
            id: entry.id,
            at: entry.at,
            took_us: entry.took,
            path: entry.path.clone(),
            name: name_of(&head.infno),
            infno: head.infno,
            msgid: head.msgid,
            institution: head.institution,
            infcode: head.infcode,
            err_msg: head.problem,
            settlement: head.settlement,
            is_trial: entry.trial.is_some(),
            answered: entry.answered,
            faults: entry.faults.clone(),
        }
    }
}

/// A message with both bodies and the meaning of each field.
#[derive(Serialize, ToSchema)]
pub struct MessageView {
    /// What the list says of it.
    #[serde(flatten)]
    head: MessageHead,
    /// The request's body as it came.
    request: String,
    /// The answer's body as it was made.
    answer: String,
    /// The request's fields: name, value, label, form, what a code stands for.
    #[schema(value_type = Vec<Object>)]
    request_fields: Vec<Line>,
    /// The answer's fields.
    #[schema(value_type = Vec<Object>)]
    answer_fields: Vec<Line>,
}

/// Why the amounts of an answer came out.
#[derive(Serialize, ToSchema)]
pub struct MessageExplanation {
    /// 结算编号 of the settlement behind the answer; empty for what was only tried out.
    #[schema(example = "S12")]
    settlement: String,
    /// `booked`, `taken_back` (the answer is its negative), `tried` (nothing was booked).
    #[schema(example = "tried")]
    status: &'static str,
    /// Whether the same table comes out again, to the fen.
    agrees: bool,
    /// The explained bill, in the form of a quote's result.
    #[schema(value_type = Object)]
    bill: BillAnswer,
}

/// The messages of a page.
#[derive(Serialize, ToSchema)]
pub struct MessageList {
    /// The oldest first.
    messages: Vec<MessageHead>,
    /// The number of the newest: ask again with `after` set to it.
    last: u64,
}

/// Request and answer of an entry, line by line.
pub fn decoded(entry: &Entry) -> (Vec<Line>, Vec<Line>) {
    let number = entry.head().infno;
    let read = |text: &str| serde_json::from_str(text).unwrap_or_default();
    let request = lines(&number, Direction::In, &read(&entry.request_text()));
    (request, lines(&number, Direction::Out, &read(&entry.answer)))
}

fn gone() -> Problem {
    Problem::not_found("没有这条报文；日志只留最近的一千条")
}

/// 沙箱里来往的报文；过一会儿用 after 接着问。
#[utoipa::path(
    get,
    path = "/api/v1/sandbox/messages",
    tag = "沙箱",
    params(
        ("after" = Option<u64>, Query, description = "只要这个编号以后的", example = 0),
        ("limit" = Option<u64>, Query, description = "至多多少条，最新的优先")
    ),
    responses(
        (status = 200, description = "报文", body = MessageList),
        (status = 404, description = "不是沙箱", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn list(
    State(_): State<Gongji>,
    RawQuery(query): RawQuery,
    InSandbox { sandbox, .. }: InSandbox,
) -> Result<Json<MessageList>, Problem> {
    let asked = Asked::read(query.as_deref(), &["after", "limit"])?;
    let (after, limit) = (asked.number("after", 0)?, asked.number("limit", 100)?);
    let entries = sandbox.log.after(after, usize::try_from(limit.min(1_000)).unwrap_or(1_000));
    let messages = entries.iter().map(|entry| MessageHead::of(entry)).collect();
    Ok(Json(MessageList { messages, last: sandbox.log.last() }))
}

/// 一条报文：请求和答复的正文，每个字段的含义。
#[utoipa::path(
    get,
    path = "/api/v1/sandbox/messages/{id}",
    tag = "沙箱",
    params(("id" = u64, Path, description = "报文在日志里的编号", example = 1)),
    responses(
        (status = 200, description = "报文", body = MessageView),
        (status = 404, description = "不是沙箱，或没有这条报文（只留最近的）", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn one(
    State(_): State<Gongji>,
    Path(id): Path<u64>,
    InSandbox { sandbox, .. }: InSandbox,
) -> Result<Json<MessageView>, Problem> {
    let entry = sandbox.message(id).ok_or_else(gone)?;
    let (request_fields, answer_fields) = decoded(&entry);
    Ok(Json(MessageView {
        head: MessageHead::of(&entry),
        request: entry.request_text().into_owned(),
        answer: entry.answer.clone(),
        request_fields,
        answer_fields,
    }))
}

/// 一条报文的金额是怎样得来的：结算、预结算、撤销都有。
#[utoipa::path(
    get,
    path = "/api/v1/sandbox/messages/{id}/explanation",
    tag = "沙箱",
    params(("id" = u64, Path, description = "报文在日志里的编号", example = 1)),
    responses(
        (status = 200, description = "说明", body = MessageExplanation),
        (status = 404, description = "不是沙箱，没有这条报文（只留最近的），或报文没有结算的金额", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn explanation_of(
    State(_): State<Gongji>,
    Path(id): Path<u64>,
    InSandbox { agency, sandbox }: InSandbox,
) -> Result<Json<MessageExplanation>, Problem> {
    let entry = sandbox.message(id).ok_or_else(gone)?;
    let of = std::sync::Arc::clone(&agency);
    let told =
        look(agency, Actor::operator("沙箱"), move |desk, context| why(&of, desk, context, &entry)).await?;
    let told = told.ok_or_else(|| Problem::not_found("这条报文的答复里没有结算或预结算的金额"))?;
    Ok(Json(MessageExplanation {
        settlement: told.settlement,
        status: match told.stands {
            Stands::Booked => "booked",
            Stands::TakenBack => "taken_back",
            Stands::Tried => "tried",
        },
        agrees: told.agrees,
        bill: told.bill,
    }))
}
