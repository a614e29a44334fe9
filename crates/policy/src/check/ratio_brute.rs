//! The judgement of ratios against brute force: every point of small random layers worked out by lookup.

use gongji_money::{Fen, Rate, Rounding};
use jiff::civil::Date;
use proptest::prelude::*;

use super::ratio::check_layer;
use super::ratio_bounds;
use super::region::Region;
use crate::diagnostic::Code;
use crate::lookup::Lookup;
use crate::model::*;
use crate::plan::RATIO_LIMIT;

const DAY: Date = Date::constant(2022, 3, 1);

fn row<V>(when: Vec<(Dimension, Constraint)>, otherwise: bool, value: V) -> Row<V> {
    Row {
        when,
        otherwise,
        from: DAY,
        to: None,
        value: Setting::Known(value),
        source: 0,
        article: None,
        note: None,
        reason: None,
        span: Span::default(),
    }
}

/// A complete table without conflicts: one row for some levels and bands and ages, and a remainder.
fn table(values: std::ops::RangeInclusive<i64>) -> impl Strategy<Value = Table<Rate>> {
    let one = values.clone().prop_map(|value| Rate::new(value, 1_000).unwrap_or(Rate::ZERO));
    let condition =
        (0..3_u8, 1_u64..64, 1_i64..4, 0_i64..150).prop_map(|(kind, levels, band, age)| match kind {
            0 => (Dimension::Level, Constraint::OneOf(levels)),
            1 => (Dimension::Band, Constraint::Between { low: band, high: band }),
            _ => (Dimension::Age, Constraint::Between { low: age, high: i64::MAX }),
        });
    (prop::option::of(condition), one.clone(), one).prop_map(|(condition, value, rest)| Table {
        path: "ratio".to_owned(),
        label: String::new(),
        rows: condition
            .map(|it| row(vec![it], false, value))
            .into_iter()
            .chain([row(Vec::new(), true, rest)])
            .collect(),
        span: Span::default(),
    })
}

fn adjust() -> impl Strategy<Value = RatioAdjust> {
    let change = prop_oneof![
        table(-100..=100).prop_map(|points| RatioChange::Points { points, per_year_of_age: false }),
        table(-2..=2).prop_map(|points| RatioChange::Points { points, per_year_of_age: true }),
        table(0..=1_300).prop_map(RatioChange::TimesFund),
        table(0..=1_300).prop_map(RatioChange::TimesOwn),
        table(0..=1_000).prop_map(RatioChange::Floor),
        table(0..=1_000).prop_map(RatioChange::Ceiling),
    ];
    change.prop_map(|change| RatioAdjust { label: "调整".to_owned(), change })
}

fn layer(ratio: Table<Rate>, ratio_adjust: Vec<RatioAdjust>, bounds: usize) -> (Layer, RatioLayer) {
    let bounds = vec![row(Vec::new(), false, (1..=bounds as i64).map(Fen::new).collect())];
    let bounds =
        Table { path: "bands".to_owned(), label: String::new(), rows: bounds, span: Span::default() };
    let ratio = RatioLayer {
        deductible: None,
        bands: Some(Bands { axis: BandAxis::Net, bounds, bound_included: true }),
        ratio,
        ratio_adjust,
        caps: Vec::new(),
        rounding: Rounding::HALF_UP_FEN,
        round_each_band: false,
    };
    let layer = Layer {
        name: "pool".to_owned(),
        label: "统筹基金".to_owned(),
        payer: Payer::PooledFund,
        field: AnswerField::PooledPaid,
        fund_account: None,
        base: Vec::new(),
        applies: None,
        kind: LayerKind::Ratio(Box::new(ratio.clone())),
        adds: Vec::new(),
        span: Span::default(),
    };
    (layer, ratio)
}

fn found<'t>(table: &'t Table<Rate>, facts: &Facts) -> &'t Rate {
    match table.lookup(facts, DAY) {
        Lookup::Found(_, Row { value: Setting::Known(rate), .. }) => rate,
        other => panic!("{other:?}"),
    }
}

/// The final ratio in exact fractions wider than a rate's.
fn final_ratio(layer: &RatioLayer, facts: &Facts, age: i64) -> (i128, i128) {
    let wide = |rate: &Rate| (i128::from(rate.numerator()), i128::from(rate.denominator()));
    let add = |(a, b): (i128, i128), (c, d): (i128, i128)| (a * d + c * b, b * d);
    let times = |(a, b): (i128, i128), (c, d): (i128, i128)| (a * c, b * d);
    let less = |(a, b): (i128, i128), (c, d): (i128, i128)| a * d < c * b;
    let mut share = wide(found(&layer.ratio, facts));
    for adjust in &layer.ratio_adjust {
        share = match &adjust.change {
            RatioChange::Points { points, per_year_of_age } => {
                let years = if *per_year_of_age { age } else { 1 };
                add(share, times(wide(found(points, facts)), (i128::from(years), 1)))
            }
            RatioChange::TimesFund(table) => times(share, wide(found(table, facts))),
            RatioChange::TimesOwn(table) => {
                let own = times((share.1 - share.0, share.1), wide(found(table, facts)));
                (own.1 - own.0, own.1)
            }
            RatioChange::Floor(table) => {
                let floor = wide(found(table, facts));
                if less(share, floor) { floor } else { share }
            }
            RatioChange::Ceiling(table) => {
                let ceiling = wide(found(table, facts));
                if less(ceiling, share) { ceiling } else { share }
            }
        };
    }
    share
}

fn greatest_common_divisor(left: i128, right: i128) -> i128 {
    if right == 0 { left.abs() } else { greatest_common_divisor(right, left % right) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_judgement_is_that_of_brute_force(
        ratio in table(0..=1_000),
        adjusts in prop::collection::vec(adjust(), 0..3),
        bounds in 0_usize..3,
        oldest in 0_i64..150,
    ) {
        let (layer, ratio) = layer(ratio, adjusts, bounds);
        let domain = Domain::from([(Dimension::Age, Constraint::Between { low: 0, high: oldest })]);
        let values = OpenValues::new();
        let region = Region::new(&domain, DAY, None, &values);
        let (mut out_of_range, mut too_fine, mut falling) = (false, false, false);
        for level in 0..6 {
            for age in 0..=oldest {
                let (mut common, mut previous) = (1_i128, None);
                for band in 1..=bounds as i64 + 1 {
                    let facts = Facts::default()
                        .with(Dimension::Level, level)
                        .with(Dimension::Age, age)
                        .with(Dimension::Band, band);
                    let (upper, lower) = final_ratio(&ratio, &facts, age);
                    out_of_range |= upper < 0 || upper > lower;
                    let lowest = lower / greatest_common_divisor(upper, lower);
                    common = common / greatest_common_divisor(common, lowest) * lowest;
                    too_fine |= common > i128::from(RATIO_LIMIT);
                    falling |= previous.is_some_and(|(a, b): (i128, i128)| upper * b < a * lower);
                    previous = Some((upper, lower));
                }
            }
        }
        let diagnostics = check_layer(&layer, &ratio, &region);
        let has = |code| diagnostics.iter().any(|it| it.code == code);
        prop_assert_eq!(has(Code::RatioOutOfRange), out_of_range);
        prop_assert_eq!(has(Code::RatioTooFine), too_fine);
        prop_assert_eq!(has(Code::NonMonotone), falling);
        // The bounds may cry wolf, but never miss one.
        let bounded = ratio_bounds::check_layer(&layer, &ratio, &region);
        let has = |code| bounded.iter().any(|it| it.code == code);
        prop_assert!(has(Code::RatioOutOfRange) || !out_of_range);
        prop_assert!(has(Code::RatioTooFine) || !too_fine);
    }
}
