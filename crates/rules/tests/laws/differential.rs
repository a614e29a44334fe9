//! The fold equals the reference interpreter, fen by fen and counter by counter: on seeded packs that cover every operator,
//! on the packs that ship, on the fixtures.

use gongji_oracle::Outcome;
use gongji_oracle::generate::Case;
use gongji_policy::plan::{Plan, Refusal};

use crate::common::{fold, on_all_cores, purses, written_cases};

/// How many seeded packs; each has several bills.
const SEEDS: usize = 8_000;

/// How many seeds each benefit of a written pack gets; each has several bills.
const SEEDS_EACH: u64 = 14;

/// The kind of a refusal, and the table that lacks something.
fn kind(refusal: &Refusal) -> (&'static str, &str) {
    match refusal {
        Refusal::NeedsAnswer { path, .. } => ("needs an answer", path),
        Refusal::Unknown { path, .. } => ("unknown", path),
        Refusal::NoRule { path } => ("no rule", path),
        Refusal::OutsideDomain { .. } | Refusal::TooFine { .. } | Refusal::NotStated { .. } => {
            ("never on a checked pack", "")
        }
    }
}

fn kind_of_reference(refusal: &gongji_oracle::Refusal) -> (&'static str, &str) {
    match refusal {
        gongji_oracle::Refusal::NeedsAnswer { path, .. } => ("needs an answer", path),
        gongji_oracle::Refusal::Unknown { path, .. } => ("unknown", path),
        gongji_oracle::Refusal::NoRule { path } => ("no rule", path),
    }
}

/// The layer's name in a table's path.
fn layer(path: &str) -> Option<&str> {
    path.split_once(".layer.").map(|(_, rest)| rest.split('.').next().unwrap_or(rest))
}

/// Both name the same kind. Where one layer lacks several values, which of them is named first is left open.
fn agree(fast: &Refusal, slow: &gongji_oracle::Refusal) -> bool {
    let ((fast, at), (slow, reference_at)) = (kind(fast), kind_of_reference(slow));
    let several = at != reference_at && layer(at).is_some() && layer(at) == layer(reference_at);
    fast == slow || several
}

/// How many bills the case has, and how many were refused.
fn compare(case: &Case) -> [usize; 2] {
    let plan = Plan::compile(&case.pack, case.scheme(), case.benefit());
    let (mut used, mut balances) = (case.used.clone(), purses(&case.balances));
    let (mut slow_used, mut slow_balances) = (case.used.clone(), case.balances.clone());
    let mut refused = 0;
    for event in &case.events {
        for counter in &event.resets {
            used[*counter] = 0;
            slow_used[*counter] = 0;
        }
        let slow = gongji_oracle::adjudicate(
            &case.pack,
            case.scheme(),
            case.benefit(),
            &event.bill,
            &mut slow_used,
            &mut slow_balances,
        );
        match (fold(&plan, event, &used, &balances), slow) {
            (Ok(fast), Ok(Outcome { cells: slow, .. })) => {
                assert_eq!(fast.cells(), slow);
                (used, balances) = (fast.used, fast.purses);
            }
            (Err(fast), Err(slow)) => {
                assert!(agree(&fast, &slow), "{fast:?} against {slow:?}");
                refused += 1;
            }
            (fast, slow) => panic!("one refused, the other not: {:?} against {slow:?}", fast.err()),
        }
        assert_eq!(used, slow_used, "counters");
        assert_eq!(balances, purses(&slow_balances), "balances");
    }
    [case.events.len(), refused]
}

#[test]
fn the_fold_equals_the_reference_on_every_operator() {
    let [bills, refused] = on_all_cores(SEEDS, |seed| compare(&Case::from_seed(seed as u64)));
    println!("{SEEDS} generated packs, {bills} bills, {refused} refused");
    assert!(bills > 10_000, "too few bills: {bills}");
    assert!(refused * 10 < bills, "too many refused to prove anything: {refused} of {bills}");
    assert!(refused > 0, "no refusal was tried");
}

#[test]
fn the_fold_equals_the_reference_on_written_packs() {
    let cases = written_cases(SEEDS_EACH);
    let [bills, refused] = on_all_cores(cases.len(), |number| compare(&cases[number]));
    println!("{} cases around written packs, {bills} bills, {refused} refused", cases.len());
    assert!(cases.len() + SEEDS > 10_000, "too few cases: {}", cases.len());
    assert!(refused * 2 < bills, "too many refused to prove anything: {refused} of {bills}");
}
