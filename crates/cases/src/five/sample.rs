//! Sample bills: what a visit and a stay would come to, to show by whose money they are paid.

use gongji_money::Fen;
use gongji_policy::Dimension;
use gongji_policy::view::value_label;
use serde_json::{Value, json};

use super::answer::Gap;
use super::asking::{Asking, gap, miss};
use crate::answer::{BillAnswer, Yuan};
use crate::error::CaseError;

/// A bill with several states of the purses.
pub(super) struct Sample {
    /// The kind of care.
    pub care: String,
    /// The kind of care, as people read it.
    pub label: String,
    /// What and where, in words.
    pub about: String,
    /// The event in the case format.
    pub event: Value,
    /// With what is in the purses.
    pub own: BillAnswer,
    /// With nothing in any purse.
    pub empty: BillAnswer,
    /// With money of this year and of years before in the own account, where the person has one.
    pub filled: Option<BillAnswer>,
}

/// The samples, and what has none.
#[derive(Default)]
pub(super) struct Samples {
    pub all: Vec<Sample>,
    pub gaps: Vec<Gap>,
}

/// A visit, then a stay; how much each comes to, in yuan. All of it is in scope.
const CARES: [(&str, &str); 2] = [("outpatient", "3000.00"), ("inpatient", "20000.00")];
/// Where, in the order of trying: the first that the area has rules for.
const LEVELS: [&str; 5] = ["3", "2", "1", "primary", "ungraded"];
/// What lies in each part of the account that is filled to see whether it matters.
pub(super) const PROBE: Yuan = Yuan(Fen::new(100_000));

pub(super) fn nothing() -> Value {
    json!({ "current_year": "0.00", "carried_over": "0.00", "mutual_aid": [] })
}

impl Sample {
    fn of(asking: &Asking<'_>, event: Value, about: String) -> Result<Sample, CaseError> {
        let empty = asking.bill(&event, &nothing())?;
        let own = asking.bill(&event, &asking.json["purses"])?;
        let purse = PROBE.to_string();
        let filled = json!({ "current_year": purse, "carried_over": purse, "mutual_aid": [] });
        let filled = asking.has_account().then(|| asking.bill(&event, &filled)).transpose()?;
        Ok(Sample {
            care: empty.benefit.care_type.clone(),
            label: empty.benefit.care_type_label.clone(),
            about,
            event,
            own,
            empty,
            filled,
        })
    }

    /// Whether the fund pays the same whatever lies in the account.
    pub fn is_fund_first(&self) -> bool {
        let fund = self.empty.fund_paid_total;
        self.own.fund_paid_total == fund
            && self.filled.as_ref().is_none_or(|filled| filled.fund_paid_total == fund)
    }
}

fn usual(asking: &Asking<'_>, care: &str, total: &str) -> Result<Sample, CaseError> {
    let mut first = None;
    for level in LEVELS {
        let is_hospital = matches!(level, "1" | "2" | "3");
        let grade = if is_hospital { "A" } else { "none" };
        let kind = if is_hospital { "hospital" } else { "community" };
        let event = json!({
            "kind": "bill",
            "date": asking.case.date.to_string(),
            "care_type": care,
            "facility": { "level": level, "grade": grade, "type": kind, "admin_level": "municipal" },
            "family_doctor": false,
            "charges": { "total": total },
        });
        let where_ = value_label(Dimension::Level, level);
        let place = if is_hospital { "甲等市属医院" } else { "机构" };
        let money = total.parse::<Fen>().map_or_else(|_| total.to_owned(), Fen::grouped);
        let kind = value_label(Dimension::CareType, care);
        let about =
            format!("设想在参保地的{where_}{place}{kind}一次，一共 {money} 元，全部在政策范围内，今年第一次");
        match Sample::of(asking, event, about) {
            Ok(sample) => return Ok(sample),
            Err(error) => first = first.or(Some(error)),
        }
    }
    Err(first.unwrap_or_else(|| CaseError::new(crate::ErrorCode::NoBenefit, "", "没有规则")))
}

impl Samples {
    /// The person's own bill, or else a visit and a stay.
    pub fn of(asking: &Asking<'_>) -> Samples {
        let mut samples = Samples::default();
        if asking.case.bill.is_some() {
            match Sample::of(asking, asking.json["bill"].clone(), "您给的这张单子".to_owned()) {
                Ok(sample) => samples.all.push(sample),
                Err(error) => samples.gaps.push(gap("这张单子", &error)),
            }
            return samples;
        }
        for (care, total) in CARES {
            match usual(asking, care, total) {
                Ok(sample) => samples.all.push(sample),
                Err(error) => {
                    let label = format!("{}的例子", value_label(Dimension::CareType, care));
                    miss(&mut samples.gaps, gap(&label, &error));
                }
            }
        }
        samples
    }
}
