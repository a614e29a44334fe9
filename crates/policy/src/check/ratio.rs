//! The final ratio of every band in every case: within 0–100%, fine enough for exact arithmetic, not falling with the band.

use std::ops::ControlFlow;

use gongji_money::Rate;

use super::grid::{Extent, Grid, both, members};
use super::proof::{Part, Witness, band_count, witness};
use super::ratio_bounds;
use super::region::{Axis, Region};
use super::report::{case_words, table_words};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{
    Dimension, Layer, LayerKind, Pack, RatioAdjust, RatioChange, RatioLayer, Row, Setting, Table,
};
use crate::plan::RATIO_LIMIT;

/// Ratios worked out one by one for a layer; beyond, its extremes are only bounded.
const WORKED_OUT: usize = 1_000_000;

/// Checks the final ratios of every layer of every benefit.
pub(super) fn check_ratios(pack: &Pack) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for scheme in &pack.schemes {
        for benefit in &scheme.benefits {
            let region = Region::of_benefit(scheme, benefit);
            for layer in &benefit.layers {
                match &layer.kind {
                    LayerKind::Ratio(ratio) => found.extend(check_layer(layer, ratio, &region)),
                    LayerKind::Guarantee(guarantee) => found.extend(check_rows(&guarantee.rate, "保底比例")),
                    LayerKind::Purse(_) | LayerKind::Tally => {}
                }
            }
        }
        if let Some(catalogue) = &scheme.catalogue {
            found.extend(check_rows(&catalogue.upfront, "先行自付比例"));
            found.extend(
                catalogue.unit_bands.iter().flat_map(|bands| check_rows(&bands.upfront, "先行自付比例")),
            );
        }
    }
    found
}

/// Rates that nothing adjusts: each row by itself.
fn check_rows(table: &Table<Rate>, what: &str) -> Vec<Diagnostic> {
    let judge = |row: &Row<Rate>| {
        let Setting::Known(rate) = row.value else { return None };
        if rate < Rate::ZERO || rate > Rate::ONE {
            let message = format!("{}的{what}应在 0% 与 100% 之间，这里是 {rate}", table_words(table));
            let found =
                Diagnostic::new(Code::RatioOutOfRange, message, row.span.clone(), format!("值为 {rate}"));
            return Some(found.hint("更正这个比例"));
        }
        (rate.denominator() > RATIO_LIMIT).then(|| {
            let message = format!("{}的{what}小数位过多：{rate}", table_words(table));
            Diagnostic::new(Code::RatioTooFine, message, row.span.clone(), format!("值为 {rate}"))
                .hint("比例化成分数后，分母不能超过 1,000,000（百分数最多四位小数）")
        })
    };
    table.rows.iter().filter_map(judge).collect()
}

/// The table of an adjustment.
pub(super) fn adjust_table(adjust: &RatioAdjust) -> &Table<Rate> {
    match &adjust.change {
        RatioChange::Points { points: table, .. }
        | RatioChange::TimesFund(table)
        | RatioChange::TimesOwn(table)
        | RatioChange::Floor(table)
        | RatioChange::Ceiling(table) => table,
    }
}

/// The share after an adjustment by a rate, for a person of that age; `None` where it leaves 64 bits.
fn adjusted(change: &RatioChange, share: Rate, by: Rate, age: i64) -> Option<Rate> {
    match change {
        RatioChange::Points { per_year_of_age: false, .. } => share.checked_add(by),
        RatioChange::Points { per_year_of_age: true, .. } => {
            share.checked_add(by.checked_mul(Rate::new(age, 1)?)?)
        }
        RatioChange::TimesFund(_) => share.checked_mul(by),
        RatioChange::TimesOwn(_) => share.complement()?.checked_mul(by)?.complement(),
        RatioChange::Floor(_) => Some(share.max(by)),
        RatioChange::Ceiling(_) => Some(share.min(by)),
    }
}

/// How a final ratio comes about: `85% → 加 8% = 93% → 自付 ×0.5 = 96.5%`.
fn derivation(layer: &RatioLayer, rates: &[Rate], age: Option<i64>) -> String {
    let Some((first, rest)) = rates.split_first() else { return String::new() };
    let (mut share, mut text) = (*first, format!("基准比例 {first}"));
    for (adjust, by) in layer.ratio_adjust.iter().zip(rest) {
        let Some(next) = adjusted(&adjust.change, share, *by, age.unwrap_or(0)) else { break };
        let step = match &adjust.change {
            RatioChange::Points { per_year_of_age: false, .. } => format!("加 {by}"),
            RatioChange::Points { per_year_of_age: true, .. } => format!("加 {by} × {} 岁", age.unwrap_or(0)),
            RatioChange::TimesFund(_) => format!("基金比例乘 {by}"),
            RatioChange::TimesOwn(_) => format!("自付比例乘 {by}"),
            RatioChange::Floor(_) => format!("不低于 {by}"),
            RatioChange::Ceiling(_) => format!("不高于 {by}"),
        };
        text.push_str(&format!("，{step} 得 {next}"));
        share = next;
    }
    text
}

/// What was found of one layer, the first of each kind.
#[derive(Default)]
struct Found {
    out_of_range: Option<(Rate, String, Witness)>,
    too_fine: Option<(String, Witness)>,
    falling: Option<(i64, Rate, Rate, Witness)>,
}

pub(super) fn check_layer(layer: &Layer, ratio: &RatioLayer, region: &Region<'_>) -> Vec<Diagnostic> {
    // Where nothing adjusts and no band differs, the rows are the final ratios.
    let by_band = ratio.ratio.rows.iter().any(|row| row.when.iter().any(|(it, _)| *it == Dimension::Band));
    if ratio.ratio_adjust.is_empty() && !by_band {
        return check_rows(&ratio.ratio, "支付比例");
    }
    let Some(found) = work_out(ratio, region) else { return ratio_bounds::check_layer(layer, ratio, region) };
    let mut diagnostics = Vec::new();
    let table = &ratio.ratio;
    let name = table_words(table);
    if let Some((share, how, witness)) = found.out_of_range {
        let message = format!("{name}调整之后可能是 {share}，不在 0% 与 100% 之间");
        diagnostics.push(
            out_of_range(message, ratio)
                .note(format!("例如：{}", case_words(&witness, region.values)))
                .note(how),
        );
    }
    if let Some((how, witness)) = found.too_fine {
        let message = format!("{name}调整之后小数位过多，无法精确计算");
        diagnostics.push(
            Diagnostic::new(Code::RatioTooFine, message, table.span.clone(), "这一层的比例")
                .note(format!("例如：{}", case_words(&witness, region.values)))
                .note(how)
                .hint("同一情形各费用段的比例通分后，分母不能超过 1,000,000：减少比例或系数的小数位"),
        );
    }
    if let Some((band, lower, higher, witness)) = found.falling {
        let message = format!("{name}随费用段升高而下降：第 {band} 段 {lower}，第 {} 段 {higher}", band + 1);
        diagnostics.push(
            Diagnostic::new(Code::NonMonotone, message, table.span.clone(), "这一层的比例")
                .note(format!("例如：{}", case_words(&witness, region.values)))
                .hint("有的地方确实如此；请对照原文，无误则不必改"),
        );
    }
    diagnostics
}

/// The finding that a final ratio leaves 0–100%, with the adjustments as further places.
pub(super) fn out_of_range(message: String, layer: &RatioLayer) -> Diagnostic {
    let found = Diagnostic::new(Code::RatioOutOfRange, message, layer.ratio.span.clone(), "基准比例");
    let found = layer.ratio_adjust.iter().fold(found, |found, adjust| {
        found.and(adjust_table(adjust).span.clone(), format!("调整：{}", adjust.label))
    });
    found.hint("更正比例或调整；原文另有上下限的，用 op = \"ceiling\" 或 op = \"floor\" 写明")
}

/// Works out every case; `None` where there are too many.
fn work_out(layer: &RatioLayer, region: &Region<'_>) -> Option<Found> {
    let tables: Vec<_> =
        std::iter::once(&layer.ratio).chain(layer.ratio_adjust.iter().map(adjust_table)).collect();
    let bounds = layer.bands.as_ref().map_or(&[][..], |bands| &bands.bounds.rows);
    let by_age = layer
        .ratio_adjust
        .iter()
        .any(|adjust| matches!(adjust.change, RatioChange::Points { per_year_of_age: true, .. }));
    let apart = [Dimension::Band, Dimension::Age];
    let extents: Vec<_> = bounds
        .iter()
        .map(Extent::of)
        .chain(tables.iter().flat_map(|table| table.rows.iter().map(Extent::of)))
        .collect();
    let total = extents.len();
    let grid = Grid::new(region, extents, if by_age { &apart } else { &apart[..1] });

    let bounds_part = Part::new(bounds, 0, total);
    let mut start = bounds.len();
    let mut parts = Vec::new();
    for table in &tables {
        parts.push((Part::new(&table.rows, start, total), start, table.rows.as_slice()));
        start += table.rows.len();
    }
    let all_bands: Vec<_> = (1..=16).map(|band| grid.slice(Axis::Of(Dimension::Band), band)).collect();
    let ages: Vec<_> = match by_age {
        false => vec![None],
        true => (0..=150).filter(|age| region.allows(Axis::Of(Dimension::Age), *age)).map(Some).collect(),
    };
    let age_slices: Vec<_> =
        ages.iter().flatten().map(|age| grid.slice(Axis::Of(Dimension::Age), *age)).collect();

    let (mut found, mut worked_out) = (Found::default(), 0_usize);
    let mut enough = true;
    let walked = grid.walk(&mut |state, point| {
        for (number, age) in ages.iter().enumerate() {
            let state = age_slices.get(number).map_or_else(|| state.into(), |slice| both(state, slice));
            let bands = band_count(bounds, 0, &bounds_part.serving(&state));
            worked_out += bands as usize;
            if worked_out > WORKED_OUT {
                enough = false;
                return ControlFlow::Break(());
            }
            let mut case = Case { layer, grid: &grid, region, point, age: *age, common: 1, previous: None };
            for (band, slice) in (1..=bands).zip(&all_bands) {
                let matching = both(&state, slice);
                let rates: Option<Vec<_>> = parts.iter().map(|part| rate_of(part, &matching)).collect();
                match rates {
                    Some(rates) => case.judge(band, &rates, &mut found),
                    // A gap is told elsewhere; an unknown value refuses the bill.
                    None => case.previous = None,
                }
            }
        }
        ControlFlow::Continue(())
    });
    (walked.is_ok() && enough).then_some(found)
}

/// The rate that a table gives a case, if it gives one.
fn rate_of((part, start, rows): &(Part, usize, &[Row<Rate>]), matching: &[u64]) -> Option<Rate> {
    let row = members(&part.serving(matching)).next()?;
    match rows.get(row - start)?.value {
        Setting::Known(rate) => Some(rate),
        Setting::Unknown(_) => None,
    }
}

/// The bands of one case, from the lowest.
struct Case<'c> {
    layer: &'c RatioLayer,
    grid: &'c Grid<'c>,
    region: &'c Region<'c>,
    point: &'c [Option<i64>],
    age: Option<i64>,
    /// The common denominator of the bands so far.
    common: i64,
    previous: Option<Rate>,
}

impl Case<'_> {
    fn judge(&mut self, band: i64, rates: &[Rate], found: &mut Found) {
        let (first, rest) = (rates[0], &rates[1..]);
        let share = self.layer.ratio_adjust.iter().zip(rest).try_fold(first, |share, (adjust, by)| {
            adjusted(&adjust.change, share, *by, self.age.unwrap_or(0))
        });
        let how = || derivation(self.layer, rates, self.age);
        let common = share.and_then(|share| least_common_multiple(self.common, share.denominator()));
        match common {
            Some(common) if common <= RATIO_LIMIT => self.common = common,
            _ => {
                found.too_fine.get_or_insert_with(|| (how(), self.witness(band)));
            }
        }
        let Some(share) = share else { return };
        if share < Rate::ZERO || share > Rate::ONE {
            let beyond = |share: Rate| share.max(Rate::ONE.checked_sub(share).unwrap_or(Rate::ONE));
            if found.out_of_range.as_ref().is_none_or(|(worst, ..)| beyond(share) > beyond(*worst)) {
                found.out_of_range = Some((share, how(), self.witness(band)));
            }
        }
        if let Some(previous) = self.previous.filter(|previous| share < *previous) {
            found.falling.get_or_insert_with(|| (band - 1, previous, share, self.witness(band)));
        }
        self.previous = Some(share);
    }

    fn witness(&self, band: i64) -> Witness {
        let mut witness =
            witness(self.grid, self.region, self.point, self.layer.bands.as_ref().map(|_| band));
        witness.values.extend(self.age.map(|age| (Dimension::Age, age)));
        witness.values.sort_unstable();
        witness
    }
}

/// The least common multiple of two positive numbers; `None` where it leaves 64 bits.
pub(super) fn least_common_multiple(left: i64, right: i64) -> Option<i64> {
    let (mut a, mut b) = (left, right);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    (left / a).checked_mul(right)
}
