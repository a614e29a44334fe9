//! A year of contributions on top of the population, its close, and the first month of the next year.
//!
//! One command after the other, area by area: what is handed in follows from the answers before. Where the rules of an area do not know what a
//! command asks, they refuse it: the area's month goes without, and the refusal is counted. Nothing is filled in.

use std::collections::{BTreeMap, VecDeque};

use gongji_agency::actor::Actor;
use gongji_agency::command::{
    BillContributions, BillFlexible, ChooseBase, CloseAccounts, Command, DebitAsked, DeclareWages,
    IncomeSource, OpenFund, ReceivePayment, RecordDebits, RecordIncome, RegisterEmployer, SplitContributions,
    WageAsked,
};
use gongji_agency::context::end_of;
use gongji_agency::job::MOST_A_STEP;
use gongji_agency::office::{Failure, Office};
use gongji_agency::port::FixedClock;
use gongji_money::Fen;
use jiff::civil::Date;
use serde_json::Value;

use crate::family::Member;
use crate::ground::Area;
use crate::mix::Mix;
use crate::random::Random;
use crate::{DemoError, Progress, SIX_HOURS};

/// Somebody who pays contributions.
#[derive(Clone, Debug)]
pub(crate) struct Payer {
    /// Where, by place among the areas.
    area: usize,
    /// The person's id.
    id: String,
    /// The place among all people.
    number: u64,
    /// The employer; `None` for somebody who pays for himself.
    employer: Option<String>,
}

impl Payer {
    /// A member, if he pays contributions.
    pub fn of(member: &Member, area: usize, id: &str) -> Option<Payer> {
        let employer = member.cover.employer.clone();
        let pays = employer.is_some() || member.cover.category == "flexible";
        pays.then(|| Payer { area, id: id.to_owned(), number: member.number, employer })
    }
}

/// What became of the year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Year {
    /// Employers registered.
    pub employers: u64,
    /// Bills made: of employers, and of people who pay for themselves.
    pub bills: u64,
    /// Debits that failed.
    pub failed_debits: u64,
    /// Areas whose accounts were closed.
    pub closed: u64,
    /// Commands booked.
    pub booked: u64,
    /// Work that an area's rules refused, by the refusal's code.
    pub refused: BTreeMap<String, u64>,
}

/// The year being worked through.
struct Work<'run> {
    office: &'run Office,
    clerk: Actor,
    mix: &'run Mix,
    seed: u64,
    keys: u64,
    made: Year,
}

/// A bill that an employer has not paid in time.
struct Owed {
    bill: String,
    fen: Fen,
}

/// One area on its way through the year.
struct Place<'run> {
    area: &'run Area,
    /// Employers that are billed, with what they owe of the months before.
    employers: BTreeMap<String, Vec<Owed>>,
    /// Whether those who pay for themselves are billed.
    flexible: bool,
    /// Debits to come: the day, the bills, and whether they failed before.
    debits: VecDeque<(Date, Vec<String>, bool)>,
    random: Random,
}

/// Runs the year of the mix's last day, closes it and begins the next.
pub(crate) fn run(
    office: &Office,
    clock: &FixedClock,
    (mix, seed): (&Mix, u64),
    areas: &[Area],
    payers: &[Payer],
    progress: &mut dyn FnMut(Progress),
) -> Result<Year, DemoError> {
    let mut work =
        Work { office, clerk: Actor::operator("演示"), mix, seed, keys: 0, made: Year::default() };
    let of = 2 * areas.len() as u64;
    let year = mix.booked_on.year();
    let mut places = Vec::with_capacity(areas.len());
    for (at, area) in areas.iter().enumerate() {
        progress(Progress::Year { done: at as u64, of });
        let here: Vec<&Payer> = payers.iter().filter(|payer| payer.area == at).collect();
        let mut place = work.begin(area, &here, year)?;
        for month in 1..=12 {
            work.month(&mut place, first_of(year, month)?, mix.booked_on)?;
        }
        places.push(place);
    }
    // A second year begins: the end of its first month.
    let january = first_of(year.saturating_add(1), 1)?;
    let today = january.last_of_month();
    clock.set(end_of(today) - SIX_HOURS);
    for (at, place) in places.iter_mut().enumerate() {
        progress(Progress::Year { done: (areas.len() + at) as u64, of });
        work.debit(place, today)?;
        work.close(place.area, mix.booked_on)?;
        work.month(place, january, today)?;
    }
    progress(Progress::Year { done: of, of });
    Ok(work.made)
}

fn first_of(year: i16, month: i8) -> Result<Date, DemoError> {
    Date::new(year, month, 1).map_err(|error| DemoError::Mix(error.to_string()))
}

fn text<'answer>(answer: &'answer Value, name: &str) -> &'answer str {
    answer.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// An amount of an answer.
fn fen(answer: &Value, name: &str) -> Fen {
    text(answer, name).parse().unwrap_or(Fen::ZERO)
}

fn is_done(answer: &Value) -> bool {
    answer.get("done").and_then(Value::as_bool) != Some(false)
}

impl Work<'_> {
    /// Books a command; `None` where it is refused, which is counted.
    fn book(&mut self, command: Command) -> Result<Option<Value>, DemoError> {
        self.keys += 1;
        let key = format!("demo-year-{}", self.keys);
        match self.office.book(&self.clerk, &key, command) {
            Ok(answer) => {
                self.made.booked += 1;
                Ok(Some(answer.result))
            }
            Err(Failure::Refused(refusal)) => {
                *self.made.refused.entry(refusal.code.into()).or_default() += 1;
                Ok(None)
            }
            Err(failure) => Err(failure.into()),
        }
    }

    /// Amounts in full tens of yuan, as they are declared.
    fn declared(&self, payer: &Payer, [least, most]: [i64; 2]) -> Fen {
        let mut random = Random::of(self.seed ^ 0xA9E5, payer.number);
        Fen::new(random.between(least / 10, most / 10) * 1_000)
    }

    /// Opening balances, the treasury's money, employers, wages and bases.
    fn begin<'area>(
        &mut self,
        area: &'area Area,
        payers: &[&Payer],
        year: i16,
    ) -> Result<Place<'area>, DemoError> {
        let first = first_of(year, 1)?;
        let collection = self.mix.collection;
        let yuan = |yuan: i64| Fen::new(yuan.saturating_mul(100));
        for scheme in ["employee", "resident"] {
            self.book(Command::OpenFund(OpenFund {
                area: area.code.clone(),
                scheme: scheme.to_owned(),
                fund: "pooled".to_owned(),
                amount: yuan(collection.fund),
                date: Some(first),
            }))?;
        }
        self.book(Command::RecordIncome(RecordIncome {
            area: area.code.clone(),
            scheme: "resident".to_owned(),
            fund: Some("pooled".to_owned()),
            source: IncomeSource::Subsidy,
            amount: yuan(collection.subsidy),
            date: Some(first),
            reason: "演示：财政补助".to_owned(),
        }))?;
        let mut place = Place {
            area,
            employers: BTreeMap::new(),
            flexible: false,
            debits: VecDeque::new(),
            random: Random::of(self.seed ^ 0xC011, area.code.parse().unwrap_or_default()),
        };
        let from = format!("{year:04}-01");
        let mut workers: BTreeMap<&str, Vec<WageAsked>> = BTreeMap::new();
        for payer in payers {
            let Some(employer) = &payer.employer else {
                let base = self.declared(payer, collection.base);
                let choose = ChooseBase { person: payer.id.clone(), from: from.clone(), base };
                place.flexible |= self.book(Command::ChooseBase(choose))?.is_some();
                continue;
            };
            let wage = self.declared(payer, collection.wage);
            workers.entry(employer).or_default().push(WageAsked { person: payer.id.clone(), wage });
        }
        for (number, (employer, people)) in workers.into_iter().enumerate() {
            let name = format!("{}演示单位{}", area.name.trim_end_matches('市'), number + 1);
            let register =
                RegisterEmployer { id: employer.to_owned(), name, area: area.code.clone(), from: first };
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
        Ok(place)
    }

    /// A month: bills, what is paid of them, and debits up to `today`.
    fn month(&mut self, place: &mut Place<'_>, first: Date, today: Date) -> Result<(), DemoError> {
        let mut employers = std::mem::take(&mut place.employers);
        for (employer, owed) in &mut employers {
            if !self.employer(&mut place.random, employer, owed, first)? {
                // The rules of the area do not know how: nobody else there is asked in this month.
                break;
            }
        }
        place.employers = employers;
        self.flexible(place, first, today)
    }

    /// The month of an employer: billed, paid with what was left of the months before, split. Whether the rules know how.
    fn employer(
        &mut self,
        random: &mut Random,
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
        for Owed { bill, .. } in owed.drain(..) {
            for part in 0.. {
                let split = SplitContributions { bill: bill.clone(), part };
                let Some(answer) = self.book(Command::SplitContributions(split))? else { return Ok(false) };
                if is_done(&answer) {
                    break;
                }
            }
        }
        Ok(true)
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
    fn debit(&mut self, place: &mut Place<'_>, today: Date) -> Result<(), DemoError> {
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
        }
        place.debits = later;
        Ok(())
    }

    /// The close of the accounts' year: with interest where the rules know it, and without where they do not.
    fn close(&mut self, area: &Area, year: Date) -> Result<(), DemoError> {
        // Where an insurance year is not the calendar's, the one that ended last.
        let (begun, ends) = self.office.rules().book().insurance_year(&area.code, year);
        let year = if ends > year { begun.yesterday().unwrap_or(begun) } else { year };
        let mut after = String::new();
        let mut interest = true;
        loop {
            let close = CloseAccounts { area: area.code.clone(), year, after: after.clone(), interest };
            match self.book(Command::CloseAccounts(close))? {
                Some(answer) if is_done(&answer) => break,
                Some(answer) => text(&answer, "after").clone_into(&mut after),
                None if interest => interest = false,
                None => return Ok(()),
            }
        }
        self.made.closed += 1;
        Ok(())
    }
}

fn period(first: Date) -> String {
    format!("{:04}-{:02}", first.year(), first.month())
}
