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
/// How many sets the walk looks at: a few seconds (in tests fewer, so that one meets it).
const VISITS: usize = if cfg!(test) { 1 << 14 } else { 4 << 20 };

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
    /// there (`None` where it no longer matters). Most sets come once, the empty one for every way that leads there.
    pub(super) fn walk(&self, leaf: &mut Leaf<'_>) -> Result<(), TooMany> {
        if self.axes.iter().any(|axis| axis.cells.is_empty()) {
            return Ok(());
        }
        let all = rows_where(self.rows.len(), |_| true);
        let mut walk =
            Walk { total: self.rows.len(), memory: 0, visits: 0, point: vec![None; self.axes.len()], leaf };
        let mut room =
            Room { axes: &self.axes, offset: 0, rows: (0..self.rows.len()).collect(), seen: HashSet::new() };
        match walk.descend(&mut room, 0, all) {
            ControlFlow::Break(Stop::TooMany) => Err(TooMany),
            ControlFlow::Break(Stop::Enough) | ControlFlow::Continue(()) => Ok(()),
        }
    }
}

fn cut(region: &Region<'_>, rows: &[Extent<'_>], axis: Axis) -> AxisCells {
    let along: Vec<_> = rows.iter().map(|row| row.along(axis)).collect();
    let values = region.representatives(axis, along.iter().flatten().copied());
    let cells = values.into_iter().map(|value| Cell {
        value,
        rows: rows_where(rows.len(), |row| along[row].is_none_or(|constraint| constraint.allows(value))),
    });
    AxisCells::new(axis, rows.len(), cells)
}

/// Takes a set of matching rows and the point that leads there.
pub(super) type Leaf<'l> = dyn FnMut(&[u64], &[Option<i64>]) -> ControlFlow<()> + 'l;

enum Stop {
    Enough,
    TooMany,
}

/// Rows and remaining axes that the walk looks at; it moves to a smaller room once most rows have fallen away.
struct Room<'g> {
    axes: &'g [AxisCells],
    /// How many axes were decided before.
    offset: usize,
    /// The number in the grid of each row.
    rows: Vec<usize>,
    seen: HashSet<(usize, Rows)>,
}

/// From how many rows on a smaller room pays.
/// (In tests at once, so that small tables try it too.)
const CROWDED: usize = if cfg!(test) { 1 } else { 256 };

struct Walk<'l, 'c> {
    total: usize,
    /// Words held by the sets seen in all rooms at once.
    memory: usize,
    visits: usize,
    point: Vec<Option<i64>>,
    leaf: &'l mut Leaf<'c>,
}

impl Walk<'_, '_> {
    fn descend(&mut self, room: &mut Room<'_>, mut depth: usize, state: Rows) -> ControlFlow<Stop> {
        // Axes that no remaining row looks at decide nothing more.
        while let Some(axis) = room.axes.get(depth) {
            if state.iter().zip(&axis.free).any(|(state, free)| state & !free != 0) {
                break;
            }
            self.point[room.offset + depth] = None;
            depth += 1;
        }
        let left: usize = state.iter().map(|word| word.count_ones() as usize).sum();
        if left > 0 {
            if !room.seen.insert((depth, state.clone())) {
                return ControlFlow::Continue(());
            }
            self.memory += state.len() + 4;
            self.visits += 1;
            if self.memory > MEMORY || self.visits > VISITS {
                return ControlFlow::Break(Stop::TooMany);
            }
        }
        let Some(axis) = room.axes.get(depth) else { return self.arrive(room, &state) };
        if room.rows.len() > CROWDED && left * 4 < room.rows.len() {
            return self.move_on(room, depth, &state);
        }
        for cell in &axis.cells {
            self.point[room.offset + depth] = Some(cell.value);
            self.descend(room, depth + 1, both(&state, &cell.rows))?;
        }
        self.point[room.offset + depth] = None;
        ControlFlow::Continue(())
    }

    fn arrive(&mut self, room: &Room<'_>, state: &[u64]) -> ControlFlow<Stop> {
        let mut rows = vec![0_u64; self.total.div_ceil(64)];
        for row in members(state).map(|row| room.rows[row]) {
            rows[row / 64] |= 1 << (row % 64);
        }
        match (self.leaf)(&rows, &self.point) {
            ControlFlow::Continue(()) => ControlFlow::Continue(()),
            ControlFlow::Break(()) => ControlFlow::Break(Stop::Enough),
        }
    }

    /// Goes on with only the rows that are left, and with the cells that these can tell apart.
    fn move_on(&mut self, room: &Room<'_>, depth: usize, state: &[u64]) -> ControlFlow<Stop> {
        let left: Vec<usize> = members(state).collect();
        let axes: Vec<_> = room.axes[depth..].iter().map(|axis| axis.only(&left)).collect();
        let rows = left.iter().map(|row| room.rows[*row]).collect();
        let mut smaller = Room { axes: &axes, offset: room.offset + depth, rows, seen: HashSet::new() };
        let before = self.memory;
        self.descend(&mut smaller, 0, rows_where(left.len(), |_| true))?;
        self.memory = before;
        ControlFlow::Continue(())
    }
}

impl AxisCells {
    /// The cells as these rows see them.
    fn only(&self, left: &[usize]) -> AxisCells {
        let has = |rows: &[u64], row: usize| rows[row / 64] >> (row % 64) & 1 == 1;
        let cells = self.cells.iter().map(|cell| Cell {
            value: cell.value,
            rows: rows_where(left.len(), |row| has(&cell.rows, left[row])),
        });
        AxisCells::new(self.axis, left.len(), cells)
    }

    fn new(axis: Axis, count: usize, cells: impl Iterator<Item = Cell>) -> AxisCells {
        let mut seen = HashSet::new();
        let cells: Vec<_> = cells.filter(|cell| seen.insert(cell.rows.clone())).collect();
        let free = cells.iter().fold(rows_where(count, |_| true), |free, cell| both(&free, &cell.rows));
        AxisCells { axis, cells, free }
    }
}
