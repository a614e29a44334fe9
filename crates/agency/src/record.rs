//! Records: what the journal holds.

use std::collections::BTreeMap;

use gongji_ledger::Entry;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::actor::Actor;
use crate::bulk::Bulk;
use crate::desk::Row;
use crate::port::StoreError;
use crate::row::DaySums;
use crate::settlement::Settlement;

/// A place in a person's file: the record before this one, 0 for the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Whose file.
    pub person: String,
    /// The number of the record before.
    pub prev: u64,
}

/// A row as a record leaves it; no body where the record removes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct After {
    /// The kind of row.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// The whole row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Box<RawValue>>,
}

impl After {
    /// The row after the record.
    ///
    /// # Errors
    /// A row that cannot be written as JSON, which never happens.
    pub fn of<R: Row>(id: &str, row: &R) -> Result<After, StoreError> {
        let body = serde_json::value::to_raw_value(row)
            .map_err(|error| StoreError::Corrupt(format!("{}/{id}：{error}", R::KIND)))?;
        Ok(After { kind: R::KIND.to_owned(), id: id.to_owned(), body: Some(body) })
    }

    /// An empty row that lists an id under another.
    ///
    /// # Errors
    /// As [`After::of`].
    pub fn listed(kind: &str, id: &str) -> Result<After, StoreError> {
        let body = RawValue::from_string("{}".to_owned())
            .map_err(|error| StoreError::Corrupt(format!("{kind}/{id}：{error}")))?;
        Ok(After { kind: kind.to_owned(), id: id.to_owned(), body: Some(body) })
    }

    /// The row is removed.
    pub fn gone(kind: &str, id: &str) -> After {
        After { kind: kind.to_owned(), id: id.to_owned(), body: None }
    }
}

/// How a stay's count moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StayMove {
    /// The counter of admissions.
    pub counter: String,
    /// The stay.
    pub stay: String,
    /// The how-manieth admission it is.
    pub ordinal: i64,
    /// One settlement more (1) or less (-1) of this stay lives.
    pub live: i32,
}

/// How a tally moves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TallyMove {
    /// The row.
    pub id: String,
    /// By counter: so much more or less.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counters: BTreeMap<String, i64>,
    /// Stays that count. The counters of admissions follow from them and do not stand among `counters`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stays: Vec<StayMove>,
}

impl TallyMove {
    /// The opposite move.
    ///
    /// # Errors
    /// A count without an opposite in `i64`.
    pub fn negated(&self) -> Result<TallyMove, StoreError> {
        let overflow = || StoreError::Corrupt(format!("{} 的累计超出范围", self.id));
        let negate = |(name, by): (&String, &i64)| Ok((name.clone(), by.checked_neg().ok_or_else(overflow)?));
        Ok(TallyMove {
            id: self.id.clone(),
            counters: self.counters.iter().map(negate).collect::<Result<_, StoreError>>()?,
            stays: self.stays.iter().map(|stay| StayMove { live: -stay.live, ..stay.clone() }).collect(),
        })
    }
}

/// That a person's account stands in the books of an area from a record on: it is opened there, or moved there whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountAt {
    /// Whose account.
    pub person: String,
    /// The area; empty where the account is closed for good.
    pub area: String,
}

/// What the cancellation of a settlement takes back from the totals of its institution: whose they are, and the settlement's own sums.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Back {
    /// Where it was settled.
    pub institution: String,
    /// 参保地.
    pub area: String,
    /// The scheme.
    pub scheme: String,
    /// 医疗类别.
    pub care_type: String,
    /// The sums of the settlement, positive.
    pub sums: DaySums,
}

impl AccountAt {
    /// The area, if the account stands in any.
    pub fn place(&self) -> Option<String> {
        (!self.area.is_empty()).then(|| self.area.clone())
    }
}

/// A calculation behind an amount, as it was asked: the rules of its edition give the same figures again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Calculated {
    /// The hash of the texts of the rules.
    pub edition: String,
    /// Whose it is, where it is a person's.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub person: String,
    /// Person, purses and question in the case format.
    pub case: Box<RawValue>,
}

/// What a decision wants recorded; number, time, actor and links are added when it is booked.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The kind of record: that of the command, `settlement`, `cancellation` …
    pub kind: &'static str,
    /// The business date.
    pub date: Date,
    /// Whose files it enters, the one it concerns first.
    pub people: Vec<String>,
    /// The money.
    pub entry: Entry,
    /// The line of the fund statement on which the money stands (`contribution`, `subsidy` …); empty for that of the kind.
    pub line: String,
    /// The calculations behind the money.
    pub calculations: Vec<Calculated>,
    /// The calculations of many people, a line each.
    pub bulk: Option<Box<Bulk>>,
    /// The day up to which it closes the accounts of its people.
    pub closes: Option<Date>,
    /// What it moves in tallies.
    pub tallies: Vec<TallyMove>,
    /// Other rows as it leaves them.
    pub after: Vec<After>,
    /// The settlement, where it is one.
    pub settlement: Option<Box<Settlement>>,
    /// The record that it cancels.
    pub cancels: Option<u64>,
    /// What that takes back from the totals of an institution.
    pub back: Option<Box<Back>>,
    /// Whether a personal account may end below zero, as the pack says.
    pub overdraft: bool,
    /// Where a personal account stands from now on, where that changes.
    pub account_at: Option<AccountAt>,
    /// What the caller is told besides.
    pub result: serde_json::Value,
    /// A key that is refused from now on, because its message was reversed before it arrived.
    pub tombstone: Option<String>,
}

impl Draft {
    /// A draft of a kind and date that moves nothing yet.
    pub fn new(kind: &'static str, date: Date) -> Draft {
        Draft {
            kind,
            date,
            people: Vec::new(),
            entry: Entry::default(),
            line: String::new(),
            calculations: Vec::new(),
            bulk: None,
            closes: None,
            tallies: Vec::new(),
            after: Vec::new(),
            settlement: None,
            cancels: None,
            back: None,
            overdraft: false,
            account_at: None,
            result: serde_json::Value::Null,
            tombstone: None,
        }
    }

    /// The same in a person's file.
    #[must_use]
    pub fn about(mut self, person: &str) -> Draft {
        if !self.people.iter().any(|known| known == person) {
            self.people.push(person.to_owned());
        }
        self
    }

    /// The same with a row as it leaves it.
    ///
    /// # Errors
    /// As [`After::of`].
    pub fn leaving<R: Row>(mut self, id: &str, row: &R) -> Result<Draft, StoreError> {
        self.after.push(After::of(id, row)?);
        Ok(self)
    }

    /// The same on a line of the fund statement.
    #[must_use]
    pub fn on_line(mut self, line: &str) -> Draft {
        line.clone_into(&mut self.line);
        self
    }

    /// The same with an answer.
    #[must_use]
    pub fn telling(mut self, result: serde_json::Value) -> Draft {
        self.result = result;
        self
    }
}

const fn no_record(seq: &u64) -> bool {
    *seq == 0
}

fn nothing(entry: &Entry) -> bool {
    entry.is_empty()
}

/// A record of the journal. The chain covers its JSON text, byte for byte.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    /// Its number.
    pub seq: u64,
    /// What kind.
    pub kind: String,
    /// The business date.
    pub date: Date,
    /// When it was booked: milliseconds since 1970.
    pub booked_at: i64,
    /// Who.
    pub actor: Actor,
    /// The caller's key, in the actor's scope.
    pub key: String,
    /// Whose files it stands in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Link>,
    /// The money.
    #[serde(default, skip_serializing_if = "nothing")]
    pub entry: Entry,
    /// The line of the fund statement on which the money stands; empty for that of the kind.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub line: String,
    /// The calculations behind the money.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calculations: Vec<Calculated>,
    /// The calculations of many people, a line each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bulk: Option<Box<Bulk>>,
    /// The day up to which it closes the accounts of its people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes: Option<Date>,
    /// What it moves in tallies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tallies: Vec<TallyMove>,
    /// The settlement, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settlement: Option<Box<Settlement>>,
    /// The record that it cancels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancels: Option<u64>,
    /// What that takes back from the totals of an institution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back: Option<Box<Back>>,
    /// The record before this one among those of the same row of [`crate::row::ClearingDay`]; 0 for the first, and where it stands in none.
    #[serde(default, skip_serializing_if = "no_record")]
    pub day_prev: u64,
    /// Whether a personal account may end below zero.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub overdraft: bool,
    /// Where a personal account stands from now on, where that changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_at: Option<AccountAt>,
    /// Other rows as it leaves them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<After>,
    /// What the caller was told besides.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub result: serde_json::Value,
    /// A key that is refused from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tombstone: Option<String>,
}

impl Record {
    /// Reads a record back and checks that its books balance.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`].
    pub fn read(seq: u64, text: &str) -> Result<Record, StoreError> {
        let record: Record = serde_json::from_str(text)
            .map_err(|error| StoreError::Corrupt(format!("第 {seq} 条记录读不懂：{error}")))?;
        if record.seq != seq {
            return Err(StoreError::Corrupt(format!("第 {seq} 条记录自称第 {} 条", record.seq)));
        }
        Ok(record)
    }

    /// The record before this one in a person's file.
    pub fn prev(&self, person: &str) -> Option<u64> {
        self.people.iter().find(|link| link.person == person).map(|link| link.prev)
    }
}
