//! What a calculation that is no bill came to, for callers that keep the state of people themselves.

use std::collections::BTreeMap;

use gongji_money::Fen;
use gongji_rules::{Calculation, Figure};
use jiff::civil::Date;

use crate::request::Purses;

/// What earlier calculations of a person left that a later one reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// Wallet transfers already made, by day: how many and how much.
    pub transfers: BTreeMap<Date, (i64, Fen)>,
    /// What was credited to the account beforehand, by the first day of the insurance year.
    pub precredits: BTreeMap<Date, Fen>,
}

/// The figures of a calculation.
#[derive(Debug)]
pub struct Worked<'rules> {
    /// The figures in order, each with its formula and the rows that decided it.
    pub sheet: Calculation<'rules>,
    /// The day whose law was applied.
    pub law_day: Date,
    /// The purses as it leaves them.
    pub purses: Purses,
}

impl Worked<'_> {
    /// An amount in fen; nothing where the sheet has none of that name.
    pub fn amount(&self, name: &str) -> Fen {
        self.sheet.amount(name).unwrap_or(Fen::ZERO)
    }

    /// A yes or no, if the sheet has one of that name.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.sheet.figure(name) {
            Some(Figure::Flag(flag)) => Some(*flag),
            _ => None,
        }
    }

    /// A day, if the sheet has one of that name.
    pub fn day(&self, name: &str) -> Option<Date> {
        match self.sheet.figure(name) {
            Some(Figure::Day(day)) => Some(*day),
            _ => None,
        }
    }

    /// A count, if the sheet has one of that name.
    pub fn count(&self, name: &str) -> Option<i64> {
        match self.sheet.figure(name) {
            Some(Figure::Count(count)) => Some(*count),
            _ => None,
        }
    }

    /// A name of the case format, if the sheet has one of that name.
    pub fn name(&self, name: &str) -> Option<&'static str> {
        match self.sheet.figure(name) {
            Some(Figure::Name(value, _)) => Some(value),
            _ => None,
        }
    }

    /// Why a figure is as it is, in one sentence; empty where the formula says it all.
    pub fn reason(&self, name: &str) -> &str {
        self.sheet.entries.iter().find(|entry| entry.name == name).map_or("", |entry| &entry.reason)
    }
}
