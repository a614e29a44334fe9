//! The catalogue: drugs, services, consumables.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::desk::Row;

/// What kind of item.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// 药品.
    Drug,
    /// 医疗服务项目.
    Service,
    /// 医用耗材.
    Consumable,
}

/// An item as it is during a stretch of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemVersion {
    /// First day.
    pub from: Date,
    /// Last day; `None` while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// `A`, `B` or `C`.
    pub class: String,
    /// The pack's kind of item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_class: Option<String>,
    /// 先行自付比例 as text (`10%`); `None` leaves it to the pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upfront_ratio: Option<String>,
    /// 限价 of one unit in fen by level of institution; `*` for all others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub price_caps: BTreeMap<String, i64>,
}

/// An item; the row's id is `area/code`, with `000000` for the national catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: ItemKind,
    /// The unit in which it is counted.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Every version, in order of time.
    pub versions: Vec<ItemVersion>,
}

impl Row for Item {
    const KIND: &'static str = "item";
}

impl Item {
    /// The version of a day.
    pub fn on(&self, day: Date) -> Option<&ItemVersion> {
        self.versions.iter().find(|version| version.from <= day && version.to.is_none_or(|to| day <= to))
    }
}

impl ItemVersion {
    /// 限价 of one unit in fen at an institution of a level.
    pub fn price_cap(&self, level: Option<&str>) -> Option<i64> {
        level.and_then(|level| self.price_caps.get(level)).or_else(|| self.price_caps.get("*")).copied()
    }
}
