//! `GET /api/v1/keys/{key}`: what became of a caller's key.

use axum::Json;
use axum::extract::{Path, State};
use gongji_agency::office::Answer;
use gongji_agency::port::StoreError;
use gongji_agency::refusal::Refusal;
use serde::Serialize;
use utoipa::ToSchema;

use super::commands::Booked;
use crate::Gongji;
use crate::agency::look;
use crate::caller::Caller;
use crate::problem::Problem;

/// Why a command was refused.
#[derive(Serialize, ToSchema)]
pub struct RefusalView {
    /// What went wrong, stable for machines.
    #[schema(example = "cover_ended")]
    code: String,
    /// What happened, in a sentence.
    detail: String,
}

/// What became of a key.
#[derive(Serialize, ToSchema)]
pub struct KeyState {
    /// The key.
    key: String,
    /// `booked`, `refused`, or `unused`: nothing was asked under it that is on disk.
    #[schema(example = "booked")]
    state: &'static str,
    /// What was booked.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<Booked>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<RefusalView>,
}

/// 一个幂等键的下落：只看调用者自己的键。
#[utoipa::path(
    get,
    path = "/api/v1/keys/{key}",
    tag = "业务",
    security(("token" = [])),
    params(("key" = String, Path, description = "幂等键", example = "2026-03-05-0001")),
    responses(
        (status = 200, description = "办了、拒绝了，还是没有用过", body = KeyState),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn one(
    State(_): State<Gongji>,
    Path(key): Path<String>,
    Caller { actor, agency }: Caller,
) -> Result<Json<KeyState>, Problem> {
    look(agency, actor, move |desk, context| {
        let state = |state, answer, refusal| KeyState { key: key.clone(), state, answer, refusal };
        let Some(outcome) = desk.outcome(&format!("{}/{key}", context.actor.scope()))? else {
            return Ok(state("unused", None, None));
        };
        if let Some(seq) = outcome.seq {
            let record =
                desk.record(seq)?.ok_or_else(|| StoreError::Corrupt(format!("缺第 {seq} 条记录")))?;
            return Ok(state("booked", Some(Booked::from(Answer::of(record, true))), None));
        }
        let refusal: Refusal = serde_json::from_str(&outcome.refusal)
            .map_err(|error| StoreError::Corrupt(format!("拒绝理由读不懂：{error}")))?;
        let detail = refusal.to_string();
        Ok(state("refused", None, Some(RefusalView { code: refusal.code.into(), detail })))
    })
    .await
    .map(Json)
}
