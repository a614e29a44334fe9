//! How the year stands after a bill.

use std::collections::BTreeMap;

use gongji_money::Fen;
use gongji_policy::plan::{Amount, ResolvedCap, Work};
use gongji_policy::{BandAxis, Benefit, Cap, LayerKind, Period};

use super::figures::grouped;
use super::sheet::Sheet;
use crate::answer::{CounterStatus, Yuan};
use crate::run::counts_times;

fn period_name(period: Period) -> &'static str {
    match period {
        Period::Year => "year",
        Period::Month => "month",
        Period::Day => "day",
        Period::Stay => "stay",
        Period::Lifetime => "lifetime",
    }
}

/// The counters that a benefit reads or moves, in order of first mention.
fn counters_of(benefit: &Benefit) -> Vec<usize> {
    let mut counters = Vec::new();
    let mut add = |counter: usize| {
        if !counters.contains(&counter) {
            counters.push(counter);
        }
    };
    benefit.admissions.into_iter().for_each(&mut add);
    benefit.in_scope_from.iter().copied().for_each(&mut add);
    for layer in &benefit.layers {
        let caps: &[Cap] = match &layer.kind {
            LayerKind::Ratio(rule) => {
                if let Some(deductible) = &rule.deductible {
                    deductible.counter.into_iter().for_each(&mut add);
                    deductible.limits.iter().for_each(|limit| add(limit.counter));
                }
                if let Some(BandAxis::CounterGross(counter) | BandAxis::CounterNet(counter)) =
                    rule.bands.as_ref().map(|bands| bands.axis)
                {
                    add(counter);
                }
                &rule.caps
            }
            LayerKind::Purse(rule) => &rule.caps,
            _ => &[],
        };
        caps.iter().filter_map(|cap| cap.counter).for_each(&mut add);
        layer.adds.iter().for_each(|(_, counter)| add(*counter));
    }
    counters
}

fn fixed(amount: &Amount) -> Option<i64> {
    match amount {
        Amount::Fixed(fen) => Some(*fen),
        _ => None,
    }
}

impl Sheet<'_, '_> {
    /// The limit that this bill's rules set on a counter, and what it is called: the lowest cap, otherwise the standard of
    /// the deductible that the counter lowers.
    fn limit_of(&self, counter: usize) -> Option<(i64, String)> {
        let mut limits: Vec<(i64, String)> = Vec::new();
        let mut standards: Vec<(i64, String)> = Vec::new();
        let layers = self.outcome.plan.benefit().layers.iter().zip(self.outcome.resolution.layers.iter());
        for (model, resolved) in layers {
            let (caps, deductible): (&[ResolvedCap], _) = match &resolved.work {
                Work::Open(rule) | Work::Relieve(rule) => (&rule.caps, rule.deductible.as_ref()),
                Work::Purse(rule) => (&rule.caps, None),
                _ => (&[], None),
            };
            let (model_caps, model_deductible): (&[Cap], _) = match &model.kind {
                LayerKind::Ratio(rule) => (&rule.caps, rule.deductible.as_ref()),
                LayerKind::Purse(rule) => (&rule.caps, None),
                _ => (&[], None),
            };
            for cap in caps.iter().filter(|cap| cap.counter.map(usize::from) == Some(counter)) {
                let label = model_caps.get(usize::from(cap.index)).map_or("限额", |cap| cap.label.as_str());
                limits.extend(fixed(&cap.amount).map(|amount| (amount, label.to_owned())));
            }
            let (Some(deductible), Some(model)) = (deductible, model_deductible) else { continue };
            for limit in deductible.limits.iter().filter(|limit| usize::from(limit.counter) == counter) {
                let label = model.limits.iter().find(|model| model.counter == counter);
                let label = label.map_or("起付合计限额", |limit| limit.label.as_str());
                limits.push((limit.amount, label.to_owned()));
            }
            if deductible.counter.map(usize::from) == Some(counter) {
                standards.extend(fixed(&deductible.amount).map(|amount| (amount, model.label.clone())));
            }
        }
        limits.into_iter().min_by_key(|(amount, _)| *amount).or_else(|| standards.into_iter().next())
    }

    /// Every counter that matters to the benefit, before, by and after the bill.
    pub fn year_status(&self) -> Vec<CounterStatus> {
        let scheme = self.run.scheme;
        let benefit = self.outcome.plan.benefit();
        let (before, after) = (&self.outcome.used.0, &self.outcome.used.1);
        let mut statuses = Vec::new();
        for number in counters_of(benefit) {
            let Some(counter) = scheme.counters.get(number) else { continue };
            let (then, now) =
                (before.get(number).copied().unwrap_or(0), after.get(number).copied().unwrap_or(0));
            let times = counts_times(scheme, number);
            let text = |value: i64| if times { value.to_string() } else { Fen::new(value).to_string() };
            let limit = self.limit_of(number).filter(|_| !times);
            let left = limit.as_ref().map(|(limit, _)| (limit - now).max(0));
            let mut shared_with: Vec<String> = Vec::new();
            for other in scheme.benefits.iter().filter(|other| other.name != benefit.name) {
                if counters_of(other).contains(&number)
                    && other.label != benefit.label
                    && !shared_with.contains(&other.label)
                {
                    shared_with.push(other.label.clone());
                }
            }
            let mut sentence = if times {
                format!("{}：此前 {then} 次，到这次为止 {now} 次", counter.label)
            } else {
                let mut sentence =
                    format!("{}：本次 {} 元，累计 {} 元", counter.label, grouped(now - then), grouped(now));
                if let (Some((limit, label)), Some(left)) = (&limit, left) {
                    sentence.push_str(&format!(
                        "，离{label} {} 元还有 {} 元",
                        grouped(*limit),
                        grouped(left)
                    ));
                }
                sentence
            };
            if !shared_with.is_empty() {
                sentence.push_str(&format!("（与{}共用）", shared_with.join("、")));
            }
            sentence.push('。');
            statuses.push(CounterStatus {
                name: counter.name.clone(),
                label: counter.label.clone(),
                period: period_name(counter.period).to_owned(),
                counts_times: times,
                before: text(then),
                this: text(now - then),
                after: text(now),
                limit: limit.as_ref().map(|(limit, _)| Yuan::of_fen(*limit)),
                left: left.map(Yuan::of_fen),
                limit_label: limit.map(|(_, label)| label),
                shared_with,
                sentence,
            });
        }
        statuses
    }

    /// Every counter of the scheme after the bill, by name.
    pub fn accumulated(&self) -> BTreeMap<String, String> {
        let scheme = self.run.scheme;
        let values = scheme.counters.iter().zip(&self.outcome.used.1).enumerate();
        values
            .map(|(number, (counter, value))| {
                let times = counts_times(scheme, number);
                (counter.name.clone(), if times { value.to_string() } else { Fen::new(*value).to_string() })
            })
            .collect()
    }
}
