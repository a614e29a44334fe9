//! At the declared limits the integers hold: nothing panics (debug builds check every operation), and the fen agree with the
//! reference. 10¹² fen, 17 bands, 32 layers, 64 counters, 8 tags, 8 caps, ratios of six digits, every rounding.

use gongji_money::{Fen, Rate, Rounding};
use gongji_oracle::generate::{Case, Event};
use gongji_oracle::{Balances, BillInput, build};
use gongji_policy::plan::BILL_LIMIT;
use gongji_policy::{
    AmountChange, AmountRule, BandAxis, Bands, BillMeasure, Cap, CapAxis, Constraint, Dimension, Excess,
    Facts, GuaranteeTerm, Layer, LayerKind, LayerMeasure, Limit, Pack, Payer, Portion, PurseKind, RatioLayer,
    Table,
};

use crate::common::{each, on_all_cores};
use crate::identities;

const BANDS: i64 = 17;
const LAYERS: usize = 32;
const COUNTERS: usize = 64;
const TAGS: usize = 8;

/// A ratio of six digits for each band.
fn ratios(first: i64) -> Table<Rate> {
    let rows = (1..=BANDS).map(|band| {
        let rate = Rate::new((first + band * 7) % 1_000_000, 1_000_000).unwrap();
        build::row(vec![(Dimension::Band, Constraint::Between { low: band, high: band })], rate)
    });
    build::table("ratio", rows.collect())
}

/// A cap for each axis and each fate of its excess.
fn caps(counter: usize) -> Vec<Cap> {
    let axes = [CapAxis::Paid, CapAxis::EligibleNet, CapAxis::EligibleGross, CapAxis::PaidWithDeductible];
    let mut caps = Vec::new();
    for (index, axis) in axes.into_iter().enumerate() {
        for excess in [Excess::OverCeiling, Excess::OwnShare] {
            let amount = if index == 3 {
                let (rate, high) = (Rate::percent(97), Some(Fen::LIMIT));
                AmountRule::PercentOf { measure: BillMeasure::Total, rate, low: None, high }
            } else {
                AmountRule::Fixed(Fen::new(BILL_LIMIT - caps.len() as i64))
            };
            let mut cap = build::cap(axis, amount);
            cap.excess = excess;
            cap.counter = (index == 0).then_some(counter);
            caps.push(cap);
        }
    }
    caps
}

/// A ratio layer with as much of everything as a pack may declare.
fn ratio_layer(
    index: usize,
    first: i64,
    axis: BandAxis,
    rounding: Rounding,
    round_each_band: bool,
) -> RatioLayer {
    let mut deductible = build::deductible(build::always("deductible", AmountRule::Fixed(Fen::new(123_457))));
    deductible.counter = Some(2 * index);
    deductible.due_every_days = Some(1);
    let limit = build::always("limit", AmountRule::Fixed(Fen::LIMIT));
    deductible.limits.push(Limit { label: "限额".to_owned(), amount: limit, counter: 2 * index });
    let factor = build::always("factor", Rate::new(999_999, 1_000_000).unwrap());
    deductible.adjust.push(build::amount_adjust(AmountChange::Times(factor)));
    // Bands from a jiao to the whole limit.
    let bounds = (1..BANDS).map(|band| Fen::new(BILL_LIMIT * band / BANDS + band)).collect();
    RatioLayer {
        deductible: Some(deductible),
        bands: Some(Bands { axis, bounds: build::always("bands", bounds), bound_included: true }),
        caps: caps(2 * index + 1),
        rounding,
        round_each_band,
        ..build::ratio(ratios(first))
    }
}

fn pack(axis: BandAxis, rounding: Rounding, round_each_band: bool) -> Pack {
    use Portion::{Deductible, InScope, NonCovered, OverCeiling, OverLimitPrice, OwnShare, UpfrontSelfPay};
    let everything = [OwnShare, Deductible, OverCeiling, UpfrontSelfPay, OverLimitPrice, NonCovered];
    let opener = ratio_layer(0, 500_000, axis, rounding, round_each_band);
    let mut layers = vec![build::ratio_layer("pool", Payer::PooledFund, &[InScope], opener)];
    while layers.len() < LAYERS - 8 {
        let index = layers.len();
        let ratio = ratio_layer(index, 90_000, axis, rounding, round_each_band);
        let mut layer = build::ratio_layer("above", Payer::OtherFund, &everything, ratio);
        layer.adds.push((LayerMeasure::OwnShare, COUNTERS - 1));
        layers.push(layer);
    }
    let terms = [
        (true, GuaranteeTerm::Total),
        (true, GuaranteeTerm::InScope),
        (true, GuaranteeTerm::NonCovered),
        (true, GuaranteeTerm::OverLimitPrice),
        (true, GuaranteeTerm::UpfrontSelfPay),
        (true, GuaranteeTerm::Deductible),
    ];
    let rate = build::always("rate", Rate::new(999_999, 1_000_000).unwrap());
    let mut guarantee = build::guarantee_layer(rate, &terms, &everything[..3]);
    if let LayerKind::Guarantee(guarantee) = &mut guarantee.kind {
        guarantee.rounding = rounding;
    }
    layers.push(guarantee);
    let mut tally = build::layer("tally", Payer::Cash, build::base(&everything), LayerKind::Tally);
    tally.adds = vec![(LayerMeasure::Eligible, COUNTERS - 2)];
    layers.push(tally);
    let purses = [PurseKind::CurrentYear, PurseKind::CarriedOver, PurseKind::Relatives];
    while layers.len() < LAYERS {
        let mut purse = build::purse_layer(purses[layers.len() % 3], &everything);
        if let LayerKind::Purse(purse) = &mut purse.kind {
            purse.caps = vec![build::cap(CapAxis::Paid, AmountRule::Fixed(Fen::new(BILL_LIMIT / 9)))];
        }
        layers.push(purse);
    }
    let layers: Vec<Layer> = layers;
    let counters = (0..COUNTERS).map(|index| build::counter(&format!("c{index}"))).collect();
    let mut benefit = build::benefit(layers);
    benefit.tags = (0..TAGS).map(|tag| format!("t{tag}")).collect();
    build::pack(build::scheme(counters, benefit))
}

fn bill(portions: [i64; 3], in_scope: [i64; TAGS]) -> Event {
    let [non_covered, over_limit_price, upfront_self_pay] = portions.map(Fen::new);
    let bill = BillInput {
        facts: Facts::default(),
        law_date: build::FIRST_DAY,
        non_covered,
        over_limit_price,
        upfront_self_pay,
        in_scope: in_scope.map(Fen::new).to_vec(),
        stay_days: 100_000,
    };
    assert_eq!(bill.total(), BILL_LIMIT);
    Event { resets: Vec::new(), bill }
}

/// Bills of exactly the limit.
fn bills() -> Vec<Event> {
    let eighth = BILL_LIMIT / 8;
    let mut last = [0; TAGS];
    last[TAGS - 1] = BILL_LIMIT;
    vec![
        bill([0; 3], [BILL_LIMIT, 0, 0, 0, 0, 0, 0, 0]),
        bill([0; 3], last),
        bill([0; 3], [eighth; TAGS]),
        bill([eighth, eighth - 1, 1], [eighth; TAGS].map(|part| part * 6 / 8)),
        bill([BILL_LIMIT, 0, 0], [0; TAGS]),
        bill([1, 1, 1], [BILL_LIMIT - 10, 1, 1, 1, 1, 1, 1, 1]),
    ]
}

#[test]
fn the_integers_hold_at_every_limit() {
    let axes = [
        BandAxis::Gross,
        BandAxis::Net,
        BandAxis::CounterGross(COUNTERS - 3),
        BandAxis::CounterNet(COUNTERS - 3),
    ];
    let count = axes.len() * Rounding::ALL.len() * 2;
    let [answered, _] = on_all_cores(count, |number| {
        let rounding = Rounding::ALL[number / 2 % 9];
        let pack = pack(axes[number / 18], rounding, number % 2 == 1);
        assert_eq!(pack.schemes[0].benefits[0].layers.len(), LAYERS);
        let mut answered = 0;
        for (used, balance) in [(0, 0), (0, BILL_LIMIT), (BILL_LIMIT, BILL_LIMIT)] {
            let balances = Balances {
                current_year: Fen::new(balance),
                carried_over: Fen::new(balance),
                relatives: vec![Fen::new(balance); 16],
            };
            let used = vec![used; COUNTERS];
            let case = Case { pack: pack.clone(), scheme: 0, benefit: 0, used, balances, events: bills() };
            let refused = each(&case, |answer| {
                identities::hold(answer);
                answered += 1;
            });
            assert_eq!(refused, 0);
        }
        [answered, 0]
    });
    assert_eq!(answered, count * 3 * bills().len());
}

#[test]
fn the_fen_at_the_limits_are_those_of_the_reference() {
    let pack = pack(BandAxis::Gross, Rounding::HALF_UP_FEN, false);
    let balances = Balances::default();
    let case = Case { pack, scheme: 0, benefit: 0, used: vec![0; COUNTERS], balances, events: bills() };
    let (mut used, mut balances) = (case.used.clone(), case.balances.clone());
    each(&case, |answer| {
        let (scheme, benefit, bill) = (case.scheme(), case.benefit(), &answer.event.bill);
        let slow = gongji_oracle::adjudicate(&case.pack, scheme, benefit, bill, &mut used, &mut balances);
        assert_eq!(slow.map(|outcome| outcome.cells), Ok(answer.cells()));
        assert_eq!(answer.used, used);
    });
}
