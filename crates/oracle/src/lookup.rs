//! Which row of a table serves a case: every row is looked at, every time.

use gongji_policy::{Benefit, Constraint, Dimension, DimensionKind, Facts, Row, Scheme, Setting, Table};
use jiff::civil::Date;

use crate::Refusal;

/// Reads tables for one bill.
pub(crate) struct Reader<'a> {
    pub scheme: &'a Scheme,
    pub benefit: &'a Benefit,
    pub day: Date,
}

impl Reader<'_> {
    /// The value that serves the facts on the law's date.
    ///
    /// Where questions are unanswered, every way of answering them that the benefit's domain allows is tried: if all
    /// of them come to the same row value, that is the value.
    pub fn value<'t, V: PartialEq>(&self, table: &'t Table<V>, facts: &Facts) -> Result<&'t V, Refusal> {
        let open: Vec<Dimension> = Dimension::ALL
            .into_iter()
            .filter(|&dimension| facts.get(dimension).is_none() && mentions(table, dimension))
            .collect();
        let mut completions = vec![facts.clone()];
        for &dimension in &open {
            let answers = self.answers(table, dimension);
            completions = completions
                .into_iter()
                .flat_map(|facts| answers.iter().map(move |&answer| facts.clone().with(dimension, answer)))
                .collect();
        }
        let outcomes: Vec<(&Facts, Option<&Setting<V>>)> = completions
            .iter()
            .map(|facts| (facts, self.serving(table, facts).map(|row| &row.value)))
            .collect();
        for &dimension in &open {
            for (facts, setting) in &outcomes {
                for (other_facts, other) in &outcomes {
                    let differs_only_here =
                        (*facts).clone().with(dimension, 0) == (*other_facts).clone().with(dimension, 0);
                    if differs_only_here && setting != other {
                        return Err(Refusal::NeedsAnswer { dimension, path: table.path.clone() });
                    }
                }
            }
        }
        match outcomes.first().and_then(|(_, setting)| *setting) {
            Some(Setting::Known(value)) => Ok(value),
            Some(Setting::Unknown(reason)) => {
                Err(Refusal::Unknown { reason: reason.clone(), path: table.path.clone() })
            }
            None => Err(Refusal::NoRule { path: table.path.clone() }),
        }
    }

    /// The row that serves fully answered facts: an ordinary row, or else an `otherwise` row.
    fn serving<'t, V>(&self, table: &'t Table<V>, facts: &Facts) -> Option<&'t Row<V>> {
        let serves = |row: &&Row<V>| {
            row.in_force(self.day)
                && row.when.iter().all(|(dimension, constraint)| {
                    facts.get(*dimension).is_some_and(|value| constraint.allows(value))
                })
        };
        let ordinary = table.rows.iter().filter(|row| !row.otherwise).find(serves);
        ordinary.or_else(|| table.rows.iter().filter(|row| row.otherwise).find(serves))
    }

    /// Answers that stand for all answers of a dimension, as far as this table can tell them apart.
    fn answers<V>(&self, table: &Table<V>, dimension: Dimension) -> Vec<i64> {
        let mut answers = match dimension.kind() {
            DimensionKind::Choice(names) => (0..names.len() as i64).collect(),
            DimensionKind::Open => {
                let names = self.scheme.values.get(&dimension).map_or(1, Vec::len);
                (0..names.max(1) as i64).collect()
            }
            DimensionKind::Flag => vec![0, 1],
            DimensionKind::Integer { low, high } => {
                let mut answers = vec![low, high];
                answers.extend(self.turning_points(table, dimension));
                answers.retain(|answer| (low..=high).contains(answer));
                answers
            }
            DimensionKind::Date => {
                let mut answers = vec![0];
                answers.extend(self.turning_points(table, dimension));
                answers
            }
        };
        if let Some(domain) = self.benefit.domain.get(&dimension) {
            answers.retain(|&answer| domain.allows(answer));
        }
        answers.sort_unstable();
        answers.dedup();
        answers
    }

    /// The ends of every interval that the table or the domain draws along a dimension, and the values beyond them.
    fn turning_points<V>(&self, table: &Table<V>, dimension: Dimension) -> Vec<i64> {
        let in_rows = table.rows.iter().flat_map(|row| &row.when).filter(|(along, _)| *along == dimension);
        in_rows
            .map(|(_, constraint)| constraint)
            .chain(self.benefit.domain.get(&dimension))
            .flat_map(|constraint| match *constraint {
                Constraint::Between { low, high } => {
                    vec![low.saturating_sub(1), low, high, high.saturating_add(1)]
                }
                Constraint::OneOf(_) => Vec::new(),
            })
            .collect()
    }
}

fn mentions<V>(table: &Table<V>, dimension: Dimension) -> bool {
    table.rows.iter().any(|row| row.when.iter().any(|(along, _)| *along == dimension))
}
