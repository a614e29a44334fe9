//! The sandbox for developers of hospital systems: its requests work in the documented order, its log decodes them, its faults happen.

#![expect(clippy::unwrap_used, reason = "a test that meets an error fails")]

#[path = "../common/mod.rs"]
mod common;
mod faults;
mod kit;
mod pages;
mod sequences;
