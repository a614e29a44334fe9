//! Years of funds: closed or about to be.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::desk::Row;

/// The close of a calendar year of an area's funds; the row's id is `410100/2026`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FundYear {
    /// Who submitted the close.
    pub by: String,
    /// Who released it; nobody yet while the year is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released_by: Option<String>,
    /// When it was released: from then on no money is booked for a day of the year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_on: Option<Date>,
    /// What each fund held at the end of the year, fen, by `scheme/fund`; `accounts` for the personal accounts.
    pub closing: BTreeMap<String, i64>,
}

impl Row for FundYear {
    const KIND: &'static str = "fund_year";
}

impl FundYear {
    /// Whether funds that close with these amounts (fen) are what was submitted. One that held nothing is as good as one that had no money yet.
    pub fn is_still(&self, closing: &BTreeMap<String, i64>) -> bool {
        let held = |closing: &BTreeMap<String, i64>| -> BTreeMap<String, i64> {
            closing.iter().filter(|(_, fen)| **fen != 0).map(|(fund, fen)| (fund.clone(), *fen)).collect()
        };
        held(&self.closing) == held(closing)
    }
}

/// The row's id.
pub fn fund_year_id(area: &str, year: i16) -> String {
    format!("{area}/{year:04}")
}
