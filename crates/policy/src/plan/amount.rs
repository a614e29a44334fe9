//! An amount resolved for one combination of facts: mostly a number, sometimes a formula of the bill.

use crate::model::{BillMeasure, Step};

/// A change of an amount that could not be applied before the bill was known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AmountOp {
    /// × numerator / denominator.
    Times(i64, i64),
    /// − so many fen, not below zero.
    Minus(i64),
    /// + so many fen.
    Plus(i64),
    /// At least so many fen.
    Floor(i64),
    /// At most so many fen.
    Ceiling(i64),
}

/// A formula of the bill.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AmountShape {
    /// numerator / denominator of a measure, between `low` and `high` fen.
    Percent {
        /// Of what.
        measure: BillMeasure,
        /// The percentage's numerator.
        numerator: i64,
        /// Its denominator.
        denominator: i64,
        /// At least so many fen.
        low: i64,
        /// At most so many fen.
        high: i64,
    },
    /// The amount of the step that the measure falls in.
    Steps {
        /// Of what.
        measure: BillMeasure,
        /// The steps, ascending; the last is open.
        steps: Vec<Step>,
    },
}

/// An amount for one combination of facts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Amount {
    /// So many fen.
    Fixed(i64),
    /// Never binds, but what is used counts.
    Unlimited,
    /// The rule does not apply, and nothing counts.
    NotApplied,
    /// Known only with the bill.
    OfBill(Box<(AmountShape, Vec<AmountOp>)>),
}

/// An exact amount in fen as a fraction with a positive denominator.
#[derive(Clone, Copy)]
pub(super) struct Exact {
    pub numerator: i128,
    pub denominator: i128,
}

impl Exact {
    pub fn whole(fen: i64) -> Exact {
        Exact { numerator: i128::from(fen), denominator: 1 }
    }

    /// One change. Resolution proved the products to stay inside `i128`.
    pub fn apply(self, op: AmountOp) -> Exact {
        let Exact { numerator, denominator } = self;
        let scaled = |fen: i64| i128::from(fen) * denominator;
        match op {
            AmountOp::Times(upper, lower) => Exact {
                numerator: numerator * i128::from(upper),
                denominator: denominator * i128::from(lower),
            },
            AmountOp::Minus(fen) => Exact { numerator: (numerator - scaled(fen)).max(0), denominator },
            AmountOp::Plus(fen) => Exact { numerator: numerator + scaled(fen), denominator },
            AmountOp::Floor(fen) => Exact { numerator: numerator.max(scaled(fen)), denominator },
            AmountOp::Ceiling(fen) => Exact { numerator: numerator.min(scaled(fen)), denominator },
        }
    }

    /// Half up to the fen; standards and limits are whole fen before they meet a bill.
    pub fn round(self) -> i64 {
        let rounded = (2 * self.numerator + self.denominator) / (2 * self.denominator);
        i64::try_from(rounded).unwrap_or(i64::MAX)
    }
}

impl AmountShape {
    /// The measure it looks at.
    pub fn measure(&self) -> BillMeasure {
        match self {
            AmountShape::Percent { measure, .. } | AmountShape::Steps { measure, .. } => *measure,
        }
    }

    fn of(&self, measured: i64) -> Exact {
        match self {
            AmountShape::Percent { numerator, denominator, low, high, .. } => {
                let exact = Exact {
                    numerator: i128::from(measured) * i128::from(*numerator),
                    denominator: i128::from(*denominator),
                };
                exact.apply(AmountOp::Floor(*low)).apply(AmountOp::Ceiling(*high))
            }
            AmountShape::Steps { steps, .. } => {
                let step = steps.iter().find(|step| match step.upto {
                    Some(bound) if step.included => measured <= bound.fen(),
                    Some(bound) => measured < bound.fen(),
                    None => true,
                });
                Exact::whole(step.map_or(0, |step| step.amount.fen()))
            }
        }
    }
}

impl Amount {
    /// The amount in fen for a bill, given the measure its formula names; `None` where the rule does not apply,
    /// `i64::MAX` where there is no limit.
    #[inline]
    pub fn for_bill(&self, measure: impl Fn(BillMeasure) -> i64) -> Option<i64> {
        match self {
            Amount::Fixed(fen) => Some(*fen),
            Amount::Unlimited => Some(i64::MAX),
            Amount::NotApplied => None,
            Amount::OfBill(formula) => Some(of_bill(formula, measure)),
        }
    }
}

/// Rare, and kept out of the way of the fixed amounts.
#[cold]
fn of_bill((shape, ops): &(AmountShape, Vec<AmountOp>), measure: impl Fn(BillMeasure) -> i64) -> i64 {
    ops.iter().fold(shape.of(measure(shape.measure())), |exact, op| exact.apply(*op)).round()
}
