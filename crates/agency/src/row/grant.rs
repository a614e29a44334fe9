//! Who may draw on whose account (家庭共济).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{FilingStatus, Proof, Reviewed};
use crate::desk::Row;

/// A grant: a relative's account may be drawn on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The grant's number: `G` and the record that made it.
    pub id: String,
    /// Whose account it is.
    pub grantor: String,
    /// What the grantor is to the beneficiary (`spouse`, `child` …).
    pub relation: String,
    /// First day.
    pub from: Date,
    /// Last day; `None` while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// For what: kinds of care and other uses of an account, by names of the case format; everything where empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purposes: Vec<String>,
    /// How much.
    #[serde(default, skip_serializing_if = "Limits::is_none")]
    pub limits: Limits,
    /// When it was paused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paused: Vec<Pause>,
    /// Where it was applied for: how that stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<Application>,
}

/// A stretch during which nothing is drawn under a grant.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// First day.
    pub from: Date,
    /// Last day; `None` while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

/// How much may be drawn under a grant, in fen; no limit where left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// By one bill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_draw: Option<i64>,
    /// In a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_day: Option<i64>,
    /// In a calendar month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_month: Option<i64>,
    /// In a calendar year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_year: Option<i64>,
    /// As long as it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
}

impl Limits {
    /// Whether there is none.
    pub fn is_none(&self) -> bool {
        *self == Limits::default()
    }
}

/// A grant that was applied for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// How it stands.
    pub status: FilingStatus,
    /// What proves the relationship.
    pub proof: Proof,
    /// Who applied.
    pub by: String,
    /// When.
    pub on: Date,
    /// What a second person said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<Reviewed>,
}

impl Grant {
    /// Whether it was given: at once, or after a review.
    pub fn is_given(&self) -> bool {
        self.application.as_ref().is_none_or(|asked| asked.status == FilingStatus::Valid)
    }

    /// Whether it was applied for and not given: nothing comes of it any more.
    pub fn is_refused(&self) -> bool {
        self.application.as_ref().is_some_and(|asked| asked.status == FilingStatus::Refused)
    }

    /// Whether something may be drawn under it on a day.
    pub fn holds(&self, day: Date) -> bool {
        let within = |from: Date, to: Option<Date>| from <= day && to.is_none_or(|to| day <= to);
        self.is_given()
            && within(self.from, self.to)
            && !self.paused.iter().any(|pause| within(pause.from, pause.to))
    }

    /// Whether it is for a purpose: a kind of care, or another use of an account.
    pub fn serves(&self, purpose: &str) -> bool {
        self.purposes.is_empty() || self.purposes.iter().any(|known| known == purpose)
    }
}

/// The id of the tally of what was drawn under a grant with limits, in a calendar year, or (`total`) as long as it lasts.
pub fn grant_tally_id(grant: &str, period: &str) -> String {
    format!("grant/{grant}/{period}")
}

/// The grants of a beneficiary, in the order in which they are drawn on. The row's id is the beneficiary's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grants {
    /// In order of filing.
    pub grants: Vec<Grant>,
}

impl Row for Grants {
    const KIND: &'static str = "grants";
}

impl Grants {
    /// Those in force on a day.
    pub fn on(&self, day: Date) -> impl Iterator<Item = &Grant> {
        self.grants.iter().filter(move |grant| grant.holds(day))
    }
}
