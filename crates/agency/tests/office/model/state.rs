//! The model's memory: plain lists. Nothing is kept that can be added up.

use std::collections::{BTreeMap, BTreeSet};

use gongji_agency::command::{Command, LineAsked};
use gongji_cases::request::{Event, Person as Insured};
use gongji_cases::settle::CounterId;
use jiff::civil::Date;

pub struct Cover {
    pub area: String,
    pub scheme: String,
    pub from: Date,
    pub to: Option<Date>,
    pub paused: bool,
    pub category: String,
}

pub struct Person {
    pub birth: Date,
    pub died: Option<Date>,
    pub covers: Vec<Cover>,
    /// The area of the account.
    pub account: Option<String>,
    /// What was credited: current year, carried over.
    pub credited: [i64; 2],
    /// The last record in the file.
    pub last: u64,
}

pub struct Grant {
    pub id: String,
    pub grantor: String,
    pub relation: String,
    pub from: Date,
    pub to: Option<Date>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    Open,
    Closed,
    Cancelled,
}

pub struct Batch {
    pub lines: Vec<LineAsked>,
    pub cancelled: bool,
    pub settled: Option<u64>,
}

pub struct Visit {
    pub person: String,
    pub institution: String,
    pub care: String,
    pub opened: Date,
    pub filing: Option<String>,
    pub stay: String,
    pub status: Status,
    pub batches: Vec<Batch>,
    pub settlements: Vec<u64>,
}

impl Visit {
    pub fn is_stay(&self) -> bool {
        self.care == "inpatient"
    }

    pub fn waiting(&self) -> impl Iterator<Item = &Batch> {
        self.batches.iter().filter(|batch| !batch.cancelled && batch.settled.is_none())
    }
}

/// A relative whose account could be drawn on: who, what to the person, in which area.
pub type Relative = (String, i64, String);

/// What a settlement took from a part of somebody's account.
pub type Draw = (String, usize, i64);

/// A bill that was settled.
pub struct Bill {
    pub place: u64,
    pub person: String,
    pub institution: String,
    pub visit: Option<String>,
    pub insured: Insured,
    pub event: Event,
    pub relatives: Vec<Relative>,
    pub draws: Vec<Draw>,
    /// Balances of accounts that are nobody's own, by code.
    pub posted: Vec<(String, i64)>,
    /// What it counted: row, counter, how much.
    pub counted: Vec<(String, CounterId, i64)>,
    /// The admission: row, counter, stay, ordinal.
    pub admission: Option<(String, CounterId, String, i64)>,
    /// Total, funds, own account, relatives, hospital, cash.
    pub sums: [i64; 6],
    pub table: String,
    pub live: bool,
    /// What took its place.
    pub replaced: Option<u64>,
}

/// What a key was told.
#[derive(Clone)]
pub enum Told {
    /// It booked: the record, its kind, the bill where it is one.
    Booked(u64, &'static str, Option<u64>),
    Refused(String),
    /// Reversed before it arrived.
    Tombstone,
}

#[derive(Default)]
pub struct State {
    /// The number of the last record.
    pub seq: u64,
    pub today: Date,
    pub people: BTreeMap<String, Person>,
    pub passports: BTreeSet<String>,
    pub grants: BTreeMap<String, Vec<Grant>>,
    pub filings: BTreeMap<String, Vec<super::filings::Filing>>,
    pub visits: BTreeMap<String, Visit>,
    /// Who lies where.
    pub admitted: BTreeMap<String, String>,
    pub bills: BTreeMap<u64, Bill>,
    /// The bills in which somebody's money or counters may be.
    pub bills_of: BTreeMap<String, Vec<u64>>,
    /// What was credited from where: balances by code.
    pub credited: BTreeMap<String, i64>,
    pub keys: BTreeMap<String, (Command, Told)>,
    pub clearing: super::clearing::Book,
}

/// Institutions: id, area, level, last day.
pub const INSTITUTIONS: [(&str, &str, &str, Option<Date>); 5] = [
    ("H1", "990301", "3", None),
    ("H2", "990301", "2", None),
    ("S1", "980302", "3", None),
    ("W1", "990303", "2", None),
    ("GONE", "990301", "2", Some(Date::constant(2026, 7, 31))),
];

pub fn institution(id: &str) -> Option<&'static (&'static str, &'static str, &'static str, Option<Date>)> {
    INSTITUTIONS.iter().find(|known| known.0 == id)
}

impl State {
    fn live_of(&self, person: &str) -> impl Iterator<Item = (u64, &Bill)> {
        let of = self.bills_of.get(person).map(Vec::as_slice).unwrap_or_default();
        of.iter().map(|seq| (*seq, &self.bills[seq])).filter(|(_, bill)| bill.live)
    }

    /// What is on somebody's account: what was credited less what live bills drew.
    pub fn purse(&self, person: &str) -> [i64; 2] {
        let mut purse = self.people.get(person).map_or([0, 0], |person| person.credited);
        for (_, bill) in self.live_of(person) {
            for (owner, sub, fen) in &bill.draws {
                if owner == person {
                    purse[*sub] -= fen;
                }
            }
        }
        purse
    }

    /// The person's own live bills before a place, in order of place.
    pub fn before(&self, person: &str, place: u64) -> Vec<&Bill> {
        let own = self.live_of(person).filter(|(_, bill)| bill.person == person && bill.place < place);
        let mut bills: Vec<&Bill> = own.map(|(_, bill)| bill).collect();
        bills.sort_by_key(|bill| bill.place);
        bills
    }

    /// Every balance that is nobody's own.
    pub fn balances(&self) -> BTreeMap<String, i64> {
        let mut balances = self.credited.clone();
        for (code, fen) in self.bills.values().filter(|bill| bill.live).flat_map(|bill| &bill.posted) {
            *balances.entry(code.clone()).or_default() += fen;
        }
        balances
    }

    /// A person's cover on a day.
    pub fn cover(&self, person: &str, day: Date) -> Option<&Cover> {
        let covers = &self.people.get(person)?.covers;
        covers.iter().rev().find(|cover| cover.from <= day && cover.to.is_none_or(|to| day <= to))
    }
}
