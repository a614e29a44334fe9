//! The addresses over stored data: a bill's whole life over HTTP, and what is refused.

#![expect(clippy::unwrap_used, reason = "a test that meets an error fails")]

mod clearing;
#[path = "../common/mod.rs"]
mod common;
mod failures;
mod gateway;
mod interface;
mod kit;
mod life;
mod reads;
mod seed;
mod year;
