//! The question: a case as it is asked, read strictly.
//!
//! Every name is checked against those of the case format, every amount, date and choice against what it may be, the dates
//! against each other. What the reader lets through can be computed or is refused by a rule, never by an accident.

mod asked;
mod calculation;
mod canonical;
mod charges;
mod event;
mod fields;
mod five;
pub mod limits;
mod node;
mod object;
mod person;
mod purses;
mod question;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use gongji_money::Fen;

pub use calculation::Calculation;
pub use charges::{Charges, LineInput};
pub use event::{Event, EventKind, Facility};
pub use five::FiveCase;
pub use person::{Person, SUPPLEMENTS, Years};
pub use purses::{Purses, Relative};
pub use question::{ClearedRun, CoverYear, Other, Question};

pub use canonical::{OneEvent, choice_name};
pub(crate) use canonical::{hash, sha256};
pub use event::choice;
pub(crate) use event::choice as index_of;
pub(crate) use object::nearest;

use crate::error::{CaseError, ErrorCode};
use node::Node;
use object::{Path, Value};

/// Every kind of calculation: its name in the case format, and what people read.
pub fn calculation_kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    calculation::kind_names().filter_map(calculation::kind_of)
}

/// A case: who, what is in the purses, and what happens in time order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Who.
    pub person: Person,
    /// What is in the purses before the first event.
    pub purses: Purses,
    /// The history before the first event, where it is stated instead of told: by the common keys of the case format or
    /// by the names of the pack's counters.
    pub accumulated: BTreeMap<String, Stated>,
    /// What happens, in time order.
    pub events: Vec<Event>,
}

/// A stated total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stated {
    /// So many times.
    Times(i64),
    /// So much money.
    Money(Fen),
}

impl Case {
    /// Reads a case.
    ///
    /// # Errors
    /// A [`CaseError`] that names the field, what was found and what would be accepted.
    pub fn read(json: &str) -> Result<Case, CaseError> {
        let node = node::read(json)?;
        Case::of(&Value { node: &node, path: Path::ROOT })
    }

    fn of(value: &Value<'_>) -> Result<Case, CaseError> {
        let object = value.object(&["person", "purses", "accumulated", "events"])?;
        let person = Person::of(&object.require("person", "参保人的信息")?)?;
        let purses = match object.get("purses") {
            Some(purses) => Purses::of(&purses)?,
            None => Purses::default(),
        };
        let mut accumulated = BTreeMap::new();
        if let Some(stated) = object.get("accumulated") {
            for (name, node) in stated.members()? {
                let value = Value { node, path: stated.path.name(name) };
                accumulated.insert(name.to_owned(), Stated::of(&value)?);
            }
        }
        let list = object.require("events", "至少一件事的列表")?;
        let nodes = list.list(limits::MOST_EVENTS)?;
        if nodes.is_empty() {
            return Err(list
                .error(ErrorCode::MissingField, "一件事也没有")
                .expected("至少一件事，如一张账单"));
        }
        let mut events: Vec<Event> = Vec::with_capacity(nodes.len());
        for (index, node) in nodes.iter().enumerate() {
            let value = Value { node, path: list.path.index(index) };
            let event = Event::of(&value, &person)?;
            if let Some(earlier) = events.last().filter(|earlier| earlier.date > event.date) {
                let field = value.path.name("date").to_string();
                return Err(CaseError::new(ErrorCode::DatesGoBack, field, "事件的日期倒退了")
                    .found(format!("{}，而上一件事在 {}", event.date, earlier.date))
                    .expected(format!("{} 或以后", earlier.date)));
            }
            events.push(event);
        }
        Ok(Case { person, purses, accumulated, events })
    }
}

impl Stated {
    fn of(value: &Value<'_>) -> Result<Stated, CaseError> {
        match value.node {
            // Times are whole numbers; an amount is text, so that the two cannot be mixed up.
            Node::Integer(_) => Ok(Stated::Times(value.integer(0, 1_000_000)?)),
            _ => value.amount().map(Stated::Money),
        }
    }
}
