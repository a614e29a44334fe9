//! With a fixed deductible and bands that do not fall, one more fen in scope never lowers what funds pay.

use gongji_money::{Fen, Rounding};
use gongji_oracle::BillInput;
use gongji_oracle::build;
use gongji_oracle::generate::Event;
use gongji_policy::plan::Plan;
use gongji_policy::{
    AmountRule, BandAxis, Bands, CapAxis, Excess, Facts, Layer, LayerKind, Pack, Payer, Portion,
};
use proptest::prelude::*;

use crate::common::fold;

/// An opener, and what may stand above it.
#[derive(Clone, Debug)]
struct Stack {
    deductible: i64,
    deductible_counted: bool,
    axis: usize,
    bounds: Vec<i64>,
    percents: Vec<i32>,
    cap: Option<(usize, i64, bool)>,
    rounding: usize,
    round_each_band: bool,
    supplements: Vec<i32>,
}

impl Stack {
    fn pack(&self) -> Pack {
        let axes = [BandAxis::Gross, BandAxis::Net, BandAxis::CounterGross(1), BandAxis::CounterNet(1)];
        let mut deductible =
            build::deductible(build::always("deductible", AmountRule::Fixed(Fen::new(self.deductible))));
        deductible.counter = self.deductible_counted.then_some(0);
        let bounds = self.bounds.iter().map(|bound| Fen::new(*bound)).collect();
        let mut ratio = build::ratio(build::by_band(&self.percents));
        ratio.deductible = Some(deductible);
        ratio.bands = Some(Bands {
            axis: axes[self.axis],
            bounds: build::always("bands", bounds),
            bound_included: true,
        });
        // A coarse unit may take from the layers above what it gives: whole stacks round to the fen.
        ratio.rounding =
            if self.supplements.is_empty() { Rounding::ALL[self.rounding] } else { Rounding::HALF_UP_FEN };
        ratio.round_each_band = self.round_each_band;
        if let Some((axis, amount, own)) = self.cap {
            let caps =
                [CapAxis::Paid, CapAxis::PaidWithDeductible, CapAxis::EligibleNet, CapAxis::EligibleGross];
            let mut cap = build::cap(caps[axis], AmountRule::Fixed(Fen::new(amount)));
            cap.excess = if own { Excess::OwnShare } else { Excess::OverCeiling };
            cap.counter = Some(2);
            ratio.caps.push(cap);
        }
        let mut layers = vec![build::ratio_layer("pool", Payer::PooledFund, &[Portion::InScope], ratio)];
        let bases: [&[Portion]; 2] = [&[Portion::OverCeiling], &[Portion::Deductible, Portion::OwnShare]];
        for (percent, base) in self.supplements.iter().zip(bases) {
            let ratio = build::ratio(build::percent(*percent));
            layers.push(build::ratio_layer("above", Payer::LargeSumFund, base, ratio));
        }
        let counters = ["deductible", "axis", "cap"].map(build::counter).to_vec();
        build::pack(build::scheme(counters, build::benefit(layers)))
    }

    /// In-scope amounts at which something may turn, in fen.
    fn turns(&self) -> Vec<i64> {
        let mut turns = vec![0, self.deductible];
        for bound in self.bounds.iter().chain(self.cap.iter().map(|(_, amount, _)| amount)) {
            turns.extend([
                *bound,
                bound + self.deductible,
                (bound - self.deductible).max(0),
                bound * 100 / 73,
            ]);
        }
        turns
    }
}

fn stacks() -> impl Strategy<Value = Stack> {
    let bands = proptest::collection::btree_set(1..2_000_000_i64, 0..5)
        .prop_flat_map(|bounds| {
            let count = bounds.len() + 1;
            (Just(bounds.into_iter().collect::<Vec<i64>>()), proptest::collection::vec(0..=100_i32, count))
        })
        .prop_map(|(bounds, mut percents)| {
            percents.sort_unstable();
            (bounds, percents)
        });
    let deductible = (prop_oneof![Just(0), 0..300_000_i64], any::<bool>());
    let cap = proptest::option::of((0..4_usize, 0..3_000_000_i64, any::<bool>()));
    let supplements = proptest::collection::vec(0..=100_i32, 0..=2);
    (deductible, 0..4_usize, bands, cap, 0..9_usize, any::<bool>(), supplements).prop_map(
        |(
            (deductible, deductible_counted),
            axis,
            (bounds, percents),
            cap,
            rounding,
            round_each_band,
            supplements,
        )| {
            Stack {
                deductible,
                deductible_counted,
                axis,
                bounds,
                percents,
                cap,
                rounding,
                round_each_band,
                supplements,
            }
        },
    )
}

fn funds(plan: &Plan<'_>, in_scope: i64, used: &[i64]) -> i64 {
    let bill = BillInput {
        facts: Facts::default(),
        law_date: build::FIRST_DAY,
        non_covered: Fen::ZERO,
        over_limit_price: Fen::ZERO,
        upfront_self_pay: Fen::ZERO,
        in_scope: vec![Fen::new(in_scope)],
        stay_days: 1,
    };
    fold(plan, &Event { resets: Vec::new(), bill }, used, &[]).unwrap().funds()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn one_more_fen_never_lowers_the_funds(
        stack in stacks(),
        used in prop_oneof![Just([0, 0, 0]), proptest::array::uniform3(0..1_500_000_i64)],
        others in proptest::collection::vec(0..5_000_000_i64, 6),
    ) {
        let pack = stack.pack();
        let scheme = &pack.schemes[0];
        let plan = Plan::compile(&pack, scheme, &scheme.benefits[0]);
        for start in stack.turns().into_iter().chain(others) {
            let mut before = None;
            for in_scope in (start - 2).max(0)..=start + 2 {
                let now = funds(&plan, in_scope, &used);
                prop_assert!(before.is_none_or(|before| before <= now), "{before:?} then {now} at {in_scope}");
                before = Some(now);
            }
        }
    }
}

#[test]
fn the_stacks_are_what_the_law_speaks_of() {
    // The law is about openers with bands and supplements; without them it would prove nothing.
    let stack = Stack {
        deductible: 60_000,
        deductible_counted: false,
        axis: 0,
        bounds: vec![1_000_000],
        percents: vec![80, 90],
        cap: None,
        rounding: 0,
        round_each_band: false,
        supplements: vec![95, 50],
    };
    let pack = stack.pack();
    let layers: &[Layer] = &pack.schemes[0].benefits[0].layers;
    assert!(layers.iter().all(|layer| matches!(layer.kind, LayerKind::Ratio(_))));
    let plan = Plan::compile(&pack, &pack.schemes[0], &pack.schemes[0].benefits[0]);
    // 80% of 9,400.00 and 90% of 10,000.00, then half of 600.00 + 1,880.00 + 1,000.00.
    assert_eq!(funds(&plan, 2_000_000, &[0, 0, 0]), 752_000 + 900_000 + 174_000);
}
