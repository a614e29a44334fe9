//! The laws of the layer semantics, on the compiled fold: each in a file of its own.

#![expect(clippy::unwrap_used, reason = "a test stops where its premises fail")]

mod caps;
mod common;
mod differential;
mod identities;
mod limits;
mod monotone;
mod order;
mod purses;
mod sharing;
