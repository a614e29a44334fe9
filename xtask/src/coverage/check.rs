//! Whether the lists are whole and say what is so.

use std::collections::BTreeSet;
use std::path::Path;

use super::list::{Kind, List, Row};
use super::shelf::Shelf;

/// Every objection to the lists, in words.
///
/// # Errors
/// Packs or cases that cannot be read.
pub fn check(root: &Path, lists: &[List]) -> anyhow::Result<Vec<String>> {
    let shelf = Shelf::open(root)?;
    let mut findings = Vec::new();
    for list in lists {
        count(list, &mut findings);
        for (id, row) in &list.rows {
            let mut objections = Vec::new();
            form(row, &mut objections);
            targets(root, &shelf, list, id, row, &mut objections);
            findings.extend(objections.into_iter().map(|objection| format!("{id}: {objection}")));
        }
    }
    let known: BTreeSet<&String> =
        lists.iter().filter(|list| list.examples).flat_map(|list| list.rows.keys()).collect();
    for (case, ids) in &shelf.cases {
        for id in ids.iter().filter(|id| !known.contains(id)) {
            findings.push(format!("{case}: no worked example `{id}`"));
        }
    }
    Ok(findings)
}

/// The letters (and a digit and hyphen, as in `S0-`) before an id's number.
fn prefix(id: &str) -> &str {
    match id.split_once('-') {
        Some((prefix, _)) => prefix,
        None => id.split(|sign: char| sign.is_ascii_digit()).next().unwrap_or(id),
    }
}

fn count(list: &List, findings: &mut Vec<String>) {
    for id in list.rows.keys().filter(|id| !list.counts.contains_key(prefix(id))) {
        findings.push(format!("{}: the prefix of `{id}` is not counted", list.title));
    }
    for (letters, expected) in &list.counts {
        let ids: Vec<&String> = list.rows.keys().filter(|id| prefix(id) == letters).collect();
        if ids.len() != *expected {
            findings.push(format!("{}: {} of {expected} ids of {letters}", list.title, ids.len()));
        }
        if list.contiguous.contains(letters) {
            let numbers: BTreeSet<usize> = ids
                .iter()
                .filter_map(|id| id.trim_start_matches(letters.as_str()).trim_start_matches('-').parse().ok())
                .collect();
            if numbers != (1..=*expected).collect() {
                findings.push(format!(
                    "{}: the numbers of {letters} do not run from 1 to {expected}",
                    list.title
                ));
            }
        }
    }
}

/// What a row of its kind must and must not say.
fn form(row: &Row, objections: &mut Vec<String>) {
    let mut object = |wrong: bool, words: &str| {
        if wrong {
            objections.push(words.to_owned());
        }
    };
    let is_value = |target: &&String| {
        target
            .get(..7)
            .is_some_and(|head| head.ends_with(':') && head.bytes().take(6).all(|sign| sign.is_ascii_digit()))
    };
    let has = |test: &dyn Fn(&&String) -> bool| row.targets.iter().any(|target| test(&target));
    object(row.subject.trim().is_empty(), "no subject");
    object(
        (row.kind == Kind::Open) == row.missing.is_empty(),
        "`missing` stands with `open`, and only there",
    );
    object((row.kind == Kind::Open) != row.becomes.is_some(), "`becomes` stands with `open`, and only there");
    object(row.becomes == Some(Kind::Open), "`becomes` is what it is when it is no longer open");
    match row.kind {
        Kind::Value => object(!has(&is_value), "a value names area:path"),
        Kind::Calculation => {
            object(!has(&|target| target.starts_with("event:")), "a calculation names event:kind");
        }
        Kind::Page => object(!has(&|target| target.starts_with('/')), "a page names an address"),
        Kind::Case => {
            let proves = |target: &&String| target.ends_with(".json") || target.contains("::");
            object(!has(&proves), "a case names a file");
        }
        Kind::Wrong => {
            object(row.targets.is_empty(), "a wrong statement names what shows the right one");
            object(row.reason.is_empty(), "a wrong statement says what is wrong");
        }
        Kind::NotModelled => {
            object(row.reason.is_empty(), "what is not modelled says why");
            object(!row.targets.is_empty(), "what is not modelled has no target");
        }
        Kind::Open => {}
    }
}

fn targets(root: &Path, shelf: &Shelf, list: &List, id: &String, row: &Row, objections: &mut Vec<String>) {
    let there: Vec<anyhow::Result<()>> = row.targets.iter().map(|target| shelf.find(root, target)).collect();
    let proving = || shelf.cases.iter().filter(|(_, ids)| ids.contains(id)).map(|(case, _)| case);
    if row.kind == Kind::Open {
        let carried = !there.is_empty() && there.iter().all(Result::is_ok);
        if carried || list.examples && proving().next().is_some() {
            objections
                .push("open, but carried by now; run `cargo run -p xtask -- coverage --adopt`".to_owned());
        }
        return;
    }
    objections.extend(there.into_iter().filter_map(Result::err).map(|error| format!("{error:#}")));
    if list.examples && matches!(row.kind, Kind::Case | Kind::Wrong) {
        for case in row.targets.iter().filter(|target| target.ends_with(".json")) {
            if shelf.cases.get(case).is_some_and(|ids| !ids.contains(id)) {
                objections.push(format!("{case} does not name it under `examples`"));
            }
            if row.kind == Kind::Wrong && !shelf.noted.contains(case) {
                objections.push(format!("{case} has no note that says what the page printed"));
            }
        }
    }
}
