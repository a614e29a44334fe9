//! Clearing: days, comparisons and clearings of institutions, what areas owe each other.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use gongji_agency::look::{
    self as shown, BetweenAreas, ClearingSeen, ComparisonSeen, DayTotals, Netting, Page,
};
use jiff::civil::Date;

use super::asked::Asked;
use crate::Gongji;
use crate::agency::look;
use crate::caller::Caller;
use crate::problem::Problem;

fn day(asked: &Asked, name: &str) -> Result<Date, Problem> {
    let missing = || Problem::bad_query(name, "", "应为日期，写成 2026-01-31 这样");
    asked.day(name)?.ok_or_else(missing)
}

/// 一个机构每天的结算合计：按参保地、险种、清算类别，以及对账状态。
#[utoipa::path(
    get,
    path = "/api/v1/institutions/{id}/days",
    tag = "清算",
    security(("token" = [])),
    params(
        ("id" = String, Path, description = "机构编码", example = "H1"),
        ("from" = String, Query, description = "第一天", example = "2026-03-01"),
        ("to" = String, Query, description = "最后一天", example = "2026-03-31")
    ),
    responses(
        (status = 200, description = "合计，按日期排列", body = Vec<DayTotals>),
        (status = 400, description = "选项读不懂", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这个机构", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn days(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<Vec<DayTotals>>, Problem> {
    let asked = Asked::read(query.as_deref(), &["from", "to"])?;
    let (from, to) = (day(&asked, "from")?, day(&asked, "to")?);
    look(agency, actor, move |desk, context| shown::clearing_days(desk, context, &id, from, to))
        .await
        .map(Json)
}

/// 一次对账的结果：两边合计，逐笔差异。
#[utoipa::path(
    get,
    path = "/api/v1/comparisons/{id}",
    tag = "清算",
    security(("token" = [])),
    params(("id" = String, Path, description = "对账编号", example = "R52")),
    responses(
        (status = 200, description = "对账结果", body = ComparisonSeen),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这次对账", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn comparison(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<ComparisonSeen>, Problem> {
    Asked::read(query.as_deref(), &[])?;
    look(agency, actor, move |desk, context| shown::comparison(desk, context, &id)).await.map(Json)
}

/// 月度清算：一个统筹区的，或其中一个机构、一个月的。
#[utoipa::path(
    get,
    path = "/api/v1/clearings",
    tag = "清算",
    security(("token" = [])),
    params(
        ("area" = String, Query, description = "统筹区代码", example = "990201"),
        ("institution" = Option<String>, Query, description = "机构编码"),
        ("month" = Option<String>, Query, description = "月份", example = "2026-03"),
        ("after" = Option<String>, Query, description = "上一页的 next"),
        ("limit" = Option<u32>, Query, description = "至多多少条，1 到 500，不写为 50")
    ),
    responses(
        (status = 200, description = "清算，按机构和月份排列", body = Page<ClearingSeen>),
        (status = 400, description = "选项读不懂", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn clearings(
    State(_): State<Gongji>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<Page<ClearingSeen>>, Problem> {
    let asked = Asked::read(query.as_deref(), &["area", "institution", "month", "after", "limit"])?;
    let text = |name: &str| asked.text(name).map(str::to_owned);
    let area = asked.need("area", "统筹区代码")?.to_owned();
    let (institution, month) = (text("institution"), text("month"));
    let (after, limit) = (text("after").unwrap_or_default(), asked.limit()?);
    look(agency, actor, move |desk, context| {
        let of = (area.as_str(), institution.as_deref(), month.as_deref());
        shown::clearings(desk, context, of, &after, limit)
    })
    .await
    .map(Json)
}

/// 一笔月度清算：收入哪些天、扣款、付款。
#[utoipa::path(
    get,
    path = "/api/v1/clearings/{id}",
    tag = "清算",
    security(("token" = [])),
    params(("id" = String, Path, description = "清算编号", example = "C60")),
    responses(
        (status = 200, description = "清算", body = ClearingSeen),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这笔清算", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn clearing(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<ClearingSeen>, Problem> {
    Asked::read(query.as_deref(), &[])?;
    look(agency, actor, move |desk, context| shown::clearing(desk, context, &id)).await.map(Json)
}

/// 区域间清算：一个统筹区与别的各区，一个月里谁欠谁多少。
#[utoipa::path(
    get,
    path = "/api/v1/clearing/areas",
    tag = "清算",
    security(("token" = [])),
    params(
        ("area" = String, Query, description = "统筹区代码", example = "990201"),
        ("month" = String, Query, description = "月份", example = "2026-03")
    ),
    responses(
        (status = 200, description = "对每一个区：月初、本月各项、月末；正数为欠对方", body = Vec<BetweenAreas>),
        (status = 400, description = "选项读不懂", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn areas(
    State(_): State<Gongji>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<Vec<BetweenAreas>>, Problem> {
    let asked = Asked::read(query.as_deref(), &["area", "month"])?;
    let area = asked.need("area", "统筹区代码")?.to_owned();
    let month = asked.need("month", "2026-03 这样的年月")?.to_owned();
    look(agency, actor, move |desk, context| shown::between_areas(desk, context, &area, &month))
        .await
        .map(Json)
}

/// 全国轧差：各统筹区月末应付、应收和净额，合计为零。
#[utoipa::path(
    get,
    path = "/api/v1/clearing/netting",
    tag = "清算",
    security(("token" = [])),
    params(("month" = String, Query, description = "月份", example = "2026-03")),
    responses(
        (status = 200, description = "各区的净额", body = Netting),
        (status = 400, description = "选项读不懂", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限；要能看全部统筹区", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn netting(
    State(_): State<Gongji>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<Netting>, Problem> {
    let asked = Asked::read(query.as_deref(), &["month"])?;
    let month = asked.need("month", "2026-03 这样的年月")?.to_owned();
    look(agency, actor, move |desk, context| shown::netting(desk, context, &month)).await.map(Json)
}
