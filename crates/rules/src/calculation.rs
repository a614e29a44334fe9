//! What a calculation beyond the bill comes to: named figures in order, each with its formula and the rows that decided it.

use gongji_money::{Fen, Rounding};
use gongji_policy::plan::Refusal;
use gongji_policy::{Decision, Inquiry};
use jiff::civil::Date;

use crate::Formula;

/// The value of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Figure {
    /// An amount in fen.
    Money(Fen),
    /// A whole number, in the entry's unit.
    Count(i64),
    /// A day.
    Day(Date),
    /// Yes or no.
    Flag(bool),
    /// A name of the case format, with what people read.
    Name(&'static str, &'static str),
}

/// One figure of a calculation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'pack> {
    /// Its name in the answer.
    pub name: String,
    /// What people read.
    pub label: String,
    /// The value.
    pub figure: Figure,
    /// What a count counts: `个月`, `天`; empty for all else.
    pub unit: &'static str,
    /// How it came about.
    pub formula: Option<Formula>,
    /// How the formula was rounded, where it was.
    pub rounding: Option<Rounding>,
    /// Why, in one sentence; empty where the formula says it all.
    pub reason: String,
    /// The rows that decided it.
    pub decisions: Vec<Decision<'pack>>,
}

/// Why a calculation has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The pack has none.
    Refused(Refusal),
    /// A field of the event must be given; the name and what it is.
    Missing(&'static str, &'static str),
    /// A field of the event cannot be so; the name and what is wrong.
    Wrong(&'static str, String),
    /// The figures are beyond what is computed.
    TooLarge,
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Stop {
        Stop::Refused(refusal)
    }
}

/// The entries of a calculation, in the order in which they were reckoned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calculation<'pack> {
    /// The entries.
    pub entries: Vec<Entry<'pack>>,
}

impl<'pack> Calculation<'pack> {
    /// A plain entry; the rows asked since the last one are its own.
    pub(crate) fn put(
        &mut self,
        inquiry: &mut Inquiry<'pack>,
        name: impl Into<String>,
        label: impl Into<String>,
        figure: Figure,
    ) -> &mut Entry<'pack> {
        let entry = Entry {
            name: name.into(),
            label: label.into(),
            figure,
            unit: "",
            formula: None,
            rounding: None,
            reason: String::new(),
            decisions: inquiry.taken(),
        };
        self.entries.push(entry);
        let last = self.entries.len() - 1;
        &mut self.entries[last]
    }

    /// A count in its unit.
    pub(crate) fn count(
        &mut self,
        inquiry: &mut Inquiry<'pack>,
        name: impl Into<String>,
        label: impl Into<String>,
        count: i64,
        unit: &'static str,
    ) -> &mut Entry<'pack> {
        let entry = self.put(inquiry, name, label, Figure::Count(count));
        entry.unit = unit;
        entry
    }

    /// An amount by its formula.
    ///
    /// # Errors
    /// Figures beyond what is computed.
    pub(crate) fn money(
        &mut self,
        inquiry: &mut Inquiry<'pack>,
        name: impl Into<String>,
        label: impl Into<String>,
        formula: Formula,
        rounding: Rounding,
    ) -> Result<Fen, Stop> {
        let amount =
            formula.rounded(rounding).filter(|amount| *amount <= Fen::LIMIT).ok_or(Stop::TooLarge)?;
        let exact = formula.value().is_some_and(|value| value.denominator == 1 && rounding.unit.fen() == 1);
        let entry = self.put(inquiry, name, label, Figure::Money(amount));
        entry.rounding = Some(rounding).filter(|_| !exact);
        entry.formula = Some(formula);
        Ok(amount)
    }

    /// The amount of that name, if there is one.
    pub fn amount(&self, name: &str) -> Option<Fen> {
        self.entries.iter().find(|entry| entry.name == name).and_then(|entry| match entry.figure {
            Figure::Money(amount) => Some(amount),
            _ => None,
        })
    }

    /// The figure of that name, if there is one.
    pub fn figure(&self, name: &str) -> Option<&Figure> {
        self.entries.iter().find(|entry| entry.name == name).map(|entry| &entry.figure)
    }
}
