//! What an institution settled on a day: the totals that a reconciliation begins with.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::desk::Row;

const fn none(fen: &i64) -> bool {
    *fen == 0
}

/// Sums over settlements and their cancellations, a cancellation negative. All but the two numbers in fen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaySums {
    /// How many settlements.
    pub settled: i64,
    /// How many cancellations.
    #[serde(default, skip_serializing_if = "none")]
    pub cancelled: i64,
    /// 医疗费总额.
    pub total: i64,
    /// 统筹基金.
    #[serde(default, skip_serializing_if = "none")]
    pub pooled_fund: i64,
    /// 职工大额补助.
    #[serde(default, skip_serializing_if = "none")]
    pub large_sum_fund: i64,
    /// 大病保险.
    #[serde(default, skip_serializing_if = "none")]
    pub critical_illness_fund: i64,
    /// 补充保险.
    #[serde(default, skip_serializing_if = "none")]
    pub enterprise_supplement: i64,
    /// 公务员补助.
    #[serde(default, skip_serializing_if = "none")]
    pub civil_servant_aid: i64,
    /// 医疗救助.
    #[serde(default, skip_serializing_if = "none")]
    pub medical_assistance: i64,
    /// 其他基金.
    #[serde(default, skip_serializing_if = "none")]
    pub other_fund: i64,
    /// 个人账户支付, own.
    #[serde(default, skip_serializing_if = "none")]
    pub account_paid: i64,
    /// 家庭共济支付.
    #[serde(default, skip_serializing_if = "none")]
    pub mutual_aid_paid: i64,
    /// 医院负担.
    #[serde(default, skip_serializing_if = "none")]
    pub hospital_borne: i64,
    /// 现金.
    #[serde(default, skip_serializing_if = "none")]
    pub cash_paid: i64,
    /// What the agency owes the institution of it: everything but cash and what the institution bears.
    #[serde(default, skip_serializing_if = "none")]
    pub payable: i64,
    /// How much of that was drawn from personal accounts in the books of the area that settles with the institution.
    #[serde(default, skip_serializing_if = "none")]
    pub from_accounts: i64,
}

impl DaySums {
    /// How many bills, negative ones counted as well: what both sides count.
    pub const fn count(&self) -> i64 {
        self.settled.saturating_add(self.cancelled)
    }

    /// 基金支付总额, accounts not included; `None` beyond `i64`.
    pub fn fund_paid(&self) -> Option<i64> {
        [
            self.pooled_fund,
            self.large_sum_fund,
            self.critical_illness_fund,
            self.enterprise_supplement,
            self.civil_servant_aid,
            self.medical_assistance,
            self.other_fund,
        ]
        .into_iter()
        .try_fold(0_i64, i64::checked_add)
    }

    /// 个人账户支付, relatives' included; `None` beyond `i64`.
    pub fn accounts(&self) -> Option<i64> {
        self.account_paid.checked_add(self.mutual_aid_paid)
    }

    fn each(&mut self) -> [&mut i64; 16] {
        [
            &mut self.settled,
            &mut self.cancelled,
            &mut self.total,
            &mut self.pooled_fund,
            &mut self.large_sum_fund,
            &mut self.critical_illness_fund,
            &mut self.enterprise_supplement,
            &mut self.civil_servant_aid,
            &mut self.medical_assistance,
            &mut self.other_fund,
            &mut self.account_paid,
            &mut self.mutual_aid_paid,
            &mut self.hospital_borne,
            &mut self.cash_paid,
            &mut self.payable,
            &mut self.from_accounts,
        ]
    }

    /// Adds others; `None` beyond `i64`.
    #[must_use]
    pub fn plus(mut self, mut other: DaySums) -> Option<DaySums> {
        for (mine, other) in self.each().into_iter().zip(other.each()) {
            *mine = mine.checked_add(*other)?;
        }
        Some(self)
    }

    /// The sums of one settlement as its cancellation takes them back: the amounts negated, one cancellation in place of one settlement.
    #[must_use]
    pub fn taken_back(mut self) -> Option<DaySums> {
        let count = self.settled;
        for mine in self.each() {
            *mine = mine.checked_neg()?;
        }
        (self.settled, self.cancelled) = (0, count);
        Some(self)
    }
}

/// The settlements of one business day at one institution, of people insured in one area and scheme, for one kind of care; the row's id is
/// [`clearing_day_id`]. A cancellation counts on its own day. Derived from the journal alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClearingDay {
    /// The sums.
    #[serde(flatten)]
    pub sums: DaySums,
    /// The last record among them; each names the one before.
    pub last: u64,
}

impl Row for ClearingDay {
    const KIND: &'static str = "clearing_day";
}

/// The id of a day's row: `H1/2026-03-09/410100/employee/inpatient`; the area is that of the insurance.
pub fn clearing_day_id(institution: &str, day: Date, area: &str, scheme: &str, care_type: &str) -> String {
    format!("{institution}/{day}/{area}/{scheme}/{care_type}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_settlement_and_its_cancellation_leave_two_bills_of_nothing() {
        let one = DaySums {
            settled: 1,
            total: 500,
            pooled_fund: 300,
            cash_paid: 200,
            payable: 300,
            ..DaySums::default()
        };
        let both = one.taken_back().and_then(|back| back.plus(one)).expect("in range");
        assert_eq!(both, DaySums { settled: 1, cancelled: 1, ..DaySums::default() });
        assert_eq!((both.count(), one.fund_paid(), one.accounts()), (2, Some(300), Some(0)));
        assert_eq!(DaySums { total: i64::MAX, ..one }.plus(one), None);
    }

    #[test]
    fn rows_read_back() {
        let row = ClearingDay {
            sums: DaySums { settled: 2, total: 900, payable: 5, ..DaySums::default() },
            last: 7,
        };
        let text = serde_json::to_string(&row).expect("text");
        assert_eq!(text, r#"{"settled":2,"total":900,"payable":5,"last":7}"#);
        assert_eq!(serde_json::from_str::<ClearingDay>(&text).expect("a row"), row);
    }
}
