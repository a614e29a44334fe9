//! The catalogue: putting items, ending them.

use std::collections::BTreeMap;

use gongji_money::{Fen, Rate};
use gongji_policy::Dimension;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Decide, check};
use crate::access::{Action, Scope};
use crate::context::Context;
use crate::desk::Desk;
use crate::record::Draft;
use crate::refusal::Refusal;
use crate::row::{Item, ItemKind, ItemVersion};
use crate::stop::Stop;

/// So many items at most are put together.
const MOST_ITEMS: usize = 20_000;

/// Money as text in yuan, within other things.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
pub struct Yuan(#[serde(with = "crate::yuan")] pub Fen);

/// A version of an item.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemAsked {
    /// 编码.
    pub code: String,
    /// 名称.
    pub name: String,
    /// Drug, service or consumable.
    pub kind: ItemKind,
    /// 单位.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// `A`, `B` or `C`.
    pub class: String,
    /// The pack's kind of item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_class: Option<String>,
    /// 先行自付比例 (`10%`); the pack decides where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upfront_ratio: Option<String>,
    /// 限价 of one unit by level of institution; `*` for all others.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub price_caps: BTreeMap<String, Yuan>,
    /// First day.
    pub from: Date,
    /// Last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

/// 维护目录: new items, and new versions of known ones. A version that goes on ends the day before the next begins.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutItems {
    /// Whose catalogue: an area's, or `000000` for the national one.
    pub area: String,
    /// The items.
    pub items: Vec<ItemAsked>,
}

/// 停用目录项目.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndItem {
    /// Whose catalogue.
    pub area: String,
    /// The item's code.
    pub code: String,
    /// Last day.
    pub to: Date,
    /// Why.
    pub reason: String,
}

impl ItemAsked {
    /// The version, with every name and number checked. `field` names the item in refusals.
    pub(crate) fn version(&self, field: impl Fn(&str) -> String) -> Result<ItemVersion, Refusal> {
        check::code(&field("code"), &self.code)?;
        check::text(&field("name"), &self.name)?;
        check::known(&field("class"), Dimension::Class, &self.class)?;
        check::order(&field("to"), self.from, self.to)?;
        if !self.unit.is_empty() {
            check::text(&field("unit"), &self.unit)?;
        }
        if let Some(item_class) = &self.item_class {
            check::text(&field("item_class"), item_class)?;
        }
        if let Some(text) = &self.upfront_ratio {
            let ratio = text
                .parse::<Rate>()
                .ok()
                .filter(|ratio| ratio.numerator() >= 0 && ratio.numerator() <= ratio.denominator());
            if ratio.is_none() {
                return Err(Refusal::new("malformed_number", "先行自付比例写法不对")
                    .at(field("upfront_ratio"))
                    .found(text)
                    .expected("0% 到 100%"));
            }
            if self.class == "C" {
                return Err(Refusal::new("contradiction", "丙类全自费，没有先行自付比例")
                    .at(field("upfront_ratio"))
                    .found(text));
            }
        }
        for level in self.price_caps.keys().filter(|level| *level != "*") {
            check::known(&field("price_caps"), Dimension::Level, level)?;
        }
        Ok(ItemVersion {
            from: self.from,
            to: self.to,
            class: self.class.clone(),
            item_class: self.item_class.clone(),
            upfront_ratio: self.upfront_ratio.clone(),
            price_caps: self.price_caps.iter().map(|(level, Yuan(cap))| (level.clone(), cap.fen())).collect(),
        })
    }
}

/// Adds a version to an item. Whether anything changed.
fn add(item: &mut Item, version: ItemVersion, field: &str) -> Result<bool, Refusal> {
    // An import that is repeated changes nothing.
    let same = |known: &ItemVersion| {
        ItemVersion { to: None, ..known.clone() } == ItemVersion { to: None, ..version.clone() }
            && (version.to.is_none() || known.to == version.to)
    };
    if item.versions.iter().any(same) {
        return Ok(false);
    }
    let overlap = |expected: String| {
        Refusal::new("version_overlaps", format!("{}与已有的版本重叠", item.name))
            .at(field)
            .found(version.from)
            .expected(expected)
    };
    if let Some(last) = item.versions.last() {
        if version.from <= last.from {
            return Err(overlap(format!("{} 以后", last.from)));
        }
        if let Some(to) = last.to.filter(|to| *to >= version.from) {
            return Err(overlap(format!("{to} 以后")));
        }
    }
    if let Some(last) = item.versions.last_mut().filter(|last| last.to.is_none()) {
        last.to = Some(check::day_before(field, version.from)?);
    }
    item.versions.push(version);
    Ok(true)
}

impl Decide for PutItems {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.allow(Action::KeepCatalogue, Scope { area: Some(&self.area), ..Scope::default() })?;
        check::area("area", &self.area)?;
        if self.items.is_empty() || self.items.len() > MOST_ITEMS {
            return Err(Refusal::new("item_count", "项目条数不对")
                .at("items")
                .found(self.items.len())
                .expected(format!("1 到 {MOST_ITEMS} 条"))
                .into());
        }
        let mut changed: BTreeMap<String, Item> = BTreeMap::new();
        let mut missing = Vec::new();
        for (at, asked) in self.items.iter().enumerate() {
            let version = asked.version(|name| format!("items[{at}].{name}"))?;
            let id = format!("{}/{}", self.area, asked.code);
            if !changed.contains_key(&id) {
                let new = || Item {
                    code: asked.code.clone(),
                    name: String::new(),
                    kind: asked.kind,
                    unit: String::new(),
                    versions: Vec::new(),
                };
                match desk.get::<Item>(&id) {
                    Ok(row) => changed.insert(id.clone(), row.map_or_else(new, |row| (*row).clone())),
                    // The other items can be asked for in the same journey.
                    Err(Stop::NotAtHand(rows)) => {
                        missing.extend(rows);
                        continue;
                    }
                    Err(stop) => return Err(stop),
                };
            }
            let Some(item) = changed.get_mut(&id) else { continue };
            if !item.versions.is_empty() && item.kind != asked.kind {
                return Err(Refusal::new("contradiction", "项目的种类不能改变")
                    .at(format!("items[{at}].kind"))
                    .found(&asked.code)
                    .into());
            }
            item.name = asked.name.trim().to_owned();
            item.unit = asked.unit.trim().to_owned();
            add(item, version, &format!("items[{at}].from"))?;
        }
        if !missing.is_empty() {
            return Err(Stop::NotAtHand(missing));
        }
        let mut draft = Draft::new("put_items", context.today);
        let (mut put, mut unchanged) = (0, 0);
        for (id, item) in &changed {
            if desk.get::<Item>(id)?.is_some_and(|before| *before == *item) {
                unchanged += 1;
            } else {
                put += 1;
                draft = draft.leaving(id, item)?;
            }
        }
        Ok(vec![draft.telling(json!({ "area": self.area, "items": put, "unchanged": unchanged }))])
    }
}

impl Decide for EndItem {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.allow(Action::KeepCatalogue, Scope { area: Some(&self.area), ..Scope::default() })?;
        let reason = check::reason(&self.reason)?;
        let id = format!("{}/{}", self.area, self.code);
        let mut item = (*desk.get::<Item>(&id)?.ok_or_else(|| {
            Refusal::new("unknown_item", "目录里没有这个项目").at("code").found(&self.code)
        })?)
        .clone();
        let last = item.versions.last_mut().filter(|last| last.to.is_none_or(|to| to > self.to)).ok_or_else(
            || Refusal::new("item_not_in_force", "项目已经在这一天或之前停用").at("to").found(self.to),
        )?;
        check::order("to", last.from, Some(self.to))?;
        last.to = Some(self.to);
        let draft = Draft::new("end_item", context.today)
            .leaving(&id, &item)?
            .telling(json!({ "area": self.area, "code": self.code, "to": self.to, "reason": reason }));
        Ok(vec![draft])
    }
}
