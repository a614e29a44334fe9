//! `GET /api/v1/filings`: what was filed for care away from home, diseases, chosen institutions, births.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use gongji_agency::look::{self as shown, FilingSearch, Page, PersonFilings};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::asked::Asked;
use crate::Gongji;
use crate::agency::look;
use crate::caller::Caller;
use crate::problem::Problem;

/// A name of an option as its type.
fn named<T: DeserializeOwned>(asked: &Asked, name: &str, expected: &str) -> Result<Option<T>, Problem> {
    let read = |text: &str| {
        serde_json::from_value(Value::String(text.to_owned()))
            .map_err(|_| Problem::bad_query(name, text, expected))
    };
    asked.text(name).map(read).transpose()
}

/// 一个人的备案与登记。
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}/filings",
    tag = "备案",
    security(("token" = [])),
    params(("id" = String, Path, description = "人员编号", example = "P1")),
    responses(
        (status = 200, description = "备案，按办理先后", body = PersonFilings),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这个参保人", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn of_person(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<PersonFilings>, Problem> {
    Asked::read(query.as_deref(), &[])?;
    look(agency, actor, move |desk, context| shown::filings(desk, context, &id)).await.map(Json)
}

/// 一个统筹区参保人的备案与登记，逐人列出。
#[utoipa::path(
    get,
    path = "/api/v1/filings",
    tag = "备案",
    security(("token" = [])),
    params(
        ("area" = String, Query, description = "参保地统筹区代码", example = "990201"),
        ("kind" = Option<String>, Query, description = "只要这一种：long_stay、referral、emergency、temporary、chronic、chosen_hospital、family_doctor、maternity"),
        ("status" = Option<String>, Query, description = "只要这种状态：pending、valid、refused、cancelled"),
        ("after" = Option<String>, Query, description = "上一页的 next"),
        ("limit" = Option<u32>, Query, description = "至多多少人，1 到 500，不写为 50")
    ),
    responses(
        (status = 200, description = "备案", body = Page<PersonFilings>),
        (status = 400, description = "选项读不懂", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn list(
    State(_): State<Gongji>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<Page<PersonFilings>>, Problem> {
    let asked = Asked::read(query.as_deref(), &["area", "kind", "status", "after", "limit"])?;
    let area = asked.need("area", "统筹区代码")?.to_owned();
    let search = FilingSearch {
        kind: named(&asked, "kind", "应为 long_stay、chronic 等")?,
        status: named(&asked, "status", "应为 pending、valid、refused 或 cancelled")?,
    };
    let after = asked.text("after").unwrap_or_default().to_owned();
    let limit = asked.limit()?;
    look(agency, actor, move |desk, context| shown::filings_in(desk, context, (&area, search), &after, limit))
        .await
        .map(Json)
}
