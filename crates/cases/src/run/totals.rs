//! What one bill comes to, field by field.

use gongji_policy::plan::{SlotKind, Work};
use gongji_policy::{AnswerField, Payer};
use gongji_rules::Step;

use super::Outcome;

/// What each answer field, fund and portion comes to, in fen.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Totals {
    pub fields: [i64; AnswerField::ALL.len()],
    pub fund: i64,
    pub hospital: i64,
    pub guarantee: i64,
    pub opening: i64,
    pub account_first: i64,
    pub deductible: i64,
    pub own_share: i64,
    pub over_ceiling: i64,
}

impl Totals {
    /// The totals of an outcome. Answers and settlements both take them from here.
    pub fn of(outcome: &Outcome<'_>) -> Totals {
        let mut totals = Totals::default();
        let layers = outcome.plan.benefit().layers.iter().zip(outcome.resolution.layers.iter());
        for ((model, resolved), paid) in layers.zip(&outcome.payments) {
            totals.fields[model.field as usize] += paid;
            if model.payer.is_fund() {
                totals.fund += paid;
            }
            if model.payer == Payer::Hospital {
                totals.hospital += paid;
            }
            match &resolved.work {
                Work::Guarantee(_) => totals.guarantee += paid,
                Work::Open(_) => totals.opening += paid,
                _ => {}
            }
        }
        totals.fields[AnswerField::CashPaid as usize] += outcome.cash;
        let slots = outcome.plan.slots();
        let unopened = |slot| matches!(slots.kind(slot), SlotKind::InScope(_));
        for step in &outcome.trace {
            match *step {
                Step::Band { layer, entered, paid, .. } if outcome.opens(usize::from(layer)) => {
                    totals.own_share += entered - paid;
                }
                // Only layers that open leave a deductible or pass a ceiling.
                Step::DeductibleLeft { amount, .. } => totals.deductible += amount,
                Step::OverCeiling { amount, .. } => totals.over_ceiling += amount,
                Step::Relief { slot, amount, .. } | Step::Cash { slot, amount } if unopened(slot) => {
                    totals.account_first += amount;
                }
                _ => {}
            }
        }
        totals
    }
}
