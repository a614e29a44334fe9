//! 区域间清算: who owes whom.

use std::collections::BTreeMap;

use gongji_money::Fen;
use serde::Serialize;

use crate::access::{Action, Scope};
use crate::context::Context;
use crate::desk::Desk;
use crate::port::StoreError;
use crate::refusal::Refusal;
use crate::row::FundMonth;
use crate::stop::Stop;

/// What one area came to owe another in a month: positive what it owes, negative what it is owed.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BetweenAreas {
    /// The area in whose books it stands.
    pub area: String,
    /// The other area.
    pub other: String,
    /// 月初.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub opening: Fen,
    /// What the month brought, by line: `care/inpatient`, `transfer_relationship`, `area_payment` …
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub lines: BTreeMap<String, String>,
    /// 月末.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub closing: Fen,
}

/// What an area owes all others taken together, at the end of a month.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NetPosition {
    /// The area.
    pub area: String,
    /// Σ of what it owes, positive.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub owes: Fen,
    /// Σ of what it is owed, positive.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub owed: Fen,
    /// What it pays (positive) or receives (negative) once everything is netted.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub net: Fen,
}

/// The net positions of all areas: they sum to nothing.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Netting {
    /// The month.
    pub month: String,
    /// Each area.
    pub areas: Vec<NetPosition>,
    /// Σ of all nets.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "0.00"))]
    pub sum: Fen,
}

/// Refuses what is no month.
///
/// # Errors
/// The refusal `malformed_month`.
pub(super) fn checked(month: &str) -> Result<(), Stop> {
    if month.len() == 7 && format!("{month}-01").parse::<jiff::civil::Date>().is_ok() {
        return Ok(());
    }
    Err(Refusal::new("malformed_month", "月份写法不对")
        .at("month")
        .found(month.chars().take(20).collect::<String>())
        .expected("2026-03 这样的年月")
        .into())
}

#[derive(Default)]
struct Sides {
    opening: i64,
    lines: BTreeMap<String, i64>,
}

/// By area and other area, up to the end of a month.
fn gathered(
    desk: &mut Desk<'_>,
    area: Option<&str>,
    month: &str,
) -> Result<BTreeMap<(String, String), Sides>, Stop> {
    let too_large = || Stop::from(Refusal::new("too_large", "金额合计超出范围"));
    let prefix = area.map(|area| format!("{area}/clearing/")).unwrap_or_default();
    let mut sides: BTreeMap<(String, String), Sides> = BTreeMap::new();
    for (id, row) in desk.between::<FundMonth>(&prefix, &prefix, None)? {
        let parts: Vec<&str> = id.split('/').collect();
        let [area, "clearing", other, of_month] = parts[..] else { continue };
        if of_month > month {
            continue;
        }
        let side = sides.entry((area.to_owned(), other.to_owned())).or_default();
        for (line, fen) in &row.lines {
            let sum = match of_month == month {
                true => side.lines.entry(line.clone()).or_default(),
                false => &mut side.opening,
            };
            *sum = sum.checked_add(*fen).ok_or_else(too_large)?;
        }
    }
    Ok(sides)
}

fn closing(side: &Sides) -> Result<i64, Stop> {
    let sum = side.lines.values().try_fold(side.opening, |sum, fen| sum.checked_add(*fen));
    sum.ok_or_else(|| StoreError::Corrupt("区域间清算的合计超出范围".to_owned()).into())
}

/// What an area and each other owe each other, over a month (`2026-03`).
///
/// # Errors
/// The refusals `denied` and `malformed_month`; those of the store.
pub fn between_areas(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    area: &str,
    month: &str,
) -> Result<Vec<BetweenAreas>, Stop> {
    context.allow(Action::SeeArea, Scope { area: Some(area), ..Scope::default() })?;
    checked(month)?;
    let mut seen = Vec::new();
    for ((area, other), side) in gathered(desk, Some(area), month)? {
        let lines = side.lines.iter().filter(|(_, fen)| **fen != 0);
        seen.push(BetweenAreas {
            opening: Fen::new(side.opening),
            closing: Fen::new(closing(&side)?),
            lines: lines.map(|(line, fen)| (line.clone(), Fen::new(*fen).to_string())).collect(),
            area,
            other,
        });
    }
    Ok(seen)
}

/// What every area owes and is owed at the end of a month, netted over all. For staff of all areas.
///
/// # Errors
/// The refusals `denied` and `malformed_month`; those of the store.
pub fn netting(desk: &mut Desk<'_>, context: &Context<'_>, month: &str) -> Result<Netting, Stop> {
    context.allow(Action::SeeArea, Scope::default())?;
    checked(month)?;
    let mut areas: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for ((area, _), side) in gathered(desk, None, month)? {
        let fen = closing(&side)?;
        let (owes, owed) = areas.entry(area).or_default();
        let sum = if fen > 0 { owes } else { owed };
        *sum = sum
            .checked_add(fen.checked_abs().unwrap_or(i64::MAX))
            .ok_or_else(|| Refusal::new("too_large", "金额合计超出范围"))?;
    }
    let positions = areas.into_iter().map(|(area, (owes, owed))| NetPosition {
        area,
        owes: Fen::new(owes),
        owed: Fen::new(owed),
        net: Fen::new(owes - owed),
    });
    let areas: Vec<NetPosition> = positions.collect();
    let sum = Fen::checked_sum(areas.iter().map(|one| one.net))
        .ok_or_else(|| Refusal::new("too_large", "金额合计超出范围"))?;
    Ok(Netting { month: month.to_owned(), areas, sum })
}
