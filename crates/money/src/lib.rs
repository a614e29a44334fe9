//! Money as the field counts it: integer fen, exact rates, named roundings, figures and words.
//!
//! Nothing here touches a float. Every operation that could leave its range is checked and says so.

mod divisor;
mod fen;
mod rate;
mod rounding;
mod words;

pub use divisor::Divisor;
pub use fen::{Fen, FenError};
pub use rate::{Rate, RateError};
pub use rounding::{RoundMode, RoundUnit, Rounding};
pub use words::in_words;
