//! `POST /api/v1/quotes`.

use axum::extract::State;
use axum::response::Response;

use super::body::{JsonText, compute};
use super::options::Options;
use crate::problem::Problem;
use crate::{Gongji, engine};

/// 试算：问一张或一串单子，答每一分钱谁付、为什么。
#[utoipa::path(
    post,
    path = "/api/v1/quotes",
    tag = "试算",
    params(
        ("on" = Option<String>, Query, description = "改用这一天的规则", example = "2022-07-01"),
        ("known_on" = Option<String>, Query, description = "只用这一天以前公布的规则", example = "2022-12-31")
    ),
    request_body(content = Object, content_type = "application/json", description = "问题：参保人、账户、按时间排列的事件"),
    responses(
        (status = 200, description = "答案", body = Object),
        (status = 400, description = "正文不是完整的 JSON，或选项读不懂", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "正文太大", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "正文类型不是 JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "问题没有答案：哪个字段、写的是什么、应为什么", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn create(
    State(state): State<Gongji>,
    Options(asked): Options,
    JsonText(text): JsonText,
) -> Response {
    compute(move || engine::answer(&state, &text, asked)).await
}
