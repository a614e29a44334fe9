//! The knowledge date: a pack as people could have known it on a day.

use jiff::civil::Date;

use crate::model::{Benefit, Constraint, Dimension, Pack, Row, Source, SourceId};
use crate::view::{AnyTableMut, visit_tables_mut, with_table};

/// The pack as people could have known it on `day`: benefits and rows whose source was published later are left out (a source
/// without a date counts as known from the row's own first day). What a hidden row or benefit was to supersede goes on:
/// its last day, if it is the day before the hidden one begins, is taken away, or moved to the day before the next known
/// row or benefit that takes its place.
pub fn known_on(pack: &Pack, day: Date) -> Pack {
    let mut known = pack.clone();
    let sources = &pack.sources;
    for scheme in &mut known.schemes {
        let (mut kept, hidden): (Vec<Benefit>, Vec<Benefit>) = std::mem::take(&mut scheme.benefits)
            .into_iter()
            .partition(|benefit| is_known(sources, benefit.source, benefit.from, day));
        let ends: Vec<_> = kept.iter().map(|benefit| new_end(benefit, &kept, &hidden)).collect();
        for (benefit, end) in kept.iter_mut().zip(ends) {
            if let Some(end) = end {
                let old = benefit.to;
                benefit.to = end;
                extend_rows(benefit, old, end);
            }
        }
        scheme.benefits = kept;
    }
    visit_tables_mut(&mut known, |_, table| {
        with_table!(AnyTableMut, table, table => {
            let rows = std::mem::take(&mut table.rows);
            table.rows = known_rows(rows, sources, day);
        });
    });
    known
}

fn is_known(sources: &[Source], source: SourceId, from: Date, day: Date) -> bool {
    sources.get(source).and_then(|source| source.published).unwrap_or(from) <= day
}

/// Something with conditions and an interval that another may supersede.
trait Dated {
    fn from(&self) -> Date;
    fn to(&self) -> Option<Date>;
    /// Whether both may serve the same case on some day.
    fn meets(&self, other: &Self) -> bool;
}

impl Dated for Benefit {
    fn from(&self) -> Date {
        self.from
    }
    fn to(&self) -> Option<Date> {
        self.to
    }
    fn meets(&self, other: &Benefit) -> bool {
        self.care_types.iter().any(|care| other.care_types.contains(care))
    }
}

impl<V> Dated for Row<V> {
    fn from(&self) -> Date {
        self.from
    }
    fn to(&self) -> Option<Date> {
        self.to
    }
    fn meets(&self, other: &Row<V>) -> bool {
        let along =
            |dimension: Dimension| other.when.iter().find(|(it, _)| *it == dimension).map(|(_, it)| it);
        self.when.iter().all(|(dimension, left)| along(*dimension).is_none_or(|right| intersect(left, right)))
    }
}

fn intersect(left: &Constraint, right: &Constraint) -> bool {
    match (left, right) {
        (Constraint::OneOf(left), Constraint::OneOf(right)) => left & right != 0,
        (Constraint::Between { low, high }, Constraint::Between { low: other_low, high: other_high }) => {
            low.max(other_low) <= high.min(other_high)
        }
        (Constraint::OneOf(_), between) => (0..64).any(|value| left.allows(value) && between.allows(value)),
        (between, Constraint::OneOf(_)) => (0..64).any(|value| right.allows(value) && between.allows(value)),
    }
}

/// The end that a known one has without the hidden ones: `None` where it stays as it is, `Some(None)` for an open end.
fn new_end<T: Dated>(one: &T, known: &[T], hidden: &[T]) -> Option<Option<Date>> {
    let end = one.to()?;
    let next = end.tomorrow().ok()?;
    hidden.iter().find(|other| other.from() == next && one.meets(other))?;
    let successors = known.iter().filter(|other| other.from() > end && one.meets(other));
    Some(successors.map(Dated::from).min().and_then(|from| from.yesterday().ok()))
}

fn known_rows<V>(rows: Vec<Row<V>>, sources: &[Source], day: Date) -> Vec<Row<V>> {
    let (mut kept, hidden): (Vec<_>, Vec<_>) =
        rows.into_iter().partition(|row| is_known(sources, row.source, row.from, day));
    let ends: Vec<_> = kept.iter().map(|row| new_end(row, &kept, &hidden)).collect();
    for (row, end) in kept.iter_mut().zip(ends) {
        row.to = end.unwrap_or(row.to);
    }
    kept
}

/// Rows that ended with their benefit go on with it.
fn extend_rows(benefit: &mut Benefit, old: Option<Date>, end: Option<Date>) {
    crate::view::visit_benefit_tables_mut(benefit, |_, table| {
        with_table!(AnyTableMut, table, table => {
            for row in table.rows.iter_mut().filter(|row| row.to == old) {
                row.to = end;
            }
        });
    });
}
