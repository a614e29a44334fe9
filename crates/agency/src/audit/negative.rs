//! Whether a cancellation takes back exactly what it cancels.

use std::collections::BTreeMap;

use gongji_ledger::{Account, AccountKind, Posting};

use super::Findings;
use crate::port::{Read, StoreError};
use crate::record::{Record, TallyMove};

/// Checks every cancellation of a settlement among these records against the settlement.
pub(super) fn check(
    view: &mut dyn Read,
    records: &[Record],
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let cancelling: Vec<(&Record, u64)> =
        records.iter().filter_map(|record| record.cancels.map(|seq| (record, seq))).collect();
    let seqs: Vec<u64> = cancelling.iter().map(|(_, seq)| *seq).collect();
    for ((record, _), stored) in cancelling.into_iter().zip(view.records(&seqs)?) {
        // What cannot be read, or is not there, is found where the journal is read.
        let first = stored.and_then(|stored| Record::read(stored.seq, &stored.body).ok());
        let Some(first) = first.filter(|first| first.settlement.is_some()) else { continue };
        for (expected, found) in differences(&first, record) {
            findings.add(format!("第 {} 条记录撤销第 {} 条", record.seq, first.seq), expected, found);
        }
    }
    Ok(())
}

/// Where an amount lies whatever the area in which a personal account stands, and whichever of the two accounts between agency and person it is in.
fn place(account: &Account) -> String {
    match &account.kind {
        AccountKind::Personal { person, sub } => format!("personal/{person}/{}", sub.name()),
        AccountKind::PayablePerson { person } | AccountKind::ReceivablePerson { person } => {
            format!("{}/person/{person}", account.area)
        }
        _ => account.to_string(),
    }
}

fn sums<'entry>(postings: impl IntoIterator<Item = &'entry Posting>) -> BTreeMap<String, i128> {
    let mut sums = BTreeMap::new();
    for Posting(account, fen) in postings {
        *sums.entry(place(account)).or_default() += i128::from(*fen);
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

/// What goes through the clearing of two areas because an account has moved from one to the other since: the one place where a cancellation may hold
/// more than the opposite.
fn through_clearing(first: &Record, cancel: &Record) -> Vec<Posting> {
    let mut through = Vec::new();
    for Posting(account, fen) in first.entry.postings() {
        let Some(owner) = account.of_person() else { continue };
        let back = cancel.entry.postings().iter().find(|posting| posting.0.of_person() == Some(owner));
        if let Some(Posting(stands, _)) = back.filter(|posting| posting.0.area != account.area) {
            through.push(Posting(
                Account::clearing_of_accounts(&account.area, &stands.area),
                fen.saturating_neg(),
            ));
            through.push(Posting(Account::clearing_of_accounts(&stands.area, &account.area), *fen));
        }
    }
    through
}

/// What a cancellation moves otherwise than the opposite of what it cancels: as it should be, and as it is.
fn differences(first: &Record, cancel: &Record) -> Vec<(String, String)> {
    let mut differences = Vec::new();
    let found = sums(first.entry.postings().iter().chain(cancel.entry.postings()));
    let expected = sums(&through_clearing(first, cancel));
    for (place, sum) in &found {
        let wanted = expected.get(place).copied().unwrap_or(0);
        if *sum != wanted {
            differences.push((format!("{place} 合计 {wanted} 分"), format!("{sum} 分")));
        }
    }
    for (place, wanted) in expected.iter().filter(|(place, _)| !found.contains_key(*place)) {
        differences.push((format!("{place} 合计 {wanted} 分"), "0 分".to_owned()));
    }
    let opposite: Option<Vec<TallyMove>> = first.tallies.iter().map(|by| by.negated().ok()).collect();
    if opposite.as_ref() != Some(&cancel.tallies) {
        differences.push(("累计的变动正好相反".to_owned(), "不是".to_owned()));
    }
    differences
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn record(entry: Value, counted: i64) -> Record {
        let record = json!({
            "seq": 7, "kind": "x", "date": "2026-03-05", "booked_at": 1, "key": "k",
            "actor": { "role": "operator", "name": "test" },
            "entry": entry, "tallies": [{ "id": "T", "counters": { "c|2026-01-01": counted } }],
        });
        serde_json::from_value(record).expect("a record")
    }

    fn settled() -> Record {
        record(
            json!([
                ["990301/fund/employee/pooled", -500],
                ["990301/personal/P1/current_year", -200],
                ["990301/payable/H1", 650],
                ["990301/payable_person/P1", 50],
            ]),
            500,
        )
    }

    fn differ(cancel: Value, counted: i64) -> Vec<String> {
        differences(&settled(), &record(cancel, counted)).into_iter().map(|(expected, _)| expected).collect()
    }

    #[test]
    fn the_opposite_is_found_right() {
        let opposite = json!([
            ["990301/fund/employee/pooled", 500],
            ["990301/personal/P1/current_year", 200],
            ["990301/payable/H1", -650],
            ["990301/payable_person/P1", -50],
        ]);
        assert_eq!(differ(opposite.clone(), -500), [""; 0]);
        assert_eq!(differ(opposite, -499), ["累计的变动正好相反"]);
    }

    #[test]
    fn an_account_that_moved_goes_through_clearing_and_a_debt_is_as_good() {
        let moved = |back: i64| {
            json!([
                ["990301/fund/employee/pooled", 500],
                ["990301/payable/H1", -650],
                ["990301/receivable_person/P1", -50],
                ["990301/clearing/990303/account", 200],
                ["990303/clearing/990301/account", -back],
                ["990303/personal/P1/current_year", back],
            ])
        };
        assert_eq!(differ(moved(200), -500), [""; 0]);
        assert!(!differ(moved(190), -500).is_empty(), "ten fen are lost on the way");
    }

    #[test]
    fn what_is_not_the_opposite_is_found() {
        let other_hospital = json!([
            ["990301/fund/employee/pooled", 500],
            ["990301/personal/P1/current_year", 200],
            ["990301/payable/H2", -650],
            ["990301/payable_person/P1", -50],
        ]);
        assert_eq!(
            differ(other_hospital, -500),
            ["990301/payable/H1 合计 0 分", "990301/payable/H2 合计 0 分"]
        );
        let clearing_for_nothing = json!([
            ["990301/fund/employee/pooled", 500],
            ["990301/personal/P1/current_year", 200],
            ["990301/payable/H1", -651],
            ["990301/clearing/990303", 1],
            ["990301/payable_person/P1", -50],
        ]);
        assert_eq!(differ(clearing_for_nothing, -500).len(), 2);
    }
}
