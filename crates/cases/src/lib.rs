//! The case format: question and answer in JSON, explanation, receipt, what-ifs.
//!
//! One JSON document says who the person is, what is in the purses and what happens in time order; the answer says, for each
//! event, every fen and why. This crate reads the question, runs the rules of `gongji-rules` over it and words the answer.
//! It does no I/O and knows no clock: packs come in through a caller's hands.

pub mod answer;
mod dead;
mod error;
mod example;
mod explain;
mod facts;
pub mod five;
mod quote;
pub mod request;
mod run;
pub mod settle;
mod verify;
pub mod what_if;

pub use answer::Answer;
pub use dead::{DeadParameter, dead_parameters};
pub use error::{CaseError, ErrorCode};
pub use example::{Mismatch, WorkedExample};
pub use explain::explain_text;
pub use five::{FiveAnswer, five_questions};
pub use quote::{ENGINE, quote};
pub use request::{Case, FiveCase};
pub use run::QuoteOptions;
pub use verify::{Difference, Verification, verify};
