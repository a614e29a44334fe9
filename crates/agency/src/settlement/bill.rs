//! A bill as it is asked to be settled, before the rules see it.

use std::sync::Arc;

use gongji_cases::request::Charges;
use jiff::civil::Date;

use crate::row::{Institution, Person};

/// One bill of one person at one institution. Names are those of the case format.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Whose.
    pub person: Arc<Person>,
    /// Where.
    pub institution: Arc<Institution>,
    /// The visit and the batches of its lines; `None` for a bill settled at once.
    pub visit: Option<(String, Vec<u32>)>,
    /// The claim, where the person paid the bill and it is reimbursed; then the institution need not be designated.
    pub claim: Option<String>,
    /// 医疗类别.
    pub care_type: String,
    /// 结算日期.
    pub date: Date,
    /// 入院日期.
    pub admitted_on: Date,
    /// 出院日期.
    pub discharged_on: Date,
    /// 备案类型.
    pub filing: Option<String>,
    /// The stay that several bills share.
    pub stay: Option<String>,
    /// 中途结算.
    pub mid_stay: bool,
    /// 急诊转住院.
    pub from_emergency: bool,
    /// 家庭医生签约.
    pub family_doctor: Option<bool>,
    /// 就医原因.
    pub cause: Option<String>,
    /// Diseases by names of the pack.
    pub conditions: Vec<String>,
    /// The institution that issued the prescription.
    pub prescribed_by: Option<Arc<Institution>>,
    /// What it costs.
    pub charges: Charges,
    /// Whether the own account may pay.
    pub use_account: bool,
    /// Whether relatives' accounts may pay.
    pub use_mutual_aid: bool,
    /// The hash of the table that the caller was quoted.
    pub expect: Option<String>,
}
