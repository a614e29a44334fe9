//! Visits and stays, and their lines.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::desk::Row;

/// How a visit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitStatus {
    /// Lines may be uploaded and settled.
    Open,
    /// Settled to the end (出院结算 or the last bill).
    Closed,
    /// 撤销登记.
    Cancelled,
}

/// Lines that were uploaded together. They are settled or cancelled together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// From 1.
    pub no: u32,
    /// How many lines.
    pub lines: u32,
    /// What they cost, fen.
    pub total: i64,
    /// Whether they were cancelled.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cancelled: bool,
    /// The record that settled them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<u64>,
}

impl Batch {
    /// Whether its lines wait to be settled.
    pub fn waits(&self) -> bool {
        !self.cancelled && self.settled.is_none()
    }
}

/// A visit (门诊挂号) or a stay (入院登记). Names are those of the case format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// `V` and the record that opened it.
    pub id: String,
    /// Whose.
    pub person: String,
    /// Where.
    pub institution: String,
    /// 医疗类别.
    pub care_type: String,
    /// The day of registration or admission.
    pub opened_on: Date,
    /// 备案类型, away from home.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filing: Option<String>,
    /// The first visit of the chain of transfers that this one belongs to.
    pub stay: String,
    /// The visit that the person was transferred from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer_from: Option<String>,
    /// 急诊转住院.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub from_emergency: bool,
    /// 家庭医生签约.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family_doctor: Option<bool>,
    /// 就医原因.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Chronic or special diseases, by names of the pack.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
    /// The institution that issued the prescription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prescribed_by: Option<String>,
    /// How it stands.
    pub status: VisitStatus,
    /// 出院日期.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discharged_on: Option<Date>,
    /// What was uploaded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub batches: Vec<Batch>,
    /// The live settlements, by record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settlements: Vec<u64>,
}

impl Row for Visit {
    const KIND: &'static str = "visit";
}

impl Visit {
    /// Whether it is a stay: the person lies in one institution at a time.
    pub fn is_stay(&self) -> bool {
        matches!(self.care_type.as_str(), "inpatient" | "maternity_inpatient" | "home_bed" | "day_surgery")
    }
}

/// A line of a visit by where it was uploaded.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineAt {
    /// The batch.
    pub batch: u32,
    /// Its place in the batch, from 1.
    pub line: u32,
}

/// One line of a bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The item's code in the catalogue.
    pub code: String,
    /// Its name as the institution writes it.
    pub name: String,
    /// The day of the service.
    pub on: Date,
    /// How many units, as text (`1.5`).
    pub quantity: String,
    /// The price of one unit, fen.
    pub unit_price: i64,
    /// What the line costs, fen; below zero where it takes another one back.
    pub amount: i64,
    /// The line that it takes back (退费), whole or in part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returns: Option<LineAt>,
    /// Whether it was cancelled.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cancelled: bool,
}

/// The lines of one batch; the row's id is `visit/no` with the number in eight digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    /// In the order of upload.
    pub lines: Vec<Line>,
}

impl Row for Lines {
    const KIND: &'static str = "lines";
}

impl Lines {
    /// The row's id.
    pub fn id(visit: &str, no: u32) -> String {
        format!("{visit}/{no:08}")
    }
}

/// In which stay a person lies now; the row's id is the person's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admitted {
    /// The visit.
    pub visit: String,
}

impl Row for Admitted {
    const KIND: &'static str = "admitted";
}
