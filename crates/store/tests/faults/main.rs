//! What happens to a store when something breaks: killed processes and servers, full disks, torn files, cut connections.
//!
//! `GONGJI_SEED` repeats a run; the seed is printed.

#![expect(clippy::expect_used, reason = "a test stops where its premises fail")]

mod child;
mod cut;
mod full;
mod kills;
mod kit;
mod locked;
mod log;
mod torn;
