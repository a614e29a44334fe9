//! Batches of corrections after a retroactive change of rules (追溯调整).

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::desk::Row;

/// How a batch stands.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionStatus {
    /// Differences are being looked for.
    Finding,
    /// 待放行.
    Proposed,
    /// Being released.
    Releasing,
    /// 已放行.
    Released,
    /// Being cancelled.
    Cancelling,
    /// 已撤销.
    Cancelled,
    /// 已作废 before anything was booked.
    Withdrawn,
}

impl CorrectionStatus {
    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            CorrectionStatus::Finding => "查找中",
            CorrectionStatus::Proposed => "待放行",
            CorrectionStatus::Releasing => "放行中",
            CorrectionStatus::Released => "已放行",
            CorrectionStatus::Cancelling => "撤销中",
            CorrectionStatus::Cancelled => "已撤销",
            CorrectionStatus::Withdrawn => "已作废",
        }
    }
}

/// How a line of a batch stands.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineState {
    /// Not booked.
    #[default]
    Found,
    /// Booked: the settlement that took the other's place.
    Released(String),
    /// Not booked, and why.
    Stale(String),
    /// Booked and taken back: the settlement that stands as the first one stood.
    Restored(String),
    /// Booked, and could not be taken back: the settlement that stands, and why.
    Kept(String, String),
}

/// A settlement that comes out otherwise. Amounts in fen, what comes out less what was booked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionLine {
    /// The settlement.
    pub settlement: String,
    /// Whose.
    pub person: String,
    /// The day whose law applies.
    pub law_day: Date,
    /// The hash of the table that comes out.
    pub table: String,
    /// By payer, what moves; a payer of whom nothing moves is left out.
    pub purses: BTreeMap<String, i64>,
    /// What the person gets (more than nothing) or has to give back.
    pub to_person: i64,
    /// How it stands.
    #[serde(default)]
    pub state: LineState,
}

impl CorrectionLine {
    /// What moves of a payer, fen.
    pub fn of(&self, payer: &str) -> i64 {
        self.purses.get(payer).copied().unwrap_or(0)
    }
}

/// A person whose settlements cannot be computed again.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// Whose.
    pub person: String,
    /// Why, in words.
    pub why: String,
}

/// Some of a batch's lines, person by person in order of time; the row's id is `batch/no` with the number in eight digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionPart {
    /// The lines.
    pub lines: Vec<CorrectionLine>,
    /// Who could not be computed again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub troubled: Vec<Trouble>,
}

impl Row for CorrectionPart {
    const KIND: &'static str = "correction_part";
}

impl CorrectionPart {
    /// The row's id.
    pub fn id(batch: &str, no: u32) -> String {
        format!("{batch}/{no:08}")
    }
}

/// One of the greatest differences of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outlier {
    /// The settlement.
    pub settlement: String,
    /// Whose.
    pub person: String,
    /// What the person gets or has to give back, fen.
    pub to_person: i64,
}

/// A batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// `K` and the record that began it.
    pub id: String,
    /// The area that insures.
    pub area: String,
    /// The first day whose law changed.
    pub from: Date,
    /// The last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// Why.
    pub reason: String,
    /// The hash of the texts of the rules under which it was computed.
    pub edition: String,
    /// Settlements booked after this record are not in it.
    pub upto: u64,
    /// How it stands.
    pub status: CorrectionStatus,
    /// Who proposed it.
    pub proposed_by: String,
    /// The last person who was looked at, as people are listed under the area.
    pub cursor: String,
    /// How many steps looked for differences.
    pub steps: u32,
    /// How many people were looked at.
    pub people: u64,
    /// How many of their settlements were computed again.
    pub computed: u64,
    /// How many parts hold lines.
    pub parts: u32,
    /// How many lines.
    pub lines: u64,
    /// Of how many people.
    pub affected: u64,
    /// Of how many people settlements could not be computed again.
    pub troubled: u64,
    /// By payer, what moves, fen.
    pub purses: BTreeMap<String, i64>,
    /// What people get, fen.
    pub refunds: i64,
    /// What people have to give back, fen.
    pub claims: i64,
    /// The greatest differences, greatest first.
    pub worst: Vec<Outlier>,
    /// How many parts were released, and their lines: booked, not booked.
    pub released: (u32, u64, u64),
    /// How many parts were taken back, and their lines: taken back, not taken back.
    pub restored: (u32, u64, u64),
    /// Who released it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub released_by: String,
    /// Who cancelled or withdrew it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cancelled_by: String,
    /// Why it was cancelled or withdrawn.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cancelled_for: String,
}

impl Row for Correction {
    const KIND: &'static str = "correction";
}
