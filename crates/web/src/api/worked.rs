//! `GET /api/v1/people/{id}/records/{seq}/calculations`: why an account was credited so much.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use gongji_agency::calculation::explained;
use gongji_agency::look as shown;
use gongji_cases::answer::CalculationAnswer;
use serde::Serialize;
use utoipa::ToSchema;

use super::asked::Asked;
use crate::Gongji;
use crate::agency::look;
use crate::caller::Caller;
use crate::problem::Problem;

/// A calculation behind a record, with every word.
#[derive(Serialize, ToSchema)]
pub struct WorkedView {
    /// Hash of all texts of the rules under which it was booked.
    edition: String,
    /// Whether those are the rules that the program runs under now.
    edition_is_current: bool,
    /// The calculation, in the form of a quote's result.
    #[schema(value_type = Object)]
    calculation: CalculationAnswer,
}

/// 一条记录里这个人的计算：缴费、划入、计息、结转、代缴，按当时的规则说明。
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}/records/{seq}/calculations",
    tag = "参保人",
    security(("token" = [])),
    params(
        ("id" = String, Path, description = "人员编号", example = "P12"),
        ("seq" = u64, Path, description = "记录号，见档案和账户明细", example = 12)
    ),
    responses(
        (status = 200, description = "计算，每个数有公式、依据和日期", body = Vec<WorkedView>),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这个人，或这条记录没有其计算", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn list(
    State(_): State<Gongji>,
    Path((id, seq)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<Vec<WorkedView>>, Problem> {
    Asked::read(query.as_deref(), &[])?;
    let seq: u64 = seq.parse().map_err(|_| Problem::not_found(&format!("没有记录 {seq}：记录号是整数")))?;
    let of = std::sync::Arc::clone(&agency);
    look(agency, actor, move |desk, context| {
        let kept = shown::calculations(desk, context, &id, seq)?;
        let mut views = Vec::with_capacity(kept.len());
        for one in kept {
            let edition_is_current = one.edition == context.edition;
            let calculation = match edition_is_current {
                true => explained(context.rules, &one)?,
                false => explained(of.editions.of(&one.edition, desk)?.book(), &one)?,
            };
            views.push(WorkedView { edition: one.edition, edition_is_current, calculation });
        }
        Ok(views)
    })
    .await
    .map(Json)
}
