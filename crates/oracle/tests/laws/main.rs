//! What holds for every answer of the interpreter: on generated packs, on the packs that ship, on the fixtures.

mod checks;
mod happenings;

use std::collections::BTreeMap;
use std::path::Path;

use gongji_money::Fen;
use gongji_oracle::generate::Case;
use gongji_packs::PackTexts;
use gongji_policy::{Pack, read_packs};

use crate::checks::{each, every_law};
use crate::happenings::{HAPPENINGS, happenings};

/// How many seeds the laws are tried on.
const SEEDS: u64 = 2_000;

/// How many seeds each benefit of a written pack gets.
const SEEDS_EACH: u64 = 12;

#[test]
fn the_laws_hold_on_generated_cases() {
    let (mut bills, mut refused) = (0, 0);
    let mut happened = BTreeMap::new();
    for seed in 0..SEEDS {
        let case = Case::from_seed(seed);
        bills += case.events.len();
        let result = std::panic::catch_unwind(|| {
            let mut names = Vec::new();
            let refused = each(&case, |answer| {
                every_law(answer);
                names.extend(happenings(answer));
            });
            (refused, names)
        });
        match result {
            Ok((count, names)) => {
                refused += count;
                for name in names {
                    *happened.entry(name).or_insert(0) += 1;
                }
            }
            Err(_) => panic!("seed {seed}"),
        }
    }
    println!("{bills} bills, {refused} refused: {happened:#?}");
    for name in HAPPENINGS {
        let count = happened.get(name).copied().unwrap_or(0);
        assert!(count >= 10, "{name}: {count}");
    }
    assert!(refused * 10 < bills, "{refused} of {bills} refused");
    assert!(refused > 0, "no refusal was tried");
}

#[test]
fn an_empty_bill_moves_nothing() {
    // Cells without money are left out, so an empty bill has none, and moves no counter.
    for seed in 0..200 {
        let mut case = Case::from_seed(seed);
        for event in &mut case.events {
            event.bill.non_covered = Fen::ZERO;
            event.bill.over_limit_price = Fen::ZERO;
            event.bill.upfront_self_pay = Fen::ZERO;
            event.bill.in_scope.fill(Fen::ZERO);
        }
        each(&case, |answer| {
            assert!(answer.outcome.cells.is_empty());
            assert_eq!(answer.used, answer.used_before);
        });
    }
}

/// Bills around every benefit of the packs: how many, and how many were refused.
fn around(packs: &[Pack]) -> (usize, usize) {
    let (mut bills, mut refused) = (0, 0);
    for pack in packs {
        for (scheme, in_scheme) in pack.schemes.iter().enumerate() {
            for benefit in 0..in_scheme.benefits.len() {
                for case in (0..SEEDS_EACH).filter_map(|seed| Case::around(pack, scheme, benefit, seed)) {
                    bills += case.events.len();
                    refused += each(&case, every_law);
                }
            }
        }
    }
    (bills, refused)
}

#[test]
fn the_laws_hold_on_written_packs() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/policies");
    for texts in [PackTexts::shipped(), PackTexts::from_folder(&fixtures).unwrap()] {
        let (packs, _) = read_packs(&texts.rules);
        let (bills, refused) = around(&packs);
        println!("{} packs, {bills} bills, {refused} refused", packs.len());
        assert!(refused < bills, "every one of {bills} bills refused");
    }
}
