//! What moves with every record of a person.

use serde::{Deserialize, Serialize};

use crate::desk::Row;

/// A person's account and the end of the person's file. The row's id is the person's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The area in whose books the personal account stands; `None` without an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_area: Option<String>,
    /// 当年账户, fen.
    pub current_year: i64,
    /// 历年账户, fen.
    pub carried_over: i64,
    /// The last record in the person's file; each record names the one before it.
    pub last: u64,
}

impl Row for Standing {
    const KIND: &'static str = "standing";
}
