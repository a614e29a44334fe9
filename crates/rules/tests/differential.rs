//! The fold equals the reference interpreter, fen by fen and counter by counter, on seeded packs that cover every operator.

use std::collections::BTreeMap;

use gongji_oracle::generate::{Case, Event};
use gongji_oracle::{Balances, Outcome};
use gongji_policy::Payer;
use gongji_policy::plan::{Plan, Refusal, SlotKind};
use gongji_rules::{Bill, NoTrace, Step, Worksheet, adjudicate};

/// How many seeded cases; each has several bills.
const SEEDS: u64 = 12_000;

type Cells = BTreeMap<(String, usize, Payer, usize, usize), i64>;

/// The table why × who, from the trace.
fn cells(plan: &Plan<'_>, trace: &[Step]) -> Cells {
    let row = |slot: u16| match plan.slots().kind(slot) {
        SlotKind::NonCovered => ("non_covered".to_owned(), 0),
        SlotKind::OverLimitPrice => ("over_limit_price".to_owned(), 0),
        SlotKind::UpfrontSelfPay => ("upfront_self_pay".to_owned(), 0),
        SlotKind::InScope(tag) => ("account_first".to_owned(), tag),
        SlotKind::Deductible(tag) => ("deductible".to_owned(), tag),
        SlotKind::Band(tag, band) => (format!("band:{band}"), tag),
        SlotKind::OverCeiling(tag) => ("over_ceiling".to_owned(), tag),
    };
    let layers = &plan.benefit().layers;
    let mut cells = Cells::new();
    for step in trace {
        let (slot, payer, layer, account, amount) = match *step {
            Step::Band { layer, slot, paid, .. } if opens(plan, layer) => {
                (slot, layers[usize::from(layer)].payer, usize::from(layer), 0, paid)
            }
            Step::Relief { layer, slot, account, amount } => {
                (slot, layers[usize::from(layer)].payer, usize::from(layer), usize::from(account), amount)
            }
            Step::Cash { slot, amount } => (slot, Payer::Cash, usize::MAX, 0, amount),
            _ => continue,
        };
        let (name, tag) = row(slot);
        if amount != 0 {
            *cells.entry((name, tag, payer, layer, account)).or_default() += amount;
        }
    }
    cells
}

fn opens(plan: &Plan<'_>, layer: u8) -> bool {
    let base = plan.slots().base(&plan.benefit().layers[usize::from(layer)].base);
    base.iter().any(|slot| matches!(plan.slots().kind(*slot), SlotKind::InScope(_)))
}

/// The compiled side: the state after, or the refusal with nothing moved.
fn fold(
    plan: &Plan<'_>,
    event: &Event,
    used: &mut Vec<i64>,
    balances: &mut Vec<i64>,
) -> Result<Cells, Refusal> {
    let input = &event.bill;
    let resolution = plan.resolve(&input.facts, input.law_date)?;
    let mut bill = Bill {
        non_covered: input.non_covered.fen(),
        over_limit_price: input.over_limit_price.fen(),
        upfront_self_pay: input.upfront_self_pay.fen(),
        stay_days: input.stay_days,
        ..Bill::default()
    };
    for (tag, amount) in input.in_scope.iter().enumerate() {
        bill.in_scope[tag] = amount.fen();
    }
    let mut sheet = Worksheet::new(plan.slots(), plan.benefit().layers.len());
    let (mut used_after, mut balances_after) = (used.clone(), balances.clone());
    let mut trace: Vec<Step> = Vec::new();
    adjudicate(
        plan.slots(),
        &resolution,
        &bill,
        &mut used_after,
        &mut balances_after,
        &mut sheet,
        &mut trace,
    );
    if let Some(refusal) = sheet.refusal(&resolution) {
        return Err(refusal.clone());
    }

    // The trace changes nothing: the same fold without one gives the same amounts.
    let (mut used_bare, mut balances_bare) = (used.clone(), balances.clone());
    let mut bare = Worksheet::new(plan.slots(), plan.benefit().layers.len());
    adjudicate(plan.slots(), &resolution, &bill, &mut used_bare, &mut balances_bare, &mut bare, &mut NoTrace);
    assert_eq!((bare.payments(), bare.cash()), (sheet.payments(), sheet.cash()));
    assert_eq!((&used_bare, &balances_bare), (&used_after, &balances_after));

    (*used, *balances) = (used_after, balances_after);
    Ok(cells(plan, &trace))
}

fn purses(balances: &Balances) -> Vec<i64> {
    let own = [balances.current_year.fen(), balances.carried_over.fen()];
    own.into_iter().chain(balances.relatives.iter().map(|balance| balance.fen())).collect()
}

#[derive(Debug, Default)]
struct Tally {
    bills: usize,
    refused: usize,
}

fn compare(case: &Case, tally: &mut Tally) {
    let plan = Plan::compile(&case.pack, case.scheme(), case.benefit());
    let (mut used, mut balances) = (case.used.clone(), purses(&case.balances));
    let (mut slow_used, mut slow_balances) = (case.used.clone(), case.balances.clone());
    for event in &case.events {
        for counter in &event.resets {
            used[*counter] = 0;
            slow_used[*counter] = 0;
        }
        tally.bills += 1;
        let slow = gongji_oracle::adjudicate(
            &case.pack,
            case.scheme(),
            case.benefit(),
            &event.bill,
            &mut slow_used,
            &mut slow_balances,
        );
        let fast = fold(&plan, event, &mut used, &mut balances);
        match (fast, slow) {
            (Ok(fast), Ok(Outcome { cells: slow, .. })) => assert_eq!(fast, slow),
            (Err(_), Err(_)) => tally.refused += 1,
            (fast, slow) => panic!("one refused, the other not: {fast:?} against {slow:?}"),
        }
        assert_eq!(used, slow_used, "counters");
        assert_eq!(balances, purses(&slow_balances), "balances");
    }
}

#[test]
fn the_fold_equals_the_reference_on_every_operator() {
    let mut tally = Tally::default();
    for seed in 0..SEEDS {
        let case = Case::from_seed(seed);
        let outcome = std::panic::catch_unwind(|| {
            let mut own = Tally::default();
            compare(&case, &mut own);
            own
        });
        match outcome {
            Ok(own) => {
                tally.bills += own.bills;
                tally.refused += own.refused;
            }
            Err(_) => panic!("seed {seed}: {:#?}", case.benefit()),
        }
    }
    assert!(tally.bills > 10_000, "too few bills: {tally:?}");
    assert!(tally.refused * 10 < tally.bills, "too many refused to prove anything: {tally:?}");
}
