//! The model's clearing: bills by day, what was compared and signed off, what went into clearings and was paid, what areas paid each other.

use std::collections::{BTreeMap, BTreeSet};

use gongji_agency::command::{Command, CompareDetails, ConfirmDays};
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::decide::{Reasons, Wrong};
use super::state::{State, institution};
use crate::world::World;

/// Whoever releases what the operator submitted.
pub const REVIEWER: &str = "复核";

/// A bill or its negative, on its day.
pub struct Moved {
    pub record: u64,
    pub day: Date,
    pub bill: u64,
    pub negative: bool,
}

/// What is known of a day at an institution.
#[derive(Default)]
pub struct Day {
    pub last: u64,
    pub agrees: bool,
    pub confirmed: Option<u64>,
    /// Payable, and from accounts.
    cleared: [i64; 2],
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Open,
    Approved,
    Paid,
    Withdrawn,
    Returned,
}

struct Clearing {
    institution: String,
    taken: Vec<(Date, [i64; 2])>,
    amount: i64,
    stage: Stage,
    by: String,
}

pub struct Payment {
    pub area: String,
    pub other: String,
    pub amount: i64,
    pub stage: Stage,
    pub by: String,
    /// What went out of pool and accounts here, and came in there.
    pub parts: [[i64; 2]; 2],
}

#[derive(Default)]
pub struct Book {
    pub moved: Vec<Moved>,
    pub days: BTreeMap<(String, Date), Day>,
    clearings: BTreeMap<u64, Clearing>,
    pub payments: BTreeMap<u64, Payment>,
    /// Who submitted the close of 2025, and whether it was released.
    years: BTreeMap<String, (String, bool)>,
}

pub type Done = Result<(&'static str, Option<u64>, Value), Reasons>;

pub fn name_of(actor: &str) -> &str {
    if actor.is_empty() { "test" } else { actor }
}

pub fn yuan(fen: i64) -> String {
    gongji_money::Fen::new(fen).to_string()
}

fn area_of(id: &str) -> &'static str {
    institution(id).map_or("", |known| known.1)
}

impl Book {
    /// The numbers of clearings that something can still be done with, with their stage (0 to 2).
    pub fn clearing_numbers(&self) -> Vec<(u64, usize)> {
        let stages = [Stage::Open, Stage::Approved, Stage::Paid];
        let stage = |one: &Clearing| stages.iter().position(|stage| *stage == one.stage).unwrap_or(0);
        let live = self.clearings.iter().filter(|(_, one)| one.stage != Stage::Withdrawn);
        live.map(|(number, one)| (*number, stage(one))).collect()
    }

    /// The numbers of payments that something can still be done with, and whether they are paid.
    pub fn payment_numbers(&self) -> Vec<(u64, bool)> {
        let live = self.payments.iter().filter(|(_, one)| matches!(one.stage, Stage::Open | Stage::Paid));
        live.map(|(number, one)| (*number, one.stage == Stage::Paid)).collect()
    }
}

impl State {
    /// The bills of an institution on these days.
    pub fn moved_on(&self, id: &str, from: Date, to: Date) -> impl Iterator<Item = &Moved> {
        let at = id.to_owned();
        let inside = move |moved: &&Moved| moved.day >= from && moved.day <= to;
        self.clearing
            .moved
            .iter()
            .filter(inside)
            .filter(move |moved| self.bills[&moved.bill].institution == at)
    }

    /// Total, funds, accounts, cash of a bill as it stands on its day.
    pub fn told_of(&self, moved: &Moved) -> [i64; 4] {
        let [total, funds, own, relatives, _, cash] = self.bills[&moved.bill].sums;
        let sign = if moved.negative { -1 } else { 1 };
        [total, funds, own + relatives, cash].map(|fen| sign * fen)
    }

    /// What a day owes the institution, and how much of it stood on accounts of its area; the last record.
    fn owed_on(&self, id: &str, day: Date) -> ([i64; 2], u64) {
        let (mut sums, mut last) = ([0, 0], 0);
        let books = format!("{}/", area_of(id));
        for moved in self.moved_on(id, day, day) {
            let posted = self.bills[&moved.bill].posted.iter().filter(|(code, _)| code.starts_with(&books));
            let sign = if moved.negative { -1 } else { 1 };
            for (code, fen) in posted {
                // What no other account of these books explains stood on personal ones.
                sums[1] += sign * fen;
                if code.contains("/payable/") {
                    sums[0] += sign * fen;
                }
            }
            last = last.max(moved.record);
        }
        (sums, last)
    }

    fn may_clear(actor: &str, id: &str) -> bool {
        actor.is_empty() || actor == id
    }

    pub fn days_wrong(&self, actor: &str, id: &str, from: Date, to: Date, wrong: &mut Wrong) -> Vec<Date> {
        wrong.when(!Self::may_clear(actor, id), "denied");
        wrong.when(to < from, "dates_go_back");
        wrong.when(to > self.today, "future_date");
        from.series(1.day()).take_while(|day| *day <= to).collect()
    }

    /// What a comparison says of a day.
    pub fn compared(&mut self, id: &str, day: Date, agrees: bool) {
        let last = self.owed_on(id, day).1;
        let key = (id.to_owned(), day);
        if last == 0 && agrees && !self.clearing.days.contains_key(&key) {
            return;
        }
        let known = self.clearing.days.entry(key).or_default();
        (known.agrees, known.last) = (agrees, last);
        if !agrees {
            known.confirmed = None;
        }
    }

    fn compare_details(&mut self, actor: &str, asked: &CompareDetails) -> Done {
        let mut wrong = Wrong::default();
        let id = &asked.institution;
        let days = self.days_wrong(actor, id, asked.from, asked.to, &mut wrong);
        if !wrong.0.is_empty() {
            return Err(wrong.0);
        }
        let mut here: Vec<(String, bool, Date, [i64; 4])> = self
            .moved_on(id, asked.from, asked.to)
            .map(|moved| (format!("S{}", moved.bill), moved.negative, moved.day, self.told_of(moved)))
            .collect();
        let mut there: Vec<(String, bool, Date, [i64; 4])> = asked
            .bills
            .iter()
            .map(|bill| {
                let sums =
                    [bill.total, bill.fund_paid, bill.account_paid, bill.cash_paid].map(|fen| fen.fen());
                (bill.settlement.clone(), bill.refund, bill.date, sums)
            })
            .collect();
        here.sort();
        there.sort();
        let apart = |one: &[(String, bool, Date, [i64; 4])], other: &[(String, bool, Date, [i64; 4])]| {
            one.iter().filter(|bill| !other.contains(bill)).map(|bill| bill.2).collect::<BTreeSet<Date>>()
        };
        let differing: BTreeSet<Date> = apart(&here, &there).union(&apart(&there, &here)).copied().collect();
        self.seq += 1;
        for day in days {
            self.compared(id, day, !differing.contains(&day));
        }
        let comparison = format!("R{}", self.seq);
        Ok(("compare_details", None, json!({ "comparison": comparison, "agrees": differing.is_empty() })))
    }

    fn confirm(&mut self, actor: &str, asked: &ConfirmDays) -> Done {
        let mut wrong = Wrong::default();
        let id = &asked.institution;
        let days = self.days_wrong(actor, id, asked.from, asked.to, &mut wrong);
        wrong.when(asked.reason.as_ref().is_some_and(|reason| reason.trim().is_empty()), "missing_field");
        let mut confirmed = Vec::new();
        for day in days {
            let last = self.owed_on(id, day).1;
            match self.clearing.days.get(&(id.clone(), day)) {
                None => wrong.when(last > 0, "not_compared"),
                Some(known) if known.last != last => wrong.when(true, "changed_since"),
                Some(known) if known.confirmed == Some(last) => {}
                Some(known) => {
                    wrong.when(!known.agrees && (asked.reason.is_none() || !actor.is_empty()), "not_agreed");
                    confirmed.push((day, last));
                }
            }
        }
        wrong.when(confirmed.is_empty(), "nothing_changes");
        if !wrong.0.is_empty() {
            return Err(wrong.0);
        }
        self.seq += 1;
        for (day, last) in &confirmed {
            self.clearing.days.entry((id.clone(), *day)).or_default().confirmed = Some(*last);
        }
        let days: Vec<String> = confirmed.iter().map(|(day, _)| day.to_string()).collect();
        Ok(("confirm_days", None, json!({ "days": days })))
    }

    fn open_clearing(&mut self, actor: &str, id: &str, month: &str) -> Done {
        let mut wrong = Wrong::default();
        wrong.when(!Self::may_clear(actor, id), "denied");
        let first: Date = format!("{month}-01").parse().expect("a month");
        wrong.when(first > self.today, "future_date");
        let end = (first + 1.month()).yesterday().expect("a day").min(self.today);
        let mut taken = Vec::new();
        for ((at, day), known) in &self.clearing.days {
            let (sums, last) = self.owed_on(id, *day);
            let more = [sums[0] - known.cleared[0], sums[1] - known.cleared[1]];
            if at == id && *day <= end && known.confirmed == Some(last) && more != [0, 0] {
                taken.push((*day, more));
            }
        }
        let amount: i64 = taken.iter().map(|(_, more)| more[0]).sum();
        wrong.when(amount <= 0, "nothing_due");
        if !wrong.0.is_empty() {
            return Err(wrong.0);
        }
        self.seq += 1;
        self.take(id, &taken, 1);
        let result =
            json!({ "clearing": format!("C{}", self.seq), "due": yuan(amount), "amount": yuan(amount) });
        let by = name_of(actor).to_owned();
        let clearing = Clearing { institution: id.to_owned(), taken, amount, stage: Stage::Open, by };
        self.clearing.clearings.insert(self.seq, clearing);
        Ok(("open_clearing", None, result))
    }

    fn take(&mut self, id: &str, taken: &[(Date, [i64; 2])], sign: i64) {
        for (day, more) in taken {
            let known = self.clearing.days.entry((id.to_owned(), *day)).or_default();
            known.cleared.iter_mut().zip(more).for_each(|(sum, fen)| *sum += sign * fen);
        }
    }

    pub fn post(&mut self, postings: &[(String, i64)]) {
        for (code, fen) in postings {
            *self.credited.entry(code.clone()).or_default() += fen;
        }
    }

    /// What happens to a clearing, from one stage to the next.
    fn step_clearing(&mut self, actor: &str, command: &Command) -> Done {
        let (id, from, to) = match command {
            Command::WithdrawClearing(asked) => (&asked.clearing, Stage::Open, Stage::Withdrawn),
            Command::ApproveClearing(asked) => (&asked.clearing, Stage::Open, Stage::Approved),
            Command::PayClearing(asked) => (&asked.clearing, Stage::Approved, Stage::Paid),
            Command::ReturnClearingPayment(asked) => (&asked.clearing, Stage::Paid, Stage::Approved),
            other => panic!("{} is no step of a clearing", other.kind()),
        };
        let mut wrong = Wrong::default();
        let number = id.trim_start_matches('C').parse().unwrap_or(0);
        let Some(known) = self.clearing.clearings.get(&number) else {
            return Err(vec!["no_clearing".to_owned(), "denied".to_owned()]);
        };
        let allowed = match to {
            Stage::Withdrawn => actor == REVIEWER || Self::may_clear(actor, &known.institution),
            Stage::Approved if from == Stage::Open => actor == REVIEWER || actor.is_empty(),
            _ => actor.is_empty(),
        };
        wrong.when(!allowed, "denied");
        wrong.when(known.stage != from, "wrong_status");
        wrong.when(from == Stage::Open && to == Stage::Approved && name_of(actor) == known.by, "same_person");
        if !wrong.0.is_empty() {
            return Err(wrong.0);
        }
        self.seq += 1;
        let (at, amount) = (known.institution.clone(), known.amount);
        let taken = known.taken.clone();
        let accounts = taken.iter().map(|(_, more)| more[1]).sum::<i64>().clamp(0, amount);
        self.clearing.clearings.get_mut(&number).expect("known").stage = to;
        match (from, to) {
            (_, Stage::Withdrawn) => self.take(&at, &taken, -1),
            (Stage::Approved, Stage::Paid) | (Stage::Paid, _) => {
                let sign = if to == Stage::Paid { 1 } else { -1 };
                let area = area_of(&at);
                self.post(&[
                    (format!("{area}/payable/{at}"), -sign * amount),
                    (format!("{area}/bank/pool"), sign * (amount - accounts)),
                    (format!("{area}/bank/account"), sign * accounts),
                ]);
            }
            _ => {}
        }
        Ok((command.kind(), None, json!({ "clearing": id })))
    }

    /// 2025, before the books began, or the year that runs.
    fn close_year(&mut self, actor: &str, command: &Command) -> Done {
        let (area, year, releases) = match command {
            Command::CloseFundYear(asked) => (&asked.area, asked.year, false),
            Command::ReleaseFundYear(asked) => (&asked.area, asked.year, true),
            other => panic!("{} closes no year", other.kind()),
        };
        let mut wrong = Wrong::default();
        let known = self.clearing.years.get(area);
        let fund = format!("{area}/fund/");
        let has_books = self
            .people
            .values()
            .any(|person| person.account.as_ref() == Some(area) && person.credited != [0, 0])
            || self
                .bills
                .values()
                .flat_map(|bill| &bill.posted)
                .any(|(code, fen)| code.starts_with(&fund) && *fen != 0);
        wrong.when(!actor.is_empty() && (!releases || actor != REVIEWER), "denied");
        wrong.when(year >= self.today.year(), "year_runs");
        wrong.when(known.is_some_and(|known| known.1), "year_closed");
        wrong.when(!has_books, "nothing_changes");
        if releases {
            wrong.when(known.is_none() || year != 2025, "not_submitted");
            wrong.when(known.is_some_and(|known| known.0 == name_of(actor)), "same_person");
        }
        if !wrong.0.is_empty() {
            return Err(wrong.0);
        }
        self.seq += 1;
        let known = self.clearing.years.entry(area.clone()).or_default();
        if releases {
            known.1 = true;
        } else {
            known.0 = name_of(actor).to_owned();
        }
        Ok((command.kind(), None, json!({ "area": area, "year": year })))
    }

    /// Answers a command of clearing; nothing for any other.
    pub fn clear(&mut self, actor: &str, command: &Command) -> Option<Done> {
        Some(match command {
            Command::CompareTotals(asked) => self.compare_totals(actor, asked),
            Command::CompareDetails(asked) => self.compare_details(actor, asked),
            Command::ConfirmDays(asked) => self.confirm(actor, asked),
            Command::OpenClearing(asked) => self.open_clearing(actor, &asked.institution, &asked.month),
            Command::WithdrawClearing(_)
            | Command::ApproveClearing(_)
            | Command::PayClearing(_)
            | Command::ReturnClearingPayment(_) => self.step_clearing(actor, command),
            Command::OpenAreaPayment(_)
            | Command::ApproveAreaPayment(_)
            | Command::WithdrawAreaPayment(_)
            | Command::ReturnAreaPayment(_) => self.pay_area(actor, command),
            Command::CloseFundYear(_) | Command::ReleaseFundYear(_) => self.close_year(actor, command),
            _ => return None,
        })
    }
}

/// Σ of an institution's day: settled, cancelled, total, payable, from accounts; the last record.
type Sums = ([i64; 5], u64);

/// Every day of every institution, and how it stands.
pub fn compare(world: &World, state: &State) -> Result<(), String> {
    let mut expected: BTreeMap<String, Sums> = BTreeMap::new();
    for moved in &state.clearing.moved {
        let at = &state.bills[&moved.bill].institution;
        let sums = expected.entry(format!("{at}/{}", moved.day)).or_default();
        let total = state.told_of(moved)[0];
        let counts = [i64::from(!moved.negative), i64::from(moved.negative), total];
        sums.0.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        sums.1 = sums.1.max(moved.record);
    }
    for (id, sums) in &mut expected {
        let (at, day) = id.split_once('/').expect("a day");
        let owed = state.owed_on(at, day.parse().expect("a day")).0;
        (sums.0[3], sums.0[4]) = (owed[0], owed[1]);
    }
    let mut found: BTreeMap<String, Sums> = BTreeMap::new();
    let mut days: BTreeMap<String, Value> = BTreeMap::new();
    world
        .home
        .read(&mut |view| {
            (found, days) = (BTreeMap::new(), BTreeMap::new());
            for (id, text) in view.page("clearing_day", "", "", usize::MAX / 4)? {
                let body: Value = serde_json::from_str(&text).expect("JSON");
                let day: Vec<&str> = id.splitn(3, '/').collect();
                let sums = found.entry(format!("{}/{}", day[0], day[1])).or_default();
                let names = ["settled", "cancelled", "total", "payable", "from_accounts"];
                for (sum, name) in sums.0.iter_mut().zip(names) {
                    *sum += body[name].as_i64().unwrap_or(0);
                }
                sums.1 = sums.1.max(body["last"].as_u64().expect("a record"));
            }
            for (id, text) in view.page("reconciled_day", "", "", usize::MAX / 4)? {
                let body: Value = serde_json::from_str(&text).expect("JSON");
                let told = [&body["agrees"], &body["last"], &body["confirmed"]["last"], &body["cleared"]];
                days.insert(id, json!(told));
            }
            Ok(())
        })
        .map_err(|error| error.to_string())?;
    let known = state.clearing.days.iter().map(|((at, day), known)| {
        (format!("{at}/{day}"), json!([known.agrees, known.last, known.confirmed, known.cleared[0]]))
    });
    let known: BTreeMap<String, Value> = known.collect();
    if found != expected {
        return Err(format!("days: the model says {expected:?}, the store {found:?}"));
    }
    if days != known {
        return Err(format!("signed off: the model says {known:?}, the store {days:?}"));
    }
    Ok(())
}
