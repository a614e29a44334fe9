//! Whole sequences as institutions send them, over a real store with the invented areas.

#![expect(clippy::expect_used, clippy::panic, reason = "a test stops where its premises fail")]

mod captures;
mod catalogue;
mod cross_area;
mod envelope;
mod files;
mod filing;
mod forms;
mod fuzz;
mod inpatient;
mod kit;
mod matching;
mod mobile;
mod mutual_aid;
mod outpatient;
mod pharmacy;
mod queries;
mod reconciliation;
mod returns;
mod reversal;
mod schema;
mod settlement_list;
