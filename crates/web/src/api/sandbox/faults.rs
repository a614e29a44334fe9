//! `/api/v1/sandbox/faults`: what is made to fail.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::InSandbox;
use crate::Gongji;
use crate::api::body::JsonText;
use crate::origin::OwnOrigin;
use crate::problem::Problem;
use crate::sandbox::faults::{Fault, Kind};

/// A fault to switch on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FaultAsked {
    /// What goes wrong: `delay`, `lost_answer`, `failure`, `duplicate`, `down`.
    kind: Kind,
    /// 交易编号; left out for every transaction.
    #[serde(default)]
    #[schema(example = "2207")]
    infno: String,
    /// How many messages it meets, 1 to 1000.
    #[serde(default = "once")]
    times: u32,
    /// For a late answer: how late, 1 to 120000 milliseconds; 3000 where left out.
    #[serde(default = "late")]
    milliseconds: u64,
}

fn late() -> u64 {
    3_000
}

fn once() -> u32 {
    1
}

/// 开着的故障。
#[utoipa::path(
    get,
    path = "/api/v1/sandbox/faults",
    tag = "沙箱",
    responses(
        (status = 200, description = "故障", body = Vec<Fault>),
        (status = 404, description = "不是沙箱", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn list(State(_): State<Gongji>, InSandbox { sandbox, .. }: InSandbox) -> Json<Vec<Fault>> {
    Json(sandbox.faults.all())
}

/// 打开一个故障。
#[utoipa::path(
    post,
    path = "/api/v1/sandbox/faults",
    tag = "沙箱",
    request_body(content = FaultAsked, content_type = "application/json"),
    responses(
        (status = 201, description = "打开了", body = Fault),
        (status = 400, description = "正文读不懂", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "请求来自别的网站", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "不是沙箱", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "正文类型不是 JSON", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn create(
    State(_): State<Gongji>,
    _: OwnOrigin,
    InSandbox { sandbox, .. }: InSandbox,
    JsonText(text): JsonText,
) -> Result<(StatusCode, Json<Fault>), Problem> {
    let asked: FaultAsked = serde_json::from_str(&text).map_err(|error| {
        Problem::not_json(format!(
            "应为 {{\"kind\":\"delay、lost_answer、failure、duplicate 或 down\",\"infno\":\"2207\",\"times\":1,\"milliseconds\":3000}}；第 {} 行第 {} 列读不懂",
            error.line(),
            error.column()
        ))
    })?;
    let made = sandbox.faults.switch_on(asked.kind, &asked.infno, asked.times, asked.milliseconds);
    let fault = made.ok_or_else(|| Problem::not_json("开着的故障太多了，先关掉一些".to_owned()))?;
    Ok((StatusCode::CREATED, Json(fault)))
}

/// 关掉一个故障。
#[utoipa::path(
    delete,
    path = "/api/v1/sandbox/faults/{id}",
    tag = "沙箱",
    params(("id" = u64, Path, description = "故障编号", example = 1)),
    responses(
        (status = 204, description = "关掉了"),
        (status = 403, description = "请求来自别的网站", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "不是沙箱，或没有这个故障（也许已经用完）", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn remove(
    State(_): State<Gongji>,
    Path(id): Path<u64>,
    _: OwnOrigin,
    InSandbox { sandbox, .. }: InSandbox,
) -> Result<StatusCode, Problem> {
    if sandbox.faults.switch_off(Some(id)) {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found("没有这个故障；也许次数已经用完"))
    }
}
