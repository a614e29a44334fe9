//! `GET /api/v1/employers`, `/bills`, `/arrears`: who pays contributions, and what of them.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use gongji_agency::look::{self as shown, BillLineSeen, BillSeen, Page, PayerSeen};
use gongji_agency::row::Employer;

use super::asked::Asked;
use crate::Gongji;
use crate::agency::look;
use crate::caller::Caller;
use crate::problem::Problem;

/// 一个统筹区的参保单位。
#[utoipa::path(
    get,
    path = "/api/v1/employers",
    tag = "缴费",
    security(("token" = [])),
    params(
        ("area" = String, Query, description = "统筹区代码", example = "990301"),
        ("after" = Option<String>, Query, description = "上一页的 next"),
        ("limit" = Option<u32>, Query, description = "至多多少条，1 到 500，不写为 50")
    ),
    responses(
        (status = 200, description = "单位，按编号排列", body = Page<Employer>),
        (status = 400, description = "选项读不懂", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn employers(
    State(_): State<Gongji>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<Page<Employer>>, Problem> {
    let asked = Asked::read(query.as_deref(), &["area", "after", "limit"])?;
    let area = asked.need("area", "统筹区代码")?.to_owned();
    let after = asked.text("after").unwrap_or_default().to_owned();
    let limit = asked.limit()?;
    look(agency, actor, move |desk, context| shown::employers(desk, context, &area, &after, limit))
        .await
        .map(Json)
}

/// 一个参保单位。
#[utoipa::path(
    get,
    path = "/api/v1/employers/{id}",
    tag = "缴费",
    security(("token" = [])),
    params(("id" = String, Path, description = "单位编号", example = "E1")),
    responses(
        (status = 200, description = "单位", body = Employer),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这个单位", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn employer(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<Employer>, Problem> {
    Asked::read(query.as_deref(), &[])?;
    look(agency, actor, move |desk, context| shown::employer(desk, context, &id)).await.map(Json)
}

/// 一个单位或个人的全部缴费单，按月份。
#[utoipa::path(
    get,
    path = "/api/v1/payers/{id}/bills",
    tag = "缴费",
    security(("token" = [])),
    params(
        ("id" = String, Path, description = "单位编号，或灵活就业人员的人员编号", example = "E1"),
        ("after" = Option<String>, Query, description = "上一页的 next"),
        ("limit" = Option<u32>, Query, description = "至多多少条，1 到 500，不写为 50")
    ),
    responses(
        (status = 200, description = "缴费单", body = Page<BillSeen>),
        (status = 400, description = "选项读不懂", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn bills(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<Page<BillSeen>>, Problem> {
    let asked = Asked::read(query.as_deref(), &["after", "limit"])?;
    let after = asked.text("after").unwrap_or_default().to_owned();
    let limit = asked.limit()?;
    look(agency, actor, move |desk, context| shown::bills(desk, context, &id, &after, limit)).await.map(Json)
}

/// 一张缴费单。
#[utoipa::path(
    get,
    path = "/api/v1/bills/{id}",
    tag = "缴费",
    security(("token" = [])),
    params(("id" = String, Path, description = "缴费单号", example = "C12")),
    responses(
        (status = 200, description = "缴费单", body = BillSeen),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这张缴费单", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn bill(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<BillSeen>, Problem> {
    Asked::read(query.as_deref(), &[])?;
    look(agency, actor, move |desk, context| shown::bill(desk, context, &id)).await.map(Json)
}

/// 一张缴费单的明细，一部分至多 500 人。
#[utoipa::path(
    get,
    path = "/api/v1/bills/{id}/lines",
    tag = "缴费",
    security(("token" = [])),
    params(
        ("id" = String, Path, description = "缴费单号", example = "C12"),
        ("part" = Option<u64>, Query, description = "第几部分，从 0 起，不写为 0")
    ),
    responses(
        (status = 200, description = "每人一行：工资、基数、各部分", body = Vec<BillLineSeen>),
        (status = 400, description = "选项读不懂", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这张缴费单，或没有这一部分", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn lines(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<Vec<BillLineSeen>>, Problem> {
    let asked = Asked::read(query.as_deref(), &["part"])?;
    let part = asked.number("part", 0)?;
    look(agency, actor, move |desk, context| shown::bill_lines(desk, context, &id, part)).await.map(Json)
}

/// 一个统筹区的欠费。
#[utoipa::path(
    get,
    path = "/api/v1/arrears",
    tag = "缴费",
    security(("token" = [])),
    params(
        ("area" = String, Query, description = "统筹区代码", example = "990301"),
        ("after" = Option<String>, Query, description = "上一页的 next"),
        ("limit" = Option<u32>, Query, description = "至多多少条，1 到 500，不写为 50")
    ),
    responses(
        (status = 200, description = "还没有缴清的单位和个人", body = Page<PayerSeen>),
        (status = 400, description = "选项读不懂", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn arrears(
    State(_): State<Gongji>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<Page<PayerSeen>>, Problem> {
    let asked = Asked::read(query.as_deref(), &["area", "after", "limit"])?;
    let area = asked.need("area", "统筹区代码")?.to_owned();
    let after = asked.text("after").unwrap_or_default().to_owned();
    let limit = asked.limit()?;
    look(agency, actor, move |desk, context| shown::arrears(desk, context, &area, &after, limit))
        .await
        .map(Json)
}
