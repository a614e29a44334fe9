//! Single operators, worked out by hand.

use gongji_money::{Fen, Rate, Rounding};
use gongji_oracle::build::*;
use gongji_oracle::{Balances, BillInput, Outcome, adjudicate};
use gongji_policy::{
    AmountChange, AmountRule, BandAxis, BillMeasure, CapAxis, Counter, Dimension, Excess, Facts, Layer,
    LayerKind, LayerMeasure, Limit, Pack, Payer, Portion, PurseKind, RatioLayer, Setting, Step,
};
use jiff::civil::date;

fn yuan_amount(yuan: i64) -> Fen {
    Fen::new(yuan * 100)
}

/// A bill of in-scope money only, in fen by tag.
fn bill(in_scope: &[i64]) -> BillInput {
    BillInput {
        facts: Facts::default().with(Dimension::Ordinal, 1).with(Dimension::Age, 60),
        law_date: date(2024, 5, 1),
        non_covered: Fen::ZERO,
        over_limit_price: Fen::ZERO,
        upfront_self_pay: Fen::ZERO,
        in_scope: in_scope.iter().map(|&fen| Fen::new(fen)).collect(),
        stay_days: 1,
    }
}

fn pool(ratio: RatioLayer) -> Layer {
    ratio_layer("pool", Payer::PooledFund, &[Portion::InScope], ratio)
}

fn pack_of(layers: Vec<Layer>, counters: usize) -> Pack {
    let counters: Vec<Counter> = (0..counters).map(|index| counter(&format!("c{index}"))).collect();
    pack(scheme(counters, benefit(layers)))
}

/// Folds one bill of a pack with one scheme and benefit.
fn answer(pack: &Pack, bill: &BillInput, used: &mut [i64], balances: &mut Balances) -> Option<Outcome> {
    adjudicate(pack, &pack.schemes[0], &pack.schemes[0].benefits[0], bill, used, balances).ok()
}

fn one(layers: Vec<Layer>, in_scope: i64) -> Outcome {
    answer(&pack_of(layers, 0), &bill(&[in_scope]), &mut [], &mut Balances::default()).unwrap_or_default()
}

#[test]
fn a_deductible_falls_due_again_on_the_day_after_each_period() {
    let mut taken = deductible(always("deductible", yuan(900)));
    taken.due_every_days = Some(90);
    let mut ratio = ratio(percent(90));
    ratio.deductible = Some(taken);
    let pack = pack_of(vec![pool(ratio)], 0);
    for (days, expected) in [(0, 90_000), (1, 90_000), (90, 90_000), (91, 180_000), (181, 270_000)] {
        let bill = BillInput { stay_days: days, ..bill(&[10_000_000]) };
        let answer = answer(&pack, &bill, &mut [], &mut Balances::default()).unwrap();
        assert_eq!(answer.tags[0].deductible, expected, "{days} days");
    }
}

#[test]
fn a_percentage_of_the_bill_between_two_amounts() {
    let rule = AmountRule::PercentOf {
        measure: BillMeasure::Total,
        rate: Rate::percent(20),
        low: Some(yuan_amount(2_000)),
        high: Some(yuan_amount(10_000)),
    };
    for (total, expected) in [(8_000, 200_000), (30_000, 600_000), (80_000, 1_000_000)] {
        let mut ratio = ratio(percent(60));
        ratio.deductible = Some(deductible(always("deductible", rule.clone())));
        assert_eq!(one(vec![pool(ratio)], total * 100).tags[0].deductible, expected);
    }
}

#[test]
fn an_index_multiple_is_rounded_as_stated() {
    let mut ratio = ratio(percent(60));
    let rule = AmountRule::OfIndex {
        index: 0,
        rate: Rate::percent(130),
        rounding: Rounding::from_name("truncate_yuan").unwrap(),
    };
    ratio.deductible = Some(deductible(always("deductible", rule)));
    let mut pack = pack_of(vec![pool(ratio)], 0);
    pack.indices = vec![always("index.income", yuan(30_404))];
    let answer = answer(&pack, &bill(&[20_000_000]), &mut [], &mut Balances::default()).unwrap();
    assert_eq!(answer.tags[0].deductible, 3_952_500);
}

#[test]
fn steps_say_to_whom_their_bound_belongs() {
    for (included, expected) in [(true, 10_000), (false, 30_000)] {
        let steps = vec![
            Step { upto: Some(yuan_amount(1_000)), included, amount: yuan_amount(100) },
            Step { upto: None, included: true, amount: yuan_amount(300) },
        ];
        let rule = AmountRule::Steps { measure: BillMeasure::Eligible, steps };
        let mut ratio = ratio(percent(60));
        ratio.deductible = Some(deductible(always("deductible", rule)));
        assert_eq!(one(vec![pool(ratio)], 100_000).tags[0].deductible, expected);
    }
}

#[test]
fn repeats_lower_the_deductible_down_to_a_floor() {
    let mut taken = deductible(always("deductible", yuan(800)));
    let minus = AmountChange::Minus { amount: always("minus", yuan(200)), per_repeat: true };
    taken.adjust = vec![amount_adjust(minus), amount_adjust(AmountChange::Floor(always("floor", yuan(300))))];
    let mut ratio = ratio(percent(80));
    ratio.deductible = Some(taken);
    let pack = pack_of(vec![pool(ratio)], 0);
    for (ordinal, expected) in [(1, 80_000), (2, 60_000), (3, 40_000), (4, 30_000), (9, 30_000)] {
        let mut bill = bill(&[10_000_000]);
        bill.facts.set(Dimension::Ordinal, Some(ordinal));
        let answer = answer(&pack, &bill, &mut [], &mut Balances::default()).unwrap();
        assert_eq!(answer.tags[0].deductible, expected, "admission {ordinal}");
    }
}

#[test]
fn a_limit_that_does_not_apply_leaves_its_counter() {
    let limit =
        |amount, counter| Limit { label: "累计".to_owned(), amount: always("limit", amount), counter };
    let mut taken = deductible(always("deductible", yuan(500)));
    taken.counter = Some(0);
    taken.limits = vec![limit(yuan(600), 1), limit(AmountRule::NotApplied, 2)];
    let mut ratio = ratio(percent(80));
    ratio.deductible = Some(taken);
    let pack = pack_of(vec![pool(ratio)], 3);
    let mut used = [10_000, 45_000, 7];
    let answer = answer(&pack, &bill(&[100_000]), &mut used, &mut Balances::default()).unwrap();
    // min(500 − 100, 600 − 450) yuan.
    assert_eq!(answer.tags[0].deductible, 15_000);
    assert_eq!(used, [25_000, 60_000, 7]);
}

#[test]
fn bands_run_on_from_what_a_counter_holds() {
    // Bound 1,000 yuan; 800 yuan counted before; 500 yuan now, 100 of them the deductible.
    for (axis, first, second, after) in [
        (BandAxis::CounterGross(0), 10_000, 30_000, 130_000),
        (BandAxis::CounterNet(0), 20_000, 20_000, 120_000),
    ] {
        let mut ratio = ratio(by_band(&[50, 80]));
        ratio.deductible = Some(deductible(always("deductible", yuan(100))));
        ratio.bands = Some(bands(axis, &[1_000]));
        let pack = pack_of(vec![pool(ratio)], 1);
        let mut used = [80_000];
        let answer = answer(&pack, &bill(&[50_000]), &mut used, &mut Balances::default()).unwrap();
        assert_eq!(answer.row("band:1"), first);
        assert_eq!(answer.row("band:2"), second);
        assert_eq!(used, [after]);
        assert_eq!(answer.paid, [first / 2 + second * 8 / 10]);
    }
}

#[test]
fn several_tags_lie_one_after_the_other_on_the_line() {
    let mut ratio = ratio(by_band(&[50, 80]));
    ratio.deductible = Some(deductible(always("deductible", yuan(100))));
    ratio.bands = Some(bands(BandAxis::Gross, &[400]));
    ratio.caps = vec![cap(CapAxis::EligibleGross, yuan(900))];
    let mut pack = pack_of(vec![pool(ratio)], 0);
    pack.schemes[0].benefits[0].tags = vec!["general".to_owned(), "special_drug".to_owned()];
    // 0–300 general, 300–1,000 special: deductible 0–100, band 1 to 400, band 2 to 900, over the ceiling to 1,000.
    let answer = answer(&pack, &bill(&[30_000, 70_000]), &mut [], &mut Balances::default()).unwrap();
    let (general, special) = (&answer.tags[0], &answer.tags[1]);
    assert_eq!((general.deductible, special.deductible), (10_000, 0));
    assert_eq!((general.own_share.get(&1), general.own_share.get(&2)), (Some(&10_000), None));
    assert_eq!((special.own_share.get(&1), special.own_share.get(&2)), (Some(&5_000), Some(&10_000)));
    assert_eq!((general.opener_paid, special.opener_paid), (10_000, 5_000 + 40_000));
    assert_eq!((general.over_ceiling, special.over_ceiling), (0, 10_000));
}

#[test]
fn the_tightest_cap_binds_and_each_counter_takes_its_own_measure() {
    let mut ratio = ratio(percent(60));
    let with =
        |axis, amount, counter| gongji_policy::Cap { counter: Some(counter), ..cap(axis, yuan(amount)) };
    ratio.caps = vec![
        with(CapAxis::Paid, 13_000, 0),
        with(CapAxis::Paid, 3_000, 1),
        with(CapAxis::EligibleNet, 50_000, 2),
    ];
    let unlimited = gongji_policy::Cap { counter: Some(3), ..cap(CapAxis::Paid, AmountRule::Unlimited) };
    let not_applied = gongji_policy::Cap { counter: Some(4), ..cap(CapAxis::Paid, AmountRule::NotApplied) };
    ratio.caps.extend([unlimited, not_applied]);
    let pack = pack_of(vec![pool(ratio)], 5);
    let mut used = [1_150_000, 290_000, 0, 0, 0];
    let answer = answer(&pack, &bill(&[40_000]), &mut used, &mut Balances::default()).unwrap();
    // 100 yuan of room at 60 %: 166.666… yuan are used up, 233.333… lie over the ceiling.
    assert_eq!(answer.paid, [10_000]);
    assert_eq!(answer.tags[0].over_ceiling, 23_333);
    assert_eq!(used, [1_160_000, 300_000, 16_667, 10_000, 0]);
}

#[test]
fn excess_that_stays_own_share_stays_in_its_band() {
    let mut ratio = ratio(by_band(&[50, 80]));
    ratio.bands = Some(bands(BandAxis::Net, &[100]));
    ratio.caps = vec![gongji_policy::Cap { excess: Excess::OwnShare, ..cap(CapAxis::Paid, yuan(70)) }];
    let answer = one(vec![pool(ratio)], 20_000);
    assert_eq!(answer.tags[0].over_ceiling, 0);
    assert_eq!(answer.tags[0].own_share, [(1, 5_000), (2, 8_000)].into());
    assert_eq!(answer.paid, [7_000]);
}

#[test]
fn each_band_may_be_rounded_on_its_own() {
    // 1.01 yuan in each band at 50 %: 50.5 fen twice.
    for (round_each_band, expected) in [(false, 101), (true, 102)] {
        let mut ratio = ratio(percent(50));
        ratio.bands = Some(bands(BandAxis::Net, &[1]));
        if let Some(bands) = &mut ratio.bands {
            bands.bounds.rows[0].value = Setting::Known(vec![Fen::new(101)]);
        }
        ratio.round_each_band = round_each_band;
        assert_eq!(one(vec![pool(ratio)], 202).paid, [expected]);
    }
}

#[test]
fn a_coarse_rounding_pays_at_most_the_amount_and_the_room() {
    let mut coarse = ratio(percent(90));
    coarse.rounding = Rounding::from_name("up_yuan").unwrap();
    assert_eq!(one(vec![pool(coarse.clone())], 150).paid, [150]);
    assert_eq!(one(vec![pool(coarse.clone())], 1_150).paid, [1_100]);
    coarse.caps = vec![gongji_policy::Cap { excess: Excess::OwnShare, ..cap(CapAxis::Paid, yuan(5)) }];
    coarse.caps[0].amount = always("cap", AmountRule::Fixed(Fen::new(550)));
    assert_eq!(one(vec![pool(coarse)], 1_150).paid, [550]);
}

#[test]
fn relatives_are_drawn_in_their_order() {
    let relatives = purse_layer(PurseKind::Relatives, &[Portion::OwnShare, Portion::Deductible]);
    let mut ratio = ratio(percent(50));
    ratio.deductible = Some(deductible(always("deductible", yuan(100))));
    let pack = pack_of(vec![pool(ratio), relatives], 0);
    let mut balances = Balances {
        relatives: vec![yuan_amount(50), yuan_amount(0), yuan_amount(500)],
        ..Balances::default()
    };
    // Own share 100, deductible 100.
    let answer = answer(&pack, &bill(&[30_000]), &mut [], &mut balances).unwrap();
    let cell =
        |row: &str, relative| answer.cells.get(&(row.to_owned(), 0, Payer::Relatives, 1, relative)).copied();
    assert_eq!(cell("band:1", 0), Some(5_000));
    assert_eq!(cell("band:1", 2), Some(5_000));
    assert_eq!(cell("deductible", 2), Some(10_000));
    assert_eq!(balances.relatives, [yuan_amount(0), yuan_amount(0), yuan_amount(350)]);
}

#[test]
fn counters_take_what_they_are_declared_to_take() {
    let mut ratio = ratio(percent(60));
    ratio.deductible = Some(deductible(always("deductible", yuan(100))));
    ratio.caps = vec![cap(CapAxis::EligibleNet, yuan(500))];
    let mut layer = pool(ratio);
    let measures = [
        (LayerMeasure::Paid, 30_000),
        (LayerMeasure::Eligible, 100_000),
        (LayerMeasure::AfterDeductible, 90_000),
        (LayerMeasure::EligibleNet, 50_000),
        (LayerMeasure::EligibleGross, 60_000),
        (LayerMeasure::Deductible, 10_000),
        (LayerMeasure::OwnShare, 20_000),
        (LayerMeasure::OverCeiling, 40_000),
        (LayerMeasure::PaidWithDeductible, 40_000),
    ];
    layer.adds = measures.iter().enumerate().map(|(index, (measure, _))| (*measure, index)).collect();
    let mut tally = gongji_oracle::build::layer(
        "tally",
        Payer::Cash,
        base(&[Portion::OwnShare, Portion::Deductible]),
        LayerKind::Tally,
    );
    tally.adds = vec![(LayerMeasure::Eligible, 9)];
    let pack = pack_of(vec![layer, tally], 10);
    let mut used = [0; 10];
    answer(&pack, &bill(&[100_000]), &mut used, &mut Balances::default()).unwrap();
    let expected: Vec<i64> = measures.iter().map(|(_, fen)| *fen).chain([30_000]).collect();
    assert_eq!(used.to_vec(), expected);
}
