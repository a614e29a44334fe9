//! What a person used of limits, and which stays count.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::desk::Row;

/// The counters of one person in one scheme and area: of an insurance year, of a lifetime, or of one stay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// By counter id as `gongji_cases::settle::CounterId` writes it; fen, or times for admissions.
    #[serde(default)]
    pub counters: BTreeMap<String, i64>,
    /// The stays that count as admissions, in order of counter, stay and ordinal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stays: Vec<LiveStay>,
}

impl Row for Tally {
    const KIND: &'static str = "tally";
}

/// Settlements of a stay that live and took it for the same admission. A stay stands twice where an earlier stay was cancelled and
/// only some of its settlements were adjudicated again; it is one admission, the lower.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveStay {
    /// The counter that counts it.
    pub counter: String,
    /// The stay: its first visit.
    pub stay: String,
    /// The how-manieth admission it was when it was counted.
    pub ordinal: i64,
    /// How many of its settlements live.
    pub live: u32,
}

/// The id of a year's tally; `year` is the first day of the insurance year.
pub fn year_id(person: &str, area: &str, scheme: &str, year: jiff::civil::Date) -> String {
    format!("{person}/{area}/{scheme}/{year}")
}

/// The id of a lifetime's tally.
pub fn life_id(person: &str, area: &str, scheme: &str) -> String {
    format!("{person}/{area}/{scheme}/life")
}

/// The id of a stay's tally.
pub fn stay_id(person: &str, area: &str, scheme: &str, stay: &str) -> String {
    format!("{person}/{area}/{scheme}/stay/{stay}")
}
