//! Totals of an institution's days, compared as the model does it.

use std::collections::BTreeMap;

use gongji_agency::command::CompareTotals;
use gongji_cases::request::choice;
use gongji_policy::Dimension;
use jiff::civil::Date;
use serde_json::json;

use super::clearing::Done;
use super::decide::Wrong;
use super::state::State;

/// Kinds of care that are dealt, with the code under which they are cleared.
const CLEARED: [(&str, &str); 4] =
    [("outpatient", "11"), ("emergency", "13"), ("inpatient", "21"), ("pharmacy", "41")];

impl State {
    /// The totals of some days by scheme and kind of clearing: count, total, funds, accounts, cash.
    pub fn totals_of(&self, id: &str, from: Date, to: Date) -> BTreeMap<(String, String), [i64; 5]> {
        let mut sums: BTreeMap<(String, String), [i64; 5]> = BTreeMap::new();
        for moved in self.moved_on(id, from, to) {
            let bill = &self.bills[&moved.bill];
            let code = CLEARED
                .iter()
                .find(|(care, _)| choice(Dimension::CareType, care) == Some(bill.event.care_type))
                .map_or("99", |(_, code)| code);
            let [total, funds, accounts, cash] = self.told_of(moved);
            let sum = sums.entry((bill.insured.scheme.clone(), code.to_owned())).or_default();
            sum.iter_mut().zip([1, total, funds, accounts, cash]).for_each(|(sum, part)| *sum += part);
        }
        sums
    }

    pub fn compare_totals(&mut self, actor: &str, asked: &CompareTotals) -> Done {
        let mut wrong = Wrong::default();
        let id = &asked.institution;
        let days = self.days_wrong(actor, id, asked.from, asked.to, &mut wrong);
        if !wrong.0.is_empty() {
            return Err(wrong.0);
        }
        let here = self.totals_of(id, asked.from, asked.to);
        let there = asked.groups.iter().map(|group| {
            let sums =
                [group.total, group.fund_paid, group.account_paid, group.cash_paid].map(|fen| fen.fen());
            let [total, funds, accounts, cash] = sums;
            let key = (group.scheme.clone(), group.clearing_type.clone());
            (key, [i64::from(group.count), total, funds, accounts, cash])
        });
        let there: BTreeMap<(String, String), [i64; 5]> = there.collect();
        // A group of nothing is one that is not told.
        let told = |side: BTreeMap<(String, String), [i64; 5]>| -> BTreeMap<(String, String), [i64; 5]> {
            side.into_iter().filter(|(_, sums)| *sums != [0; 5]).collect()
        };
        let agrees = told(here) == told(there);
        self.seq += 1;
        for day in days {
            self.compared(id, day, agrees);
        }
        let comparison = format!("R{}", self.seq);
        Ok(("compare_totals", None, json!({ "comparison": comparison, "agrees": agrees })))
    }
}
