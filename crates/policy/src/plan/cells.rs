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
    /// Where the breaks lie close together, the cell of each value from `direct_from` on. Empty where they do not.
    direct: Vec<u32>,
    direct_from: i32,
}

/// The axes of a benefit's tables. A combination's number is its position in row-major order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cells {
    axes: Vec<Axis>,
}

/// Breaks within so many values are looked up directly: as days, some forty years.
const DIRECT: u64 = 16_384;
/// So many values on either side of the breaks are looked up directly as well: all that short dimensions have, and years
/// of days.
const AROUND: i64 = 2_048;

/// The day as tables count it: days since 1970-01-01.
pub fn day_number(day: Date) -> i64 {
    // Spans of days between civil dates fit `i32`.
    day.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24
}

impl Axis {
    fn new(dimension: Option<Dimension>, mut breaks: Vec<i64>) -> Axis {
        breaks.sort_unstable();
        breaks.dedup();
        let mut axis = Axis { dimension, breaks, direct: Vec::new(), direct_from: 0 };
        let (first, last) = match axis.breaks[..] {
            [first, .., last] => (first, last),
            [only] => (only, only),
            [] => (0, 0),
        };
        if last.abs_diff(first) < DIRECT
            && let Ok(from) = i32::try_from(first.saturating_sub(AROUND))
        {
            axis.direct_from = from;
            axis.direct = (i64::from(from)..last + AROUND).map(|value| axis.search(value)).collect();
        }
        axis
    }

    #[cold]
    fn search(&self, value: i64) -> u32 {
        self.breaks.partition_point(|first| *first <= value) as u32
    }

    /// The cell that a value falls in.
    #[inline]
    pub fn cell(&self, value: i64) -> u32 {
        match usize::try_from(value.saturating_sub(i64::from(self.direct_from)))
            .ok()
            .and_then(|at| self.direct.get(at))
        {
            Some(cell) => *cell,
            None => self.search(value),
        }
    }

    /// As [`Axis::cell`] for a column of values: `into` becomes `into × cells + cell`, row by row.
    pub fn number(&self, values: &[i32], into: &mut [u32]) {
        let cells = self.len() as u32;
        for (number, value) in into.iter_mut().zip(values) {
            let cell = match self.direct.get(value.wrapping_sub(self.direct_from) as u32 as usize) {
                Some(cell) => *cell,
                None => self.search(i64::from(*value)),
            };
            *number = *number * cells + cell;
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
        LayerKind::Purse(purse) => purse.caps.iter().any(|cap| repeats(&cap.adjust)),
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
