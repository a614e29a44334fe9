//! What a sandbox for developers of hospital systems needs: who is on its stage, the documented sequences with requests that work, what a message says.

mod learned;
pub mod meaning;
mod request;
pub mod sequence;
mod stage;
mod totals;

pub use learned::{Learned, Seen};
pub use request::{Missing, Order, Prepared, prepare};
pub use stage::{Character, Counter, Item, Stage};
