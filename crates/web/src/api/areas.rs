//! `GET /api/v1/areas`: the areas, and what each asks.

use axum::Json;
use axum::extract::{Path, State};
use gongji_policy::view::{parameters, value_label};
use gongji_policy::{Benefit, Dimension, DimensionKind, Pack, Scheme};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Gongji;
use crate::page::form::areas as insured_areas;
use crate::page::scope::Scope;
use crate::problem::Problem;

/// An area in the list.
#[derive(Serialize, ToSchema)]
pub struct AreaSummary {
    /// 统筹区代码.
    #[schema(example = "990101")]
    code: String,
    /// 名称.
    name: String,
    /// Names of the schemes: `employee`, `resident`.
    schemes: Vec<String>,
    /// The day somebody last compared the pack with its sources.
    last_checked: String,
}

/// How many rows of an area's tables rest on sources of each grade.
#[derive(Default, Serialize, ToSchema)]
pub struct GradeCount {
    /// 官方.
    official: usize,
    /// 媒体.
    press: usize,
    /// 网络.
    web: usize,
    /// 未核实.
    unverified: usize,
}

/// A value that an answer may have.
#[derive(Serialize, ToSchema)]
pub struct ValueName {
    /// As the case format writes it.
    value: String,
    /// As people read it.
    label: String,
}

/// A question that a benefit's tables ask.
#[derive(Serialize, ToSchema)]
pub struct AskedDimension {
    /// The dimension's name.
    name: String,
    /// As people read it.
    label: String,
    /// `choice`, `flag`, `integer` or `date`.
    kind: String,
    /// The values for which there are rules; empty for numbers and days.
    values: Vec<ValueName>,
}

/// A benefit over one interval.
#[derive(Serialize, ToSchema)]
pub struct BenefitSummary {
    /// The name in the pack.
    name: String,
    /// 名称.
    label: String,
    /// The kinds of care it serves.
    care_types: Vec<ValueName>,
    /// First day in force.
    from: String,
    /// Last day in force; absent while still in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    /// The layers in order of the fold, as people read them.
    layers: Vec<String>,
    /// What the tables ask.
    dimensions: Vec<AskedDimension>,
}

/// A scheme of an area.
#[derive(Serialize, ToSchema)]
pub struct SchemeSummary {
    /// `employee` or `resident`.
    name: String,
    /// 险种.
    label: String,
    /// The benefits, each with its interval.
    benefits: Vec<BenefitSummary>,
}

/// An area with what it asks.
#[derive(Serialize, ToSchema)]
pub struct AreaDetail {
    /// 统筹区代码.
    code: String,
    /// 名称.
    name: String,
    /// First day of the insurance year, `MM-DD`.
    year_starts: String,
    /// The area's own remark, shown with every answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<String>,
    /// The day somebody last compared the pack with its sources.
    last_checked: String,
    /// Rows by the grade of their source.
    grades: GradeCount,
    /// The schemes.
    schemes: Vec<SchemeSummary>,
}

fn named(dimension: Dimension, value: &str) -> ValueName {
    ValueName { value: value.to_owned(), label: value_label(dimension, value).to_owned() }
}

fn care_names(benefit: &Benefit) -> Vec<ValueName> {
    let DimensionKind::Choice(names) = Dimension::CareType.kind() else { return Vec::new() };
    let name = |index: &i64| usize::try_from(*index).ok().and_then(|index| names.get(index));
    benefit.care_types.iter().filter_map(name).map(|name| named(Dimension::CareType, name)).collect()
}

fn asked(pack: &Pack, scheme: &Scheme, benefit: &Benefit) -> Vec<AskedDimension> {
    let scope = Scope::over(pack, scheme, benefit);
    let asked = scope.dimensions.iter().filter(|dimension| **dimension != Dimension::CareType);
    asked
        .map(|dimension| AskedDimension {
            name: dimension.name().to_owned(),
            label: dimension.label().to_owned(),
            kind: match dimension.kind() {
                DimensionKind::Choice(_) | DimensionKind::Open => "choice",
                DimensionKind::Flag => "flag",
                DimensionKind::Integer { .. } => "integer",
                DimensionKind::Date => "date",
            }
            .to_owned(),
            values: scope.values(*dimension).iter().map(|value| named(*dimension, value)).collect(),
        })
        .collect()
}

/// 有规则的统筹区。
#[utoipa::path(get, path = "/api/v1/areas", tag = "规则", responses((status = 200, description = "统筹区", body = Vec<AreaSummary>)))]
pub async fn list(State(state): State<Gongji>) -> Json<Vec<AreaSummary>> {
    let summary = |pack: &Pack| AreaSummary {
        code: pack.area.code.clone(),
        name: pack.area.name.clone(),
        schemes: pack.schemes.iter().map(|scheme| scheme.name.clone()).collect(),
        last_checked: pack.area.last_checked.to_string(),
    };
    Json(insured_areas(&state).map(summary).collect())
}

/// 一个统筹区：险种、医疗类别、各时期的待遇、要问什么、出处等级。
#[utoipa::path(
    get,
    path = "/api/v1/areas/{code}",
    tag = "规则",
    params(("code" = String, Path, description = "统筹区代码", example = "990101")),
    responses(
        (status = 200, description = "统筹区", body = AreaDetail),
        (status = 404, description = "没有这个统筹区", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn one(State(state): State<Gongji>, Path(code): Path<String>) -> Result<Json<AreaDetail>, Problem> {
    let pack = insured_areas(&state).find(|pack| pack.area.code == code);
    let pack =
        pack.ok_or_else(|| Problem::not_found(&format!("没有统筹区 {code}，有哪些见 /api/v1/areas")))?;
    let mut grades = GradeCount::default();
    for row in parameters(pack).iter().flat_map(|parameter| &parameter.rows) {
        match row.grade {
            gongji_policy::Grade::Official => grades.official += 1,
            gongji_policy::Grade::Press => grades.press += 1,
            gongji_policy::Grade::Web => grades.web += 1,
            gongji_policy::Grade::Unverified => grades.unverified += 1,
        }
    }
    let schemes = pack.schemes.iter().map(|scheme| SchemeSummary {
        name: scheme.name.clone(),
        label: scheme.label.clone(),
        benefits: scheme
            .benefits
            .iter()
            .map(|benefit| BenefitSummary {
                name: benefit.name.clone(),
                label: benefit.label.clone(),
                care_types: care_names(benefit),
                from: benefit.from.to_string(),
                to: benefit.to.map(|day| day.to_string()),
                layers: benefit.layers.iter().map(|layer| layer.label.clone()).collect(),
                dimensions: asked(pack, scheme, benefit),
            })
            .collect(),
    });
    let start = pack.area.year_start;
    Ok(Json(AreaDetail {
        code: pack.area.code.clone(),
        name: pack.area.name.clone(),
        year_starts: format!("{:02}-{:02}", start.month, start.day),
        notice: pack.area.notice.clone(),
        last_checked: pack.area.last_checked.to_string(),
        grades,
        schemes: schemes.collect(),
    }))
}
