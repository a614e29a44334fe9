//! The answer: for each event every fen, why, and by which clause.
//!
//! Everything a person or a program sees (sentence, bars, table, statement, wire formats) is derived from these types and
//! from nothing else. Names of the case format are fixed; the further fields are documented where they stand.

mod bill;
mod cell;
mod purses;
mod receipt;
mod status;
mod step;
mod values;

use serde::{Deserialize, Serialize};

pub use bill::{Benefit, BillAnswer, Identity, LineAnswer, Ratios, Words};
pub use cell::{Cell, Clause, Inputs, TableRow};
pub use purses::{PursesAnswer, PursesChange, RelativeAccount};
pub use receipt::{AnsweredOptions, Receipt};
pub use status::{CounterStatus, Notice, NoticeKind};
pub use step::{BandStep, CapStep, DeductibleStep, StepAnswer};
pub use values::{Day, Yuan};

/// The answer to a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// One result for each event, in order of the events.
    pub results: Vec<EventAnswer>,
    /// What is in the purses after the last event.
    pub purses: PursesAnswer,
    /// Under which options the answer was computed.
    pub options: AnsweredOptions,
    /// The question as the engine understood it: every default filled in, keys sorted. Asking it again gives this answer.
    pub case: serde_json::Value,
}

/// The answer to one event; `kind` says which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventAnswer {
    /// A bill.
    Bill(Box<BillAnswer>),
    /// A payment at the end of the year over the year's own portions; its total is what the year's counters hold.
    YearEnd(Box<BillAnswer>),
}

impl EventAnswer {
    /// The bill that every kind of this version is told as.
    pub fn bill(&self) -> &BillAnswer {
        match self {
            EventAnswer::Bill(bill) | EventAnswer::YearEnd(bill) => bill,
        }
    }

    /// The name of the kind in the case format.
    pub fn kind(&self) -> &'static str {
        match self {
            EventAnswer::Bill(_) => "bill",
            EventAnswer::YearEnd(_) => "year_end",
        }
    }
}

impl Answer {
    /// The results told as bills, in order.
    pub fn bills(&self) -> impl Iterator<Item = &BillAnswer> {
        self.results.iter().map(EventAnswer::bill)
    }

    /// The last result: the one that a page shows first.
    pub fn last(&self) -> Option<&BillAnswer> {
        self.results.last().map(EventAnswer::bill)
    }
}
