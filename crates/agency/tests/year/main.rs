//! The agency's year over a real store: money in, accounts, families, filings, reimbursement, clearing and closing.

#![expect(clippy::expect_used, reason = "a test stops where its premises fail")]
#![expect(clippy::inconsistent_digit_grouping, reason = "fen are read as yuan and fen: 288_00")]

mod account;
mod accounts_model;
mod claims;
mod claims_model;
mod clearing;
mod contribution;
mod correction_model;
mod crowd;
mod dealt;
#[path = "../office/dice.rs"]
mod dice;
mod family;
mod family_book;
mod family_model;
mod filings;
mod filings_model;
mod five;
mod fund_year;
mod income;
mod jobs;
mod kit;
mod model;
mod money_model;
mod payers_bill;
mod payers_model;
mod play;
mod reconcile;
mod registers_model;
mod resettle;
mod story;
mod wallet_model;
mod wallets;
#[expect(dead_code, reason = "shared with the tests of the office, which use all of it")]
#[path = "../office/world.rs"]
mod world;
