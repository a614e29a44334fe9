//! `GET /api/v1/claims`: bills that people paid; payments to people; coded reasons.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use gongji_agency::look::{self as shown, ClaimBrief, ClaimSeen, Page, PaymentSeen};
use gongji_agency::reasons::{Reason, reasons};
use gongji_agency::row::ClaimStatus;

use super::asked::Asked;
use crate::Gongji;
use crate::agency::look;
use crate::caller::Caller;
use crate::problem::Problem;

/// 报销申请：一个统筹区的，按受理先后；可只看一个状态。
#[utoipa::path(
    get,
    path = "/api/v1/claims",
    tag = "结算",
    security(("token" = [])),
    params(
        ("area" = String, Query, description = "统筹区代码", example = "990201"),
        ("status" = Option<String>, Query, description = "open、reported、approved、paid、withdrawn、expired、cancelled"),
        ("after" = Option<String>, Query, description = "上一页的 next"),
        ("limit" = Option<u32>, Query, description = "至多多少条，1 到 500，不写为 50")
    ),
    responses(
        (status = 200, description = "报销申请", body = Page<ClaimBrief>),
        (status = 400, description = "选项读不懂", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn list(
    State(_): State<Gongji>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<Page<ClaimBrief>>, Problem> {
    let asked = Asked::read(query.as_deref(), &["area", "status", "after", "limit"])?;
    let area = asked.need("area", "统筹区代码")?.to_owned();
    let status = match asked.text("status") {
        None => None,
        Some(name) => {
            let found = ClaimStatus::ALL.into_iter().find(|status| status.name() == name);
            let names = ClaimStatus::ALL.map(ClaimStatus::name).join("、");
            Some(found.ok_or_else(|| Problem::bad_query("status", name, &names))?)
        }
    };
    let after = asked.text("after").unwrap_or_default().to_owned();
    let limit = asked.limit()?;
    look(agency, actor, move |desk, context| shown::claims(desk, context, (&area, status), &after, limit))
        .await
        .map(Json)
}

/// 一项报销申请：明细和审核、材料、支付、经过。银行账号遮住。
#[utoipa::path(
    get,
    path = "/api/v1/claims/{id}",
    tag = "结算",
    security(("token" = [])),
    params(("id" = String, Path, description = "申请编号", example = "R120")),
    responses(
        (status = 200, description = "报销申请", body = ClaimSeen),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这项申请", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn one(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<ClaimSeen>, Problem> {
    Asked::read(query.as_deref(), &[])?;
    look(agency, actor, move |desk, context| shown::claim(desk, context, &id)).await.map(Json)
}

/// 一个人的报销申请，按受理先后。
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}/claims",
    tag = "参保人",
    security(("token" = [])),
    params(
        ("id" = String, Path, description = "人员编号", example = "P1"),
        ("after" = Option<String>, Query, description = "上一页的 next"),
        ("limit" = Option<u32>, Query, description = "至多多少条，1 到 500，不写为 50")
    ),
    responses(
        (status = 200, description = "报销申请", body = Page<ClaimBrief>),
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
) -> Result<Json<Page<ClaimBrief>>, Problem> {
    let asked = Asked::read(query.as_deref(), &["after", "limit"])?;
    let after = asked.text("after").unwrap_or_default().to_owned();
    let limit = asked.limit()?;
    look(agency, actor, move |desk, context| shown::claims_of(desk, context, &id, &after, limit))
        .await
        .map(Json)
}

/// 付给一个人的款项：报销款、追溯调整的退款，退回的注明原因。银行账号遮住。
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}/payments",
    tag = "参保人",
    security(("token" = [])),
    params(
        ("id" = String, Path, description = "人员编号", example = "P1"),
        ("after" = Option<String>, Query, description = "上一页的 next"),
        ("limit" = Option<u32>, Query, description = "至多多少条，1 到 500，不写为 50")
    ),
    responses(
        (status = 200, description = "款项", body = Page<PaymentSeen>),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这个参保人", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn payments(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<Page<PaymentSeen>>, Problem> {
    let asked = Asked::read(query.as_deref(), &["after", "limit"])?;
    let after = asked.text("after").unwrap_or_default().to_owned();
    let limit = asked.limit()?;
    look(agency, actor, move |desk, context| shown::payments(desk, context, &id, &after, limit))
        .await
        .map(Json)
}

/// 审核明细和支付退回的原因代码。
#[utoipa::path(
    get,
    path = "/api/v1/claim-reasons",
    tag = "结算",
    responses((status = 200, description = "原因代码", body = Vec<Reason>))
)]
pub async fn reasons_of(State(_): State<Gongji>) -> Json<&'static [Reason]> {
    Json(reasons())
}
