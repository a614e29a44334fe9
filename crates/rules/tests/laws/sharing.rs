//! Bills that share a resolution share it rightly: it is the one that a fresh lookup of their facts gives.

use gongji_oracle::generate::Case;
use gongji_policy::plan::{Plan, day_number};
use gongji_policy::{Dimension, Facts};
use gongji_rules::Bulk;
use jiff::civil::Date;

use crate::common::{on_all_cores, written_cases};

const SEEDS: usize = 1_500;
const SEEDS_EACH: u64 = 2;
/// How many mixtures of its bills' facts each case tries.
const MIXTURES: u64 = 40;

/// A mixed number below the limit, for a place in a seeded sequence.
fn pick(seed: u64, place: u64, limit: usize) -> usize {
    let mut mixed =
        seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(place.wrapping_mul(0xd1b5_4a32_d192_ed03));
    mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ (mixed >> 29)) % limit as u64) as usize
}

/// Facts that take each dimension from one of the case's bills, sometimes a little off.
fn mixture(case: &Case, seed: u64) -> (Facts, Date) {
    let of = |place: u64| &case.events[pick(seed, place, case.events.len())].bill;
    let mut facts = Facts::default();
    for dimension in Dimension::ALL {
        facts.set(dimension, of(dimension as u64).facts.get(dimension));
    }
    if let Some(age) = facts.get(Dimension::Age) {
        facts.set(Dimension::Age, Some((age + pick(seed, 99, 5) as i64 - 2).clamp(0, 150)));
    }
    (facts, of(77).law_date)
}

/// How many facts were tried, and how many of them found a resolution that others had made.
fn check(case: &Case) -> [usize; 2] {
    let plan = Plan::compile(&case.pack, case.scheme(), case.benefit());
    let Some(mut bulk) = Bulk::new(&plan) else { return [0, 0] };
    let mut seen = std::collections::BTreeSet::new();
    let (mut tried, mut shared) = (0, 0);
    for seed in 0..MIXTURES {
        let (facts, day) = mixture(case, seed);
        let fresh = plan.covers(&facts).map(|()| plan.resolve(&facts, day));
        match bulk.prepare(&facts, day) {
            Ok(combination) => {
                assert_eq!(bulk.resolution(combination), fresh.as_ref().ok());
                let values = bulk.axes().iter().map(|axis| match axis.dimension {
                    None => day_number(day),
                    Some(dimension) => facts.get(dimension).unwrap_or_default(),
                });
                assert_eq!(bulk.combination(values), combination, "row by row as by facts");
                for axis in bulk.axes() {
                    let value = match axis.dimension {
                        None => day_number(day),
                        Some(dimension) => facts.get(dimension).unwrap_or_default(),
                    };
                    let mut column = [3];
                    axis.number(&[value as i32], &mut column);
                    assert_eq!(column, [3 * axis.len() as u32 + axis.cell(value)], "by columns as by rows");
                }
                tried += 1;
                shared += usize::from(!seen.insert(combination));
            }
            // What a dimension that some table names lacks is refused here even where it could not matter.
            Err(_) => assert!(bulk.combination_of(&facts, day).is_err() || fresh.is_err()),
        }
    }
    [tried, shared]
}

#[test]
fn shared_resolutions_equal_fresh_ones_on_generated_cases() {
    let [tried, shared] = on_all_cores(SEEDS, |seed| check(&Case::from_seed(seed as u64)));
    println!("{tried} facts, {shared} shared a resolution");
    assert!(shared > 1_000, "too few: {shared}");
}

#[test]
fn shared_resolutions_equal_fresh_ones_on_written_packs() {
    let cases = written_cases(SEEDS_EACH);
    let [tried, shared] = on_all_cores(cases.len(), |number| check(&cases[number]));
    println!("{tried} facts, {shared} shared a resolution");
    assert!(shared > 1_000, "too few: {shared}");
}
