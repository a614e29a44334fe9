//! Settlements: the bill of a person at an institution, computed, booked, cancelled, computed again.

mod anew;
mod bill;
mod book;
mod dues;
mod explained;
mod facts;
mod filed;
mod history;
mod later;
mod money;
mod net;
mod pre;
mod purses;
mod stored;
mod whereabouts;

pub use crate::command::reversal_id;
pub use bill::Asked;
pub use book::{Place, Quoted, book, question, quote};
pub use explained::{Deviation, Explained, explained};
pub use facts::{charges_of_lines, event_of, person_of};
pub use filed::{away_filing, stated};
pub use history::{file_after, live_before, refold, settlements_after};
pub use later::{Affected, affected_by};
pub use net::{NetLine, net};
pub use pre::{PreSettled, presettle};
pub use purses::Relatives;
pub use stored::{Cell, Settlement, number_of};
pub use whereabouts::institution_of;

pub(crate) use anew::{Anew, Stretch, anew, files_since};
pub(crate) use book::{account_paid, book_after};
pub(crate) use dues::Dues;
pub(crate) use facts::{accepted_of, check_line, input_of, refused_input};
pub(crate) use later::{again, give_back, holding, purses_of};
pub(crate) use purses::purses_on;
