//! The audit: everything that is kept besides the journal is derived from it once more and compared.
//!
//! Checked are the chain of hashes, the balance of each entry in each area's books, that cancellations take back what they cancel, the sums of each table, each person's file, the
//! outcomes of keys, the rows; accumulators are folded anew from the settlements that live, which is another way than the one that booked them.

mod derived;
mod journal;
mod negative;
mod rows;

use std::fmt;

use serde::Serialize;

use crate::port::{Head, Read, StoreError, StoredRecord};
use derived::Derived;

/// Something that does not agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Where: `第 12 条记录`, `standing/P3` …
    pub place: String,
    /// What the journal says.
    pub expected: String,
    /// What is kept.
    pub found: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}：按流水应为 {}，实为 {}", self.place, self.expected, self.found)
    }
}

/// What an audit found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How many records were read.
    pub records: u64,
    /// How many rows were compared.
    pub rows: u64,
    /// How many keys were looked up.
    pub keys: u64,
    /// How many settlements live.
    pub live_settlements: u64,
    /// The hash of the last record: two stores with the same one hold the same journal.
    pub head: String,
    /// Everything that differs, at most [`MOST_DIFFERENCES`].
    pub differences: Vec<Difference>,
}

/// So many differences are listed at most.
pub const MOST_DIFFERENCES: usize = 1_000;

/// So many records or rows are read together.
const TOGETHER: usize = 2_000;

/// One pass follows about so many records' rows, which bounds the memory of an audit.
const RECORDS_A_PASS: u64 = 3_000_000;

/// A list of differences that does not grow without end.
#[derive(Default)]
struct Findings(Vec<Difference>);

impl Findings {
    fn add(&mut self, place: impl Into<String>, expected: impl fmt::Display, found: impl fmt::Display) {
        if self.0.len() < MOST_DIFFERENCES {
            let (expected, found) = (expected.to_string(), found.to_string());
            self.0.push(Difference { place: place.into(), expected, found });
        }
    }
}

/// How far an audit is: records read of all that are to be read.
pub type Progress<'caller> = &'caller mut dyn FnMut(u64, u64);

/// Audits a consistent view.
///
/// # Errors
/// What the store cannot read; what can be read and is wrong is a [`Difference`].
pub fn audit(view: &mut dyn Read, progress: Progress<'_>) -> Result<Report, StoreError> {
    let head = view.head()?;
    let passes = head.seq / RECORDS_A_PASS + 1;
    let mut report = Report {
        records: head.seq,
        rows: 0,
        keys: 0,
        live_settlements: 0,
        head: head.hash.to_string(),
        differences: Vec::new(),
    };
    let mut findings = Findings::default();
    let total = head.seq * (passes + 1);
    let mut step = |done: u64| progress(done, total);
    let known = journal::check(view, head, &mut findings, &mut step)?;
    report.live_settlements = known.live_settlements;
    report.keys = known.keys;
    for pass in 0..passes {
        let mut derived = Derived::new(pass, passes);
        derived.read(view, &known, &mut |seq| step(head.seq * (pass + 1) + seq))?;
        report.rows += rows::compare(view, &mut derived, &known, &mut findings)?;
    }
    report.differences = findings.0;
    Ok(report)
}

/// What is done with a page of the journal.
type EachPage<'work> = &'work mut dyn FnMut(&mut dyn Read, &[StoredRecord]) -> Result<(), StoreError>;

/// The records from the first to the head, page by page.
fn each_page(view: &mut dyn Read, head: Head, each: EachPage<'_>) -> Result<(), StoreError> {
    let mut after = 0;
    while after < head.seq {
        let page = view.records_after(after, TOGETHER)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.seq;
        each(view, &page)?;
    }
    Ok(())
}
