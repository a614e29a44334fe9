//! Families: who drew what, wallets and transfers, unusual use.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use gongji_agency::look::{self as shown, DrawsSeen, FlagSeen, GrantSeen, Page, TransfersSeen};
use gongji_agency::row::FlagStatus;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::asked::Asked;
use crate::Gongji;
use crate::agency::look;
use crate::caller::Caller;
use crate::problem::Problem;

/// Grants by both sides.
#[derive(Serialize, ToSchema)]
pub struct GrantsSeen {
    /// What relatives granted the person, in the order of drawing.
    granted_to: Vec<GrantSeen>,
    /// What the person granted relatives.
    granted_by: Vec<GrantSeen>,
}

/// 一个人的家庭共济授权：别人给的和给别人的。
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}/grants",
    tag = "家庭共济",
    security(("token" = [])),
    params(("id" = String, Path, description = "人员编号", example = "P1")),
    responses(
        (status = 200, description = "授权", body = GrantsSeen),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这个参保人", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn grants(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<GrantsSeen>, Problem> {
    Asked::read(query.as_deref(), &[])?;
    look(agency, actor, move |desk, context| {
        let person = shown::person(desk, context, &id)?;
        Ok(GrantsSeen { granted_to: person.granted_to, granted_by: person.granted_by })
    })
    .await
    .map(Json)
}

/// 谁、什么时候、在哪里用了多少共济的钱：别人用本人的，本人用别人的。
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}/draws",
    tag = "家庭共济",
    security(("token" = [])),
    params(("id" = String, Path, description = "人员编号", example = "P1")),
    responses(
        (status = 200, description = "使用明细", body = DrawsSeen),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这个参保人", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn draws(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<DrawsSeen>, Problem> {
    Asked::read(query.as_deref(), &[])?;
    look(agency, actor, move |desk, context| shown::draws(desk, context, &id)).await.map(Json)
}

/// 一个人的医保钱包和转账。
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}/transfers",
    tag = "家庭共济",
    security(("token" = [])),
    params(("id" = String, Path, description = "人员编号", example = "P1")),
    responses(
        (status = 200, description = "钱包和转账", body = TransfersSeen),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这个参保人", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn transfers(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<TransfersSeen>, Problem> {
    Asked::read(query.as_deref(), &[])?;
    look(agency, actor, move |desk, context| shown::transfers(desk, context, &id)).await.map(Json)
}

/// 一个统筹区的共济异常，待核查和已核查的。
#[utoipa::path(
    get,
    path = "/api/v1/flags",
    tag = "家庭共济",
    security(("token" = [])),
    params(
        ("area" = String, Query, description = "统筹区代码", example = "990201"),
        ("status" = Option<String>, Query, description = "只要这种状态：open、confirmed、cleared"),
        ("after" = Option<String>, Query, description = "上一页的 next"),
        ("limit" = Option<u32>, Query, description = "至多多少条，1 到 500，不写为 50")
    ),
    responses(
        (status = 200, description = "异常", body = Page<FlagSeen>),
        (status = 400, description = "选项读不懂", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn flags(
    State(_): State<Gongji>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<Page<FlagSeen>>, Problem> {
    let asked = Asked::read(query.as_deref(), &["area", "status", "after", "limit"])?;
    let area = asked.need("area", "统筹区代码")?.to_owned();
    let read = |text: &str| {
        serde_json::from_value::<FlagStatus>(Value::String(text.to_owned()))
            .map_err(|_| Problem::bad_query("status", text, "应为 open、confirmed 或 cleared"))
    };
    let status = asked.text("status").map(read).transpose()?;
    let after = asked.text("after").unwrap_or_default().to_owned();
    let limit = asked.limit()?;
    look(agency, actor, move |desk, context| shown::flags(desk, context, (&area, status), &after, limit))
        .await
        .map(Json)
}
