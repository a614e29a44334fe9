//! Parameters of calculations beyond the bill: one registry says which there are and what kind of value each holds.

use gongji_money::{Rate, Rounding};

use super::registry::PARAMETERS;
use super::{AmountRule, Table};

/// What kind of value a parameter holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// An amount in fen, fixed or a multiple of an index; `not_applied` and `unlimited` where the rule sets none.
    Amount,
    /// A rate.
    Rate,
    /// Yes or no.
    Flag,
    /// A whole number, at least 0.
    Count,
    /// One of these names, each with the term that people read.
    Choice(&'static [(&'static str, &'static str)]),
}

/// One parameter that a pack may give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The calculation that asks for it: `contribution`, `account_credit` …
    pub calculation: &'static str,
    /// Its name within the calculation.
    pub name: &'static str,
    /// What kind of value it holds.
    pub kind: ParameterKind,
    /// What people read.
    pub label: &'static str,
    /// What is counted or paid: `个月`, `天`, `元/月`.
    pub unit: &'static str,
    /// What it means, and what its absence means, for people who write packs.
    pub meaning: &'static str,
}

/// A name out of a parameter's choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The choices.
    pub names: &'static [(&'static str, &'static str)],
    /// The position of the one that holds.
    pub index: usize,
}

impl Choice {
    /// The name in packs.
    pub fn name(&self) -> &'static str {
        self.names.get(self.index).map_or("", |(name, _)| name)
    }

    /// The term that people read.
    pub fn label(&self) -> &'static str {
        self.names.get(self.index).map_or("", |(_, label)| label)
    }
}

/// The decision table of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the kinds")]
pub enum ParameterTable {
    Amount(Table<AmountRule>),
    Rate(Table<Rate>),
    Flag(Table<bool>),
    Count(Table<i64>),
    Choice(Table<Choice>),
}

/// What a scheme says of one parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedParameter {
    /// Which.
    pub parameter: &'static Parameter,
    /// Its table.
    pub table: ParameterTable,
}

impl Parameter {
    /// The parameter of that name.
    pub fn find(calculation: &str, name: &str) -> Option<&'static Parameter> {
        PARAMETERS.iter().find(|it| it.calculation == calculation && it.name == name)
    }
}

/// Every rounding by its name in packs.
pub(in crate::model) const ROUNDINGS: &[(&str, &str)] = &[
    ("half_up_fen", "四舍五入到分"),
    ("half_up_jiao", "四舍五入到角"),
    ("half_up_yuan", "四舍五入到元"),
    ("truncate_fen", "舍去到分"),
    ("truncate_jiao", "舍去到角"),
    ("truncate_yuan", "舍去到元"),
    ("up_fen", "进位到分"),
    ("up_jiao", "进位到角"),
    ("up_yuan", "进位到元"),
];

impl Choice {
    /// The rounding that it names, where it names one.
    pub fn rounding(&self) -> Option<Rounding> {
        Rounding::from_name(self.name())
    }
}
