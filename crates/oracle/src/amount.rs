//! Amounts as rules give them, exactly.

use std::cmp::{max, min};

use gongji_money::{Fen, Rounding};
use gongji_policy::{AmountAdjust, AmountChange, AmountRule, BillMeasure, Dimension, Facts, Pack, Table};
use num_traits::{Signed, Zero};

use crate::Refusal;
use crate::exact::{Exact, fraction, rounded, whole};
use crate::lookup::Reader;

/// What an amount rule comes to for one bill.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Worth {
    /// So many fen, exactly.
    Exactly(Exact),
    /// No limit.
    Unlimited,
    /// The rule does not apply.
    NotApplied,
}

/// What amounts may look at.
pub(crate) struct Measures<'a> {
    pub pack: &'a Pack,
    pub reader: &'a Reader<'a>,
    pub facts: &'a Facts,
    /// All four portions of the bill as split, in fen.
    pub total: i64,
    /// The in-scope money of the bill as split, in fen.
    pub in_scope: i64,
    /// What the layer looks at, in fen.
    pub eligible: i64,
}

impl Measures<'_> {
    fn measure(&self, measure: BillMeasure) -> i64 {
        match measure {
            BillMeasure::Total => self.total,
            BillMeasure::InScope => self.in_scope,
            BillMeasure::Eligible => self.eligible,
        }
    }

    /// The rule of the row that serves, worked out, before adjustments.
    pub fn worth(&self, table: &Table<AmountRule>) -> Result<Worth, Refusal> {
        let exact = match self.reader.value(table, self.facts)? {
            AmountRule::Unlimited => return Ok(Worth::Unlimited),
            AmountRule::NotApplied => return Ok(Worth::NotApplied),
            AmountRule::Fixed(fen) => whole(fen.fen()),
            AmountRule::PercentOf { measure, rate, low, high } => {
                let mut amount = fraction(*rate) * whole(self.measure(*measure));
                if let Some(low) = low {
                    amount = max(amount, whole(low.fen()));
                }
                if let Some(high) = high {
                    amount = min(amount, whole(high.fen()));
                }
                amount
            }
            AmountRule::OfIndex { index, rate, rounding } => {
                let Some(index) = self.pack.indices.get(*index) else {
                    return Err(Refusal::NoRule { path: table.path.clone() });
                };
                let Worth::Exactly(figure) = self.worth(index)? else {
                    return Err(Refusal::NoRule { path: index.path.clone() });
                };
                whole(rounded(*rounding, &(figure * fraction(*rate))))
            }
            AmountRule::Steps { measure, steps } => {
                let value = self.measure(*measure);
                let step = steps.iter().find(|step| match step.upto.map(Fen::fen) {
                    None => true,
                    Some(bound) if step.included => value <= bound,
                    Some(bound) => value < bound,
                });
                match step {
                    Some(step) => whole(step.amount.fen()),
                    None => return Err(Refusal::NoRule { path: table.path.clone() }),
                }
            }
        };
        Ok(Worth::Exactly(exact))
    }

    /// The amount after its adjustments, half-up to the fen; `Unlimited` and `NotApplied` stay what they are.
    pub fn standard(&self, table: &Table<AmountRule>, adjusts: &[AmountAdjust]) -> Result<Standard, Refusal> {
        let mut amount = match self.worth(table)? {
            Worth::Exactly(amount) => amount,
            Worth::Unlimited => return Ok(Standard::Unlimited),
            Worth::NotApplied => return Ok(Standard::NotApplied),
        };
        for adjust in adjusts {
            amount = self.adjusted(amount, &adjust.change)?;
            if amount.is_negative() {
                amount = Exact::zero();
            }
        }
        Ok(Standard::Fen(rounded(Rounding::HALF_UP_FEN, &amount)))
    }

    fn adjusted(&self, amount: Exact, change: &AmountChange) -> Result<Exact, Refusal> {
        let by = match change {
            AmountChange::Times(table) => {
                return Ok(amount * fraction(*self.reader.value(table, self.facts)?));
            }
            AmountChange::Minus { amount, .. }
            | AmountChange::Plus(amount)
            | AmountChange::Floor(amount)
            | AmountChange::Ceiling(amount) => amount,
        };
        let Worth::Exactly(value) = self.worth(by)? else {
            return Ok(amount);
        };
        Ok(match change {
            AmountChange::Times(_) => amount,
            AmountChange::Minus { per_repeat: false, .. } => amount - value,
            AmountChange::Minus { per_repeat: true, .. } if value.is_zero() => amount,
            AmountChange::Minus { per_repeat: true, .. } => {
                let Some(ordinal) = self.facts.get(Dimension::Ordinal) else {
                    return Err(Refusal::NeedsAnswer {
                        dimension: Dimension::Ordinal,
                        path: by.path.clone(),
                    });
                };
                amount - value * whole(ordinal - 1)
            }
            AmountChange::Plus(_) => amount + value,
            AmountChange::Floor(_) => max(amount, value),
            AmountChange::Ceiling(_) => min(amount, value),
        })
    }
}

/// An amount after adjustments, in whole fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standard {
    /// So many fen.
    Fen(i64),
    /// No limit.
    Unlimited,
    /// The rule does not apply.
    NotApplied,
}
