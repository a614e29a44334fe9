//! Both books, whole: what the journal says moved, and the rows that stand.

use std::collections::BTreeMap;

use gongji_agency::record::Record;
use serde_json::{Value, json};

use crate::pair::Pair;
use crate::side::Side;

/// Ids of one side as both sides are told: visits and settlements by their place in the pair's lists.
type Names = BTreeMap<String, String>;

fn names(pair: &Pair, wire: bool) -> Names {
    let mut names = Names::new();
    for (at, visit) in pair.visits.iter().enumerate() {
        names.insert(if wire { &visit.wire } else { &visit.agency }.clone(), format!("visit {at}"));
    }
    for (at, settled) in pair.settled.iter().enumerate() {
        names.insert(if wire { &settled.wire } else { &settled.agency }.clone(), format!("settlement {at}"));
    }
    names
}

/// A text with every id in it that both sides call something else. Ids stand between `/`, `|`, `:` and quotes.
fn told(names: &Names, text: &str) -> String {
    let mut told = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let word = rest.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(rest.len());
        told.push_str(names.get(&rest[..word]).map_or(&rest[..word], String::as_str));
        rest = &rest[word..];
        let between = rest.find(|letter: char| letter.is_ascii_alphanumeric()).unwrap_or(rest.len());
        told.push_str(&rest[..between]);
        rest = &rest[between..];
    }
    told
}

/// The same of everything in a value.
fn all_told(names: &Names, value: &Value) -> Value {
    serde_json::from_str(&told(names, &value.to_string())).expect("JSON")
}

/// The movements of the journal in their order, and the sum of each account from them alone.
fn journal(side: &Side, names: &Names) -> (Vec<Value>, BTreeMap<String, i64>) {
    let (mut moved, mut sums) = (Vec::new(), BTreeMap::new());
    let mut records = Vec::new();
    side.home
        .read(&mut |view| {
            records = view.records_after(0, usize::MAX >> 1)?;
            Ok(())
        })
        .expect("reads");
    for stored in records {
        let record = Record::read(stored.seq, &stored.body).expect("a record");
        let mut postings = Vec::new();
        for posting in record.entry.postings() {
            *sums.entry(posting.0.to_string()).or_insert(0) += posting.1;
            postings.push(json!([posting.0.to_string(), posting.1]));
        }
        if postings.is_empty() && record.settlement.is_none() && record.cancels.is_none() {
            continue;
        }
        let made = record.settlement.as_deref();
        let made = made.map(|made| {
            json!([made.id, made.visit, made.batches.len(), made.table, made.law_day, made.total])
        });
        let people: Vec<&str> = record.people.iter().map(|link| link.person.as_str()).collect();
        let movement = json!({
            "postings": postings, "tallies": record.tallies, "settlement": made, "people": people, "on": record.date,
            "cancels": record.cancels.map(|seq| format!("S{seq}")),
        });
        moved.push(all_told(names, &movement));
    }
    sums.retain(|_, fen| *fen != 0);
    (moved, sums)
}

/// The rows that money depends on.
fn rows(side: &Side, names: &Names) -> BTreeMap<String, Value> {
    let mut rows = BTreeMap::new();
    for kind in ["standing", "tally", "balance", "admitted", "visit", "lines"] {
        let mut page = Vec::new();
        side.home
            .read(&mut |view| {
                page = view.page(kind, "", "", usize::MAX >> 1)?;
                Ok(())
            })
            .expect("reads");
        for (id, body) in page {
            let mut body: Value = serde_json::from_str(&body).expect("a row");
            let seq = |value: &Value| value.as_u64().map(|seq| format!("S{seq}"));
            match kind {
                // Numbers of records are each side's own.
                "standing" => body["last"] = Value::Null,
                "balance" => body["seq"] = Value::Null,
                "visit" => {
                    for settled in body["settlements"].as_array_mut().into_iter().flatten() {
                        *settled = seq(settled).into();
                    }
                    for batch in body["batches"].as_array_mut().into_iter().flatten() {
                        batch["settled"] = seq(&batch["settled"]).into();
                    }
                }
                _ => {}
            }
            let mut body = all_told(names, &body);
            if let Some(stays) = body["stays"].as_array_mut() {
                stays.sort_by_key(ToString::to_string);
            }
            rows.insert(format!("{kind} {}", told(names, &id)), body);
        }
    }
    rows
}

fn same<V: PartialEq + std::fmt::Debug>(
    what: &str,
    wire: &BTreeMap<String, V>,
    agency: &BTreeMap<String, V>,
    pair: &Pair,
) {
    for (id, row) in wire {
        assert_eq!(Some(row), agency.get(id), "{what} {id}: messages left, commands right\n{}", pair.past());
    }
    for id in agency.keys() {
        assert!(wire.contains_key(id), "{what} {id} is in the books of the commands only\n{}", pair.past());
    }
}

/// Compares both books.
///
/// # Panics
/// Where anything differs.
pub fn compare(pair: &Pair) {
    let (of_wire, of_agency) = (names(pair, true), names(pair, false));
    let (wire, wire_sums) = journal(&pair.wire, &of_wire);
    let (agency, agency_sums) = journal(&pair.agency, &of_agency);
    for (at, (wire, agency)) in wire.iter().zip(&agency).enumerate() {
        assert_eq!(wire, agency, "movement {at}: messages left, commands right\n{}", pair.past());
    }
    assert_eq!(wire.len(), agency.len(), "how many movements there are\n{}", pair.past());
    same("balance by the journal", &wire_sums, &agency_sums, pair);
    assert_eq!(wire_sums.values().sum::<i64>(), 0, "debits and credits");
    same("row", &rows(&pair.wire, &of_wire), &rows(&pair.agency, &of_agency), pair);
}
