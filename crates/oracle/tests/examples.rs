//! The eleven examples of the layer semantics, each as a pack built in code.

use gongji_money::{Fen, Rate};
use gongji_oracle::build::*;
use gongji_oracle::{Balances, BillInput, Outcome, adjudicate};
use gongji_policy::{
    AmountChange, BandAxis, CapAxis, Constraint, Counter, Dimension, Facts, GuaranteeTerm, Layer, Limit,
    Payer, Portion, PurseKind, RatioChange,
};
use jiff::civil::date;

const LEVEL_1: i64 = 1;
const LEVEL_3: i64 = 3;

/// Amounts of a bill in yuan.
#[derive(Clone, Default)]
struct Bill {
    non_covered: i64,
    upfront: i64,
    in_scope: i64,
    level: i64,
}

/// Folds bills one after another; the answers.
fn fold(counters: Vec<Counter>, layers: Vec<Layer>, bills: &[Bill], balances: Balances) -> Vec<Outcome> {
    let pack = pack(scheme(counters, benefit(layers)));
    let scheme = &pack.schemes[0];
    let mut used = vec![0; scheme.counters.len()];
    let mut balances = balances;
    let answer = |bill: &Bill| {
        let yuan = |amount: i64| Fen::new(amount * 100);
        let input = BillInput {
            facts: Facts::default().with(Dimension::Level, bill.level),
            law_date: date(2024, 5, 1),
            non_covered: yuan(bill.non_covered),
            over_limit_price: Fen::ZERO,
            upfront_self_pay: yuan(bill.upfront),
            in_scope: vec![yuan(bill.in_scope)],
            stay_days: 5,
        };
        adjudicate(&pack, scheme, &scheme.benefits[0], &input, &mut used, &mut balances)
    };
    bills.iter().map(answer).collect::<Result<Vec<Outcome>, _>>().unwrap_or_default()
}

fn one(layers: Vec<Layer>, in_scope: i64) -> Outcome {
    let bill = Bill { in_scope, ..Bill::default() };
    fold(Vec::new(), layers, &[bill], Balances::default()).remove(0)
}

#[test]
fn d01_ordinal_and_segments() {
    let mut pool = ratio(by_band(&[88, 91, 95]));
    pool.deductible = Some(deductible(always("deductible", yuan(650))));
    pool.bands = Some(bands(BandAxis::Gross, &[10_000, 50_000]));
    let answer = one(vec![ratio_layer("pool", Payer::PooledFund, &[Portion::InScope], pool)], 30_000);
    assert_eq!(answer.paid_by(Payer::PooledFund), 2_642_800);
    assert_eq!(answer.paid_by(Payer::Cash), 357_200);
    assert_eq!(answer.tags[0].deductible, 65_000);
    assert_eq!(answer.row("band:1"), 935_000);
}

#[test]
fn d04_cap_on_eligible_then_large_sum() {
    let mut pool = ratio(by_band(&[88, 91, 95]));
    pool.deductible = Some(deductible(always("deductible", yuan(650))));
    pool.bands = Some(bands(BandAxis::Gross, &[10_000, 50_000]));
    pool.caps = vec![cap(CapAxis::EligibleGross, yuan(400_000))];
    let large = ratio_layer("large_sum", Payer::LargeSumFund, &[Portion::OverCeiling], ratio(percent(95)));
    let answer = one(vec![ratio_layer("pool", Payer::PooledFund, &[Portion::InScope], pool), large], 500_000);
    assert_eq!(answer.paid_by(Payer::PooledFund), 37_712_800);
    assert_eq!(answer.paid_by(Payer::LargeSumFund), 9_500_000);
}

#[test]
fn d05_own_share_by_band_then_supplement() {
    let mut pool = ratio(by_band(&[85, 90, 95]));
    pool.deductible = Some(deductible(always("deductible", yuan(1_300))));
    pool.bands = Some(bands(BandAxis::Gross, &[30_000, 40_000]));
    pool.ratio_adjust = vec![ratio_adjust(RatioChange::TimesOwn(percent(60)))];
    let supplement = ratio_layer("retired", Payer::OtherFund, &[Portion::OwnShare], ratio(percent(50)));
    let answer =
        one(vec![ratio_layer("pool", Payer::PooledFund, &[Portion::InScope], pool), supplement], 50_000);
    let cash = |row: &str| answer.cells.get(&(row.to_owned(), 0, Payer::Cash, usize::MAX, 0)).copied();
    assert_eq!([cash("band:1"), cash("band:2"), cash("band:3")], [Some(129_150), Some(30_000), Some(15_000)]);
    assert_eq!(answer.paid_by(Payer::PooledFund) + answer.paid_by(Payer::OtherFund), 4_695_850);
}

#[test]
fn d08_the_two_readings_differ() {
    let mut pool = ratio(percent(70));
    pool.deductible = Some(deductible(always("deductible", yuan(1_800))));
    pool.caps = vec![cap(CapAxis::Paid, yuan(20_000))];
    let large = ratio_layer("large_sum", Payer::LargeSumFund, &[Portion::OverCeiling], ratio(percent(60)));
    let paid = one(vec![ratio_layer("pool", Payer::PooledFund, &[Portion::InScope], pool), large], 40_000);
    assert_eq!(paid.paid_by(Payer::PooledFund), 2_000_000);
    assert_eq!(paid.paid_by(Payer::PooledFund) + paid.paid_by(Payer::LargeSumFund), 2_577_714);

    let mut banded = ratio(by_band(&[70, 60]));
    banded.deductible = Some(deductible(always("deductible", yuan(1_800))));
    banded.bands = Some(bands(BandAxis::Gross, &[20_000]));
    let gross = one(vec![ratio_layer("pool", Payer::PooledFund, &[Portion::InScope], banded)], 40_000);
    assert_eq!(gross.paid_by(Payer::PooledFund), 2_474_000);
}

#[test]
fn d16_shared_deductible() {
    let at = |level: i64| vec![(Dimension::Level, Constraint::OneOf(1 << level))];
    let amounts = vec![row(at(LEVEL_1), yuan(200)), row(at(LEVEL_3), yuan(400))];
    let mut taken = deductible(table("deductible", amounts));
    taken.counter = Some(0);
    taken.limits = vec![Limit { label: "累计".to_owned(), amount: always("limit", yuan(400)), counter: 0 }];
    let shares = vec![row(at(LEVEL_1), Rate::percent(60)), row(at(LEVEL_3), Rate::percent(50))];
    let mut pool = ratio(table("ratio", shares));
    pool.deductible = Some(taken);
    let layers = vec![ratio_layer("pool", Payer::PooledFund, &[Portion::InScope], pool)];
    let bills = [
        Bill { in_scope: 150, level: LEVEL_1, ..Bill::default() },
        Bill { in_scope: 1_000, level: LEVEL_3, ..Bill::default() },
    ];
    let answers = fold(vec![counter("deductible")], layers, &bills, Balances::default());
    assert_eq!(answers[0].paid_by(Payer::PooledFund), 0);
    assert_eq!(answers[1].tags[0].deductible, 25_000);
    assert_eq!(answers[1].paid_by(Payer::PooledFund), 37_500);
}

#[test]
fn d20_guarantee() {
    let mut pool = ratio(percent(65));
    pool.deductible = Some(deductible(always("deductible", yuan(1_200))));
    let guarantee = guarantee_layer(
        percent(45),
        &[(true, GuaranteeTerm::Total), (false, GuaranteeTerm::Deductible)],
        &[Portion::OwnShare, Portion::Deductible, Portion::NonCovered],
    );
    let layers = vec![ratio_layer("pool", Payer::PooledFund, &[Portion::InScope], pool), guarantee];
    let bill = Bill { non_covered: 25_000, in_scope: 25_000, ..Bill::default() };
    let answer = fold(Vec::new(), layers, &[bill], Balances::default()).remove(0);
    assert_eq!(answer.paid, [1_547_000, 649_000]);
}

#[test]
fn d22_factors() {
    let mut taken = deductible(always("deductible", yuan(720)));
    let factor = always("factor", Rate::percent(130));
    taken.adjust = vec![amount_adjust(AmountChange::Times(factor))];
    let mut pool = ratio(percent(88));
    pool.deductible = Some(taken);
    pool.ratio_adjust = vec![ratio_adjust(RatioChange::TimesOwn(percent(130)))];
    let answer = one(vec![ratio_layer("pool", Payer::PooledFund, &[Portion::InScope], pool)], 20_000);
    assert_eq!(answer.tags[0].deductible, 93_600);
    assert_eq!(answer.paid_by(Payer::PooledFund), 1_609_002);
}

#[test]
fn d24_cap_with_and_without_the_deductible() {
    for (axis, expected) in [(CapAxis::Paid, 300_000), (CapAxis::PaidWithDeductible, 260_000)] {
        let mut pool = ratio(percent(70));
        pool.deductible = Some(deductible(always("deductible", yuan(400))));
        pool.caps = vec![cap(axis, yuan(3_000))];
        let answer = one(vec![ratio_layer("pool", Payer::PooledFund, &[Portion::InScope], pool)], 5_000);
        assert_eq!(answer.paid_by(Payer::PooledFund), expected);
    }
}

#[test]
fn d41_account_first() {
    let mut pool = ratio(percent(75));
    pool.deductible = Some(deductible(always("deductible", yuan(500))));
    let layers = vec![
        purse_layer(PurseKind::CurrentYear, &[Portion::InScope]),
        ratio_layer("pool", Payer::PooledFund, &[Portion::InScope], pool),
        purse_layer(PurseKind::CarriedOver, &[Portion::Deductible, Portion::OwnShare]),
    ];
    let bill = Bill { in_scope: 8_000, ..Bill::default() };
    let balances = |current: i64| Balances {
        current_year: Fen::new(current),
        carried_over: Fen::new(200_000),
        relatives: Vec::new(),
    };
    let full = fold(Vec::new(), layers.clone(), std::slice::from_ref(&bill), balances(150_000)).remove(0);
    assert_eq!(full.paid, [150_000, 450_000, 200_000]);
    assert_eq!(full.paid_by(Payer::Cash), 0);
    assert_eq!(full.row("account_first"), 150_000);
    let empty = fold(Vec::new(), layers, &[bill], balances(0)).remove(0);
    assert_eq!(empty.paid_by(Payer::PooledFund), 562_500);
}

#[test]
fn f32_pool_assistance_tilt() {
    let mut pool = ratio(percent(70));
    pool.deductible = Some(deductible(always("deductible", yuan(300))));
    let rest = [Portion::OwnShare, Portion::Deductible];
    let mut tilt = ratio(percent(60));
    tilt.deductible = Some(deductible(always("deductible", yuan(3_000))));
    let layers = vec![
        ratio_layer("pool", Payer::PooledFund, &[Portion::InScope], pool),
        ratio_layer("assistance", Payer::MedicalAssistance, &rest, ratio(percent(70))),
        ratio_layer("tilt", Payer::MedicalAssistance, &rest, tilt),
    ];
    assert_eq!(one(layers, 50_000).paid, [3_479_000, 1_064_700, 93_780]);
}

#[test]
fn f36_critical_illness_on_what_is_left() {
    let mut pool = ratio(by_band(&[68, 73, 78]));
    pool.deductible = Some(deductible(always("deductible", yuan(900))));
    pool.bands = Some(bands(BandAxis::Gross, &[20_000, 40_000]));
    let mut critical = ratio(percent(50));
    critical.deductible = Some(deductible(always("deductible", yuan(20_000))));
    let layers = vec![
        ratio_layer("pool", Payer::PooledFund, &[Portion::InScope], pool),
        ratio_layer(
            "critical",
            Payer::CriticalIllnessFund,
            &[Portion::OwnShare, Portion::Deductible],
            critical,
        ),
    ];
    let bill = Bill { non_covered: 10_000, upfront: 600, in_scope: 89_400, ..Bill::default() };
    let answer = fold(Vec::new(), layers, &[bill], Balances::default()).remove(0);
    assert_eq!(answer.paid, [6_612_000, 164_000]);
    assert_eq!(answer.paid_by(Payer::Cash), 3_224_000);
}
