//! Double entry for two kinds of money: accounts, balanced entries, and the chain that makes a journal tamper-evident.
//!
//! Amounts are signed fen. A **credit is positive**: it adds to what somebody is owed (a fund's means, a person's account, what is
//! payable to a hospital). A debit is negative. An entry's postings sum to zero **in the books of each area** that it touches, so
//! that areas can never disagree about what one owes the other. No I/O, no clock.

mod account;
mod chain;
mod entry;
mod settlement;

pub use account::{Account, AccountKind, Fund, MalformedAccount, SubAccount};
pub use chain::ChainHash;
pub use entry::{Entry, EntryError, Posting};
pub use settlement::{Draw, Home, Paid, Provider, reimbursement_entry, settlement_entry};
