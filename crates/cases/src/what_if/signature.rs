//! In which regime of the rules a bill lies: between two kinks of the burden curve it is one.

use gongji_policy::BillMeasure;
use gongji_policy::plan::{Amount, AmountShape, ResolvedRatio, Work};

use crate::explain::{LayerParts, Sheet};
use crate::run::{Outcome, Run};

/// What one layer does with a bill, without the amounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LayerRegime {
    pub label: String,
    /// Whether the deductible is fully taken.
    pub deductible_met: bool,
    /// The highest band reached; 0 for none.
    pub band: usize,
    /// The caps that hold something back.
    pub caps: Vec<usize>,
    /// Whether a guarantee pays.
    pub pays: bool,
    /// Whether a purse is drawn empty, or a guarantee has paid all there is.
    pub exhausted: bool,
    /// Where a formula of the bill lies: below its floor, between, above its ceiling; the step of a stepped amount.
    pub shapes: Vec<usize>,
}

/// What every layer does.
pub(super) type Signature = Vec<LayerRegime>;

fn shape(amount: &Amount, outcome: &Outcome<'_>, eligible: i64) -> Option<usize> {
    let Amount::OfBill(formula) = amount else { return None };
    let measured = |measure: BillMeasure| match measure {
        BillMeasure::Total => outcome.bill.total(),
        BillMeasure::InScope => outcome.bill.in_scope_total(),
        BillMeasure::Eligible => eligible,
    };
    let measured = measured(formula.0.measure());
    Some(match &formula.0 {
        AmountShape::Percent { numerator, denominator, low, high, .. } => {
            let exact = i128::from(measured) * i128::from(*numerator);
            let whole = |fen: i64| i128::from(fen) * i128::from(*denominator);
            if exact < whole(*low) {
                0
            } else if exact > whole(*high) {
                2
            } else {
                1
            }
        }
        AmountShape::Steps { steps, .. } => steps
            .iter()
            .position(|step| match step.upto {
                Some(bound) if step.included => measured <= bound.fen(),
                Some(bound) => measured < bound.fen(),
                None => true,
            })
            .unwrap_or(steps.len()),
    })
}

fn ratio_shapes(rule: &ResolvedRatio, outcome: &Outcome<'_>, parts: &LayerParts) -> Vec<usize> {
    let deductible = rule.deductible.iter().map(|deductible| &deductible.amount);
    let caps = rule.caps.iter().map(|cap| &cap.amount);
    deductible.chain(caps).filter_map(|amount| shape(amount, outcome, parts.eligible)).collect()
}

/// The regime of a bill.
pub(super) fn signature(run: &Run<'_>, outcome: &Outcome<'_>) -> Signature {
    let sheet = Sheet::of(run, outcome);
    let layers =
        outcome.plan.benefit().layers.iter().zip(outcome.resolution.layers.iter()).zip(&sheet.parts.layers);
    layers
        .enumerate()
        .map(|(index, ((model, resolved), parts))| {
            let paid = outcome.payments.get(index).copied().unwrap_or(0);
            let mut regime = LayerRegime { label: model.label.clone(), ..LayerRegime::default() };
            match &resolved.work {
                Work::Open(rule) | Work::Relieve(rule) => {
                    regime.deductible_met =
                        parts.deductible.is_some_and(|taken| taken.taken < parts.eligible);
                    regime.band = parts.bands.iter().map(|part| part.band).max().unwrap_or(0);
                    regime.caps = parts.caps.iter().filter(|cap| cap.binds).map(|cap| cap.cap).collect();
                    regime.shapes = ratio_shapes(rule, outcome, parts);
                }
                Work::Guarantee(_) => {
                    let (target, already) = parts.guarantee.unwrap_or_default();
                    regime.pays = target > already;
                    regime.exhausted = paid == parts.eligible;
                }
                Work::Purse(_) => {
                    // What it left unpaid shows that it had no more, or was allowed no more. One that had nothing to
                    // begin with bends no curve.
                    regime.exhausted = paid > 0 && paid < parts.eligible;
                }
                Work::Idle | Work::Refuse(_) | Work::Tally => {}
            }
            regime
        })
        .collect()
}

/// What changes from one regime to the next, for people; the first layer that changes speaks.
pub(super) fn change_words(before: &Signature, after: &Signature) -> Option<String> {
    for (then, now) in before.iter().zip(after) {
        let label = &now.label;
        if now.caps.len() > then.caps.len() {
            return Some(format!("{label}到达最高支付限额"));
        }
        if now.deductible_met && !then.deductible_met {
            return Some(format!("{label}的起付标准付满"));
        }
        if now.band > then.band && then.band > 0 {
            return Some(format!("{label}进入第 {} 段", now.band));
        }
        if now.band < then.band || now.caps.len() < then.caps.len() {
            return Some(format!("{label}的分段或限额变化"));
        }
        if now.shapes != then.shapes {
            return Some(format!("{label}的起付标准或限额按费用变化"));
        }
        if now.pays && !then.pays {
            return Some(format!("{label}开始支付"));
        }
        if now.exhausted && !then.exhausted {
            return Some(format!("{label}用完"));
        }
    }
    if before == after { None } else { Some("规则的另一段".to_owned()) }
}
