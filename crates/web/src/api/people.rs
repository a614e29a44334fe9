//! `GET /api/v1/people`: people, their files, their cover, their accounts.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use gongji_agency::look::{
    self as shown, CoverOn, Found, Page, PersonBrief, PersonFile, PersonSeen, Statement,
};
use jiff::civil::Date;

use super::asked::Asked;
use crate::Gongji;
use crate::agency::look;
use crate::caller::Caller;
use crate::problem::Problem;

/// So many records of a file are given at once: several lifetimes.
const LONGEST_FILE: usize = 10_000;

/// 一个统筹区的参保人：现在或以前在这里参保、登记的人，证件号遮住。
#[utoipa::path(
    get,
    path = "/api/v1/people",
    tag = "参保人",
    security(("token" = [])),
    params(
        ("area" = String, Query, description = "统筹区代码", example = "990201"),
        ("text" = Option<String>, Query, description = "姓名的一部分，或整个人员编号"),
        ("after" = Option<String>, Query, description = "上一页的 next"),
        ("limit" = Option<u32>, Query, description = "至多多少条，1 到 500，不写为 50")
    ),
    responses(
        (status = 200, description = "参保人", body = Page<PersonBrief>),
        (status = 400, description = "选项读不懂", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn list(
    State(_): State<Gongji>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<Page<PersonBrief>>, Problem> {
    let asked = Asked::read(query.as_deref(), &["area", "text", "after", "limit"])?;
    let area = asked.need("area", "统筹区代码")?.to_owned();
    let text = asked.text("text").unwrap_or_default().to_owned();
    let after = asked.text("after").unwrap_or_default().to_owned();
    let limit = asked.limit()?;
    look(agency, actor, move |desk, context| shown::people(desk, context, (&area, &text), &after, limit))
        .await
        .map(Json)
}

/// 按证件或凭证找人。号码写在正文里，不写在地址里，地址会留在日志里。
#[utoipa::path(
    post,
    path = "/api/v1/people/find",
    tag = "参保人",
    security(("token" = [])),
    request_body(content = Shown, content_type = "application/json", description = "证件或凭证"),
    responses(
        (status = 200, description = "参保人", body = Found),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有持这个证件的参保人", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn find(
    State(_): State<Gongji>,
    Caller { actor, agency }: Caller,
    super::body::JsonText(text): super::body::JsonText,
) -> Result<Json<Found>, Problem> {
    let asked: Shown = serde_json::from_str(&text).map_err(|_| {
        Problem::not_json("正文应是 {\"kind\": \"id_card\", \"number\": \"…\"} 这样的 JSON".to_owned())
    })?;
    look(agency, actor, move |desk, context| shown::find_person(desk, context, &asked.kind, &asked.number))
        .await
        .map(Json)
}

/// What somebody shows at a counter.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// The kind of certificate or credential: `id_card`, `social_security_card` …
    #[schema(example = "id_card")]
    kind: String,
    /// 号码.
    number: String,
}

/// 一个参保人。证件号除本人和参保经办人员外遮住。
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}",
    tag = "参保人",
    security(("token" = [])),
    params(("id" = String, Path, description = "人员编号", example = "P1")),
    responses(
        (status = 200, description = "参保人", body = PersonSeen),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这个参保人", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn one(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<PersonSeen>, Problem> {
    Asked::read(query.as_deref(), &[])?;
    look(agency, actor, move |desk, context| shown::person(desk, context, &id)).await.map(Json)
}

/// 一人一档：这个人的全部记录，按时间排列。
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}/file",
    tag = "参保人",
    security(("token" = [])),
    params(
        ("id" = String, Path, description = "人员编号", example = "P1"),
        ("limit" = Option<u32>, Query, description = "最近的至多多少条，1 到 10000，不写为 50")
    ),
    responses(
        (status = 200, description = "档案", body = PersonFile),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这个参保人", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn file(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<PersonFile>, Problem> {
    let limit = Asked::read(query.as_deref(), &["limit"])?.limit_to(LONGEST_FILE)?;
    look(agency, actor, move |desk, context| shown::person_file(desk, context, &id, limit)).await.map(Json)
}

/// 某一天的参保情况和原因。
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}/cover",
    tag = "参保人",
    security(("token" = [])),
    params(
        ("id" = String, Path, description = "人员编号", example = "P1"),
        ("on" = Option<String>, Query, description = "哪一天，不写为今天", example = "2026-03-05")
    ),
    responses(
        (status = 200, description = "参保情况", body = CoverOn),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这个参保人", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn cover(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<CoverOn>, Problem> {
    let on: Option<Date> = Asked::read(query.as_deref(), &["on"])?.day("on")?;
    look(agency, actor, move |desk, context| shown::cover(desk, context, &id, on.unwrap_or(context.today)))
        .await
        .map(Json)
}

/// 个人账户的流水，每一笔带之后的余额。
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}/statement",
    tag = "参保人",
    security(("token" = [])),
    params(
        ("id" = String, Path, description = "人员编号", example = "P1"),
        ("from" = Option<String>, Query, description = "从哪一天起", example = "2026-01-01"),
        ("to" = Option<String>, Query, description = "到哪一天止", example = "2026-12-31")
    ),
    responses(
        (status = 200, description = "流水", body = Statement),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这个参保人", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn statement(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<Statement>, Problem> {
    let asked = Asked::read(query.as_deref(), &["from", "to"])?;
    let days = (asked.day("from")?, asked.day("to")?);
    look(agency, actor, move |desk, context| shown::statement(desk, context, &id, days)).await.map(Json)
}

/// 五个问题：用账上这个人的参保、账户、共济、工资和本年已用的限额回答。
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}/five-questions",
    tag = "参保人",
    security(("token" = [])),
    params(
        ("id" = String, Path, description = "人员编号", example = "P1"),
        ("on" = Option<String>, Query, description = "哪一天，不写为今天", example = "2026-03-05")
    ),
    responses(
        (status = 200, description = "五个回答，和账上的本年已用、最近一张单子", body = Object),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这个参保人", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "这一天没有参保，或那里没有规则", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn five(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<shown::FiveOfPerson>, Problem> {
    let on: Option<Date> = Asked::read(query.as_deref(), &["on"])?.day("on")?;
    look(agency, actor, move |desk, context| shown::five(desk, context, &id, on.unwrap_or(context.today)))
        .await
        .map(Json)
}
