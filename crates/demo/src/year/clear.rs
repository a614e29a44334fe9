//! Clearing: what institutions counted is compared, signed off, cleared and paid; between areas, who owes whom is paid.

use std::collections::BTreeMap;

use gongji_agency::clearing::{DayBill, clearing_type};
use gongji_agency::command::{
    ApproveAreaPayment, ApproveClearing, BillTold, Command, CompareDetails, CompareTotals, ConfirmDays,
    GroupTold, OpenAreaPayment, OpenClearing, PayClearing, ReturnClearingPayment,
};
use gongji_agency::look::{between_areas, institution_bills};
use gongji_money::Fen;
use jiff::ToSpan;
use jiff::civil::Date;

use super::period;
use super::work::{Work, fen, institution, text};
use crate::DemoError;
use crate::ground::{Area, institution_id};

/// One yuan: by so much an institution is wrong once.
const WRONG: i64 = 100;

/// What an institution counts, by scheme and kind of clearing.
fn totals(bills: &[DayBill]) -> Vec<GroupTold> {
    let mut groups: BTreeMap<(String, String), [i64; 5]> = BTreeMap::new();
    for bill in bills {
        let key = (bill.scheme.clone(), clearing_type(&bill.care_type).code.to_owned());
        let sums = groups.entry(key).or_default();
        // Bills are below a million million fen and fewer than a million a month: no sum leaves its bounds.
        let each = [1, bill.total, bill.fund_paid, bill.account_paid, bill.cash_paid];
        for (sum, fen) in sums.iter_mut().zip(each) {
            *sum = sum.saturating_add(fen);
        }
    }
    let told =
        |((scheme, clearing_type), [count, total, fund, account, cash]): ((String, String), [i64; 5])| {
            GroupTold {
                scheme,
                clearing_type,
                count: u32::try_from(count).unwrap_or(u32::MAX),
                total: Fen::new(total),
                fund_paid: Fen::new(fund),
                account_paid: Fen::new(account),
                cash_paid: Fen::new(cash),
            }
        };
    groups.into_iter().map(told).collect()
}

fn told(bill: &DayBill) -> BillTold {
    BillTold {
        settlement: bill.settlement.clone(),
        refund: bill.refund,
        date: bill.day,
        total: Fen::new(bill.total),
        fund_paid: Fen::new(bill.fund_paid),
        account_paid: Fen::new(bill.account_paid),
        cash_paid: Fen::new(bill.cash_paid),
    }
}

impl Work<'_> {
    /// The months of the year at every institution of an area, then what it is owed for all of them.
    pub fn clear(&mut self, area: &Area, first: Date, last: Date) -> Result<(), DemoError> {
        for (at, kind) in self.mix.institution.iter().enumerate() {
            let id = institution_id(&area.code, kind);
            for month in 0..12 {
                let from = first.checked_add(month.months()).unwrap_or(first);
                self.compare(&id, from, at == 0 && month == 11)?;
            }
            self.clearing(&id, last, at == 0)?;
        }
        Ok(())
    }

    /// A month of an institution: compared, and signed off. One that is wrong about its totals then tells bill by bill.
    fn compare(&mut self, id: &str, from: Date, wrong: bool) -> Result<(), DemoError> {
        let to = from.last_of_month();
        let bills = self.look(|desk, context| institution_bills(desk, context, id, from, to))?;
        if bills.is_empty() {
            return Ok(());
        }
        let (at, institution_named) = (institution(id), id.to_owned());
        let compare = |groups: Vec<GroupTold>| {
            let institution = institution_named.clone();
            Command::CompareTotals(CompareTotals { institution, from, to, groups })
        };
        let groups = totals(&bills);
        if wrong {
            let mut groups = groups.clone();
            if let Some(first) = groups.first_mut() {
                first.total = Fen::new(first.total.fen() + WRONG);
                first.cash_paid = Fen::new(first.cash_paid.fen() + WRONG);
            }
            self.book_as(&at, compare(groups))?;
            let bills = bills.iter().map(told).collect();
            let details = CompareDetails { institution: id.to_owned(), from, to, bills };
            self.book_as(&at, Command::CompareDetails(details))?;
        }
        if self.book_as(&at, compare(groups))?.is_some() {
            let confirm = ConfirmDays { institution: id.to_owned(), from, to, reason: None };
            self.book_as(&at, Command::ConfirmDays(confirm))?;
        }
        Ok(())
    }

    /// The clearing of everything that was signed off, its approval and payment, which the bank sends back once.
    fn clearing(&mut self, id: &str, last: Date, fails: bool) -> Result<(), DemoError> {
        let open = OpenClearing {
            institution: id.to_owned(),
            month: period(last),
            withhold: Some("5%".to_owned()),
            release: None,
            deductions: Vec::new(),
        };
        let nothing = &["nothing_due"];
        let opened = self.book_unless(Command::OpenClearing(open), nothing)?;
        let Some(opened) = opened else { return Ok(()) };
        let clearing = text(&opened, "clearing").to_owned();
        let approve = ApproveClearing { clearing: clearing.clone() };
        let Some(approved) = self.review(Command::ApproveClearing(approve))? else { return Ok(()) };
        if fen(&approved, "amount").fen() <= 0 {
            return Ok(());
        }
        let pay = || {
            Command::PayClearing(PayClearing {
                clearing: clearing.clone(),
                date: None,
                reference: Some("演示回单".to_owned()),
            })
        };
        self.book(pay())?;
        if fails {
            let reason = "账号不符".to_owned();
            let back = ReturnClearingPayment { clearing: clearing.clone(), date: None, reason };
            self.book(Command::ReturnClearingPayment(back))?;
            self.book(pay())?;
        }
        Ok(())
    }

    /// Every area pays the others what it owes them at the end of a month.
    pub fn settle_between(&mut self, month: Date) -> Result<(), DemoError> {
        let month = period(month);
        for area in self.areas {
            let found = self.look(|desk, context| between_areas(desk, context, &area.code, &month))?;
            for owed in found.into_iter().filter(|between| between.closing > Fen::ZERO) {
                let open = OpenAreaPayment { area: owed.area, other: owed.other, amount: None };
                let Some(opened) = self.book(Command::OpenAreaPayment(open))? else { continue };
                let payment = text(&opened, "payment").to_owned();
                self.review(Command::ApproveAreaPayment(ApproveAreaPayment { payment }))?;
            }
        }
        Ok(())
    }
}
