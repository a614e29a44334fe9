//! `POST /api/v1/five-questions`.

use axum::extract::State;
use axum::response::Response;

use super::body::{JsonText, compute};
use super::options::Options;
use crate::problem::Problem;
use crate::{Gongji, engine};

/// 五个问题：统筹、共济、余额、划入、减免，用一个人自己的数、条款和日期回答，并更正常见说法。
#[utoipa::path(
    post,
    path = "/api/v1/five-questions",
    tag = "试算",
    params(
        ("on" = Option<String>, Query, description = "改用这一天的规则", example = "2022-07-01"),
        ("known_on" = Option<String>, Query, description = "只用这一天以前公布的规则", example = "2022-12-31")
    ),
    request_body(content = Object, content_type = "application/json", description = "参保人、账户、日期；工资或养老金、家人，知道的才写"),
    responses(
        (status = 200, description = "五个回答：结论、数、依据、不知道的、更正", body = Object),
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
    compute(move || engine::five(&state, &text, asked)).await
}
