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
}

impl AreaPaymentStatus {
    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            AreaPaymentStatus::Open => "待复核",
            AreaPaymentStatus::Paid => "已付款",
            AreaPaymentStatus::Withdrawn => "已撤回",
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
}

impl Row for AreaPayment {
    const KIND: &'static str = "area_payment";
}
