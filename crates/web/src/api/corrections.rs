//! `GET /api/v1/corrections`: batches of corrections after a retroactive change of rules.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use gongji_agency::look::{self as shown, CorrectionLines, CorrectionSeen, Page};

use super::asked::Asked;
use crate::Gongji;
use crate::agency::look;
use crate::caller::Caller;
use crate::problem::Problem;

/// 追溯调整：一个统筹区的各批，按提出先后。
#[utoipa::path(
    get,
    path = "/api/v1/corrections",
    tag = "结算",
    security(("token" = [])),
    params(
        ("area" = String, Query, description = "统筹区代码", example = "990201"),
        ("after" = Option<String>, Query, description = "上一页的 next"),
        ("limit" = Option<u32>, Query, description = "至多多少条，1 到 500，不写为 50")
    ),
    responses(
        (status = 200, description = "各批", body = Page<CorrectionSeen>),
        (status = 400, description = "选项读不懂", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn list(
    State(_): State<Gongji>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<Page<CorrectionSeen>>, Problem> {
    let asked = Asked::read(query.as_deref(), &["area", "after", "limit"])?;
    let area = asked.need("area", "统筹区代码")?.to_owned();
    let after = asked.text("after").unwrap_or_default().to_owned();
    let limit = asked.limit()?;
    look(agency, actor, move |desk, context| shown::corrections(desk, context, &area, &after, limit))
        .await
        .map(Json)
}

/// 一批追溯调整：合计、按支付方、差额最大的、放行和撤销的情况。
#[utoipa::path(
    get,
    path = "/api/v1/corrections/{id}",
    tag = "结算",
    security(("token" = [])),
    params(("id" = String, Path, description = "批次编号", example = "K200")),
    responses(
        (status = 200, description = "一批", body = CorrectionSeen),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这批调整", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn one(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<CorrectionSeen>, Problem> {
    Asked::read(query.as_deref(), &[])?;
    look(agency, actor, move |desk, context| shown::correction(desk, context, &id)).await.map(Json)
}

/// 一批追溯调整的逐笔差额；可只看一个人。
#[utoipa::path(
    get,
    path = "/api/v1/corrections/{id}/lines",
    tag = "结算",
    security(("token" = [])),
    params(
        ("id" = String, Path, description = "批次编号", example = "K200"),
        ("person" = Option<String>, Query, description = "只看这个人"),
        ("after" = Option<String>, Query, description = "上一页的 next")
    ),
    responses(
        (status = 200, description = "逐笔差额", body = CorrectionLines),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这批调整", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn lines(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<CorrectionLines>, Problem> {
    let asked = Asked::read(query.as_deref(), &["person", "after"])?;
    let person = asked.text("person").unwrap_or_default().to_owned();
    let after = asked.text("after").unwrap_or_default().to_owned();
    look(agency, actor, move |desk, context| shown::correction_lines(desk, context, (&id, &person), &after))
        .await
        .map(Json)
}
