//! The proof of one table: every case of its region has exactly one value.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use gongji_money::Fen;
use jiff::civil::Date;

use super::grid::{Extent, Grid, TooMany, both, members, rows_where};
use super::region::{Axis, Region};
use crate::model::{Dimension, Row, Setting, Table};

/// One concrete case: the law's date and the values that lead there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Witness {
    /// The law's date.
    pub(super) day: Date,
    /// The values along the dimensions that matter.
    pub(super) values: Vec<(Dimension, i64)>,
    /// The same with a value for every dimension that the table names.
    pub(super) complete: Vec<(Dimension, i64)>,
}

/// What is wrong with a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Findings {
    /// A case that no row serves although on another day one does.
    pub(super) date_gap: Option<Witness>,
    /// A case that no row serves on any day.
    pub(super) gap: Option<Witness>,
    /// Pairs of rows with different values that serve the same case.
    pub(super) conflicts: BTreeMap<(usize, usize), Witness>,
    /// Rows that can never serve, with the axis that shuts them out.
    pub(super) dead: Vec<(usize, Axis)>,
    /// Whether there were too many combinations to finish.
    pub(super) too_many: bool,
}

/// The rows of one table inside a grid that may hold several.
pub(super) struct Part {
    plain: Box<[u64]>,
    otherwise: Box<[u64]>,
}

impl Part {
    /// The part of a grid of `total` rows in which the table's rows begin at `start`.
    pub(super) fn new<V>(rows: &[Row<V>], start: usize, total: usize) -> Part {
        let kind = |wanted: bool| {
            rows_where(total, |row| {
                row.checked_sub(start)
                    .and_then(|row| rows.get(row))
                    .is_some_and(|row| row.otherwise == wanted)
            })
        };
        Part { plain: kind(false), otherwise: kind(true) }
    }

    /// The rows that serve a case which matches these rows: the plain ones, or else those marked `otherwise`.
    pub(super) fn serving(&self, matching: &[u64]) -> Box<[u64]> {
        let plain = both(matching, &self.plain);
        if plain.iter().any(|word| *word != 0) { plain } else { both(matching, &self.otherwise) }
    }
}

/// How many bands the bounds that serve a case make; 1 where none do.
pub(super) fn band_count(bounds: &[Row<Vec<Fen>>], start: usize, serving: &[u64]) -> i64 {
    let bands = members(serving).filter_map(|row| match &bounds.get(row.checked_sub(start)?)?.value {
        Setting::Known(bounds) => Some(bounds.len() as i64 + 1),
        Setting::Unknown(_) => None,
    });
    bands.max().unwrap_or(1)
}

/// Numbers equal values alike. Two unknown values count as equal: either way the bill is refused.
fn value_classes<V: PartialEq>(rows: &[Row<V>]) -> Vec<usize> {
    let mut firsts: Vec<&Setting<V>> = Vec::new();
    let alike = |left: &Setting<V>, right: &Setting<V>| match (left, right) {
        (Setting::Unknown(_), Setting::Unknown(_)) => true,
        (left, right) => left == right,
    };
    rows.iter()
        .map(|row| {
            firsts.iter().position(|first| alike(first, &row.value)).unwrap_or_else(|| {
                firsts.push(&row.value);
                firsts.len() - 1
            })
        })
        .collect()
}

/// Gaps looked at, to find one of each kind, before the proof settles for those found.
const GAPS: usize = 256;
/// Conflicting pairs looked at before the proof settles for those found.
const CONFLICTS: usize = 64;

/// Proves a table over a region. `bounds` cuts the bands that a dimension `band` counts; without it there is one band.
pub(super) fn prove<V: PartialEq>(
    table: &Table<V>,
    region: &Region<'_>,
    bounds: Option<&Table<Vec<Fen>>>,
) -> Findings {
    let by_band =
        table.rows.iter().any(|row| row.when.iter().any(|(dimension, _)| *dimension == Dimension::Band));
    let bounds = match bounds {
        Some(bounds) if by_band => bounds.rows.as_slice(),
        _ => &[],
    };
    let count = table.rows.len();
    let extents = table.rows.iter().map(Extent::of).chain(bounds.iter().map(Extent::of)).collect();
    let grid = Grid::new(region, extents, &[Dimension::Band]);
    let part = Part::new(&table.rows, 0, grid.len());
    let bounds_part = Part::new(bounds, count, grid.len());
    let classes = value_classes(&table.rows);
    let mut findings = Findings::default();

    let most = bounds
        .iter()
        .enumerate()
        .map(|(row, _)| band_count(bounds, 0, &rows_where(bounds.len(), |it| it == row)));
    let most = if by_band { most.max().unwrap_or(1) } else { 1 };
    let slices: Vec<_> = (1..=most).map(|band| grid.slice(Axis::Of(Dimension::Band), band)).collect();
    for row in 0..count {
        let no_band = || {
            (by_band && !slices.iter().any(|slice| slice[row / 64] >> (row % 64) & 1 == 1))
                .then_some(Axis::Of(Dimension::Band))
        };
        if let Some(axis) = grid.dead_along(row).or_else(no_band) {
            findings.dead.push((row, axis));
        }
    }

    let mut gaps = 0;
    let walked = grid.walk(&mut |state, point| {
        let bands = if by_band { band_count(bounds, count, &bounds_part.serving(state)) } else { 1 };
        for band in 1..=bands {
            let serving = if by_band {
                part.serving(&both(state, &slices[band as usize - 1]))
            } else {
                part.serving(state)
            };
            let witness = || witness(&grid, region, point, by_band.then_some(band));
            let mut rows = members(&serving);
            let Some(first) = rows.next() else {
                gaps += 1;
                if gaps <= GAPS {
                    let witness = witness();
                    let served = served_another_day(table, region, &witness);
                    let place = if served { &mut findings.date_gap } else { &mut findings.gap };
                    place.get_or_insert(witness);
                }
                continue;
            };
            for other in rows.filter(|other| classes[*other] != classes[first]) {
                findings.conflicts.entry((first, other)).or_insert_with(witness);
            }
            if findings.conflicts.len() >= CONFLICTS {
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    });
    findings.too_many = walked == Err(TooMany);
    findings
}

pub(super) fn witness(
    grid: &Grid<'_>,
    region: &Region<'_>,
    point: &[Option<i64>],
    band: Option<i64>,
) -> Witness {
    let mut day = region.from;
    let (mut values, mut complete) = (Vec::new(), Vec::new());
    for ((axis, value), first) in grid.axes().zip(point).zip(grid.first()) {
        match (axis, *value) {
            (Axis::Day, Some(value)) => day = region.day(value),
            (Axis::Day, None) => {}
            (Axis::Of(dimension), Some(value)) => {
                values.push((dimension, value));
                complete.push((dimension, value));
            }
            (Axis::Of(dimension), None) => complete.extend(first.map(|first| (dimension, first))),
        }
    }
    values.extend(band.map(|band| (Dimension::Band, band)));
    complete.extend(band.map(|band| (Dimension::Band, band)));
    values.sort_unstable();
    Witness { day, values, complete }
}

/// Whether some row that is in force on another day of the region would serve the case.
fn served_another_day<V>(table: &Table<V>, region: &Region<'_>, witness: &Witness) -> bool {
    table.rows.iter().any(|row| {
        let overlaps = region.to.is_none_or(|to| row.from <= to) && row.to.is_none_or(|to| region.from <= to);
        let extent = Extent::of(row);
        overlaps
            && witness.complete.iter().all(|(dimension, value)| extent.allows(Axis::Of(*dimension), *value))
    })
}
