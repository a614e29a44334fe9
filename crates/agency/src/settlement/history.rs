//! What earlier live settlements of a person left.

use std::collections::{BTreeMap, BTreeSet};

use crate::apply::move_tally;
use crate::desk::Desk;
use crate::port::StoreError;
use crate::record::Record;
use crate::row::{Standing, Tally};
use crate::stop::Stop;

/// The records of a person's file with a number above `after`, newest first, at most `limit`.
///
/// # Errors
/// Those of the store; a file whose chain is broken.
pub fn file_after(desk: &mut Desk<'_>, person: &str, after: u64, limit: usize) -> Result<Vec<Record>, Stop> {
    let mut next = desk.get::<Standing>(person)?.map_or(0, |standing| standing.last);
    let mut records = Vec::new();
    while next > after && records.len() < limit {
        let record = desk
            .record(next)?
            .ok_or_else(|| StoreError::Corrupt(format!("{person} 的档案缺第 {next} 条记录")))?;
        let prev = record
            .prev(person)
            .filter(|prev| *prev < next)
            .ok_or_else(|| StoreError::Corrupt(format!("{person} 的档案在第 {next} 条断开")))?;
        records.push(record);
        next = prev;
    }
    Ok(records)
}

/// Every settlement and cancellation of a person after a record, oldest first.
///
/// # Errors
/// As [`file_after`].
pub fn settlements_after(desk: &mut Desk<'_>, person: &str, after: u64) -> Result<Vec<Record>, Stop> {
    let mut records = file_after(desk, person, after, usize::MAX)?;
    records.retain(|record| record.settlement.is_some() || record.cancels.is_some());
    records.reverse();
    Ok(records)
}

/// The live settlements of a person, in order of their places.
///
/// # Errors
/// As [`file_after`].
pub fn live_before(desk: &mut Desk<'_>, person: &str, place: u64) -> Result<Vec<Record>, Stop> {
    let records = settlements_after(desk, person, 0)?;
    let cancelled: BTreeSet<u64> = records.iter().filter_map(|record| record.cancels).collect();
    let mut live: Vec<Record> = records
        .into_iter()
        .filter(|record| !cancelled.contains(&record.seq))
        .filter(|record| {
            record.settlement.as_ref().is_some_and(|made| made.person == person && made.place < place)
        })
        .collect();
    live.sort_by_key(|record| record.settlement.as_ref().map(|made| made.place));
    Ok(live)
}

/// The tallies that these settlements add up to, by row id.
///
/// # Errors
/// Counts beyond `i64`.
pub fn refold<'record>(
    live: impl IntoIterator<Item = &'record Record>,
) -> Result<BTreeMap<String, Tally>, Stop> {
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for record in live {
        for by in &record.tallies {
            move_tally(tallies.entry(by.id.clone()).or_default(), by)?;
        }
    }
    Ok(tallies)
}
