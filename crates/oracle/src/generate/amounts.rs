//! Random amounts as rules give them.

use gongji_money::{Fen, Rate, Rounding};
use gongji_policy::{AmountAdjust, AmountChange, AmountRule, BillMeasure, Step, Table};

use super::maker::Maker;

/// What an amount is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    Deductible,
    Limit,
    Cap,
    Bound,
    Adjust,
}

impl Maker {
    /// An amount of a size that fits its use; bills will be drawn around it.
    pub fn amount(&mut self, what: Use) -> Fen {
        let yuan = match (what, self.dice.below(20)) {
            (Use::Cap | Use::Bound, 0) => self.dice.magnitude(10),
            (Use::Deductible | Use::Limit | Use::Adjust, 0) => 0,
            (Use::Cap, 1) => 0,
            (Use::Cap | Use::Bound, _) => {
                self.dice.between(1, 99) * self.dice.pick(&[10, 100, 1_000, 10_000])
            }
            (_, 1..=3) => self.dice.between(1, 999),
            _ => self.dice.between(1, 50) * self.dice.pick(&[10, 50, 100]),
        };
        let odd = if self.dice.chance(20) { self.dice.between(1, 99) } else { 0 };
        let fen = (yuan * 100 + odd).min(Fen::LIMIT.fen());
        self.notable.push(fen);
        Fen::new(fen)
    }

    /// An amount rule that its use allows.
    pub fn amount_rule(&mut self, what: Use) -> AmountRule {
        let weights = match what {
            Use::Deductible => [65, 0, 0, 12, 10, 13],
            Use::Limit => [70, 0, 15, 0, 15, 0],
            Use::Cap => [55, 8, 10, 10, 8, 9],
            Use::Bound | Use::Adjust => [1, 0, 0, 0, 0, 0],
        };
        match self.dice.weighted(&weights) {
            1 => AmountRule::Unlimited,
            2 => AmountRule::NotApplied,
            3 => {
                let first = self.dice.chance(60).then(|| self.amount(what));
                let second = self.dice.chance(60).then(|| self.amount(what));
                let (low, high) = match (first, second) {
                    (Some(low), Some(high)) => (Some(low.min(high)), Some(low.max(high))),
                    other => other,
                };
                AmountRule::PercentOf {
                    measure: self.measure(),
                    rate: Rate::percent(self.dice.between(1, 60) as i32),
                    low,
                    high,
                }
            }
            4 => AmountRule::OfIndex {
                index: self.dice.below(self.indices),
                rate: Rate::percent(self.dice.between(1, 400) as i32),
                rounding: self.dice.pick(&Rounding::ALL),
            },
            5 => {
                let mut bounds: Vec<Fen> = (0..self.dice.below(4)).map(|_| self.amount(Use::Bound)).collect();
                bounds.retain(|bound| !bound.is_zero());
                bounds.sort_unstable();
                bounds.dedup();
                let bounds: Vec<Option<Fen>> = bounds.into_iter().map(Some).chain([None]).collect();
                let mut steps = Vec::new();
                for upto in bounds {
                    steps.push(Step { upto, included: self.dice.chance(50), amount: self.amount(what) });
                }
                AmountRule::Steps { measure: self.measure(), steps }
            }
            _ => AmountRule::Fixed(self.amount(what)),
        }
    }

    fn measure(&mut self) -> BillMeasure {
        self.dice.pick(&[BillMeasure::Total, BillMeasure::InScope, BillMeasure::Eligible])
    }

    /// A table of amounts for a use.
    pub fn amounts(&mut self, name: &str, what: Use) -> Table<AmountRule> {
        self.table(name, 1, |maker| maker.amount_rule(what))
    }

    /// Adjustments of an amount, none more often than not.
    pub fn amount_adjusts(&mut self, name: &str) -> Vec<AmountAdjust> {
        let count = self.dice.weighted(&[60, 20, 12, 8]);
        (0..count).map(|index| self.amount_adjust(&format!("{name}.adjust.{index}"))).collect()
    }

    fn amount_adjust(&mut self, name: &str) -> AmountAdjust {
        let change = match self.dice.below(6) {
            0 => AmountChange::Times(
                self.table(name, 1, |maker| Rate::new(maker.dice.between(0, 20), 10).unwrap_or(Rate::ONE)),
            ),
            1 => AmountChange::Minus { amount: self.adjust_amounts(name), per_repeat: false },
            2 => AmountChange::Minus { amount: self.adjust_amounts(name), per_repeat: true },
            3 => AmountChange::Plus(self.amounts(name, Use::Adjust)),
            4 => AmountChange::Floor(self.adjust_amounts(name)),
            _ => AmountChange::Ceiling(self.adjust_amounts(name)),
        };
        AmountAdjust { label: name.to_owned(), change }
    }

    /// Amounts of an adjustment, which may not apply to everybody.
    fn adjust_amounts(&mut self, name: &str) -> Table<AmountRule> {
        self.table(name, 1, |maker| {
            if maker.dice.chance(15) { AmountRule::NotApplied } else { maker.amount_rule(Use::Adjust) }
        })
    }
}
