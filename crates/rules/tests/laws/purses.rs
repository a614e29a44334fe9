//! Where no purse comes before a fund, what is in the purses never changes what funds pay.

use gongji_oracle::generate::Case;
use gongji_policy::LayerKind;

use crate::common::{Answer, Cells, each, fold, on_all_cores, written_cases};

const SEEDS: usize = 3_000;
const SEEDS_EACH: u64 = 3;

fn is_fund_first(answer: &Answer<'_>) -> bool {
    let layers = &answer.plan.benefit().layers;
    let first_purse = layers.iter().position(|layer| matches!(layer.kind, LayerKind::Purse(_)));
    let last_fund =
        layers.iter().rposition(|layer| matches!(layer.kind, LayerKind::Ratio(_) | LayerKind::Guarantee(_)));
    first_purse.is_some() && first_purse > last_fund
}

fn funds(answer: &Answer<'_>) -> Cells {
    answer.cells().into_iter().filter(|((_, _, payer, ..), _)| payer.is_fund()).collect()
}

/// Whether the law speaks of this answer; its fund column is compared with that of empty and of full purses.
fn holds(answer: &Answer<'_>) -> bool {
    if !is_fund_first(answer) {
        return false;
    }
    for balance in [0, 1_000_000_000_000] {
        let purses = vec![balance; answer.purses_before.len()];
        let other = fold(answer.plan, answer.event, &answer.used_before, &purses);
        assert_eq!(other.ok().as_ref().map(funds), Some(funds(answer)));
    }
    true
}

fn check(case: &Case) -> [usize; 2] {
    let mut tried = 0;
    each(case, |answer| tried += usize::from(holds(answer)));
    [case.events.len(), tried]
}

#[test]
fn purses_never_move_funds_on_generated_cases() {
    let [bills, tried] = on_all_cores(SEEDS, |seed| check(&Case::from_seed(seed as u64)));
    println!("{bills} bills, {tried} of them fund first");
    assert!(tried > 1_000, "too few: {tried}");
}

#[test]
fn purses_never_move_funds_on_written_packs() {
    let cases = written_cases(SEEDS_EACH);
    let [bills, tried] = on_all_cores(cases.len(), |number| check(&cases[number]));
    println!("{bills} bills, {tried} of them fund first");
    assert!(tried > 50, "too few: {tried}");
}
