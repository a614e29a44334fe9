//! Which row of a decision table serves a case.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::model::{Constraint, Dimension, DimensionKind, Domain, Facts, OpenValues, Row, Table};

/// What a lookup found.
#[derive(Debug, PartialEq, Eq)]
pub enum Lookup<'table, V> {
    /// The row that serves, with its position in the table.
    Found(usize, &'table Row<V>),
    /// This dimension is unanswered, and its answers come to different values.
    NeedsAnswer(Dimension),
    /// No row serves. The checker proves that this happens only outside a table's domain or interval.
    NoRow,
}

/// How many completions of unanswered facts are tried at most; beyond, the first unanswered dimension is asked for.
const MOST_COMPLETIONS: usize = 10_000;

fn serves<V>(row: &Row<V>, facts: &Facts) -> bool {
    row.when
        .iter()
        .all(|(dimension, allowed)| facts.get(*dimension).is_some_and(|value| allowed.allows(value)))
}

impl<V: PartialEq> Table<V> {
    /// The row in force on `day` that serves the facts. A row marked `otherwise` serves what no other row of that day does.
    ///
    /// An unanswered dimension matters only where its answers come to different values; then it is named.
    pub fn lookup(&self, facts: &Facts, day: Date) -> Lookup<'_, V> {
        self.lookup_within(facts, day, &Domain::new(), &OpenValues::new())
    }

    /// As [`Table::lookup`], where unanswered facts are known to lie in a domain, and open dimensions to have these names.
    pub fn lookup_within(
        &self,
        facts: &Facts,
        day: Date,
        domain: &Domain,
        values: &OpenValues,
    ) -> Lookup<'_, V> {
        let asked = self.unanswered(facts, day);
        if asked.is_empty() {
            return match self.row(facts, day) {
                Some((index, row)) => Lookup::Found(index, row),
                None => Lookup::NoRow,
            };
        }
        self.complete(facts, day, asked, |dimension| self.cells(dimension, day, domain, values))
    }

    /// The row that serves facts which answer everything the table asks.
    fn row(&self, facts: &Facts, day: Date) -> Option<(usize, &Row<V>)> {
        let rows = || self.rows.iter().enumerate().filter(|(_, row)| row.in_force(day) && serves(row, facts));
        rows().find(|(_, row)| !row.otherwise).or_else(|| rows().next())
    }

    /// The dimensions that rows still in question ask for and the facts leave open.
    fn unanswered(&self, facts: &Facts, day: Date) -> BTreeSet<Dimension> {
        let mut asked = BTreeSet::new();
        for row in self.rows.iter().filter(|row| row.in_force(day)) {
            let ruled_out = row.when.iter().any(|(dimension, allowed)| {
                facts.get(*dimension).is_some_and(|value| !allowed.allows(value))
            });
            if !ruled_out {
                asked.extend(
                    row.when.iter().map(|(dimension, _)| *dimension).filter(|one| facts.get(*one).is_none()),
                );
            }
        }
        asked
    }

    /// One value of each cell into which the rows cut a dimension, inside the domain.
    fn cells(&self, dimension: Dimension, day: Date, domain: &Domain, values: &OpenValues) -> Vec<i64> {
        let conditions = || {
            let rows = self.rows.iter().filter(|row| row.in_force(day));
            rows.flat_map(|row| &row.when).filter(|(one, _)| *one == dimension).map(|(_, allowed)| allowed)
        };
        let (low, high) = match dimension.kind() {
            DimensionKind::Choice(names) => (0, names.len() as i64 - 1),
            DimensionKind::Open => {
                (0, values.get(&dimension).map_or(0, |names| names.len().max(1) as i64 - 1))
            }
            DimensionKind::Flag => (0, 1),
            DimensionKind::Integer { low, high } => (low, high),
            DimensionKind::Date => (i64::MIN, i64::MAX),
        };
        let mut starts = BTreeSet::from([low]);
        for allowed in conditions().chain(domain.get(&dimension)) {
            match *allowed {
                Constraint::OneOf(_) => starts.extend(low..=high.min(63)),
                Constraint::Between { low: first, high: last } => {
                    starts.extend([first, last.saturating_add(1)]);
                }
            }
        }
        let inside = |value: &i64| domain.get(&dimension).is_none_or(|allowed| allowed.allows(*value));
        starts.into_iter().filter(|value| (low..=high).contains(value)).filter(inside).collect()
    }

    /// Tries every answer to what is asked.
    fn complete(
        &self,
        facts: &Facts,
        day: Date,
        asked: BTreeSet<Dimension>,
        cells: impl Fn(Dimension) -> Vec<i64>,
    ) -> Lookup<'_, V> {
        let axes: Vec<_> = asked.iter().map(|dimension| (*dimension, cells(*dimension))).collect();
        let count = axes.iter().try_fold(1_usize, |product, (_, values)| product.checked_mul(values.len()));
        let (Some(count), Some((first, _))) =
            (count.filter(|count| *count <= MOST_COMPLETIONS), axes.first())
        else {
            return asked.first().map_or(Lookup::NoRow, |dimension| Lookup::NeedsAnswer(*dimension));
        };
        let found: Vec<_> = (0..count)
            .map(|number| {
                let mut completed = facts.clone();
                let mut rest = number;
                for (dimension, values) in axes.iter().rev() {
                    completed.set(*dimension, values.get(rest % values.len()).copied());
                    rest /= values.len();
                }
                self.row(&completed, day)
            })
            .collect();
        let value = |number: usize| found[number].map(|(_, row)| &row.value);
        if (1..count).all(|number| value(number) == value(0)) {
            return match found.first().copied().flatten() {
                Some((index, row)) => Lookup::Found(index, row),
                None => Lookup::NoRow,
            };
        }
        // The first dimension whose answer alone makes a difference.
        let mut stride = count;
        for (dimension, values) in &axes {
            stride /= values.len();
            let differs = (0..count).any(|number| {
                let next = number + stride;
                (number / stride) % values.len() + 1 < values.len() && value(number) != value(next)
            });
            if differs {
                return Lookup::NeedsAnswer(*dimension);
            }
        }
        Lookup::NeedsAnswer(*first)
    }
}
