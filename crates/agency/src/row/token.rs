//! Tokens by their hash.

use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::desk::Row;

/// A token; the row's id is the hexadecimal SHA-256 of its secret, which is kept nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRow {
    /// The number by which people speak of it: `T` and the record that made it.
    pub id: String,
    /// In whose name it acts.
    pub actor: Actor,
    /// What it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// When it was issued: milliseconds since 1970.
    pub issued_at: i64,
    /// When it ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
    /// When it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<i64>,
}

impl Row for TokenRow {
    const KIND: &'static str = "token";
}
