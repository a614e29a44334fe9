//! `POST /api/v1/commands/{kind}`: business that is booked. One address for each kind of command; the body holds its fields.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use gongji_agency::command::{COMMANDS, Command};
use gongji_agency::office::Answer;
use gongji_agency::port::StoreError;
use gongji_agency::refusal::Refusal;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::bill::BookedBill;
use super::body::JsonText;
use crate::Gongji;
use crate::caller::Caller;
use crate::origin::OwnOrigin;
use crate::problem::Problem;

/// Commands of the program itself, which nobody gives over HTTP.
pub const INTERNAL: [&str; 1] = ["keep_edition"];

/// A body longer than this is read on a thread of its own.
const LONG: usize = 64 * 1024;

/// A command that was booked: it is on disk.
#[derive(Serialize, ToSchema)]
pub struct Booked {
    /// 记录号, in the journal; where the command made several records, of the last.
    #[schema(example = 12)]
    pub seq: u64,
    /// 记录种类: `settlement`, `cancellation`, `open_visit` …
    #[schema(example = "settlement")]
    pub kind: String,
    /// Whether the same key had booked it before; then this is that answer again.
    pub replayed: bool,
    /// What was decided: for a settlement its table, for others the ids that were given.
    pub result: Told,
}

/// What was decided.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum Told {
    /// 结算.
    Settlement(Box<BookedBill>),
    /// Ids that were given …
    #[schema(value_type = Object)]
    Other(Value),
}

impl From<Answer> for Booked {
    fn from(answer: Answer) -> Booked {
        Booked {
            seq: answer.seq,
            kind: answer.kind,
            replayed: answer.replayed,
            result: match answer.settlement {
                Some(settlement) => Told::Settlement(Box::new(BookedBill::of(*settlement))),
                None => Told::Other(answer.result),
            },
        }
    }
}

/// A kind of command.
#[derive(Serialize, ToSchema)]
pub struct CommandKind {
    /// The name in the address.
    #[schema(example = "settle")]
    kind: &'static str,
    /// 名称.
    #[schema(example = "结算")]
    label: &'static str,
    /// The address.
    #[schema(example = "/api/v1/commands/settle")]
    path: String,
}

/// Every kind of command that can be given over HTTP, with its label.
pub fn offered() -> impl Iterator<Item = (&'static str, &'static str)> {
    COMMANDS.iter().copied().filter(|(kind, _)| !INTERNAL.contains(kind))
}

/// 可以办理的业务。
#[utoipa::path(get, path = "/api/v1/commands", tag = "业务", responses((status = 200, description = "业务", body = Vec<CommandKind>)))]
pub async fn list() -> Json<Vec<CommandKind>> {
    let kinds =
        offered().map(|(kind, label)| CommandKind { kind, label, path: format!("/api/v1/commands/{kind}") });
    Json(kinds.collect())
}

/// The caller's key.
pub struct Key(String);

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Key, Problem> {
        let key = parts.headers.get("idempotency-key").ok_or_else(Problem::no_key)?;
        let key = key.to_str().map_err(|_| {
            let refusal =
                Refusal::new("malformed_key", "幂等键写法不对").expected("1 到 200 个可见的英文字符");
            Problem::of_refusal(&refusal)
        })?;
        Ok(Key(key.to_owned()))
    }
}

/// Reads a command; a long one not on a thread that serves others.
///
/// # Errors
/// What cannot be read, with its field.
pub async fn read(kind: String, text: String) -> Result<Command, Problem> {
    if !offered().any(|(known, _)| known == kind) {
        let names: Vec<&str> = offered().map(|(name, _)| name).collect();
        let refusal =
            Refusal::new("unknown_command", "没有这种业务").at("kind").found(kind).expected(names.join("、"));
        return Err(Problem::of_refusal(&refusal));
    }
    let is_long = text.len() > LONG;
    let read = move || Command::read(&kind, &text).map_err(|refusal| Problem::of_refusal(&refusal));
    if is_long { tokio::task::spawn_blocking(read).await.map_err(|_| Problem::stopped())? } else { read() }
}

/// 办理一笔业务：同一个幂等键只办一次，再问得到第一次的答复。
#[utoipa::path(
    post,
    path = "/api/v1/commands/{kind}",
    tag = "业务",
    security(("token" = [])),
    params(
        ("Idempotency-Key" = String, Header, description = "幂等键：每一笔业务一个，1 到 200 个可见字符；不知道结果时用同一个键再问一次", example = "2026-03-05-0001")
    ),
    request_body(content = Object, content_type = "application/json", description = "业务的各个字段"),
    responses(
        (status = 201, description = "办了，已经落盘", body = Booked),
        (status = 200, description = "同一个键以前办过：第一次的答复", body = Booked),
        (status = 400, description = "没有幂等键，或正文不是完整的 JSON", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限，或请求来自别的网站", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "这个键已经用于内容不同的另一项业务", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "正文太大", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "正文类型不是 JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "没有办理：哪个字段、写的是什么、应为什么。这个键再问还是同一个答复；改正之后用新的键", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "没有打开存储、存储暂时不可用，或结果不明：用同一个键再问一次", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn create(
    State(_): State<Gongji>,
    Path(kind): Path<String>,
    _: OwnOrigin,
    caller: Caller,
    Key(key): Key,
    JsonText(text): JsonText,
) -> Result<Response, Problem> {
    let command = read(kind, text).await?;
    let tokens = command.kind().contains("token").then(|| Arc::clone(&caller.agency.tokens));
    let (tell, told) = tokio::sync::oneshot::channel();
    let reply = Box::new(move |answer| {
        // Before the caller hears of it, and also where the caller hung up.
        if let Some(tokens) = tokens {
            tokens.forget();
        }
        let _ = tell.send(answer);
    });
    caller.agency.office.submit(&caller.actor, &key, command, reply);
    let unknown = || Problem::of_store(&StoreError::Unknown(String::new()));
    let answer = told.await.map_err(|_| unknown())?.map_err(|failure| Problem::of_failure(&failure))?;
    let status = if answer.replayed { StatusCode::OK } else { StatusCode::CREATED };
    let text = serde_json::to_vec(&Booked::from(answer)).map_err(|_| unknown())?;
    Ok((status, [(header::CONTENT_TYPE, "application/json")], text).into_response())
}
