//! `GET /api/v1/items`: the catalogue.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{RawQuery, State};
use gongji_agency::look::{self as shown, Page};
use gongji_agency::row::{Item, ItemKind, ItemVersion};
use gongji_cases::answer::Yuan;
use serde::Serialize;
use utoipa::ToSchema;

use super::asked::Asked;
use crate::Gongji;
use crate::agency::look;
use crate::caller::Caller;
use crate::problem::Problem;

/// An item as it is during a stretch of time.
#[derive(Serialize, ToSchema)]
pub struct ItemVersionView {
    /// First day.
    from: String,
    /// Last day; absent while it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    /// `A`, `B` or `C`: 甲、乙、丙.
    #[schema(example = "B")]
    class: String,
    /// The pack's kind of item.
    #[serde(skip_serializing_if = "Option::is_none")]
    item_class: Option<String>,
    /// 先行自付比例; absent where the pack says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "10%")]
    upfront_ratio: Option<String>,
    /// 限价 of one unit in yuan by level of institution; `*` for all others.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, String>)]
    price_caps: BTreeMap<String, Yuan>,
}

/// An item of the catalogue.
#[derive(Serialize, ToSchema)]
pub struct ItemView {
    /// 编码.
    code: String,
    /// 名称.
    name: String,
    /// 药品、诊疗项目、耗材.
    kind: ItemKind,
    /// The unit in which it is counted.
    #[serde(skip_serializing_if = "String::is_empty")]
    unit: String,
    /// Every version, in order of time.
    versions: Vec<ItemVersionView>,
}

fn version(version: ItemVersion) -> ItemVersionView {
    ItemVersionView {
        from: version.from.to_string(),
        to: version.to.map(|day| day.to_string()),
        class: version.class,
        item_class: version.item_class,
        upfront_ratio: version.upfront_ratio,
        price_caps: version.price_caps.into_iter().map(|(level, fen)| (level, Yuan::of_fen(fen))).collect(),
    }
}

fn view(item: Item) -> ItemView {
    ItemView {
        code: item.code,
        name: item.name,
        kind: item.kind,
        unit: item.unit,
        versions: item.versions.into_iter().map(version).collect(),
    }
}

/// 一个统筹区的目录（全国的是 000000）：按编码或名称的一部分找。
#[utoipa::path(
    get,
    path = "/api/v1/items",
    tag = "机构和目录",
    security(("token" = [])),
    params(
        ("area" = String, Query, description = "统筹区代码", example = "990201"),
        ("text" = Option<String>, Query, description = "编码或名称的一部分"),
        ("after" = Option<String>, Query, description = "上一页的 next"),
        ("limit" = Option<u32>, Query, description = "至多多少条，1 到 500，不写为 50")
    ),
    responses(
        (status = 200, description = "目录项目", body = Page<ItemView>),
        (status = 400, description = "选项读不懂", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn list(
    State(_): State<Gongji>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<Page<ItemView>>, Problem> {
    let asked = Asked::read(query.as_deref(), &["area", "text", "after", "limit"])?;
    let area = asked.need("area", "统筹区代码")?.to_owned();
    let text = asked.text("text").unwrap_or_default().to_owned();
    let after = asked.text("after").unwrap_or_default().to_owned();
    let limit = asked.limit()?;
    look(agency, actor, move |desk, context| {
        let page = shown::items(desk, context, (&area, &text), &after, limit)?;
        Ok(Page { entries: page.entries.into_iter().map(view).collect(), next: page.next })
    })
    .await
    .map(Json)
}
