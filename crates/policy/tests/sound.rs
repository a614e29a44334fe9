//! What the checks promise, tried on every pack of the repository: a case of a benefit's domain has an answer.

#![expect(clippy::unwrap_used, reason = "a test stops where its premises fail")]

mod common;

use common::all_packs;
use gongji_policy::plan::{Plan, Refusal, Work};
use gongji_policy::{
    Benefit, Dimension, DimensionKind, Facts, Scheme, Severity, check_pack, day_number, day_of_number,
};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// A value along a dimension for which the benefit has rules, picked by a number.
fn pick(scheme: &Scheme, benefit: &Benefit, dimension: Dimension, number: u64) -> Option<i64> {
    let (low, high) = match dimension.kind() {
        DimensionKind::Choice(names) => (0, names.len() as i64 - 1),
        DimensionKind::Open => (0, scheme.values.get(&dimension).map_or(0, |names| names.len() as i64 - 1)),
        DimensionKind::Flag => (0, 1),
        DimensionKind::Integer { low, high } => (low, high),
        DimensionKind::Date => (day_number(date(1930, 1, 1)), day_number(date(2030, 12, 31))),
    };
    let allowed = |value: &i64| {
        let of = |domain: &gongji_policy::Domain| domain.get(&dimension).is_none_or(|it| it.allows(*value));
        let cared_for = dimension != Dimension::CareType || benefit.care_types.contains(value);
        cared_for && of(&scheme.domain) && of(&benefit.domain)
    };
    // Small numbers more often: ages, years and ordinals at which rules change.
    let at = if number.is_multiple_of(3) { number % 100 } else { number };
    let start = low + (at % (high - low + 1) as u64) as i64;
    (start..=high).chain(low..start).find(allowed)
}

#[test]
fn a_case_of_the_domain_has_an_answer() {
    let packs = all_packs();
    let all: Vec<_> = packs
        .iter()
        .flat_map(|pack| pack.schemes.iter().map(move |scheme| (pack, scheme)))
        .flat_map(|(pack, scheme)| scheme.benefits.iter().map(move |benefit| (pack, scheme, benefit)))
        .collect();
    assert!(
        packs
            .iter()
            .all(|pack| check_pack(pack, None).iter().all(|it| it.code.severity() == Severity::Warning))
    );
    let numbers = prop::collection::vec(any::<u64>(), Dimension::COUNT);
    let strategy = (any::<prop::sample::Index>(), numbers, any::<u64>());
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let config = Config { cases: 4_000, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, rng)
        .run(&strategy, |(which, numbers, day)| {
            let (pack, scheme, benefit) = all[which.index(all.len())];
            let first = day_number(benefit.from);
            let last = day_number(benefit.to.unwrap_or(Date::constant(2035, 1, 1)));
            let day = day_of_number(first + (day % (last - first + 1) as u64) as i64).unwrap();
            let mut facts = Facts::default();
            for (dimension, number) in Dimension::ALL.into_iter().zip(numbers) {
                facts.set(dimension, pick(scheme, benefit, dimension, number));
            }
            facts.set(Dimension::Band, None);
            let plan = Plan::compile(pack, scheme, benefit);
            let refusal = |it: &Refusal| !matches!(it, Refusal::Unknown { .. });
            let told = |it: &Refusal| format!("{} {} {day} {it:?} {facts:?}", pack.area.code, benefit.name);
            let resolution = plan.resolve(&facts, day);
            let lacking = resolution.layers.iter().filter_map(|layer| match &layer.work {
                Work::Refuse(it) => Some(&**it),
                _ => None,
            });
            for it in lacking.chain(&resolution.unclear) {
                prop_assert!(!refusal(it), "{}", told(it));
            }
            Ok(())
        })
        .unwrap();
}
