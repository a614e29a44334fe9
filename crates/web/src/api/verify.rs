//! `POST /api/v1/verify`.

use axum::extract::State;
use axum::response::Response;

use super::body::{JsonText, compute};
use crate::problem::Problem;
use crate::{Gongji, engine};

/// 复算：按答案里记下的问题再算一遍，列出每一处不同。
#[utoipa::path(
    post,
    path = "/api/v1/verify",
    tag = "试算",
    request_body(content = Object, content_type = "application/json", description = "试算得到的答案，原样"),
    responses(
        (status = 200, description = "是否一致，以及每一处不同", body = Object),
        (status = 400, description = "正文不是完整的 JSON", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "正文太大", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "正文类型不是 JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "不是一个答案", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn create(State(state): State<Gongji>, JsonText(text): JsonText) -> Response {
    compute(move || engine::verify(&state, &text)).await
}
