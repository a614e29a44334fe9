//! The rows that are kept against those derived.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::derived::Derived;
use super::journal::Known;
use super::{Findings, each_page};
use crate::desk::Row;
use crate::port::{Read, StoreError};
use crate::record::Record;
use crate::row::{Balance, ClearingDay, FundMonth, KINDS, Standing, Tally};

/// Compares every row that the pass follows. Gives their number.
pub(super) fn compare(
    view: &mut dyn Read,
    derived: &mut Derived,
    known: &Known,
    findings: &mut Findings,
) -> Result<u64, StoreError> {
    let mut compared = 0;
    for kind in KINDS.iter().copied() {
        let mut after = String::new();
        loop {
            let page = view.page(kind, "", &after, super::TOGETHER)?;
            let Some((last, _)) = page.last() else { break };
            after.clone_from(last);
            for (id, text) in &page {
                if derived.follows(kind, id) {
                    compared += 1;
                    one(derived, kind, id, text, findings);
                }
            }
        }
    }
    missing(derived, findings);
    others_missing(view, derived, known, findings)?;
    Ok(compared)
}

fn one(derived: &mut Derived, kind: &'static str, id: &str, text: &str, findings: &mut Findings) {
    let place = || format!("{kind}/{id}");
    match kind {
        Standing::KIND => typed(place(), derived.standings.remove(id), text, findings),
        // An empty tally is what a cancelled settlement leaves.
        Tally::KIND => typed(place(), Some(derived.tallies.remove(id).unwrap_or_default()), text, findings),
        Balance::KIND => typed(place(), derived.balances.remove(id), text, findings),
        ClearingDay::KIND => typed(place(), derived.clearing_days.remove(id), text, findings),
        FundMonth::KIND => {
            typed(place(), Some(derived.fund_months.remove(id).unwrap_or_default()), text, findings);
        }
        _ => {
            let key = derived.key(kind, id);
            match derived.others.remove(&key) {
                Some(Some(hash)) if hash == derived.text(text) => {}
                Some(Some(_)) => findings.add(place(), "流水里的内容", text),
                Some(None) => findings.add(place(), "已删除", text),
                None => findings.add(place(), "没有这一行", text),
            }
        }
    }
}

/// Compares a row by its type: two texts may stand for the same row.
fn typed<R: Row + PartialEq + Serialize + DeserializeOwned>(
    place: String,
    expected: Option<R>,
    text: &str,
    findings: &mut Findings,
) {
    let found: Option<R> = serde_json::from_str(text).ok();
    if found.is_some() && found == expected {
        return;
    }
    let expected = expected.and_then(|row| serde_json::to_string(&row).ok());
    findings.add(place, expected.as_deref().unwrap_or("没有这一行"), text);
}

/// What the journal says is there and is not.
fn missing(derived: &Derived, findings: &mut Findings) {
    let mut absent = BTreeMap::new();
    for (id, row) in &derived.standings {
        absent.insert(format!("{}/{id}", Standing::KIND), serde_json::to_string(row));
    }
    for (id, row) in derived.tallies.iter().filter(|(_, row)| **row != Tally::default()) {
        absent.insert(format!("{}/{id}", Tally::KIND), serde_json::to_string(row));
    }
    for (id, row) in &derived.balances {
        absent.insert(format!("{}/{id}", Balance::KIND), serde_json::to_string(row));
    }
    for (id, row) in derived.fund_months.iter().filter(|(_, row)| !row.lines.is_empty()) {
        absent.insert(format!("{}/{id}", FundMonth::KIND), serde_json::to_string(row));
    }
    for (id, row) in &derived.clearing_days {
        absent.insert(format!("{}/{id}", ClearingDay::KIND), serde_json::to_string(row));
    }
    for (place, text) in absent {
        findings.add(place, text.unwrap_or_default(), "没有这一行");
    }
}

/// The same for rows of which only hashes were kept: their names are read from the journal once more.
fn others_missing(
    view: &mut dyn Read,
    derived: &mut Derived,
    known: &Known,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    derived.others.retain(|_, text| text.is_some());
    if derived.others.is_empty() {
        return Ok(());
    }
    each_page(view, known.head, &mut |_, page| {
        for record in page.iter().filter_map(|stored| Record::read(stored.seq, &stored.body).ok()) {
            for after in &record.after {
                let key = derived.key(&after.kind, &after.id);
                if derived.others.remove(&key).is_some() {
                    findings.add(format!("{}/{}", after.kind, after.id), "流水里的内容", "没有这一行");
                }
            }
        }
        Ok(())
    })
}
