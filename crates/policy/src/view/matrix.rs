//! Areas × topics: what is known, and how well.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::topic::{Topic, home_and_away, topics};
use super::visit::{AnyTable, visit_tables, with_table};
use crate::model::{Grade, Pack, Row, Setting, Span};

/// One area under one topic: how many rows rest on each grade, and how many say that the value is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MatrixCell {
    /// Rows with a value, by the grade of their source; grades without rows are absent.
    pub grades: BTreeMap<Grade, usize>,
    /// Rows whose value no source gives.
    pub unknown: usize,
}

impl MatrixCell {
    /// The best grade of a value; `None` where no value is known.
    pub fn best(&self) -> Option<Grade> {
        self.grades.keys().next().copied()
    }

    /// The worst grade of a value; `None` where no value is known.
    pub fn worst(&self) -> Option<Grade> {
        self.grades.keys().next_back().copied()
    }

    /// Rows with a value.
    pub fn known(&self) -> usize {
        self.grades.values().sum()
    }

    /// Whether the pack says nothing here.
    pub fn is_empty(&self) -> bool {
        self.grades.is_empty() && self.unknown == 0
    }
}

/// One area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixRow {
    /// The area's code.
    pub code: String,
    /// The area's name.
    pub name: String,
    /// A cell a topic, in the order of [`Topic::ALL`].
    pub cells: Vec<(Topic, MatrixCell)>,
}

/// The matrix of packs, a row a pack. With `on`, only what is in force on that day counts. A row that stands in several
/// places (shared layers, inherited tables) counts once in each topic.
pub fn matrix(packs: &[Pack], on: Option<Date>) -> Vec<MatrixRow> {
    packs.iter().map(|pack| row_of(pack, on)).collect()
}

type Seen = BTreeSet<(Topic, usize, usize, usize, String)>;

fn row_of(pack: &Pack, on: Option<Date>) -> MatrixRow {
    let mut cells: BTreeMap<Topic, MatrixCell> = BTreeMap::new();
    let mut seen = Seen::new();
    visit_tables(pack, |place, table| {
        let benefit = place.scheme.zip(place.benefit).and_then(|(scheme, benefit)| {
            pack.schemes.get(scheme).and_then(|scheme| scheme.benefits.get(benefit))
        });
        let serves =
            |from: Date, to: Option<Date>| on.is_none_or(|day| from <= day && to.is_none_or(|to| day <= to));
        if benefit.is_some_and(|benefit| !serves(benefit.from, benefit.to)) {
            return;
        }
        with_table!(AnyTable, table, table => {
            let own = topics(pack, place, &table.path);
            for (number, row) in table.rows.iter().enumerate().filter(|(_, row)| serves(row.from, row.to)) {
                let (home, away) = home_and_away(row);
                let of_home = own.iter().copied().filter(|_| home);
                for topic in of_home.chain(away.then_some(Topic::CrossArea)) {
                    if seen.insert(key(topic, &row.span, &table.path, number)) {
                        count(cells.entry(topic).or_default(), pack, row);
                    }
                }
            }
        });
    });
    let mut take = |topic| (topic, cells.remove(&topic).unwrap_or_default());
    MatrixRow {
        code: pack.area.code.clone(),
        name: pack.area.name.clone(),
        cells: Topic::ALL.into_iter().map(&mut take).collect(),
    }
}

/// What tells a row from all others within a topic: its place in the texts, or else its table and number.
fn key(topic: Topic, span: &Span, path: &str, number: usize) -> (Topic, usize, usize, usize, String) {
    if span.bytes.is_empty() {
        (topic, span.file, number, 0, path.to_owned())
    } else {
        (topic, span.file, span.bytes.start, span.bytes.end, String::new())
    }
}

fn count<V>(cell: &mut MatrixCell, pack: &Pack, row: &Row<V>) {
    match row.value {
        Setting::Unknown(_) => cell.unknown += 1,
        Setting::Known(_) => {
            let grade = pack.sources.get(row.source).map_or(Grade::Unverified, |source| source.grade);
            *cell.grades.entry(grade).or_default() += 1;
        }
    }
}
