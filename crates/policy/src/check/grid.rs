//! The space of cases cut where rows begin and end, and a walk over every set of rows that some case matches.

use std::collections::HashSet;
use std::ops::ControlFlow;

use jiff::civil::Date;

use super::region::{Axis, Region};
use crate::model::{Constraint, Dimension, Row, day_number};

/// A set of rows: bit `i` for row `i`.
pub(super) type Rows = Box<[u64]>;

/// The rows of a set, ascending.
pub(super) fn members(rows: &[u64]) -> impl Iterator<Item = usize> {
    rows.iter().enumerate().flat_map(|(word, bits)| {
        std::iter::successors((*bits != 0).then_some(*bits), |bits| {
            let rest = bits & (bits - 1);
            (rest != 0).then_some(rest)
        })
        .map(move |bits| word * 64 + bits.trailing_zeros() as usize)
    })
}

/// The rows that are in both sets.
pub(super) fn both(left: &[u64], right: &[u64]) -> Rows {
    left.iter().zip(right).map(|(left, right)| left & right).collect()
}

/// The set of the rows for which the test holds, of so many.
pub(super) fn rows_where(count: usize, mut test: impl FnMut(usize) -> bool) -> Rows {
    let mut rows = vec![0_u64; count.div_ceil(64)].into_boxed_slice();
    for row in (0..count).filter(|row| test(*row)) {
        rows[row / 64] |= 1 << (row % 64);
    }
    rows
}

/// What of a row matters for the walk: its conditions and its interval.
#[derive(Clone, Debug)]
pub(super) struct Extent<'a> {
    when: &'a [(Dimension, Constraint)],
    days: Constraint,
}

impl<'a> Extent<'a> {
    /// The extent of a row.
    pub(super) fn of<V>(row: &'a Row<V>) -> Extent<'a> {
        let high = day_number(row.to.unwrap_or(Date::MAX));
        Extent { when: &row.when, days: Constraint::Between { low: day_number(row.from), high } }
    }

    /// What the row demands along an axis; `None` where it is free.
    fn along(&self, axis: Axis) -> Option<&Constraint> {
        match axis {
            Axis::Day => Some(&self.days),
            Axis::Of(dimension) => {
                self.when.iter().find(|(other, _)| *other == dimension).map(|(_, constraint)| constraint)
            }
        }
    }

    /// Whether the row allows the value along an axis.
    pub(super) fn allows(&self, axis: Axis, value: i64) -> bool {
        self.along(axis).is_none_or(|constraint| constraint.allows(value))
    }
}

/// A stretch of an axis on which every row stays in or out.
struct Cell {
    value: i64,
    rows: Rows,
}

struct AxisCells {
    axis: Axis,
    cells: Vec<Cell>,
    /// The rows that every cell allows.
    free: Rows,
}

/// How much memory the sets seen may take, in words of 64 rows: 256 MiB.
const MEMORY: usize = 32 << 20;

/// The walk was given up: too many different sets of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooMany;

/// Rows over a region, cut into cells.
pub(super) struct Grid<'a> {
    rows: Vec<Extent<'a>>,
    axes: Vec<AxisCells>,
}

impl<'a> Grid<'a> {
    /// Cuts the region along the day and every dimension that a row names, but for those in `apart`, which the caller looks
    /// at by itself.
    pub(super) fn new(region: &Region<'_>, rows: Vec<Extent<'a>>, apart: &[Dimension]) -> Grid<'a> {
        let mut dimensions: Vec<_> =
            rows.iter().flat_map(|row| row.when.iter().map(|(dimension, _)| *dimension)).collect();
        dimensions.sort_unstable();
        dimensions.dedup();
        dimensions.retain(|dimension| !apart.contains(dimension));
        let others = dimensions.into_iter().map(Axis::Of);
        let mut axes: Vec<_> =
            std::iter::once(Axis::Day).chain(others).map(|axis| cut(region, &rows, axis)).collect();
        // Few cells first: more cases share a set of rows early on. The day stays in front, so that a gap names its day.
        axes[1..].sort_by_key(|axis| axis.cells.len());
        Grid { rows, axes }
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The extent of a row.
    pub(super) fn row(&self, row: usize) -> &Extent<'a> {
        &self.rows[row]
    }

    /// The axes, in the order of the walk's points.
    pub(super) fn axes(&self) -> impl Iterator<Item = Axis> {
        self.axes.iter().map(|cells| cells.axis)
    }

    /// The first value of each axis.
    pub(super) fn first(&self) -> impl Iterator<Item = Option<i64>> {
        self.axes.iter().map(|cells| cells.cells.first().map(|cell| cell.value))
    }

    /// The rows that allow a value along an axis, such as one of those set apart.
    pub(super) fn slice(&self, axis: Axis, value: i64) -> Rows {
        rows_where(self.rows.len(), |row| self.rows[row].allows(axis, value))
    }

    /// The first axis along which a row allows nothing of the region.
    pub(super) fn dead_along(&self, row: usize) -> Option<Axis> {
        let served =
            |cells: &&AxisCells| !cells.cells.iter().any(|cell| cell.rows[row / 64] >> (row % 64) & 1 == 1);
        self.axes.iter().find(served).map(|cells| cells.axis)
    }

    /// Calls `leaf` with every set of rows that the cases of some cell match, and with the values along the axes that lead
    /// there (`None` where it no longer matters). A set comes once, except the empty one.
    pub(super) fn walk(
        &self,
        leaf: &mut dyn FnMut(&[u64], &[Option<i64>]) -> ControlFlow<()>,
    ) -> Result<(), TooMany> {
        if self.axes.iter().any(|axis| axis.cells.is_empty()) {
            return Ok(());
        }
        let mut walk = Walk { grid: self, seen: HashSet::new(), point: vec![None; self.axes.len()], leaf };
        let all = rows_where(self.rows.len(), |_| true);
        match walk.descend(0, all) {
            ControlFlow::Break(Stop::TooMany) => Err(TooMany),
            ControlFlow::Break(Stop::Enough) | ControlFlow::Continue(()) => Ok(()),
        }
    }
}

fn cut(region: &Region<'_>, rows: &[Extent<'_>], axis: Axis) -> AxisCells {
    let along: Vec<_> = rows.iter().map(|row| row.along(axis)).collect();
    let mut cells: Vec<Cell> = Vec::new();
    let mut seen = HashSet::new();
    for value in region.representatives(axis, along.iter().flatten().copied()) {
        let rows = rows_where(rows.len(), |row| along[row].is_none_or(|constraint| constraint.allows(value)));
        if seen.insert(rows.clone()) {
            cells.push(Cell { value, rows });
        }
    }
    let free = cells.iter().fold(rows_where(rows.len(), |_| true), |free, cell| both(&free, &cell.rows));
    AxisCells { axis, cells, free }
}

enum Stop {
    Enough,
    TooMany,
}

struct Walk<'g, 'a, 'l> {
    grid: &'g Grid<'a>,
    seen: HashSet<(usize, Rows)>,
    point: Vec<Option<i64>>,
    leaf: &'l mut dyn FnMut(&[u64], &[Option<i64>]) -> ControlFlow<()>,
}

impl Walk<'_, '_, '_> {
    fn descend(&mut self, mut depth: usize, state: Rows) -> ControlFlow<Stop> {
        // Axes that no remaining row looks at decide nothing more.
        while let Some(axis) = self.grid.axes.get(depth) {
            if state.iter().zip(&axis.free).any(|(state, free)| state & !free != 0) {
                break;
            }
            self.point[depth] = None;
            depth += 1;
        }
        let empty = state.iter().all(|word| *word == 0);
        if !empty && !self.seen.insert((depth, state.clone())) {
            return ControlFlow::Continue(());
        }
        if self.seen.len() * (state.len() + 4) > MEMORY {
            return ControlFlow::Break(Stop::TooMany);
        }
        let Some(axis) = self.grid.axes.get(depth) else {
            return match (self.leaf)(&state, &self.point) {
                ControlFlow::Continue(()) => ControlFlow::Continue(()),
                ControlFlow::Break(()) => ControlFlow::Break(Stop::Enough),
            };
        };
        for cell in &axis.cells {
            self.point[depth] = Some(cell.value);
            self.descend(depth + 1, both(&state, &cell.rows))?;
        }
        self.point[depth] = None;
        ControlFlow::Continue(())
    }
}
