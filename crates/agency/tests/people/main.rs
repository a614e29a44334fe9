//! People and what belongs to them, through the office and a real store: every command, every refusal, everything that is looked at.

#![expect(clippy::expect_used, clippy::panic, reason = "a test stops where its premises fail")]

mod account;
mod catalogue;
mod cover;
mod documented;
mod file;
mod institution;
mod kit;
mod person;
mod rights;
mod token;
