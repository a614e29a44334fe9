//! Which row of a decision table serves a case.

use jiff::civil::Date;

use crate::model::{Dimension, Facts, Row, Table};

/// What a lookup found.
#[derive(Debug, PartialEq, Eq)]
pub enum Lookup<'table, V> {
    /// The row that serves, with its position in the table.
    Found(usize, &'table Row<V>),
    /// This dimension is unanswered, and the rows that could serve differ in value.
    NeedsAnswer(Dimension),
    /// No row serves. The checker proves that this happens only outside a table's domain or interval.
    NoRow,
}

/// How a row's conditions stand to facts of which some may be unanswered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Match {
    Yes,
    No,
    /// It depends on this unanswered dimension.
    Depends(Dimension),
}

fn matches<V>(row: &Row<V>, facts: &Facts) -> Match {
    let mut depends = None;
    for (dimension, constraint) in &row.when {
        match facts.get(*dimension) {
            Some(value) if !constraint.allows(value) => return Match::No,
            Some(_) => {}
            None => depends = depends.or(Some(*dimension)),
        }
    }
    depends.map_or(Match::Yes, Match::Depends)
}

impl<V: PartialEq> Table<V> {
    /// The row in force on `day` that serves the facts. A row marked `otherwise` serves what no other row of that day does.
    ///
    /// An unanswered dimension matters only where the rows that could serve differ in value; then it is named.
    pub fn lookup(&self, facts: &Facts, day: Date) -> Lookup<'_, V> {
        let mut possible: Option<(usize, &Row<V>)> = None;
        let mut certain = false;
        let mut unanswered = None;
        for pass_otherwise in [false, true] {
            for (index, row) in self.rows.iter().enumerate() {
                if row.otherwise != pass_otherwise || !row.in_force(day) {
                    continue;
                }
                match matches(row, facts) {
                    Match::No => continue,
                    Match::Yes => certain = true,
                    Match::Depends(dimension) => unanswered = unanswered.or(Some(dimension)),
                }
                match (possible, unanswered) {
                    (None, _) => possible = Some((index, row)),
                    (Some((_, first)), Some(dimension)) if first.value != row.value => {
                        return Lookup::NeedsAnswer(dimension);
                    }
                    // The checker refuses a table in which two certain rows differ.
                    _ => {}
                }
            }
            // A row that certainly serves leaves nothing to `otherwise`.
            if certain {
                break;
            }
        }
        // A complete table whose possible rows agree needs no further answer.
        match possible {
            Some((index, row)) => Lookup::Found(index, row),
            None => Lookup::NoRow,
        }
    }
}
