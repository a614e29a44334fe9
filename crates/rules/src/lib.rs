//! The rules: split a bill's lines into portions, fold a stack of layers over them, and trace every fen.
//!
//! [`adjudicate`] is the only arithmetic of settlement. The explained bill, the what-if curve and the bulk run call it;
//! they differ in the [`Trace`] they pass, which compiles away where it is [`NoTrace`].

mod bill;
mod bulk;
mod fold;
mod layer;
mod relief;
mod split;
mod trace;
mod worksheet;

pub use bill::{Bill, MAX_TAGS};
pub use bulk::{Bulk, Combination};
pub use fold::adjudicate;
pub use split::{Line, LineSplit, split_line};
pub use trace::{Idle, NoTrace, Step, Trace};
pub use worksheet::Worksheet;
