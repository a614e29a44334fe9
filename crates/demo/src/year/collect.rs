//! Contributions: employers who pay monthly, some in parts and some late, and people who pay for themselves, whose debits fail now and then.

use std::collections::{BTreeMap, VecDeque};

use gongji_agency::command::{
    BillContributions, BillFlexible, ChargeLateFee, ChooseBase, Command, CreditAccounts, DebitAsked,
    DeclarePensions, DeclareWages, PensionAsked, PrecreditAccounts, ReceivePayment, RecordDebits,
    RegisterEmployer, SplitContributions, WageAsked,
};
use gongji_agency::job::MOST_A_STEP;
use gongji_money::Fen;
use jiff::civil::Date;
use serde_json::Value;

use super::work::{Work, fen, is_done, text};
use super::{Owed, Place, first_of, period};
use crate::DemoError;
use crate::home::{Home, Kin};
use crate::random::Random;

/// What only says that accounts are not credited so in an area.
const OTHER_CYCLE: [&str; 2] = ["credited_ahead", "credited_monthly"];

impl Work<'_> {
    /// Amounts in full tens of yuan, as they are declared.
    fn declared(&self, payer: &Kin, [least, most]: [i64; 2]) -> Fen {
        let mut random = Random::of(self.seed ^ 0xA9E5, payer.number);
        Fen::new(random.between(least / 10, most / 10) * 1_000)
    }

    /// Employers, wages, bases, pensions, and what is credited a year ahead.
    pub fn declare(&mut self, place: &mut Place<'_>, homes: &[&Home], year: i16) -> Result<(), DemoError> {
        let first = first_of(year, 1)?;
        let collection = self.mix.collection;
        let from = format!("{year:04}-01");
        let mut workers: BTreeMap<&str, Vec<WageAsked>> = BTreeMap::new();
        let mut pensions = Vec::new();
        for kin in homes.iter().flat_map(|home| &home.members) {
            if let Some(employer) = &kin.employer {
                let wage = self.declared(kin, collection.wage);
                workers.entry(employer).or_default().push(WageAsked { person: kin.id.clone(), wage });
            } else if kin.of(self.mix, "flexible") {
                let base = self.declared(kin, collection.base);
                let choose = ChooseBase { person: kin.id.clone(), from: from.clone(), base };
                place.flexible |= self.book(Command::ChooseBase(choose))?.is_some();
            } else if kin.of(self.mix, "retired") {
                let pension = self.declared(kin, collection.pension);
                pensions.push(PensionAsked { person: kin.id.clone(), pension });
            }
        }
        for people in pensions.chunks(MOST_A_STEP) {
            self.book(Command::DeclarePensions(DeclarePensions {
                area: place.area.code.clone(),
                from: from.clone(),
                people: people.to_vec(),
            }))?;
        }
        for (number, (employer, people)) in workers.into_iter().enumerate() {
            let name = format!("{}演示单位{}", place.area.name.trim_end_matches('市'), number + 1);
            let area = place.area.code.clone();
            let register = RegisterEmployer { id: employer.to_owned(), name, area, from: first };
            if self.book(Command::RegisterEmployer(register))?.is_none() {
                continue;
            }
            self.made.employers += 1;
            for people in people.chunks(MOST_A_STEP) {
                self.book(Command::DeclareWages(DeclareWages {
                    employer: employer.to_owned(),
                    from: from.clone(),
                    people: people.to_vec(),
                }))?;
            }
            place.employers.insert(employer.to_owned(), Vec::new());
        }
        self.ahead(place, first)
    }

    /// What is credited a year ahead.
    pub fn ahead(&mut self, place: &Place<'_>, first: Date) -> Result<(), DemoError> {
        self.steps(&OTHER_CYCLE, |after| {
            let area = place.area.code.clone();
            Command::PrecreditAccounts(PrecreditAccounts { area, year: first, after })
        })
        .map(drop)
    }

    /// Takes every step of a command that answers after whom it goes on; whether it came to its end.
    pub fn steps(&mut self, nothing: &[&str], make: impl Fn(String) -> Command) -> Result<bool, DemoError> {
        let mut after = String::new();
        loop {
            let Some(answer) = self.book_unless(make(after), nothing)? else { return Ok(false) };
            if is_done(&answer) {
                return Ok(true);
            }
            after = text(&answer, "after").to_owned();
        }
    }

    /// A month: bills, what is paid of them, and debits up to `today`.
    pub fn month(&mut self, place: &mut Place<'_>, first: Date, today: Date) -> Result<(), DemoError> {
        let mut employers = std::mem::take(&mut place.employers);
        for (employer, owed) in &mut employers {
            let known = &mut place.late_fees;
            if !self.employer((&mut place.random, known), employer, owed, first)? {
                // The rules of the area do not know how: nobody else there is asked in this month.
                break;
            }
        }
        place.employers = employers;
        if place.retired {
            let period = period(first);
            place.retired = self.steps(&OTHER_CYCLE, |after| {
                let area = place.area.code.clone();
                Command::CreditAccounts(CreditAccounts { area, period: period.clone(), after })
            })?;
        }
        self.flexible(place, first, today)
    }

    /// The month of an employer: billed, paid with what was left of the months before, split. Whether the rules know how.
    fn employer(
        &mut self,
        (random, late_fees): (&mut Random, &mut bool),
        employer: &str,
        owed: &mut Vec<Owed>,
        first: Date,
    ) -> Result<bool, DemoError> {
        let mut after = String::new();
        let answer = loop {
            let bill = BillContributions {
                employer: employer.to_owned(),
                period: period(first),
                after,
                due_on: None,
            };
            let Some(answer) = self.book(Command::BillContributions(bill))? else { return Ok(false) };
            if is_done(&answer) {
                break answer;
            }
            after = text(&answer, "after").to_owned();
        };
        self.made.bills += 1;
        owed.push(Owed { bill: text(&answer, "bill").to_owned(), fen: fen(&answer, "owed") });
        let collection = self.mix.collection;
        let (late, in_parts) = (random.in_thousand(collection.late), random.in_thousand(collection.in_parts));
        // Late once only: the month after pays both.
        if late && owed.len() == 1 {
            return Ok(true);
        }
        let total: i64 = owed.iter().map(|owed| owed.fen.fen()).sum();
        let part = if in_parts { total / 3 } else { 0 };
        for (amount, day) in [(part, 12), (total - part, 26)] {
            if amount > 0 && !self.pay(employer, amount, first, day)? {
                return Ok(false);
            }
        }
        let last = owed.len().saturating_sub(1);
        for (at, Owed { bill, .. }) in owed.drain(..).enumerate() {
            if !self.split(&bill)? {
                return Ok(false);
            }
            if at < last && *late_fees {
                *late_fees = self.late_fee(employer, bill, first)?;
            }
        }
        Ok(true)
    }

    /// Splits what was paid of a bill; whether the rules know how.
    fn split(&mut self, bill: &str) -> Result<bool, DemoError> {
        for part in 0.. {
            let split = SplitContributions { bill: bill.to_owned(), part };
            let Some(answer) = self.book(Command::SplitContributions(split))? else { return Ok(false) };
            if is_done(&answer) {
                break;
            }
        }
        Ok(true)
    }

    /// The fee for a bill that was paid late, and its payment; whether the rules know one.
    fn late_fee(&mut self, employer: &str, bill: String, first: Date) -> Result<bool, DemoError> {
        let charge = Command::ChargeLateFee(ChargeLateFee { bill });
        let Some(fee) = self.book(charge)? else { return Ok(false) };
        self.made.late_fees += 1;
        self.pay(employer, fen(&fee, "fee").fen(), first, 28)?;
        self.split(text(&fee, "bill"))
    }

    fn pay(&mut self, payer: &str, amount: i64, first: Date, day: i8) -> Result<bool, DemoError> {
        let pay = ReceivePayment {
            payer: payer.to_owned(),
            amount: Fen::new(amount),
            date: Some(first.with().day(day).build().unwrap_or(first)),
            reference: format!("演示回单 {}", period(first)),
        };
        Ok(self.book(Command::ReceivePayment(pay))?.is_some())
    }

    /// The month of those who pay for themselves.
    fn flexible(&mut self, place: &mut Place<'_>, first: Date, today: Date) -> Result<(), DemoError> {
        let mut after = String::new();
        while place.flexible {
            let bill = BillFlexible { area: place.area.code.clone(), period: period(first), after };
            let Some(answer) = self.book(Command::BillFlexible(bill))? else { break };
            let mut days: BTreeMap<Date, Vec<String>> = BTreeMap::new();
            for bill in answer.get("bills").and_then(Value::as_array).into_iter().flatten() {
                let day = text(bill, "debit_on").parse().unwrap_or(first.last_of_month());
                days.entry(day).or_default().push(text(bill, "bill").to_owned());
                self.made.bills += 1;
            }
            place.debits.extend(days.into_iter().map(|(day, bills)| (day, bills, false)));
            if is_done(&answer) {
                break;
            }
            after = text(&answer, "after").to_owned();
        }
        self.debit(place, today)
    }

    /// The debits whose day has come: some fail, and succeed when they are tried again.
    pub fn debit(&mut self, place: &mut Place<'_>, today: Date) -> Result<(), DemoError> {
        let mut later = VecDeque::new();
        while let Some((day, bills, again)) = place.debits.pop_front() {
            if day > today {
                later.push_back((day, bills, again));
                continue;
            }
            let mut debits = Vec::with_capacity(bills.len());
            for bill in bills {
                let fails = !again && place.random.in_thousand(self.mix.collection.debit_fails);
                self.made.failed_debits += u64::from(fails);
                debits.push(DebitAsked { bill, failed: fails.then(|| "余额不足".to_owned()) });
            }
            let tried = debits.len() as u64;
            let record = RecordDebits { area: place.area.code.clone(), date: Some(day), debits };
            let Some(answer) = self.book(Command::RecordDebits(record))? else {
                place.flexible = false;
                continue;
            };
            let mut days: BTreeMap<Date, Vec<String>> = BTreeMap::new();
            for debit in answer.get("debits").and_then(Value::as_array).into_iter().flatten() {
                // Without a second day in the rules the bill stays owed.
                if let Ok(day) = text(debit, "again_on").parse() {
                    days.entry(day).or_default().push(text(debit, "bill").to_owned());
                }
            }
            place.debits.extend(days.into_iter().map(|(day, bills)| (day, bills, true)));
            if again {
                self.made.retried_debits += tried;
            }
        }
        place.debits = later;
        Ok(())
    }
}
