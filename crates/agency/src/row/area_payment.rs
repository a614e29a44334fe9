//! Payments between areas.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::desk::Row;

/// How a payment stands.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AreaPaymentStatus {
    /// 待复核.
    Open,
    /// 已付款.
    Paid,
    /// 已撤回.
    Withdrawn,
    /// 已退回: the bank sent it back; what was owed is owed again.
    Returned,
}

impl AreaPaymentStatus {
    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            AreaPaymentStatus::Open => "待复核",
            AreaPaymentStatus::Paid => "已付款",
            AreaPaymentStatus::Withdrawn => "已撤回",
            AreaPaymentStatus::Returned => "已退回",
        }
    }
}

/// What one area pays another of what it owes; the row's id is its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaPayment {
    /// `A` and the number of its record.
    pub id: String,
    /// Who pays.
    pub area: String,
    /// Who is paid.
    pub other: String,
    /// Fen.
    pub amount: i64,
    /// How it stands.
    pub status: AreaPaymentStatus,
    /// Who submitted it.
    pub by: String,
    /// Who released or withdrew it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released_by: Option<String>,
    /// The business date of the payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_on: Option<Date>,
    /// How much of it the paying area's accounts paid, fen; the pool the rest. Where the accounts are owed and the pool owes, it is negative: the pool
    /// pays them their part as well.
    #[serde(default, skip_serializing_if = "nothing")]
    pub accounts: i64,
    /// How much of it came to the accounts of the area that is paid, fen; to its pool the rest.
    #[serde(default, skip_serializing_if = "nothing")]
    pub to_accounts: i64,
    /// The business date on which it came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned_on: Option<Date>,
    /// Why it came back, as the bank says.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub returned: String,
}

const fn nothing(fen: &i64) -> bool {
    *fen == 0
}

impl Row for AreaPayment {
    const KIND: &'static str = "area_payment";
}
