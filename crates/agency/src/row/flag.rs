//! Unusual use of relatives' accounts (共济异常), for somebody to look at. Nothing is blocked by it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Reviewed;
use crate::desk::Row;

/// What is unusual.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlagKind {
    /// One account, many who may draw on it.
    ManyBeneficiaries,
    /// Draws at night.
    NightDraws,
    /// Draws or transfers just under a limit.
    JustUnderLimit,
    /// Draws at many institutions in a day.
    ManyPlaces,
    /// More was drawn by relatives within the window than is usual.
    LargeSum,
}

impl FlagKind {
    /// The name in ids of rows.
    pub const fn name(self) -> &'static str {
        match self {
            FlagKind::ManyBeneficiaries => "many_beneficiaries",
            FlagKind::NightDraws => "night_draws",
            FlagKind::JustUnderLimit => "just_under_limit",
            FlagKind::ManyPlaces => "many_places",
            FlagKind::LargeSum => "large_sum",
        }
    }
}

/// How a flag stands.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlagStatus {
    /// 待核查.
    Open,
    /// 确有异常.
    Confirmed,
    /// 排除异常.
    Cleared,
}

impl FlagStatus {
    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            FlagStatus::Open => "待核查",
            FlagStatus::Confirmed => "确有异常",
            FlagStatus::Cleared => "排除异常",
        }
    }
}

/// Something unusual about one person's account within a month; the row's id is `person/month/kind`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flag {
    /// Whose account.
    pub person: String,
    /// The area in whose books it stands.
    pub area: String,
    /// What is unusual.
    pub kind: FlagKind,
    /// When it was found.
    pub found_on: Date,
    /// How much or how often, as against the threshold: fen for sums, times for the rest.
    pub measured: i64,
    /// The threshold that was reached.
    pub threshold: i64,
    /// The records behind it.
    pub records: Vec<u64>,
    /// How it stands.
    pub status: FlagStatus,
    /// What was said about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<Reviewed>,
}

impl Row for Flag {
    const KIND: &'static str = "flag";
}
