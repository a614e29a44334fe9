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

/// The kind of a refusal, and what it names.
fn kind(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NeedsAnswer { dimension, .. } => format!("needs {dimension:?}"),
        Refusal::Unknown { reason, .. } => format!("unknown {reason}"),
        Refusal::NoRule { .. } => "no rule".to_owned(),
        other => format!("{other:?}"),
    }
}

fn kind_of_reference(refusal: &gongji_oracle::Refusal) -> String {
    match refusal {
        gongji_oracle::Refusal::NeedsAnswer { dimension, .. } => format!("needs {dimension:?}"),
        gongji_oracle::Refusal::Unknown { reason, .. } => format!("unknown {reason}"),
        gongji_oracle::Refusal::NoRule { .. } => "no rule".to_owned(),
    }
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
                assert_eq!(kind(&fast), kind_of_reference(&slow), "{fast:?} against {slow:?}");
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
