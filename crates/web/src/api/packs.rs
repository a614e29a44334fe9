//! `GET /api/v1/packs`: the packs as texts and as parameters.

use axum::Json;
use axum::extract::{Path, State};
use gongji_policy::view::parameters;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Gongji;
use crate::problem::Problem;

/// A pack in the list.
#[derive(Serialize, ToSchema)]
pub struct PackSummary {
    /// 统筹区代码; `000000` for the national frame.
    #[schema(example = "990101")]
    code: String,
    /// 名称.
    name: String,
    /// The pack that it refers to.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
    /// SHA-256 over its texts and its parents'.
    content_hash: String,
    /// How many sources it names.
    sources: usize,
    /// How many parameters it holds.
    parameters: usize,
    /// The day somebody last compared it with its sources.
    last_checked: String,
}

/// One row of a parameter.
#[derive(Serialize, ToSchema)]
pub struct ParameterRow {
    /// When it serves, in words.
    conditions: String,
    /// The value, in words.
    value: String,
    /// First day in force.
    from: String,
    /// Last day in force; absent while still in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    /// The source's id.
    source: String,
    /// `official`, `press`, `web` or `unverified`.
    grade: String,
    /// The article.
    #[serde(skip_serializing_if = "Option::is_none")]
    article: Option<String>,
    /// A remark for readers.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

/// A parameter: a dated decision table.
#[derive(Serialize, ToSchema)]
pub struct Parameter {
    /// The path in the pack.
    path: String,
    /// Where it stands and what it is called.
    label: String,
    /// The rows, in the order of the text.
    rows: Vec<ParameterRow>,
}

/// 规则包。
#[utoipa::path(get, path = "/api/v1/packs", tag = "规则", responses((status = 200, description = "规则包", body = Vec<PackSummary>)))]
pub async fn list(State(state): State<Gongji>) -> Json<Vec<PackSummary>> {
    let summaries = state.packs().map(|pack| PackSummary {
        code: pack.area.code.clone(),
        name: pack.area.name.clone(),
        parent: pack.area.parent.clone(),
        content_hash: format!("sha256:{}", pack.content_hash),
        sources: pack.sources.len(),
        parameters: parameters(pack).len(),
        last_checked: pack.area.last_checked.to_string(),
    });
    Json(summaries.collect())
}

/// 一个规则包的全部参数，每一条带出处和等级。
#[utoipa::path(
    get,
    path = "/api/v1/packs/{code}/parameters",
    tag = "规则",
    params(("code" = String, Path, description = "统筹区代码", example = "990101")),
    responses(
        (status = 200, description = "参数", body = Vec<Parameter>),
        (status = 404, description = "没有这个规则包", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn parameters_of(
    State(state): State<Gongji>,
    Path(code): Path<String>,
) -> Result<Json<Vec<Parameter>>, Problem> {
    let pack = state.packs().find(|pack| pack.area.code == code);
    let pack =
        pack.ok_or_else(|| Problem::not_found(&format!("没有规则包 {code}，有哪些见 /api/v1/packs")))?;
    let views = parameters(pack).into_iter().map(|view| Parameter {
        path: view.path,
        label: view.label,
        rows: view
            .rows
            .into_iter()
            .map(|row| ParameterRow {
                conditions: row.conditions,
                value: row.value,
                from: row.from.to_string(),
                to: row.to.map(|day| day.to_string()),
                source: row.source,
                grade: row.grade.name().to_owned(),
                article: row.article,
                note: row.note,
            })
            .collect(),
    });
    Ok(Json(views.collect()))
}
