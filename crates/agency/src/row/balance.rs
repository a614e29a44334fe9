//! The balance of an account that is no personal one.

use serde::{Deserialize, Serialize};

use crate::desk::Row;

/// A balance in fen, credit positive; the row's id is the account's code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// Σ of all postings.
    pub fen: i64,
    /// The last record that moved it.
    pub seq: u64,
}

impl Row for Balance {
    const KIND: &'static str = "balance";
}
