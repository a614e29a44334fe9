//! Which operators of the layer model a pack uses.

use std::collections::BTreeSet;

use gongji_policy::{
    AmountAdjust, AmountChange, AmountRule, BandAxis, BillMeasure, Cap, CapAxis, Deductible, Excess,
    GuaranteeTerm, Layer, LayerKind, LayerMeasure, Portion, PurseKind, RatioChange, RatioLayer, Setting,
    Table, TagSelector,
};

use super::Case;

/// The name of an operator, such as `cap.axis.paid`.
pub type Operator = String;

/// Every operator that the generator must come up with.
pub fn all_operators() -> impl Iterator<Item = &'static str> {
    include_str!("operators.txt").lines()
}

/// Every operator that the case's pack uses.
pub fn operators(case: &Case) -> BTreeSet<Operator> {
    let mut walk = Walk { seen: BTreeSet::new() };
    let benefit = case.benefit();
    let opens = |layer: &Layer| {
        matches!(layer.kind, LayerKind::Ratio(_))
            && layer.base.iter().all(|entry| entry.portion == Portion::InScope)
    };
    let openers: Vec<usize> =
        benefit.layers.iter().enumerate().filter(|(_, layer)| opens(layer)).map(|(index, _)| index).collect();
    walk.see(format!("openers.{}", openers.len()));
    walk.see(format!("tags.{}", benefit.tags.len()));
    let last = openers.last().copied().unwrap_or(0);
    for (index, layer) in benefit.layers.iter().enumerate() {
        walk.layer(layer, openers.contains(&index), index > last);
    }
    let paid_caps = |layer: &Layer| match &layer.kind {
        LayerKind::Ratio(ratio) => ratio.caps.iter().filter_map(|cap| cap.counter).collect(),
        LayerKind::Purse(purse) => purse.caps.iter().filter_map(|cap| cap.counter).collect(),
        LayerKind::Guarantee(_) | LayerKind::Tally => BTreeSet::new(),
    };
    let sets: Vec<BTreeSet<usize>> = benefit.layers.iter().map(paid_caps).collect();
    for (index, set) in sets.iter().enumerate() {
        if sets[..index].iter().any(|other| !other.is_disjoint(set)) {
            walk.see("cap.counter.shared_by_layers");
        }
    }
    walk.seen
}

struct Walk {
    seen: BTreeSet<Operator>,
}

impl Walk {
    fn see(&mut self, operator: impl Into<String>) {
        self.seen.insert(operator.into());
    }

    fn layer(&mut self, layer: &Layer, opens: bool, after_openers: bool) {
        let place = if after_openers { "after" } else { "before" };
        if let Some(applies) = &layer.applies {
            self.table(applies);
            self.see(if opens { "applies.opener" } else { "applies" });
        }
        for entry in &layer.base {
            let tag = if matches!(entry.tag, TagSelector::Only(_)) { ".tag" } else { "" };
            self.see(format!("base.{}{tag}", entry.portion.name()));
        }
        if opens && (layer.base.len() > 1 || layer.base.iter().any(|entry| entry.tag == TagSelector::All)) {
            self.see("opener.several_tags");
        }
        for (measure, _) in &layer.adds {
            self.see(match measure {
                LayerMeasure::Paid => "adds.paid",
                LayerMeasure::Eligible => "adds.eligible",
                LayerMeasure::AfterDeductible => "adds.after_deductible",
                LayerMeasure::EligibleNet => "adds.eligible_net",
                LayerMeasure::EligibleGross => "adds.eligible_gross",
                LayerMeasure::Deductible => "adds.deductible",
                LayerMeasure::OwnShare => "adds.own_share",
                LayerMeasure::OverCeiling => "adds.over_ceiling",
                LayerMeasure::PaidWithDeductible => "adds.paid_with_deductible",
            });
        }
        match &layer.kind {
            LayerKind::Ratio(ratio) => {
                self.see(if opens { "ratio.opener".to_owned() } else { format!("ratio.{place}") });
                self.ratio(ratio);
            }
            LayerKind::Guarantee(guarantee) => {
                self.see("guarantee");
                self.table(&guarantee.rate);
                self.see(format!("guarantee.{}", guarantee.rounding.name()));
                for (plus, term) in &guarantee.target {
                    let sign = if *plus { "" } else { "minus_" };
                    self.see(format!(
                        "guarantee.{sign}{}",
                        match term {
                            GuaranteeTerm::Total => "total",
                            GuaranteeTerm::InScope => "in_scope",
                            GuaranteeTerm::NonCovered => "non_covered",
                            GuaranteeTerm::OverLimitPrice => "over_limit_price",
                            GuaranteeTerm::UpfrontSelfPay => "upfront_self_pay",
                            GuaranteeTerm::Deductible => "deductible",
                        }
                    ));
                }
            }
            LayerKind::Purse(purse) => {
                let kind = match purse.purse {
                    PurseKind::CurrentYear => "current_year",
                    PurseKind::CarriedOver => "carried_over",
                    PurseKind::Relatives => "relatives",
                };
                self.see(format!("purse.{kind}.{place}"));
                for cap in &purse.caps {
                    self.see("purse.cap");
                    self.cap(cap);
                }
            }
            LayerKind::Tally => self.see(format!("tally.{place}")),
        }
    }

    fn ratio(&mut self, layer: &RatioLayer) {
        let each = if layer.round_each_band { "each_band." } else { "" };
        self.see(format!("rounding.{each}{}", layer.rounding.name()));
        if let Some(deductible) = &layer.deductible {
            self.deductible(deductible);
        }
        if let Some(bands) = &layer.bands {
            self.table(&bands.bounds);
            self.see(match bands.axis {
                BandAxis::Gross => "axis.gross",
                BandAxis::Net => "axis.net",
                BandAxis::CounterGross(_) => "axis.counter_gross",
                BandAxis::CounterNet(_) => "axis.counter_net",
            });
            for row in &bands.bounds.rows {
                if let Setting::Known(bounds) = &row.value {
                    self.see(format!("bounds.{}", bounds.len()));
                }
            }
        }
        self.table(&layer.ratio);
        for adjust in &layer.ratio_adjust {
            let (name, table) = match &adjust.change {
                RatioChange::Points { points, per_year_of_age: false } => ("points", points),
                RatioChange::Points { points, per_year_of_age: true } => ("points_per_year_of_age", points),
                RatioChange::TimesFund(table) => ("times_fund", table),
                RatioChange::TimesOwn(table) => ("times_own", table),
                RatioChange::Floor(table) => ("floor", table),
                RatioChange::Ceiling(table) => ("ceiling", table),
            };
            self.see(format!("ratio_adjust.{name}"));
            self.table(table);
        }
        self.see(format!("caps.{}", layer.caps.len()));
        for (index, cap) in layer.caps.iter().enumerate() {
            self.cap(cap);
            if cap.counter.is_some() && layer.caps[..index].iter().any(|other| other.counter == cap.counter) {
                self.see("cap.counter.shared_in_layer");
            }
        }
    }

    fn deductible(&mut self, deductible: &Deductible) {
        self.amounts("deductible", &deductible.amount);
        self.adjusts("deductible", &deductible.adjust);
        self.see(if deductible.counter.is_some() { "deductible.counter" } else { "deductible.every_bill" });
        if deductible.due_every_days.is_some() {
            self.see("deductible.due_every_days");
        }
        for limit in &deductible.limits {
            self.amounts("limit", &limit.amount);
            if deductible.counter == Some(limit.counter) {
                self.see("limit.same_counter");
            }
        }
    }

    fn cap(&mut self, cap: &Cap) {
        self.see(match cap.axis {
            CapAxis::Paid => "cap.paid",
            CapAxis::EligibleNet => "cap.eligible_net",
            CapAxis::EligibleGross => "cap.eligible_gross",
            CapAxis::PaidWithDeductible => "cap.paid_with_deductible",
        });
        self.see(match cap.excess {
            Excess::OverCeiling => "cap.over_ceiling",
            Excess::OwnShare => "cap.own_share",
        });
        self.see(if cap.counter.is_some() { "cap.counter" } else { "cap.per_bill" });
        self.amounts("cap", &cap.amount);
        self.adjusts("cap", &cap.adjust);
    }

    fn adjusts(&mut self, owner: &str, adjusts: &[AmountAdjust]) {
        for adjust in adjusts {
            let (name, table) = match &adjust.change {
                AmountChange::Times(factors) => {
                    self.table(factors);
                    self.see(format!("{owner}.adjust.times"));
                    continue;
                }
                AmountChange::Minus { amount, per_repeat: false } => ("minus", amount),
                AmountChange::Minus { amount, per_repeat: true } => ("minus_per_repeat", amount),
                AmountChange::Plus(amount) => ("plus", amount),
                AmountChange::Floor(amount) => ("floor", amount),
                AmountChange::Ceiling(amount) => ("ceiling", amount),
            };
            self.see(format!("{owner}.adjust.{name}"));
            self.amounts(&format!("adjust.{name}"), table);
        }
    }

    fn amounts(&mut self, owner: &str, table: &Table<AmountRule>) {
        self.table(table);
        let measured = |measure: &BillMeasure| match measure {
            BillMeasure::Total => "total",
            BillMeasure::InScope => "in_scope",
            BillMeasure::Eligible => "eligible",
        };
        for row in &table.rows {
            let Setting::Known(rule) = &row.value else { continue };
            let name = match rule {
                AmountRule::Fixed(_) => "fixed".to_owned(),
                AmountRule::Unlimited => "unlimited".to_owned(),
                AmountRule::NotApplied => "not_applied".to_owned(),
                AmountRule::PercentOf { measure, low, high, .. } => {
                    let clamp = match (low, high) {
                        (None, None) => "",
                        (Some(_), None) => ".low",
                        (None, Some(_)) => ".high",
                        (Some(_), Some(_)) => ".low_high",
                    };
                    format!("percent_of.{}{clamp}", measured(measure))
                }
                AmountRule::OfIndex { .. } => "of_index".to_owned(),
                AmountRule::Steps { measure, steps } => {
                    if steps.len() > 1 {
                        self.see(format!("{owner}.steps.several"));
                    }
                    format!("steps.{}", measured(measure))
                }
            };
            self.see(format!("{owner}.{name}"));
        }
    }

    fn table<V>(&mut self, table: &Table<V>) {
        for row in &table.rows {
            self.see(format!("table.conditions.{}", row.when.len()));
            for (dimension, _) in &row.when {
                self.see(format!("table.by.{}", dimension.name()));
            }
            if row.otherwise {
                self.see(if row.when.is_empty() { "table.otherwise" } else { "table.otherwise.conditional" });
            }
            if matches!(row.value, Setting::Unknown(_)) {
                self.see("table.unknown");
            }
        }
        if table.rows.iter().any(|row| row.from != table.rows[0].from) {
            self.see("table.dated");
        }
    }
}
