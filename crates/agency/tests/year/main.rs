//! The agency's year over a real store: money in, accounts, families, filings, reimbursement, clearing and closing.

#![expect(clippy::expect_used, reason = "a test stops where its premises fail")]
#![expect(clippy::inconsistent_digit_grouping, reason = "fen are read as yuan and fen: 288_00")]

mod account;
mod claims;
mod claims_model;
mod clearing;
mod contribution;
#[path = "../office/dice.rs"]
mod dice;
mod family;
mod filings;
mod five;
mod fund_year;
mod income;
mod kit;
mod model;
mod reconcile;
mod resettle;
mod story;
mod wallets;
#[expect(dead_code, reason = "shared with the tests of the office, which use all of it")]
#[path = "../office/world.rs"]
mod world;
