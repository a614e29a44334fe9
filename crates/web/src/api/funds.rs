//! Fund statements.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use gongji_agency::clearing::fund_csv;
use gongji_agency::look::{self as shown, FundStatement};

use super::asked::Asked;
use crate::Gongji;
use crate::agency::look;
use crate::caller::Caller;
use crate::fund_picture::fund_picture;
use crate::problem::Problem;

fn read(query: Option<&str>) -> Result<(String, i16), Problem> {
    let asked = Asked::read(query, &["area", "year"])?;
    let area = asked.need("area", "统筹区代码")?.to_owned();
    let year = asked.need("year", "四位的年份，如 2026")?;
    let year = year.parse().ok().filter(|year| (1..=9999).contains(year));
    let wrong = || Problem::bad_query("year", asked.text("year").unwrap_or_default(), "四位的年份，如 2026");
    Ok((area, year.ok_or_else(wrong)?))
}

/// 基金收支表：各基金和个人账户全年的收入、支出、结余和可支付月数，逐月。
#[utoipa::path(
    get,
    path = "/api/v1/funds/statement",
    tag = "账务",
    security(("token" = [])),
    params(
        ("area" = String, Query, description = "统筹区代码", example = "990201"),
        ("year" = u16, Query, description = "年份", example = 2026)
    ),
    responses(
        (status = 200, description = "收支表", body = FundStatement),
        (status = 400, description = "选项读不懂", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn statement(
    State(_): State<Gongji>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<FundStatement>, Problem> {
    let (area, year) = read(query.as_deref())?;
    look(agency, actor, move |desk, context| shown::fund_statement(desk, context, &area, year))
        .await
        .map(Json)
}

/// 同一张基金收支表，CSV。
#[utoipa::path(
    get,
    path = "/api/v1/funds/statement.csv",
    tag = "账务",
    security(("token" = [])),
    params(
        ("area" = String, Query, description = "统筹区代码", example = "990201"),
        ("year" = u16, Query, description = "年份", example = 2026)
    ),
    responses(
        (status = 200, description = "收支表，一行一个项目，逐月各列", body = String, content_type = "text/csv"),
        (status = 400, description = "选项读不懂", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn table(
    State(_): State<Gongji>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Response, Problem> {
    let (area, year) = read(query.as_deref())?;
    let books =
        look(agency, actor, move |desk, context| shown::fund_lines(desk, context, &area, year)).await?;
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], fund_csv(&books)).into_response())
}

/// 同一张基金收支表画成的图，SVG：收入按来源、支出按项目、逐月结余、可支付月数。
#[utoipa::path(
    get,
    path = "/api/v1/funds/statement.svg",
    tag = "账务",
    security(("token" = [])),
    params(
        ("area" = String, Query, description = "统筹区代码", example = "990201"),
        ("year" = u16, Query, description = "年份", example = 2026)
    ),
    responses(
        (status = 200, description = "图", body = String, content_type = "image/svg+xml"),
        (status = 400, description = "选项读不懂", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn picture(
    State(_): State<Gongji>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Response, Problem> {
    let (area, year) = read(query.as_deref())?;
    let (seen, name) = look(agency, actor, move |desk, context| {
        let seen = shown::fund_statement(desk, context, &area, year)?;
        let packs = context.rules.packs().iter();
        let name = packs.map(|pack| &pack.area).find(|known| known.code == area).map(|known| &known.name);
        Ok((seen, name.unwrap_or(&area).clone()))
    })
    .await?;
    let picture = fund_picture(&seen, &name).map_err(|_| Problem::stopped())?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], picture).into_response())
}
