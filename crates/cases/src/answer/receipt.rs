//! What an answer was computed with, so that it can be computed again.

use serde::{Deserialize, Serialize};

use super::Day;

/// What an answer was computed with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The engine's version: `gongji 0.1.0`.
    pub engine: String,
    /// The packs used with the hashes of their texts, parents included: `410100@sha256:…`, comma separated.
    pub packs: String,
    /// The hash of the case in canonical JSON, options included: `sha256:…`.
    pub case: String,
}

/// Options of the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnsweredOptions {
    /// The law of this day was applied to every event instead of that of the event's own date.
    #[serde(default)]
    pub on: Option<Day>,
    /// Only what was published by this day was used.
    #[serde(default)]
    pub known_on: Option<Day>,
}
