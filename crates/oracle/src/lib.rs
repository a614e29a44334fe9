//! A slow reading of the layer model in exact rationals, and a generator of random packs and bills.
//!
//! The interpreter scans every table row by row each time it needs a value and keeps every amount as an exact
//! fraction until the rule says that it is rounded. It shares no code with the compiled plan, which must give the
//! same fen. `DECISIONS.md` beside this crate says what was decided where the specification leaves a choice.

mod amount;
mod cap;
mod deductible;
mod exact;
mod interpreter;
mod line;
mod lookup;
mod ratio;
mod refusal;
mod sheet;
mod slot;

pub mod build;
pub mod generate;

pub use interpreter::{Balances, BillInput, adjudicate};
pub use refusal::Refusal;
pub use sheet::{CapUse, CellKey, Outcome, TagPortions};
