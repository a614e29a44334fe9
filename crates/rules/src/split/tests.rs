//! Lines of the field, split by an invented catalogue.

use gongji_oracle::build::{FIRST_DAY, always, row, table, yuan};
use gongji_policy::{Constraint, UnitBands};

use super::*;
use gongji_policy::Setting;

/// Indices of the class dimension, by the names of the case format.
fn class(name: &str) -> i64 {
    let gongji_policy::DimensionKind::Choice(names) = Dimension::Class.kind() else {
        panic!("class is a choice")
    };
    names.iter().position(|one| *one == name).unwrap() as i64
}

fn of_class(names: &[&str]) -> Vec<(Dimension, Constraint)> {
    let mask = names.iter().fold(0, |mask, name| mask | 1_u64 << class(name));
    vec![(Dimension::Class, Constraint::OneOf(mask))]
}

/// 甲 nothing upfront, 乙 10%, 丙 outside.
fn catalogue() -> Catalogue {
    Catalogue {
        covered: table("covered", vec![row(of_class(&["A", "B"]), true), row(of_class(&["C"]), false)]),
        upfront: table(
            "upfront",
            vec![row(of_class(&["A"]), Rate::ZERO), row(of_class(&["B"]), Rate::percent(10))],
        ),
        price_cap: always("price_cap", AmountRule::Unlimited),
        unit_bands: None,
        tag: None,
    }
}

fn bands(mode: UnitBandMode) -> Catalogue {
    let upfront = [(1, 5), (2, 20), (3, 40)].map(|(band, percent)| {
        row(vec![(Dimension::Band, Constraint::Between { low: band, high: band })], Rate::percent(percent))
    });
    let bounds = vec![Fen::new(100_000), Fen::new(500_000)];
    let upfront = table("unit_bands.upfront", upfront.to_vec());
    Catalogue {
        unit_bands: Some(UnitBands { mode, bounds: always("bounds", bounds), upfront }),
        ..catalogue()
    }
}

fn line(quantity: i64, unit_price: i64) -> Line {
    Line {
        quantity: Rate::new(quantity, 1).unwrap(),
        unit_price: Fen::new(unit_price),
        amount: Fen::new(quantity * unit_price),
        upfront_ratio: None,
        price_cap: None,
    }
}

/// 全自费, 超限价自费, 先行自付, 符合政策范围, in fen.
fn split(catalogue: &Catalogue, line: &Line, of: &str) -> [i64; 4] {
    let facts = Facts::default().with(Dimension::Class, class(of));
    let split = split_line(catalogue, line, &facts, FIRST_DAY).unwrap();
    let portions = [split.non_covered, split.over_limit_price, split.upfront_self_pay, split.in_scope];
    assert_eq!(portions.into_iter().sum::<Fen>(), line.amount, "the portions are the line");
    portions.map(Fen::fen)
}

#[test]
fn classes() {
    assert_eq!(split(&catalogue(), &line(1, 10_000), "A"), [0, 0, 0, 10_000]);
    assert_eq!(split(&catalogue(), &line(1, 10_000), "B"), [0, 0, 1_000, 9_000]);
    assert_eq!(split(&catalogue(), &line(1, 10_000), "C"), [10_000, 0, 0, 0]);
}

/// F40: 甲 32.52, 乙 31.77 of which 3.18 upfront; 61.11 in scope.
#[test]
fn the_platforms_own_example_rounds_the_upfront_part_half_up() {
    let (a, b) = (split(&catalogue(), &line(1, 3_252), "A"), split(&catalogue(), &line(1, 3_177), "B"));
    assert_eq!(b, [0, 0, 318, 2_859]);
    assert_eq!(a[3] + b[3], 6_111);
}

/// F02: 甲 34,000; 乙 18,200 at 10%; 2,000 at 30%; an implanted joint of 50,000 at 50%; own items 5,000.
#[test]
fn a_line_may_state_its_own_upfront_share() {
    let stated = |amount, percent| Line { upfront_ratio: Some(Rate::percent(percent)), ..line(1, amount) };
    let lines = [
        split(&catalogue(), &line(1, 3_400_000), "A"),
        split(&catalogue(), &line(1, 1_820_000), "B"),
        split(&catalogue(), &stated(200_000, 30), "B"),
        split(&catalogue(), &stated(5_000_000, 50), "A"),
        split(&catalogue(), &line(1, 500_000), "C"),
    ];
    assert_eq!(lines[1], [0, 0, 182_000, 1_638_000]);
    assert_eq!(lines[2], [0, 0, 60_000, 140_000]);
    assert_eq!(lines[3], [0, 0, 2_500_000, 2_500_000], "the joint at one half");
    let sum = |portion: usize| lines.iter().map(|line| line[portion]).sum::<i64>();
    assert_eq!([sum(0), sum(1), sum(2), sum(3)], [500_000, 0, 2_742_000, 7_678_000]);
}

/// Bed days: 12 days at 60.00 with a limit of 35.00 a day.
#[test]
fn a_price_cap_counts_for_each_unit() {
    let capped = Catalogue { price_cap: always("price_cap", yuan(35)), ..catalogue() };
    assert_eq!(split(&capped, &line(12, 6_000), "A"), [0, 30_000, 0, 42_000]);
    assert_eq!(split(&capped, &line(12, 3_500), "A"), [0, 0, 0, 42_000], "at the limit nothing is over it");
    assert_eq!(split(&capped, &line(12, 3_501), "A"), [0, 12, 0, 42_000], "a fen over it, twelve times");
    assert_eq!(split(&capped, &line(12, 6_000), "B"), [0, 30_000, 4_200, 37_800], "upfront within the limit");
    assert_eq!(split(&capped, &line(12, 6_000), "C"), [72_000, 0, 0, 0]);
    let own = Line { price_cap: Some(Fen::new(5_000)), ..line(12, 6_000) };
    assert_eq!(split(&capped, &own, "A"), [0, 12_000, 0, 60_000], "the line's own limit comes first");
}

#[test]
fn a_fraction_of_a_unit_has_a_fraction_of_the_limit() {
    let capped = Catalogue { price_cap: always("price_cap", yuan(35)), ..catalogue() };
    let half = Line { quantity: Rate::new(5, 2).unwrap(), amount: Fen::new(15_000), ..line(1, 6_000) };
    assert_eq!(split(&capped, &half, "A"), [0, 6_250, 0, 8_750]);
}

#[test]
fn unit_price_bands_part_by_part() {
    let marginal = bands(UnitBandMode::Marginal);
    // 5% of 1,000.00, 20% of the next 4,000.00, 40% beyond.
    assert_eq!(split(&marginal, &line(1, 100_000), "A")[2], 5_000);
    assert_eq!(split(&marginal, &line(1, 500_000), "A")[2], 5_000 + 80_000);
    assert_eq!(split(&marginal, &line(1, 800_000), "A")[2], 5_000 + 80_000 + 120_000);
    assert_eq!(split(&marginal, &line(3, 800_000), "A")[2], 3 * 205_000, "for each unit");
}

#[test]
fn unit_price_bands_as_a_whole() {
    let whole = bands(UnitBandMode::Whole);
    assert_eq!(split(&whole, &line(1, 100_000), "A")[2], 5_000, "a bound belongs to the band below");
    assert_eq!(split(&whole, &line(1, 100_005), "A")[2], 20_001);
    assert_eq!(split(&whole, &line(1, 800_000), "A")[2], 320_000);
    assert_eq!(split(&whole, &line(2, 500_000), "A")[2], 200_000, "by the unit price, not by the amount");
}

#[test]
fn unit_price_bands_within_a_price_cap() {
    let capped = Catalogue { price_cap: always("price_cap", yuan(6_000)), ..bands(UnitBandMode::Marginal) };
    assert_eq!(split(&capped, &line(2, 800_000), "A"), [0, 400_000, 2 * 125_000, 950_000]);
}

#[test]
fn a_line_of_nothing_is_nothing() {
    for of in ["A", "B", "C"] {
        assert_eq!(split(&bands(UnitBandMode::Whole), &line(1, 0), of), [0; 4]);
    }
}

#[test]
fn what_the_catalogue_lacks_is_refused() {
    let known = catalogue();
    let unanswered = split_line(&known, &line(1, 100), &Facts::default(), FIRST_DAY);
    let asked = matches!(unanswered, Err(Refusal::NeedsAnswer { dimension: Dimension::Class, .. }));
    assert!(asked, "{unanswered:?}");
    let facts = Facts::default().with(Dimension::Class, class("A"));
    let early = split_line(&known, &line(1, 100), &facts, FIRST_DAY.yesterday().unwrap());
    assert!(matches!(early, Err(Refusal::NoRule { .. })), "{early:?}");
    let mut silent = catalogue();
    silent.upfront.rows[0].value = Setting::Unknown("no source".to_owned());
    let unknown = split_line(&silent, &line(1, 100), &facts, FIRST_DAY);
    assert!(matches!(unknown, Err(Refusal::Unknown { .. })), "{unknown:?}");
    let stated = Line { upfront_ratio: Some(Rate::ZERO), ..line(1, 100) };
    assert_eq!(split(&silent, &stated, "A"), [0, 0, 0, 100], "what the line states is not looked up");
}
