//! The combinations of facts that a benefit's tables can tell apart, numbered, so that many bills share a resolution.

use jiff::civil::Date;

use super::Plan;
use crate::model::{
    AmountAdjust, AmountChange, Benefit, Cap, Constraint, Dimension, LayerKind, Pack, RatioChange, Row, Table,
};

/// One axis along which the tables of a benefit decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// The dimension; `None` for the law's date, in days since 1970-01-01.
    pub dimension: Option<Dimension>,
    /// The first value of each cell but the lowest, ascending.
    breaks: Vec<i64>,
    /// Where the breaks lie close together, the cell of each value from the one before the first break to the last break;
    /// values outside share the cell at their end. Empty where they lie too far apart.
    direct: Vec<u32>,
}

/// The axes of a benefit's tables. A combination's number is its position in row-major order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cells {
    axes: Vec<Axis>,
}

/// Breaks within so many values are looked up directly: as days, some forty years.
const DIRECT: usize = 16_384;

/// The day as tables count it: days since 1970-01-01.
pub fn day_number(day: Date) -> i64 {
    // Spans of days between civil dates fit `i32`.
    day.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24
}

impl Axis {
    fn new(dimension: Option<Dimension>, mut breaks: Vec<i64>) -> Axis {
        breaks.sort_unstable();
        breaks.dedup();
        let mut axis = Axis { dimension, breaks, direct: Vec::new() };
        axis.direct = match (axis.breaks.first(), axis.breaks.last()) {
            (Some(first), Some(last)) if last.abs_diff(*first) < DIRECT as u64 => {
                (first - 1..=*last).map(|value| axis.search(value)).collect()
            }
            (None, None) => vec![0],
            _ => Vec::new(),
        };
        axis
    }

    fn search(&self, value: i64) -> u32 {
        self.breaks.partition_point(|first| *first <= value) as u32
    }

    /// The cell that a value falls in.
    #[inline]
    pub fn cell(&self, value: i64) -> u32 {
        let Some(most) = self.direct.len().checked_sub(1) else { return self.search(value) };
        let low = self.breaks.first().map_or(0, |first| first - 1);
        self.direct[value.saturating_sub(low).clamp(0, most as i64) as usize]
    }

    /// As [`Axis::cell`] for a column of values: `into` becomes `into × cells + cell`, row by row.
    pub fn number(&self, values: &[i32], into: &mut [u32]) {
        let cells = self.len() as u32;
        let Some(most) = self.direct.len().checked_sub(1) else {
            for (number, value) in into.iter_mut().zip(values) {
                *number = *number * cells + self.search(i64::from(*value));
            }
            return;
        };
        let low = self.breaks.first().map_or(0, |first| first - 1);
        for (number, value) in into.iter_mut().zip(values) {
            let cell = (i64::from(*value) - low).clamp(0, most as i64) as usize;
            *number = *number * cells + self.direct[cell];
        }
    }

    /// How many cells the axis has.
    pub fn len(&self) -> usize {
        self.breaks.len() + 1
    }

    /// Never: an axis has at least one cell.
    pub fn is_empty(&self) -> bool {
        false
    }
}

impl Cells {
    /// The axes along which the tables of the plan's benefit decide.
    pub fn of(plan: &Plan<'_>) -> Cells {
        let mut breaks: Vec<Vec<i64>> = vec![Vec::new(); Dimension::COUNT];
        let mut days = Vec::new();
        let mut used = [false; Dimension::COUNT];
        each_condition(plan.pack(), plan.benefit(), &mut |when, from, to| {
            days.push(day_number(from));
            days.extend(to.map(|last| day_number(last) + 1));
            for (dimension, constraint) in when {
                used[*dimension as usize] = true;
                let starts = &mut breaks[*dimension as usize];
                match constraint {
                    Constraint::Between { low, high } => starts.extend([*low, high.saturating_add(1)]),
                    Constraint::OneOf(mask) => starts.extend(
                        (1..64)
                            .filter(|bit| (mask >> bit & 1) != (mask >> (bit - 1) & 1))
                            .map(|bit| bit as i64),
                    ),
                }
            }
        });
        for dimension in [Dimension::Age, Dimension::Ordinal] {
            // Adjustments by year of age, or once for each earlier admission, tell every value apart.
            let every = match dimension {
                Dimension::Age => counts_years_of_age(plan.benefit()),
                _ => counts_repeats(plan.benefit()),
            };
            if every {
                used[dimension as usize] = true;
                breaks[dimension as usize].extend(1..=150);
            }
        }
        let mut axes = vec![Axis::new(None, days)];
        for dimension in Dimension::ALL {
            if used[dimension as usize] && dimension != Dimension::Band {
                let starts = std::mem::take(&mut breaks[dimension as usize]);
                let starts =
                    starts.into_iter().filter(|start| *start > i64::MIN && *start < i64::MAX).collect();
                axes.push(Axis::new(Some(dimension), starts));
            }
        }
        Cells { axes }
    }

    /// The axes; the law's date comes first.
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// How many combinations there are; `None` where they do not fit memory's addresses.
    pub fn count(&self) -> Option<usize> {
        self.axes.iter().try_fold(1_usize, |product, axis| product.checked_mul(axis.len()))
    }
}

fn counts_years_of_age(benefit: &Benefit) -> bool {
    benefit.layers.iter().any(|layer| match &layer.kind {
        LayerKind::Ratio(ratio) => ratio
            .ratio_adjust
            .iter()
            .any(|adjust| matches!(adjust.change, RatioChange::Points { per_year_of_age: true, .. })),
        _ => false,
    })
}

fn counts_repeats(benefit: &Benefit) -> bool {
    let repeats = |adjusts: &[AmountAdjust]| {
        adjusts.iter().any(|adjust| matches!(adjust.change, AmountChange::Minus { per_repeat: true, .. }))
    };
    benefit.layers.iter().any(|layer| match &layer.kind {
        LayerKind::Ratio(ratio) => {
            ratio.deductible.as_ref().is_some_and(|deductible| repeats(&deductible.adjust))
                || ratio.caps.iter().any(|cap| repeats(&cap.adjust))
        }
        _ => false,
    })
}

type Visit<'visit> = &'visit mut dyn FnMut(&[(Dimension, Constraint)], Date, Option<Date>);

fn rows<V>(table: &Table<V>, visit: Visit<'_>) {
    for Row { when, from, to, .. } in &table.rows {
        visit(when, *from, *to);
    }
}

fn adjusts(adjusts: &[AmountAdjust], visit: Visit<'_>) {
    for adjust in adjusts {
        match &adjust.change {
            AmountChange::Times(table) => rows(table, visit),
            AmountChange::Minus { amount, .. } => rows(amount, visit),
            AmountChange::Plus(table) | AmountChange::Floor(table) | AmountChange::Ceiling(table) => {
                rows(table, visit)
            }
        }
    }
}

fn caps(caps: &[Cap], visit: Visit<'_>) {
    for cap in caps {
        rows(&cap.amount, visit);
        adjusts(&cap.adjust, visit);
    }
}

/// Every row's conditions and interval, over all tables that a resolution of the benefit may read.
fn each_condition(pack: &Pack, benefit: &Benefit, visit: Visit<'_>) {
    pack.indices.iter().for_each(|index| rows(index, visit));
    for layer in &benefit.layers {
        if let Some(applies) = &layer.applies {
            rows(applies, visit);
        }
        match &layer.kind {
            LayerKind::Ratio(ratio) => {
                if let Some(deductible) = &ratio.deductible {
                    rows(&deductible.amount, visit);
                    adjusts(&deductible.adjust, visit);
                    deductible.limits.iter().for_each(|limit| rows(&limit.amount, visit));
                }
                if let Some(bands) = &ratio.bands {
                    rows(&bands.bounds, visit);
                }
                rows(&ratio.ratio, visit);
                for adjust in &ratio.ratio_adjust {
                    match &adjust.change {
                        RatioChange::Points { points: table, .. }
                        | RatioChange::TimesFund(table)
                        | RatioChange::TimesOwn(table)
                        | RatioChange::Floor(table)
                        | RatioChange::Ceiling(table) => rows(table, visit),
                    }
                }
                caps(&ratio.caps, visit);
            }
            LayerKind::Guarantee(guarantee) => rows(&guarantee.rate, visit),
            LayerKind::Purse(purse) => caps(&purse.caps, visit),
            LayerKind::Tally => {}
        }
    }
}
