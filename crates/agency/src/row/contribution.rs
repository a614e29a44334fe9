//! Bills of contributions, and who owes what.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::desk::Row;

/// What a bill is for.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BillKind {
    /// 单位缴费.
    Employer,
    /// 灵活就业缴费.
    Flexible,
    /// 滞纳金.
    LateFee,
}

impl BillKind {
    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            BillKind::Employer => "单位缴费",
            BillKind::Flexible => "灵活就业缴费",
            BillKind::LateFee => "滞纳金",
        }
    }
}

/// How far a bill is.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BillStatus {
    /// More people are being added.
    Billing,
    /// Not yet paid in full.
    Open,
    /// Paid in full, not yet split, or in part.
    Paid,
    /// Split into funds and personal accounts.
    Split,
    /// Taken back before anything was paid.
    Cancelled,
}

impl BillStatus {
    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            BillStatus::Billing => "核定中",
            BillStatus::Open => "待缴",
            BillStatus::Paid => "已缴待分账",
            BillStatus::Split => "已分账",
            BillStatus::Cancelled => "已作废",
        }
    }
}

/// What was paid of a bill on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidOn {
    /// When.
    pub date: Date,
    /// How much, fen.
    pub fen: i64,
    /// How much of it was the employer's own part, on which a late fee is reckoned, fen.
    pub employer: i64,
    /// The bill of the late fee that was charged on it; empty while none is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fee: String,
}

/// A debit that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedDebit {
    /// When.
    pub date: Date,
    /// Why.
    pub reason: String,
}

/// A bill. The row's id is its number: `C` and the record that began it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContributionBill {
    /// Its number.
    pub id: String,
    /// What it is for.
    pub kind: BillKind,
    /// Who owes it: an employer, or a person.
    pub payer: String,
    /// In whose books.
    pub area: String,
    /// The month (`2026-03`).
    pub period: String,
    /// Until when it is due.
    pub due_on: Date,
    /// How far it is.
    pub status: BillStatus,
    /// How many people stand on it.
    pub people: u64,
    /// The employer's part, fen.
    pub employer: i64,
    /// The people's own part, fen.
    pub person: i64,
    /// What was paid, fen.
    pub paid: i64,
    /// How many parts (records of at most 500 people) it has.
    pub parts: u64,
    /// How many of them were split.
    pub split: u64,
    /// Payments in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payments: Vec<PaidOn>,
    /// Whose lines were taken out again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<String>,
    /// Debits that failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<FailedDebit>,
    /// The bill that it follows from: that of the month, for a late fee.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub of: String,
}

impl Row for ContributionBill {
    const KIND: &'static str = "contribution_bill";
}

impl ContributionBill {
    /// What it comes to, fen.
    pub fn total(&self) -> i64 {
        self.employer.saturating_add(self.person)
    }

    /// What is still owed, fen.
    pub fn owed(&self) -> i64 {
        self.total().saturating_sub(self.paid)
    }

    /// The number of the record that began it, by which bills of one month are in order.
    pub fn order(&self) -> (String, u64) {
        let digits: String = self.id.chars().skip(1).take_while(char::is_ascii_digit).collect();
        (self.period.clone(), digits.parse().unwrap_or(0))
    }
}

/// A part of a bill; the row's id is [`part_id`]. The people's lines stand in the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillPart {
    /// The record.
    pub record: u64,
    /// The first person.
    pub from: String,
    /// The last person.
    pub to: String,
    /// How many.
    pub people: u64,
    /// The record that split it; 0 before.
    #[serde(default)]
    pub split: u64,
}

impl Row for BillPart {
    const KIND: &'static str = "bill_part";
}

/// The id of a part.
pub fn part_id(bill: &str, part: u64) -> String {
    format!("{bill}/{part:05}")
}

/// What a payer owes. The row's id is the payer's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payer {
    /// The area that collects.
    pub area: String,
    /// Bills not yet paid in full, oldest first.
    pub open: Vec<String>,
    /// Paid beforehand, fen.
    pub advance: i64,
}

impl Row for Payer {
    const KIND: &'static str = "payer";
}

/// How far long work is, by what is booked. The row's id is the work's: `bill/E1/2026-03`, `close/990301/2026-12-31` …
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// How often it was begun.
    pub round: u64,
    /// After whom it goes on.
    pub after: String,
    /// Whether the round is at its end.
    pub done: bool,
    /// What it works on: a bill's number.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub of: String,
    /// How many people it took in so far.
    pub people: u64,
}

impl Row for Run {
    const KIND: &'static str = "run";
}

/// What was done with a person's account in an insurance year, where it is not done month by month by bills. The row's id is
/// `person/first day of the year`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountYear {
    /// Months credited one by one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credited: Vec<String>,
    /// What was credited beforehand, fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precredited: Option<i64>,
    /// Months for which contributions arrived, with the base in fen.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub paid: std::collections::BTreeMap<String, i64>,
    /// Whether it was cleared.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cleared: bool,
    /// Whether the yearly premium of the supplementary fund was taken.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub supplement: bool,
}

impl Row for AccountYear {
    const KIND: &'static str = "account_year";
}

/// A resident's premium of a coverage year. The row's id is `person/coverage year`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Premium {
    /// 参保地.
    pub area: String,
    /// What the person paid, fen.
    pub own: i64,
    /// What each treasury adds, fen.
    pub subsidies: Vec<(String, i64)>,
    /// What medical assistance paid, fen.
    pub aid: i64,
    /// First day of cover.
    pub from: Date,
    /// Last day of cover.
    pub to: Date,
    /// Who paid.
    pub by: String,
    /// The records.
    pub records: Vec<u64>,
    /// Whether a stretch of cover began with it.
    pub began: bool,
    /// Where it lengthened a stretch: the last day before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lengthened: Option<Date>,
}

impl Row for Premium {
    const KIND: &'static str = "premium";
}
