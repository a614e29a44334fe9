//! Layers with disjoint bases, payers, caps and counters give identical cells in either order.

use std::collections::BTreeSet;

use gongji_oracle::generate::Case;
use gongji_policy::plan::{Plan, Slot, SlotKind};
use gongji_policy::{BandAxis, GuaranteeTerm, Layer, LayerKind, Payer};

use crate::common::{Cells, each, fold, on_all_cores, written_cases};

const SEEDS: usize = 3_000;
const SEEDS_EACH: u64 = 3;

/// Everything that a layer reads or moves.
struct Footprint {
    slots: BTreeSet<Slot>,
    payers: BTreeSet<Payer>,
    counters: BTreeSet<usize>,
    /// The deductible taken by opening layers, which guarantees may look at.
    deductibles: bool,
}

impl Footprint {
    fn of(plan: &Plan<'_>, layer: &Layer) -> Footprint {
        let slots = plan.slots();
        let mut footprint = Footprint {
            slots: slots.base(&layer.base).into_iter().collect(),
            payers: BTreeSet::from([layer.payer]),
            counters: layer.adds.iter().map(|(_, counter)| *counter).collect(),
            deductibles: false,
        };
        let caps = match &layer.kind {
            LayerKind::Ratio(ratio) => {
                for slot in slots.base(&layer.base) {
                    if let SlotKind::InScope(tag) = slots.kind(slot) {
                        footprint.slots.extend(slot..=slots.over_ceiling(tag));
                        footprint.deductibles = true;
                    }
                }
                if let Some(deductible) = &ratio.deductible {
                    footprint.counters.extend(deductible.counter);
                    footprint.counters.extend(deductible.limits.iter().map(|limit| limit.counter));
                }
                match ratio.bands.as_ref().map(|bands| bands.axis) {
                    Some(BandAxis::CounterGross(counter) | BandAxis::CounterNet(counter)) => {
                        footprint.counters.insert(counter);
                    }
                    Some(BandAxis::Gross | BandAxis::Net) | None => {}
                }
                ratio.caps.as_slice()
            }
            LayerKind::Guarantee(guarantee) => {
                footprint.payers.extend(&guarantee.counts);
                footprint.deductibles =
                    guarantee.target.iter().any(|(_, term)| *term == GuaranteeTerm::Deductible);
                &[]
            }
            LayerKind::Purse(purse) => purse.caps.as_slice(),
            LayerKind::Tally => &[],
        };
        footprint.counters.extend(caps.iter().filter_map(|cap| cap.counter));
        footprint
    }

    fn is_apart_from(&self, other: &Footprint) -> bool {
        self.slots.is_disjoint(&other.slots)
            && self.payers.is_disjoint(&other.payers)
            && self.counters.is_disjoint(&other.counters)
            && !(self.deductibles && other.deductibles)
    }
}

/// How many pairs of neighbours were swapped, and in how many bills both of them paid.
fn check(case: &Case) -> [usize; 2] {
    let (mut pairs, mut both) = (0, 0);
    for first in 0..case.benefit().layers.len().saturating_sub(1) {
        let second = first + 1;
        let plan = Plan::compile(&case.pack, case.scheme(), case.benefit());
        let [one, other] = [first, second].map(|at| Footprint::of(&plan, &case.benefit().layers[at]));
        if !one.is_apart_from(&other) {
            continue;
        }
        pairs += 1;
        let mut swapped = case.clone();
        swapped.pack.schemes[case.scheme].benefits[case.benefit].layers.swap(first, second);
        let swapped_plan = Plan::compile(&swapped.pack, swapped.scheme(), swapped.benefit());
        each(case, |answer| {
            let Ok(after) = fold(&swapped_plan, answer.event, &answer.used_before, &answer.purses_before)
            else {
                panic!("refused after layers {first} and {second} changed places")
            };
            let renamed: Cells = after
                .cells()
                .into_iter()
                .map(|((row, tag, payer, layer, relative), fen)| {
                    let layer = match layer {
                        at if at == first => second,
                        at if at == second => first,
                        at => at,
                    };
                    ((row, tag, payer, layer, relative), fen)
                })
                .collect();
            assert_eq!(renamed, answer.cells(), "layers {first} and {second}");
            assert_eq!((&after.used, &after.purses), (&answer.used, &answer.purses));
            both += usize::from(answer.sheet.paid(first) > 0 && answer.sheet.paid(second) > 0);
        });
    }
    [pairs, both]
}

#[test]
fn layers_apart_commute_on_generated_cases() {
    let [pairs, both] = on_all_cores(SEEDS, |seed| check(&Case::from_seed(seed as u64)));
    println!("{pairs} pairs of layers, {both} bills that both paid");
    assert!(both > 100, "too few: {both}");
}

#[test]
fn layers_apart_commute_on_written_packs() {
    let cases = written_cases(SEEDS_EACH);
    let [pairs, both] = on_all_cores(cases.len(), |number| check(&cases[number]));
    println!("{pairs} pairs of layers, {both} bills that both paid");
    assert!(pairs > 0, "no pair was tried");
}
