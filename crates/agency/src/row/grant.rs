//! Who may draw on whose account (家庭共济).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

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
        self.grants.iter().filter(move |grant| grant.from <= day && grant.to.is_none_or(|to| day <= to))
    }
}
