//! Monthly clearings of institutions.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::desk::Row;

/// What of a day went into a clearing, in fen: what was payable for it less what earlier clearings had taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClearedDay {
    /// The business day.
    pub day: Date,
    /// How much.
    pub payable: i64,
    /// How much of that stood on personal accounts.
    #[serde(default)]
    pub from_accounts: i64,
}

/// 扣款: what the institution is not paid, and which fund keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deduction {
    /// The area whose fund keeps it.
    pub area: String,
    /// The scheme.
    pub scheme: String,
    /// Fen.
    pub amount: i64,
    /// Why.
    pub reason: String,
}

/// How a clearing stands.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClearingStatus {
    /// 待复核.
    Open,
    /// 待付款.
    Approved,
    /// 已付款.
    Paid,
    /// 已撤回.
    Withdrawn,
}

impl ClearingStatus {
    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            ClearingStatus::Open => "待复核",
            ClearingStatus::Approved => "待付款",
            ClearingStatus::Paid => "已付款",
            ClearingStatus::Withdrawn => "已撤回",
        }
    }
}

/// A payment. Amounts in fen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClearingPayment {
    /// Who paid.
    pub by: String,
    /// The business date.
    pub on: Date,
    /// From the pool's bank account.
    pub pool: i64,
    /// From that of the personal accounts.
    pub accounts: i64,
    /// The bank's number.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
    /// When it came back, where it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned_on: Option<Date>,
    /// Why it came back.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub returned: String,
}

/// The clearing of an institution for a month; the row's id is its own. Amounts in fen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clearing {
    /// `C` and the number of its record.
    pub id: String,
    /// The institution.
    pub institution: String,
    /// The area that settles with it.
    pub area: String,
    /// The month (`2026-03`).
    pub month: String,
    /// What it takes in: days of the month, and what came late to earlier days.
    pub days: Vec<ClearedDay>,
    /// Σ of the days.
    pub due: i64,
    /// How much of that stood on personal accounts.
    pub from_accounts: i64,
    /// 预留保证金: kept back, and still owed.
    #[serde(default)]
    pub withheld: i64,
    /// What was kept back before and is paid now.
    #[serde(default)]
    pub released: i64,
    /// 扣款.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deductions: Vec<Deduction>,
    /// What is paid.
    pub amount: i64,
    /// How it stands.
    pub status: ClearingStatus,
    /// Who submitted it.
    pub opened_by: String,
    /// When.
    pub opened_on: Date,
    /// Who released it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// Why it was withdrawn.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub withdrawn: String,
    /// Payments, those that came back as well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payments: Vec<ClearingPayment>,
}

impl Row for Clearing {
    const KIND: &'static str = "clearing";
}

/// Lists clearings: the row's id is `410100/H1/2026-03/` and the clearing's id.
pub fn clearing_in_id(clearing: &Clearing) -> String {
    format!("{}/{}/{}/{}", clearing.area, clearing.institution, clearing.month, clearing.id)
}

/// What is kept back of an institution's money; the row's id is the institution's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deposit {
    /// Fen.
    pub withheld: i64,
}

impl Row for Deposit {
    const KIND: &'static str = "deposit";
}
