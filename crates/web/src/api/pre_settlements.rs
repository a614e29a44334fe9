//! `POST /api/v1/pre-settlements`: what a settlement would be. Books nothing.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use gongji_agency::refusal::Refusal;
use gongji_agency::settlement::presettle;
use gongji_cases::answer::BillAnswer;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::body::JsonText;
use super::commands::read;
use crate::Gongji;
use crate::agency::look;
use crate::caller::Caller;
use crate::origin::OwnOrigin;
use crate::problem::Problem;

/// What a settlement would be.
#[derive(Serialize, ToSchema)]
pub struct PreSettlement {
    /// To be sent with the command as `expect`: a settlement that would differ books nothing.
    pub expect: String,
    /// Every fen, in the form of a quote's result.
    #[schema(value_type = Object)]
    pub bill: BillAnswer,
}

/// 预结算：现在结算会是什么结果。不入账。
#[utoipa::path(
    post,
    path = "/api/v1/pre-settlements",
    tag = "业务",
    security(("token" = [])),
    request_body(content = Object, content_type = "application/json", description = "结算业务的正文，另加 kind：settle 或 settle_at_once"),
    responses(
        (status = 200, description = "每一分钱谁付、为什么，以及正式结算时要带的 expect", body = PreSettlement),
        (status = 400, description = "正文不是完整的 JSON", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "不能结算：哪个字段、写的是什么、应为什么", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "没有打开存储，或存储暂时不可用", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn create(
    State(_): State<Gongji>,
    _: OwnOrigin,
    caller: Caller,
    JsonText(text): JsonText,
) -> Result<Response, Problem> {
    let mut fields: Map<String, Value> =
        serde_json::from_str(&text).map_err(|_| Problem::not_json("正文应是一个 JSON 对象".to_owned()))?;
    let Some(Value::String(kind)) = fields.remove("kind") else {
        let refusal = Refusal::new("missing_field", "缺少字段").at("kind").expected("settle、settle_at_once");
        return Err(Problem::of_refusal(&refusal));
    };
    let command = read(kind, Value::Object(fields).to_string()).await?;
    let Caller { actor, agency } = caller;
    let answer = look(agency, actor, move |desk, context| {
        let made = presettle(desk, context, &command)?;
        // Words take longer than figures: they become text on this thread, too.
        let made = PreSettlement { expect: made.expect, bill: made.bill };
        serde_json::to_vec(&made)
            .map_err(|error| gongji_agency::port::StoreError::Corrupt(error.to_string()).into())
    })
    .await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], answer).into_response())
}
