//! Formulas with the numbers in them.

use gongji_policy::LayerKind;
use gongji_policy::plan::Work;

use super::figures::{exact_yuan, percent, yuan};
use super::parts::{LayerParts, Relieved};
use super::sheet::{Sheet, ratio_work};
use crate::answer::Inputs;

/// The formula of a payment, its exact value as a fraction of fen, and the figures in it.
pub(crate) struct Formula {
    pub text: String,
    pub exact: (i128, i128),
    pub inputs: Inputs,
}

/// Adds a named figure.
pub(crate) fn put(inputs: &mut Inputs, name: impl Into<String>, value: impl Into<String>) {
    inputs.insert(name.into(), serde_json::Value::String(value.into()));
}

impl Sheet<'_, '_> {
    /// `(20000.00 − 900.00)` for the first part after a deductible, `(40000.00 − 30000.00)` between bounds, or the amount.
    fn entered(&self, layer: usize, parts: &LayerParts, position: usize) -> String {
        let Some(part) = parts.bands.get(position) else { return String::new() };
        let taken = parts.deductible.map_or(0, |deductible| deductible.taken);
        if position == 0 && taken > 0 {
            return format!("({} − {})", yuan(part.entered + taken), yuan(taken));
        }
        let rule = self.outcome.resolution.layers.get(layer).and_then(|layer| ratio_work(&layer.work));
        let alone = parts.bands.iter().filter(|other| other.band == part.band).count() == 1;
        match rule {
            Some(rule) if alone && rule.bands.start.is_none() && part.band >= 2 && position > 0 => {
                let lower = rule.bands.bounds.get(part.band - 2).copied().unwrap_or(0);
                format!("({} − {})", yuan(lower.saturating_add(part.entered)), yuan(lower))
            }
            _ => yuan(part.entered),
        }
    }

    /// What a ratio layer pays of one part of a band.
    pub fn band_formula(&self, layer: usize, position: usize) -> Formula {
        let parts = &self.parts.layers[layer];
        let part = parts.bands[position];
        let exact = (i128::from(part.entered) * i128::from(part.numerator), i128::from(part.denominator));
        let (ratio, ratio_formula) = self.ratio(layer, &part);
        let mut inputs = Inputs::new();
        if let Some(deductible) = parts.deductible.filter(|_| position == 0) {
            put(&mut inputs, "起付标准", yuan(deductible.standard));
            put(&mut inputs, "本次起付", yuan(deductible.taken));
        }
        put(&mut inputs, "进入本段", yuan(part.entered));
        put(&mut inputs, "支付比例", ratio.clone());
        if !ratio_formula.is_empty() {
            put(&mut inputs, "比例算式", ratio_formula);
        }
        let range = self.range(layer, part.band);
        if !range.is_empty() {
            put(&mut inputs, "费用段", range);
        }
        self.caps_into(layer, parts, &mut inputs);
        let text =
            format!("{} × {ratio} = {}", self.entered(layer, parts, position), reached(exact, part.paid));
        Formula { text, exact, inputs }
    }

    fn caps_into(&self, layer: usize, parts: &LayerParts, inputs: &mut Inputs) {
        let kind = self.outcome.plan.benefit().layers.get(layer).map(|layer| &layer.kind);
        let caps = match kind {
            Some(LayerKind::Ratio(rule)) => rule.caps.as_slice(),
            _ => &[],
        };
        for found in parts.caps.iter().filter(|cap| cap.binds) {
            if let Some(cap) = caps.get(found.cap) {
                put(inputs, cap.label.clone(), yuan(found.amount));
                put(inputs, format!("{}本次可用", cap.label), yuan(found.room));
            }
        }
    }

    /// What a whole layer pays.
    pub fn layer_formula(&self, layer: usize) -> Formula {
        let parts = &self.parts.layers[layer];
        let paid = self.outcome.payments.get(layer).copied().unwrap_or(0);
        let mut inputs = Inputs::new();
        put(&mut inputs, "计入金额", yuan(parts.eligible));
        let work = self.outcome.resolution.layers.get(layer).map(|layer| &layer.work);
        match work {
            Some(Work::Open(_) | Work::Relieve(_)) => {
                let mut terms = Vec::new();
                let (mut sum, mut below) = (0_i128, 1_i128);
                for (position, part) in parts.bands.iter().enumerate() {
                    terms.push(format!(
                        "{} × {}",
                        self.entered(layer, parts, position),
                        percent(part.numerator, part.denominator)
                    ));
                    sum += i128::from(part.entered) * i128::from(part.numerator);
                    below = i128::from(part.denominator);
                }
                if let Some(deductible) = parts.deductible {
                    put(&mut inputs, "起付标准", yuan(deductible.standard));
                    put(&mut inputs, "本次起付", yuan(deductible.taken));
                }
                self.caps_into(layer, parts, &mut inputs);
                let text = if terms.is_empty() {
                    String::new()
                } else {
                    format!("{} = {}", terms.join(" + "), reached((sum, below), paid))
                };
                Formula { text, exact: (sum, below), inputs }
            }
            Some(Work::Guarantee(rule)) => {
                let (target, already) = parts.guarantee.unwrap_or_default();
                let rate = percent(rule.numerator, rule.denominator);
                put(&mut inputs, "保底比例", rate.clone());
                put(&mut inputs, "保底金额", yuan(target));
                put(&mut inputs, "已由基金支付", yuan(already));
                let limited = if target - already > paid {
                    format!("，至多付到未付的 {}", yuan(paid))
                } else {
                    String::new()
                };
                let text = format!(
                    "保底 {}（按 {rate}）− 已付 {} = {}{limited}",
                    yuan(target),
                    yuan(already),
                    yuan((target - already).max(0))
                );
                Formula { text, exact: (i128::from(paid), 1), inputs }
            }
            _ => {
                let text = format!("{} 中付 {}", yuan(parts.eligible), yuan(paid));
                Formula { text, exact: (i128::from(paid), 1), inputs }
            }
        }
    }

    /// What a layer pays of one slot that it relieves.
    pub fn relief_formula(&self, layer: usize, relieved: &Relieved, balance: Option<i64>) -> Formula {
        if let Some(balance) = balance {
            let mut inputs = Inputs::new();
            put(&mut inputs, "未付", yuan(relieved.unpaid_before));
            put(&mut inputs, "余额", yuan(balance));
            let text = if relieved.amount == relieved.unpaid_before.min(balance) {
                format!(
                    "min({}, {}) = {}",
                    yuan(relieved.unpaid_before),
                    yuan(balance),
                    yuan(relieved.amount)
                )
            } else {
                format!(
                    "min({}, {})，限额内付 {}",
                    yuan(relieved.unpaid_before),
                    yuan(balance),
                    yuan(relieved.amount)
                )
            };
            return Formula { text, exact: (i128::from(relieved.amount), 1), inputs };
        }
        let whole = self.layer_formula(layer);
        let parts = &self.parts.layers[layer];
        if relieved.unpaid_before == parts.eligible {
            return whole;
        }
        let paid = self.outcome.payments.get(layer).copied().unwrap_or(0);
        let mut inputs = whole.inputs;
        put(&mut inputs, "本层合计", whole.text.clone());
        put(&mut inputs, "本行未付", yuan(relieved.unpaid_before));
        let exact =
            (i128::from(paid) * i128::from(relieved.unpaid_before), i128::from(parts.eligible.max(1)));
        let text = format!(
            "{} × {} ÷ {} = {}（按未付金额分摊；本层 {}）",
            yuan(paid),
            yuan(relieved.unpaid_before),
            yuan(parts.eligible),
            reached(exact, relieved.amount),
            whole.text
        );
        Formula { text, exact, inputs }
    }
}

/// `16808.00`, or `12132.8768 → 12132.88` where a rounding lies between, or what a limit left.
pub(crate) fn reached(exact: (i128, i128), paid: i64) -> String {
    let (numerator, denominator) = exact;
    if numerator == i128::from(paid) * denominator {
        return yuan(paid);
    }
    let exact = exact_yuan(numerator, denominator);
    let off = (numerator - i128::from(paid) * denominator).abs();
    if off <= denominator * 100 {
        format!("{exact} → {}", yuan(paid))
    } else {
        format!("{exact}，限额内付 {}", yuan(paid))
    }
}
