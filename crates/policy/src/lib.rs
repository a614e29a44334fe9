//! Policy packs: source text → syntax → checks → resolved pack → plan.
//!
//! A pack is a folder of text files for one pooling area (统筹区). This crate reads those texts (never a file),
//! proves every decision table complete and free of conflicts over its domain, and compiles a benefit to a plan.
//! It does no I/O and knows no clock.

mod check;
mod diagnostic;
mod known_on;
mod lookup;
pub mod model;
pub mod plan;
mod read;
mod render;
mod stated;
mod text;
pub mod view;

pub use check::check_pack;
pub use diagnostic::{Code, Diagnostic, Severity};
pub use known_on::known_on;
pub use lookup::Lookup;
pub use model::*;
pub use read::read_packs;
pub use render::render;
pub use stated::{Decision, Inquiry};
pub use text::SourceText;
