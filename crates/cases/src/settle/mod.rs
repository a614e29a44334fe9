//! Settlement: one bill, every fen, no words, for callers that keep the state of people themselves.
//!
//! [`Rulebook::settle`] runs the same code as [`crate::quote`], but takes what earlier bills left as a [`History`] from the
//! caller's store and gives what this one moves, so that many bills of many people run side by side.

mod cells;
mod counter_id;
mod history;
mod reach;
mod row;
mod rulebook;
mod settled;
mod worked;

pub use counter_id::{CounterId, CounterPeriod, NotACounter};
pub use history::{CountedStay, History};
pub use reach::Reach;
pub use row::{NotARow, Row};
pub use rulebook::{Portions, Rulebook};
pub use settled::{Admission, Counted, Drawn, Fields, Settled, SettledCell};
pub use worked::{Past, Worked};
