//! Settlements: the bill of a person at an institution, computed, booked, cancelled, computed again.

mod bill;
mod book;
mod explained;
mod facts;
mod history;
mod later;
mod net;
mod pre;
mod stored;

pub use crate::command::reversal_id;
pub use bill::Asked;
pub use book::{Place, Quoted, book, question, quote};
pub use explained::{Deviation, Explained, explained};
pub use facts::{charges_of_lines, event_of, person_of};
pub use history::{file_after, live_before, refold, settlements_after};
pub use later::{Affected, affected_by};
pub use net::{NetLine, net};
pub use pre::{PreSettled, presettle};
pub use stored::{Cell, Settlement, number_of};

pub(crate) use later::{again, give_back, purses_of};
