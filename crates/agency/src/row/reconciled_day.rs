//! Whether both sides agree about a day at an institution, and what of it went into a clearing.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::clearing::Difference;
use crate::desk::Row;

/// That a day was signed off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    /// Who.
    pub by: String,
    /// When.
    pub on: Date,
    /// The comparison that it rests on.
    pub comparison: String,
    /// The last record of the day then.
    pub last: u64,
    /// Why it was signed off although differences remain; empty where both sides agreed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// A day at an institution; the row's id is `H1/2026-03-09`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReconciledDay {
    /// The last comparison that covered the day.
    pub comparison: String,
    /// The last one bill by bill.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub details: String,
    /// Whether the last comparison found no difference of this day.
    pub agrees: bool,
    /// The last record of the day when it was compared; 0 where nothing was booked.
    pub last: u64,
    /// The sign-off. It holds while no further bill is booked for the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Confirmed>,
    /// How much of what is payable went into clearings, fen.
    #[serde(default)]
    pub cleared: i64,
    /// How much of that stood on personal accounts, fen.
    #[serde(default)]
    pub cleared_accounts: i64,
    /// The clearings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clearings: Vec<String>,
}

impl Row for ReconciledDay {
    const KIND: &'static str = "reconciled_day";
}

impl ReconciledDay {
    /// The row's id.
    pub fn id(institution: &str, day: Date) -> String {
        format!("{institution}/{day}")
    }
}

/// Count and sums of one side. Amounts in fen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// How many bills, cancellations counted as well.
    pub count: i64,
    /// 医疗费总额.
    pub total: i64,
    /// 基金支付总额.
    pub fund_paid: i64,
    /// 个人账户支付, relatives' included.
    pub account_paid: i64,
    /// 现金.
    pub cash_paid: i64,
}

impl Figures {
    /// Adds others; `None` beyond `i64`.
    #[must_use]
    pub fn plus(self, other: Figures) -> Option<Figures> {
        Some(Figures {
            count: self.count.checked_add(other.count)?,
            total: self.total.checked_add(other.total)?,
            fund_paid: self.fund_paid.checked_add(other.fund_paid)?,
            account_paid: self.account_paid.checked_add(other.account_paid)?,
            cash_paid: self.cash_paid.checked_add(other.cash_paid)?,
        })
    }
}

/// The totals of one scheme and kind of clearing on both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedGroup {
    /// The scheme.
    pub scheme: String,
    /// 清算类别, by its code.
    pub clearing_type: String,
    /// What is booked.
    pub here: Figures,
    /// What the institution tells.
    pub there: Figures,
}

/// How a comparison was made.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComparisonKind {
    /// 对总账.
    Totals,
    /// 对明细账.
    Details,
}

/// A comparison of some days with what the institution tells; the row's id is its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// `R` and the number of its record.
    pub id: String,
    /// The institution.
    pub institution: String,
    /// How it was made.
    pub kind: ComparisonKind,
    /// First business day.
    pub from: Date,
    /// Last business day.
    pub to: Date,
    /// When it was made.
    pub on: Date,
    /// By whom.
    pub by: String,
    /// Whether there is no difference.
    pub agrees: bool,
    /// What is booked.
    pub here: Figures,
    /// What the institution tells.
    pub there: Figures,
    /// Totals that differ, for a comparison of totals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<ComparedGroup>,
    /// Bills that differ, for one bill by bill.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
}

impl Row for Comparison {
    const KIND: &'static str = "comparison";
}
