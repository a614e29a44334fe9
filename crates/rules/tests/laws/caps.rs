//! After every event the use of a cap is at most the cap in force, or what it was before.

use gongji_oracle::generate::Case;
use gongji_policy::plan::{ResolvedCap, Work};
use gongji_policy::{BillMeasure, CapAxis, Excess};
use gongji_rules::Step;

use crate::common::{Answer, each, on_all_cores, written_cases};

const SEEDS: usize = 3_000;
const SEEDS_EACH: u64 = 3;

/// What one layer did, as its steps tell.
#[derive(Default)]
struct Done {
    eligible: i64,
    deductible: i64,
    entered: i64,
    paid: i64,
}

fn done(answer: &Answer<'_>, index: usize) -> Done {
    let mut done = Done { paid: answer.sheet.paid(index), ..Done::default() };
    for step in &answer.trace {
        match *step {
            Step::Eligible { layer, amount } if usize::from(layer) == index => done.eligible = amount,
            Step::Deductible { layer, taken, .. } if usize::from(layer) == index => done.deductible = taken,
            Step::Band { layer, entered, .. } if usize::from(layer) == index => done.entered += entered,
            _ => {}
        }
    }
    done
}

/// What the counter held when the layer came to it.
fn before(answer: &Answer<'_>, index: usize, counter: u16) -> i64 {
    let earlier = answer.trace.iter().rev().find_map(|step| match *step {
        Step::Counter { layer, counter: moved, after, .. }
            if moved == counter && usize::from(layer) < index =>
        {
            Some(after)
        }
        _ => None,
    });
    earlier.unwrap_or(answer.used_before[usize::from(counter)])
}

/// Checks a cap; whether it was met exactly.
fn holds(answer: &Answer<'_>, index: usize, cap: &ResolvedCap, done: &Done) -> bool {
    let measure = |measure| match measure {
        BillMeasure::Total => answer.bill.total(),
        BillMeasure::InScope => answer.bill.in_scope_total(),
        BillMeasure::Eligible => done.eligible,
    };
    let limit = cap.amount.for_bill(measure).unwrap_or(i64::MAX);
    let used = cap.counter.map_or(0, |counter| before(answer, index, counter));
    let over = cap.excess == Excess::OverCeiling;
    let (added, spare) = match cap.axis {
        CapAxis::Paid => (done.paid, 0),
        CapAxis::PaidWithDeductible => (done.paid + done.deductible, done.deductible),
        CapAxis::EligibleNet if over => (done.entered, 0),
        CapAxis::EligibleGross if over => (done.entered + done.deductible, done.deductible),
        // All of the amount counts, although beyond the cap nothing is paid.
        CapAxis::EligibleNet | CapAxis::EligibleGross => return false,
    };
    assert!(added >= 0);
    assert!(
        used + added <= limit.max(used + spare),
        "layer {index}, cap {}: {used} + {added} over {limit}",
        cap.index
    );
    added > 0 && used + added == limit
}

fn all_hold(answer: &Answer<'_>) -> usize {
    let mut met = 0;
    for (index, layer) in answer.resolution.layers.iter().enumerate() {
        let caps = match &layer.work {
            Work::Open(rule) | Work::Relieve(rule) => &rule.caps,
            Work::Purse(rule) => &rule.caps,
            _ => continue,
        };
        let done = done(answer, index);
        met += caps.iter().filter(|cap| done.eligible > 0 && holds(answer, index, cap, &done)).count();
    }
    assert!(answer.used.iter().zip(&answer.used_before).all(|(after, before)| after >= before));
    met
}

fn check(case: &Case) -> [usize; 2] {
    let mut met = 0;
    each(case, |answer| met += all_hold(answer));
    [case.events.len(), met]
}

#[test]
fn caps_hold_on_generated_cases() {
    let [bills, met] = on_all_cores(SEEDS, |seed| check(&Case::from_seed(seed as u64)));
    println!("{bills} bills, {met} caps met exactly");
    assert!(met > 200, "too few caps were met: {met}");
}

#[test]
fn caps_hold_on_written_packs() {
    let cases = written_cases(SEEDS_EACH);
    let [bills, met] = on_all_cores(cases.len(), |number| check(&cases[number]));
    println!("{bills} bills, {met} caps met exactly");
    assert!(met > 20, "too few caps were met: {met}");
}
