//! Whole sequences as institutions send them, over a real store with the invented areas.

#![expect(clippy::expect_used, clippy::panic, reason = "a test stops where its premises fail")]

mod envelope;
mod inpatient;
mod kit;
mod outpatient;
mod pharmacy;
mod reversal;
mod schema;
