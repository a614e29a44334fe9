//! Employers, and the wages that are declared.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::desk::Row;

/// An employer that pays contributions. The row's id is its number.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Employer {
    /// 单位编号.
    pub id: String,
    /// 单位名称.
    pub name: String,
    /// The area that collects from it.
    pub area: String,
    /// First day.
    pub from: Date,
    /// Last day; `None` while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_on: Option<Date>,
}

impl Row for Employer {
    const KIND: &'static str = "employer";
}

/// An amount that is declared from a month on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclaredFrom {
    /// The first month (`2026-03`).
    pub from: String,
    /// The monthly wage, the base that was chosen, or the pension, in fen.
    pub amount: i64,
}

/// What is declared for a person by a payer, and for which months a bill was made. The row's id is `payer/person`; the payer is an employer's number, or
/// one of [`flexible_payer`] and [`pension_payer`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declared {
    /// In order of months.
    pub amounts: Vec<DeclaredFrom>,
    /// The bill of each month that was billed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub billed: BTreeMap<String, String>,
}

impl Row for Declared {
    const KIND: &'static str = "declared";
}

/// So many months of bills are remembered for a person and payer.
const MOST_BILLED: usize = 36;

impl Declared {
    /// What holds in a month, in fen.
    pub fn in_month(&self, period: &str) -> Option<i64> {
        self.amounts.iter().rev().find(|declared| declared.from.as_str() <= period).map(|found| found.amount)
    }

    /// Declares an amount from a month on. Whether that changes anything.
    pub fn declare(&mut self, from: &str, amount: i64) -> bool {
        match self.amounts.iter_mut().find(|declared| declared.from == from) {
            Some(known) if known.amount == amount => return false,
            Some(known) => known.amount = amount,
            None => {
                let place = self.amounts.partition_point(|declared| declared.from.as_str() < from);
                self.amounts.insert(place, DeclaredFrom { from: from.to_owned(), amount });
            }
        }
        true
    }

    /// Remembers the bill of a month.
    pub fn bill(&mut self, period: &str, bill: &str) {
        self.billed.insert(period.to_owned(), bill.to_owned());
        while self.billed.len() > MOST_BILLED {
            self.billed.pop_first();
        }
    }
}

/// Under what the bases of an area's flexible workers are declared. No employer has such a number.
pub fn flexible_payer(area: &str) -> String {
    format!("flexible:{area}")
}

/// Under what the pensions of an area's retired people are declared.
pub fn pension_payer(area: &str) -> String {
    format!("pension:{area}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_declaration_before_a_month_holds() {
        let mut declared = Declared::default();
        assert!(declared.declare("2026-07", 700));
        assert!(declared.declare("2026-01", 100));
        assert!(!declared.declare("2026-01", 100));
        let of = |period| declared.in_month(period);
        assert_eq!(
            (of("2025-12"), of("2026-06"), of("2026-07"), of("2027-01")),
            (None, Some(100), Some(700), Some(700))
        );
    }
}
