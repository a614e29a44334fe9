//! Claims: bills that a person paid and asks to be reimbursed (手工零星报销).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Institution, Line};
use crate::actor::Role;
use crate::desk::Row;

/// How a claim stands.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimStatus {
    /// 受理中: lines are being decided.
    Open,
    /// 待复核.
    Reported,
    /// 已复核入账, not or not wholly paid.
    Approved,
    /// 已支付.
    Paid,
    /// 已撤回.
    Withdrawn,
    /// 已作废: too late, or papers never came.
    Expired,
    /// 结算已撤销.
    Cancelled,
}

impl ClaimStatus {
    /// Every status.
    pub const ALL: [ClaimStatus; 7] = [
        ClaimStatus::Open,
        ClaimStatus::Reported,
        ClaimStatus::Approved,
        ClaimStatus::Paid,
        ClaimStatus::Withdrawn,
        ClaimStatus::Expired,
        ClaimStatus::Cancelled,
    ];

    /// The name in commands and in ids of rows.
    pub const fn name(self) -> &'static str {
        match self {
            ClaimStatus::Open => "open",
            ClaimStatus::Reported => "reported",
            ClaimStatus::Approved => "approved",
            ClaimStatus::Paid => "paid",
            ClaimStatus::Withdrawn => "withdrawn",
            ClaimStatus::Expired => "expired",
            ClaimStatus::Cancelled => "cancelled",
        }
    }

    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            ClaimStatus::Open => "受理中",
            ClaimStatus::Reported => "待复核",
            ClaimStatus::Approved => "已复核待支付",
            ClaimStatus::Paid => "已支付",
            ClaimStatus::Withdrawn => "已撤回",
            ClaimStatus::Expired => "已作废",
            ClaimStatus::Cancelled => "结算已撤销",
        }
    }
}

/// What was decided of a line.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The whole amount goes by the catalogue.
    Accept,
    /// A part goes by the catalogue, the rest is the person's.
    Reduce,
    /// The whole amount is the person's.
    Refuse,
}

impl Verdict {
    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Verdict::Accept => "通过",
            Verdict::Reduce => "核减",
            Verdict::Refuse => "不予支付",
        }
    }
}

/// A decision about a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineDecision {
    /// What.
    pub verdict: Verdict,
    /// Of a reduced line what goes by the catalogue, fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<i64>,
    /// The coded reason of a line that was reduced or refused.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Who decided.
    pub by: String,
}

/// A line as it was submitted, matched and decided. An empty code is an item that is not matched to the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimLine {
    /// The line.
    pub line: Line,
    /// What was decided last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<LineDecision>,
}

/// What kind of paper.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// 票据: its number is used once.
    Invoice,
    /// 费用清单.
    FeeList,
    /// 出院小结.
    DischargeSummary,
    /// 诊断证明.
    Diagnosis,
    /// 处方.
    Prescription,
    /// Anything else.
    Other,
}

/// A paper that came with a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// What kind.
    pub kind: DocumentKind,
    /// 票据代码, where it has one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// Its number; empty where it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub no: String,
    /// Of an invoice, how much was paid, fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
}

impl Document {
    /// The id of the row that says which claim uses an invoice; `None` for other papers.
    pub fn invoice_id(&self) -> Option<String> {
        let id = || if self.code.is_empty() { self.no.clone() } else { format!("{}/{}", self.code, self.no) };
        (self.kind == DocumentKind::Invoice).then(id)
    }
}

/// What a claim would come to, as it was reported for approval, fen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reckoned {
    /// The hash of the table.
    pub table: String,
    /// 医疗费总额.
    pub total: i64,
    /// 基金支付总额.
    pub fund_paid: i64,
    /// 个人账户支付.
    pub account_paid: i64,
    /// 家庭共济支付.
    pub mutual_aid_paid: i64,
    /// 现金: what stays the person's.
    pub cash_paid: i64,
}

/// One step of a claim's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimStep {
    /// The record.
    pub seq: u64,
    /// The day.
    pub on: Date,
    /// What was done, by the command's name.
    pub what: String,
    /// In which role.
    pub role: Role,
    /// Who.
    pub by: String,
    /// Why, where it was said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// A claim. Names are those of the case format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// `R` and the record that took it in.
    pub id: String,
    /// Whose.
    pub person: String,
    /// The area that insures.
    pub area: String,
    /// Where the person was treated. One that the agency does not know is described here and is never designated.
    pub institution: Institution,
    /// 医疗类别.
    pub care_type: String,
    /// The day of the bill.
    pub date: Date,
    /// 入院日期.
    pub admitted_on: Date,
    /// 出院日期.
    pub discharged_on: Date,
    /// 备案类型.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filing: Option<String>,
    /// 急诊转住院.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub from_emergency: bool,
    /// 就医原因.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Diseases by names of the pack.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
    /// Whether the own account may pay.
    pub use_account: bool,
    /// Whether relatives' accounts may pay.
    pub use_mutual_aid: bool,
    /// The lines.
    pub lines: Vec<ClaimLine>,
    /// The papers.
    pub documents: Vec<Document>,
    /// How it stands.
    pub status: ClaimStatus,
    /// Who submitted it.
    pub submitted_by: String,
    /// Who decided lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decided_by: Vec<String>,
    /// Who reported it for approval.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reported_by: String,
    /// What it would come to, while it waits for approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reckoned: Option<Reckoned>,
    /// The live settlement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settlement: Option<String>,
    /// What is owed to the person by that settlement, fen.
    #[serde(default)]
    pub due: i64,
    /// What was paid of it and did not come back, fen.
    #[serde(default)]
    pub paid: i64,
    /// Every payment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payments: Vec<String>,
    /// What was done, in order.
    pub history: Vec<ClaimStep>,
}

impl Row for Claim {
    const KIND: &'static str = "claim";
}

impl Claim {
    /// The number of the record that took it in, as ids of lists have it.
    pub fn order(&self) -> String {
        let digits = self.id.trim_start_matches('R');
        format!("{digits:0>20}")
    }

    /// The id of the empty row that lists it under area and status.
    pub fn listed(&self) -> String {
        format!("{}/{}/{}", self.area, self.status.name(), self.order())
    }
}

/// The claim that uses an invoice; the row's id is `code/number`, or the number alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// The claim.
    pub claim: String,
}

impl Row for Invoice {
    const KIND: &'static str = "invoice";
}
