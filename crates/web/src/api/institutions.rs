//! `GET /api/v1/institutions`: hospitals and pharmacies.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use gongji_agency::look::{self as shown, InstitutionSearch, Page};
use gongji_agency::row::Institution;

use super::asked::Asked;
use crate::Gongji;
use crate::agency::look;
use crate::caller::Caller;
use crate::problem::Problem;

/// 定点机构：按统筹区、级别、类型、名称找。
#[utoipa::path(
    get,
    path = "/api/v1/institutions",
    tag = "机构和目录",
    security(("token" = [])),
    params(
        ("area" = Option<String>, Query, description = "统筹区代码", example = "990201"),
        ("level" = Option<String>, Query, description = "机构级别", example = "3"),
        ("kind" = Option<String>, Query, description = "机构类型", example = "hospital"),
        ("text" = Option<String>, Query, description = "名称或编码的一部分"),
        ("on" = Option<String>, Query, description = "这一天是定点", example = "2026-03-05"),
        ("after" = Option<String>, Query, description = "上一页的 next"),
        ("limit" = Option<u32>, Query, description = "至多多少条，1 到 500，不写为 50")
    ),
    responses(
        (status = 200, description = "机构", body = Page<Institution>),
        (status = 400, description = "选项读不懂", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn list(
    State(_): State<Gongji>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<Page<Institution>>, Problem> {
    let names = ["area", "level", "kind", "text", "on", "after", "limit"];
    let asked = Asked::read(query.as_deref(), &names)?;
    let text = |name: &str| asked.text(name).map(str::to_owned);
    let search = InstitutionSearch {
        area: text("area"),
        level: text("level"),
        facility_type: text("kind"),
        text: text("text"),
        on: asked.day("on")?,
    };
    let (after, limit) = (text("after").unwrap_or_default(), asked.limit()?);
    look(agency, actor, move |desk, context| shown::institutions(desk, context, &search, &after, limit))
        .await
        .map(Json)
}

/// 一个定点机构。
#[utoipa::path(
    get,
    path = "/api/v1/institutions/{id}",
    tag = "机构和目录",
    security(("token" = [])),
    params(("id" = String, Path, description = "机构编码", example = "H1")),
    responses(
        (status = 200, description = "机构", body = Institution),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这个机构", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn one(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<Institution>, Problem> {
    Asked::read(query.as_deref(), &[])?;
    look(agency, actor, move |desk, context| shown::institution(desk, context, &id)).await.map(Json)
}
