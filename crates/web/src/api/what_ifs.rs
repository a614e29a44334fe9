//! `POST /api/v1/what-ifs`.

use axum::extract::State;
use axum::response::Response;

use super::body::{JsonText, compute};
use super::options::WhatIfOptions;
use crate::problem::Problem;
use crate::{Gongji, engine};

/// 试一试：同一张单子，换一个条件会怎样；以及个人负担随总额变化的曲线。
#[utoipa::path(
    post,
    path = "/api/v1/what-ifs",
    tag = "试算",
    params(
        ("on" = Option<String>, Query, description = "改用这一天的规则", example = "2022-07-01"),
        ("known_on" = Option<String>, Query, description = "只用这一天以前公布的规则", example = "2022-12-31"),
        ("compare_on" = Option<String>, Query, description = "再与这一天的规则比较", example = "2022-07-01")
    ),
    request_body(content = Object, content_type = "application/json", description = "问题，与试算相同；比较的是最后一张单子"),
    responses(
        (status = 200, description = "比较", body = Object),
        (status = 400, description = "正文不是完整的 JSON，或选项读不懂", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "正文太大", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "正文类型不是 JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "问题没有答案", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn create(
    State(state): State<Gongji>,
    WhatIfOptions(asked, compare_on): WhatIfOptions,
    JsonText(text): JsonText,
) -> Response {
    compute(move || engine::what_ifs(&state, &text, asked, compare_on)).await
}
