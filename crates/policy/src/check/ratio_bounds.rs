//! Bounds of a layer's final ratio where its cases are too many to work out one by one.

use gongji_money::Rate;

use super::ratio::{adjust_table, least_common_multiple, out_of_range};
use super::region::{Axis, Region};
use super::report::table_words;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Dimension, Layer, RatioChange, RatioLayer, Row, Setting, Table};
use crate::plan::RATIO_LIMIT;

/// A range of rates, and a common denominator of all that may lie in it.
#[derive(Clone, Copy, Debug)]
struct Range {
    low: Rate,
    high: Rate,
    common: i64,
}

/// The range of a table's values over the region; `None` where it holds no known value or its denominators have no common one.
fn range(table: &Table<Rate>, region: &Region<'_>) -> Option<Range> {
    let alive = |row: &&Row<Rate>| {
        region.to.is_none_or(|to| row.from <= to)
            && row.to.is_none_or(|to| region.from <= to)
            && row.when.iter().all(|(dimension, constraint)| {
                let axis = Axis::Of(*dimension);
                let values = region.representatives(axis, std::iter::once(constraint));
                *dimension == Dimension::Band || values.into_iter().any(|value| constraint.allows(value))
            })
    };
    let rates = table.rows.iter().filter(alive).filter_map(|row| match row.value {
        Setting::Known(rate) => Some(rate),
        Setting::Unknown(_) => None,
    });
    let mut whole: Option<Range> = None;
    for rate in rates {
        let known = whole.unwrap_or(Range { low: rate, high: rate, common: 1 });
        let common = least_common_multiple(known.common, rate.denominator())?;
        whole = Some(Range { low: known.low.min(rate), high: known.high.max(rate), common });
    }
    whole
}

/// All products of two ranges.
fn product(left: Range, right: Range) -> Option<Range> {
    let corners = [
        left.low.checked_mul(right.low)?,
        left.low.checked_mul(right.high)?,
        left.high.checked_mul(right.low)?,
        left.high.checked_mul(right.high)?,
    ];
    let common = left.common.checked_mul(right.common)?;
    let low = corners.into_iter().min()?;
    Some(Range { low, high: corners.into_iter().max()?, common })
}

fn sum(left: Range, right: Range) -> Option<Range> {
    let common = least_common_multiple(left.common, right.common)?;
    Some(Range { low: left.low.checked_add(right.low)?, high: left.high.checked_add(right.high)?, common })
}

fn complement(range: Range) -> Option<Range> {
    Some(Range { low: range.high.complement()?, high: range.low.complement()?, ..range })
}

fn adjusted(change: &RatioChange, share: Range, by: Range, region: &Region<'_>) -> Option<Range> {
    match change {
        RatioChange::Points { per_year_of_age: false, .. } => sum(share, by),
        RatioChange::Points { per_year_of_age: true, .. } => {
            let mut ages = (0..=150).filter(|age| region.allows(Axis::Of(Dimension::Age), *age));
            let low = ages.next()?;
            let high = ages.next_back().unwrap_or(low);
            let years = Range { low: Rate::new(low, 1)?, high: Rate::new(high, 1)?, common: 1 };
            sum(share, product(by, years)?)
        }
        RatioChange::TimesFund(_) => product(share, by),
        RatioChange::TimesOwn(_) => complement(product(complement(share)?, by)?),
        RatioChange::Floor(_) => {
            let common = least_common_multiple(share.common, by.common)?;
            Some(Range { low: share.low.max(by.low), high: share.high.max(by.high), common })
        }
        RatioChange::Ceiling(_) => {
            let common = least_common_multiple(share.common, by.common)?;
            Some(Range { low: share.low.min(by.low), high: share.high.min(by.high), common })
        }
    }
}

/// Refuses what the bounds do not prove.
pub(super) fn check_layer(layer: &Layer, ratio: &RatioLayer, region: &Region<'_>) -> Vec<Diagnostic> {
    let Some(first) = range(&ratio.ratio, region) else { return Vec::new() };
    let name = table_words(&ratio.ratio);
    let many = format!("“{}”这一层的条件组合过多，逐一计算不可行，这里按各步的最小、最大值估算", layer.label);
    let mut steps = vec![format!("基准比例在 {} 与 {} 之间", first.low, first.high)];
    let mut share = Some(first);
    for adjust in &ratio.ratio_adjust {
        let Some(by) = range(adjust_table(adjust), region) else { continue };
        share = share.and_then(|share| adjusted(&adjust.change, share, by, region));
        if let Some(share) = share {
            steps.push(format!("“{}”之后在 {} 与 {} 之间", adjust.label, share.low, share.high));
        }
    }
    let steps = steps.join("，");
    let mut found = Vec::new();
    if let Some(share) = share.filter(|share| share.low < Rate::ZERO || share.high > Rate::ONE) {
        let message =
            format!("{name}调整之后可能在 {} 与 {} 之间，无法证明不超出 0%–100%", share.low, share.high);
        found.push(out_of_range(message, ratio).note(steps.clone()).note(many.clone()));
    }
    if share.is_none_or(|share| share.common > RATIO_LIMIT) {
        let message = format!("{name}调整之后小数位可能过多，无法证明可以精确计算");
        found.push(
            Diagnostic::new(Code::RatioTooFine, message, ratio.ratio.span.clone(), "这一层的比例")
                .note(steps)
                .note(many)
                .hint("减少比例或系数的小数位，或减少互相交叉的条件"),
        );
    }
    found
}
