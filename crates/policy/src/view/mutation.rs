//! A pack with one parameter changed: to find parameters that no worked example depends on.

use std::collections::BTreeSet;

use gongji_money::{Fen, Rate};

use super::parameter::label_of;
use super::value::ValueWords;
use super::visit::{AnyTable, AnyTableMut, visit_tables, visit_tables_mut, with_table};
use super::words::conditions_words;
use crate::model::{AmountRule, Choice, OpenValues, Pack, Row, Scheme, Setting, Share, Span, Table};

/// One row with another value. A row may have several mutations: it is dead only if none changes anything.
#[derive(Clone, Debug, PartialEq)]
pub struct Mutation {
    /// The parameter's path in the pack.
    pub path: String,
    /// What the parameter is called.
    pub label: String,
    /// The row's number in its table, from 0.
    pub row: usize,
    /// The row's conditions, in words.
    pub conditions: String,
    /// The change in words: `900.00 元 → 1,000.00 元`.
    pub change: String,
    /// Where the row stands.
    pub span: Span,
    value: Value,
}

/// A value of any table.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Amount(AmountRule),
    Rate(Rate),
    Flag(bool),
    Bounds(Vec<Fen>),
    Share(Share),
    Tag(String),
    Count(i64),
    Choice(Choice),
}

impl Mutation {
    /// The pack with the change, in every table where the row stands (layers are shared, tables inherited).
    pub fn apply(&self, pack: &Pack) -> Pack {
        let mut changed = pack.clone();
        visit_tables_mut(&mut changed, |_, table| match (table, &self.value) {
            (AnyTableMut::Amount(table), Value::Amount(value)) => self.put(table, value),
            (AnyTableMut::Rate(table), Value::Rate(value)) => self.put(table, value),
            (AnyTableMut::Flag(table), Value::Flag(value)) => self.put(table, value),
            (AnyTableMut::Bounds(table), Value::Bounds(value)) => self.put(table, value),
            (AnyTableMut::Share(table), Value::Share(value)) => self.put(table, value),
            (AnyTableMut::Tag(table), Value::Tag(value)) => self.put(table, value),
            (AnyTableMut::Count(table), Value::Count(value)) => self.put(table, value),
            (AnyTableMut::Choice(table), Value::Choice(value)) => self.put(table, value),
            _ => {}
        });
        changed
    }

    fn put<V: Clone>(&self, table: &mut Table<V>, value: &V) {
        let same_path = table.path == self.path;
        for (number, row) in table.rows.iter_mut().enumerate() {
            let same = if self.span.bytes.is_empty() {
                same_path && number == self.row
            } else {
                row.span == self.span
            };
            if same {
                row.value = Setting::Known(value.clone());
            }
        }
    }
}

/// Every change that is tried, row by row in the order of the tables; a row that stands in several places comes once.
pub fn mutations(pack: &Pack) -> Vec<Mutation> {
    let mut all = Vec::new();
    let mut seen = BTreeSet::new();
    let none = OpenValues::new();
    visit_tables(pack, |place, table| {
        let scheme = place.scheme.and_then(|scheme| pack.schemes.get(scheme));
        let values = scheme.map_or(&none, |scheme| &scheme.values);
        with_table!(AnyTable, table, table => {
            let label = label_of(pack, place, &table.path, &table.label);
            for (number, row) in table.rows.iter().enumerate() {
                if !seen.insert(key(table, number, row)) {
                    continue;
                }
                let conditions = conditions_words(&row.when, row.otherwise, values);
                for (value, words) in changes(&row.value, scheme, &pack.indices) {
                    all.push(Mutation {
                        path: table.path.clone(),
                        label: label.clone(),
                        row: number,
                        conditions: conditions.clone(),
                        change: format!("{} → {words}", row.value.words(&pack.indices)),
                        span: row.span.clone(),
                        value,
                    });
                }
            }
        });
    });
    all
}

/// What tells a row from all others: its place in the texts, or else its table and number.
fn key<V>(table: &Table<V>, number: usize, row: &Row<V>) -> (usize, usize, usize, String) {
    let span = &row.span;
    if span.bytes.is_empty() {
        (span.file, number, 0, table.path.clone())
    } else {
        (span.file, span.bytes.start, span.bytes.end, String::new())
    }
}

/// A value that can be changed a little.
trait Changeable: ValueWords + Sized + PartialEq {
    /// Other values, near ones first.
    fn others(&self, scheme: Option<&Scheme>) -> Vec<Self>;
    /// A value in place of an unknown one.
    fn stand_in() -> Self;
    /// The value in a mutation.
    fn wrap(self) -> Value;
}

fn changes<V: Changeable>(
    setting: &Setting<V>,
    scheme: Option<&Scheme>,
    indices: &[Table<AmountRule>],
) -> Vec<(Value, String)> {
    let others = match setting {
        Setting::Known(value) => {
            let mut others = value.others(scheme);
            others.retain(|other| other != value);
            others
        }
        Setting::Unknown(_) => vec![V::stand_in()],
    };
    others
        .into_iter()
        .map(|other| (other.words(indices), other))
        .map(|(words, other)| (other.wrap(), words))
        .collect()
}

/// 100 yuan.
const STEP: Fen = Fen::new(10_000);

fn more(amount: Fen) -> Fen {
    amount.checked_add(STEP).filter(|sum| *sum <= Fen::LIMIT).unwrap_or(amount)
}

fn half(amount: Fen) -> Fen {
    Fen::new(amount.fen() / 2)
}

/// A point less and a point more, as far as they stay at least 0 or at most 1 where the rate did.
fn nearby(rate: Rate) -> Vec<Rate> {
    let point = Rate::percent(1);
    let less = rate.checked_sub(point).filter(|less| rate < Rate::ZERO || *less >= Rate::ZERO);
    let more = rate.checked_add(point).filter(|more| rate > Rate::ONE || *more <= Rate::ONE);
    less.into_iter().chain(more).collect()
}

impl Changeable for AmountRule {
    fn others(&self, _scheme: Option<&Scheme>) -> Vec<AmountRule> {
        match self {
            AmountRule::Fixed(amount) => {
                vec![AmountRule::Fixed(more(*amount)), AmountRule::Fixed(half(*amount))]
            }
            AmountRule::Unlimited | AmountRule::NotApplied => vec![AmountRule::Fixed(STEP)],
            AmountRule::PercentOf { measure, rate, low, high } => {
                let with = |rate, low, high| AmountRule::PercentOf { measure: *measure, rate, low, high };
                let mut others: Vec<_> =
                    nearby(*rate).into_iter().map(|rate| with(rate, *low, *high)).collect();
                others.extend(low.map(|low| with(*rate, Some(half(low)), *high)));
                others.extend(high.map(|high| with(*rate, *low, Some(more(high)))));
                others
            }
            AmountRule::OfIndex { index, rate, rounding } => nearby(*rate)
                .into_iter()
                .map(|rate| AmountRule::OfIndex { index: *index, rate, rounding: *rounding })
                .collect(),
            AmountRule::Steps { measure, steps } => {
                let mut steps = steps.clone();
                for step in &mut steps {
                    step.amount = more(step.amount);
                }
                vec![AmountRule::Steps { measure: *measure, steps }]
            }
        }
    }

    fn stand_in() -> AmountRule {
        AmountRule::Fixed(STEP)
    }

    fn wrap(self) -> Value {
        Value::Amount(self)
    }
}

impl Changeable for Rate {
    fn others(&self, _scheme: Option<&Scheme>) -> Vec<Rate> {
        nearby(*self)
    }

    fn stand_in() -> Rate {
        Rate::percent(50)
    }

    fn wrap(self) -> Value {
        Value::Rate(self)
    }
}

impl Changeable for bool {
    fn others(&self, _scheme: Option<&Scheme>) -> Vec<bool> {
        vec![!self]
    }

    fn stand_in() -> bool {
        true
    }

    fn wrap(self) -> Value {
        Value::Flag(self)
    }
}

impl Changeable for Vec<Fen> {
    fn others(&self, _scheme: Option<&Scheme>) -> Vec<Vec<Fen>> {
        // Bands may not change in number: their ratios are given one by one.
        let shifted: Vec<_> = self.iter().map(|bound| more(*bound)).collect();
        let mut halved: Vec<_> = self.iter().map(|bound| half(*bound)).collect();
        halved.dedup();
        let fits =
            |bounds: &Vec<Fen>| bounds.len() == self.len() && bounds.iter().all(|bound| !bound.is_zero());
        [shifted, halved].into_iter().filter(fits).collect()
    }

    fn stand_in() -> Vec<Fen> {
        Vec::new()
    }

    fn wrap(self) -> Value {
        Value::Bounds(self)
    }
}

impl Changeable for Share {
    fn others(&self, _scheme: Option<&Scheme>) -> Vec<Share> {
        match self {
            Share::Nothing => vec![Share::All],
            Share::All | Share::CarriedOver => vec![Share::Nothing],
            Share::Above(floor) => vec![Share::Above(more(*floor)), Share::Nothing],
        }
    }

    fn stand_in() -> Share {
        Share::Nothing
    }

    fn wrap(self) -> Value {
        Value::Share(self)
    }
}

impl Changeable for String {
    fn others(&self, scheme: Option<&Scheme>) -> Vec<String> {
        let tags = scheme.into_iter().flat_map(|scheme| &scheme.benefits).flat_map(|benefit| &benefit.tags);
        tags.filter(|tag| *tag != self).take(1).cloned().collect()
    }

    fn stand_in() -> String {
        "general".to_owned()
    }

    fn wrap(self) -> Value {
        Value::Tag(self)
    }
}

impl Changeable for i64 {
    fn others(&self, _scheme: Option<&Scheme>) -> Vec<i64> {
        [self.checked_add(1), self.checked_sub(1)].into_iter().flatten().filter(|other| *other >= 0).collect()
    }

    fn stand_in() -> i64 {
        1
    }

    fn wrap(self) -> Value {
        Value::Count(self)
    }
}

impl Changeable for Choice {
    fn others(&self, _scheme: Option<&Scheme>) -> Vec<Choice> {
        (0..self.names.len()).map(|index| Choice { names: self.names, index }).collect()
    }

    fn stand_in() -> Choice {
        Choice { names: &[("", "")], index: 0 }
    }

    fn wrap(self) -> Value {
        Value::Choice(self)
    }
}
