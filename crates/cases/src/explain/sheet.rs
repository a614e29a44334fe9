//! One bill about to be explained: what its trace says of rows, ratios and clauses.

use std::cell::OnceCell;

use gongji_policy::LayerKind;
use gongji_policy::plan::{Cited, Part, ResolvedRatio, Slot, SlotKind, Work};

use super::clause::{benefit_clause, clause, value_of};
use super::figures::percent;
use super::parts::{BandPart, Parts};
use super::ratio::{band_range, ratio_formula};
use crate::answer::Clause;
use crate::run::{Outcome, Run};
use crate::settle::Row;

/// One bill about to be explained.
pub(crate) struct Sheet<'packs, 'bill> {
    pub run: &'bill Run<'packs>,
    pub outcome: &'bill Outcome<'packs>,
    pub parts: Parts,
    decided: OnceCell<Vec<Vec<(Part, Clause)>>>,
}

/// The ratio part of a layer's work.
pub(crate) fn ratio_work(work: &Work) -> Option<&ResolvedRatio> {
    match work {
        Work::Open(rule) | Work::Relieve(rule) => Some(rule),
        _ => None,
    }
}

impl<'packs, 'bill> Sheet<'packs, 'bill> {
    pub fn of(run: &'bill Run<'packs>, outcome: &'bill Outcome<'packs>) -> Sheet<'packs, 'bill> {
        let slots = outcome.plan.slots();
        let mut unpaid = vec![0; slots.len()];
        let bill = &outcome.bill;
        for (slot, amount) in
            [bill.non_covered, bill.over_limit_price, bill.upfront_self_pay].into_iter().enumerate()
        {
            if let Some(held) = unpaid.get_mut(slot) {
                *held = amount;
            }
        }
        for tag in 0..slots.tags() {
            if let Some(held) = unpaid.get_mut(usize::from(slots.in_scope(tag))) {
                *held = bill.in_scope.get(tag).copied().unwrap_or(0);
            }
        }
        let layers = outcome.resolution.layers.len();
        let parts = Parts::of(&outcome.trace, layers, unpaid, |layer| outcome.opens(layer));
        Sheet { run, outcome, parts, decided: OnceCell::new() }
    }

    pub fn opens(&self, layer: usize) -> bool {
        self.outcome.opens(layer)
    }

    pub fn kind(&self, slot: Slot) -> SlotKind {
        self.outcome.plan.slots().kind(slot)
    }

    /// The tag of a slot where it is not `general`.
    pub fn tag(&self, slot: Slot) -> Option<String> {
        self.outcome.tag(slot).map(str::to_owned)
    }

    /// The name of a slot's row.
    pub fn row(&self, slot: Slot) -> String {
        Row::from(self.kind(slot)).to_string()
    }

    /// The layer that gave a slot its amount by opening the in-scope money.
    pub fn opener_of(&self, slot: Slot) -> Option<usize> {
        self.parts.layers.iter().enumerate().position(|(index, parts)| {
            self.opens(index)
                && (parts.deductible_left.iter().any(|(left, _)| *left == slot)
                    || parts.bands.iter().any(|part| part.slot == slot)
                    || parts.over_ceiling.iter().any(|(left, _)| *left == slot))
        })
    }

    /// The amount of a slot's row.
    pub fn amount(&self, slot: Slot) -> i64 {
        let bill = &self.outcome.bill;
        match self.kind(slot) {
            SlotKind::NonCovered => bill.non_covered,
            SlotKind::OverLimitPrice => bill.over_limit_price,
            SlotKind::UpfrontSelfPay => bill.upfront_self_pay,
            SlotKind::InScope(_) => {
                let relieved = self.parts.layers.iter().flat_map(|layer| &layer.relieved);
                let paid: i64 = relieved.filter(|part| part.slot == slot).map(|part| part.amount).sum();
                paid + self.cash(slot)
            }
            _ => self
                .parts
                .layers
                .iter()
                .enumerate()
                .filter(|(index, _)| self.opens(*index))
                .map(|(_, parts)| {
                    let deductible = parts.deductible_left.iter().filter(|(left, _)| *left == slot);
                    let over = parts.over_ceiling.iter().filter(|(left, _)| *left == slot);
                    let bands = parts.bands.iter().filter(|part| part.slot == slot);
                    deductible.map(|(_, amount)| amount).sum::<i64>()
                        + over.map(|(_, amount)| amount).sum::<i64>()
                        + bands.map(|part| part.entered).sum::<i64>()
                })
                .sum(),
        }
    }

    pub fn cash(&self, slot: Slot) -> i64 {
        self.parts.cash.iter().filter(|(left, _)| *left == slot).map(|(_, amount)| *amount).sum()
    }

    /// The clauses that decided each layer, with their values, in order of use; those of bands that the bill did not reach
    /// are left out. Made once, when first asked for.
    fn decided(&self) -> &[Vec<(Part, Clause)>] {
        self.decided.get_or_init(|| {
            self.outcome
                .resolution
                .cited
                .iter()
                .enumerate()
                .map(|(layer, cited)| self.decided_by(layer, cited))
                .collect()
        })
    }

    fn decided_by(&self, layer: usize, cited: &[Cited<'_>]) -> Vec<(Part, Clause)> {
        let pack = self.run.pack;
        let reached = self.parts.layers.get(layer).map_or(&[][..], |parts| parts.bands.as_slice());
        let Some(model) = self.outcome.plan.benefit().layers.get(layer) else { return Vec::new() };
        let mut decided: Vec<(Part, Clause)> = Vec::with_capacity(cited.len());
        for cited in cited.iter().filter(|cited| match cited.part {
            Part::Ratio(of) | Part::RatioAdjust(of, _) => reached.iter().any(|part| part.band == of),
            _ => true,
        }) {
            decided.push((cited.part, clause(pack, cited, value_of(model, cited, &pack.indices))));
        }
        decided
    }

    /// The clauses that decided a layer, each row once for each parameter.
    pub fn clauses(&self, layer: usize) -> Vec<Clause> {
        let mut clauses: Vec<Clause> = Vec::new();
        for (_, clause) in self.decided().get(layer).map_or(&[][..], Vec::as_slice) {
            if !clauses
                .iter()
                .any(|known| known.rule_id == clause.rule_id && known.parameter == clause.parameter)
            {
                clauses.push(clause.clone());
            }
        }
        clauses
    }

    /// The rule ids of the clauses that decided a layer (one band of it), but for the deciding one.
    pub fn further(&self, layer: usize, band: Option<usize>, deciding: Option<&Clause>) -> Vec<String> {
        let mut further: Vec<String> = Vec::new();
        for (part, clause) in self.decided().get(layer).map_or(&[][..], Vec::as_slice) {
            let other_band = match (part, band) {
                (Part::Ratio(of) | Part::RatioAdjust(of, _), Some(band)) => *of != band,
                _ => false,
            };
            let known = deciding.is_some_and(|deciding| deciding.rule_id == clause.rule_id)
                || further.contains(&clause.rule_id);
            if !other_band && !known {
                further.push(clause.rule_id.clone());
            }
        }
        further
    }

    pub fn cited(&self, layer: usize, part: Part) -> Option<Clause> {
        let decided = self.decided().get(layer)?;
        decided.iter().find(|(of, _)| *of == part).map(|(_, clause)| clause.clone())
    }

    /// The benefit's own clause.
    pub fn of_benefit(&self, parameter: &str) -> Clause {
        benefit_clause(self.run.pack, &self.run.scheme.name, self.outcome.plan.benefit(), parameter)
    }

    /// The clause that gave a slot its amount.
    pub fn row_clause(&self, slot: Slot) -> Option<Clause> {
        if let SlotKind::NonCovered = self.kind(slot) {
            let excluded = self.outcome.excluded.as_ref()?;
            return Some(clause(self.run.pack, excluded, String::new()));
        }
        if let SlotKind::InScope(tag) = self.kind(slot) {
            let held = |layer: &usize| {
                let layer = self.outcome.resolution.layers.get(*layer);
                layer.is_some_and(|layer| layer.base.contains(&self.outcome.plan.slots().in_scope(tag)))
            };
            return (0..self.parts.layers.len())
                .filter(held)
                .find_map(|layer| self.cited(layer, Part::Applies));
        }
        let layer = self.opener_of(slot)?;
        match self.kind(slot) {
            SlotKind::Deductible(_) => self.cited(layer, Part::Deductible),
            SlotKind::Band(_, band) => self.cited(layer, Part::Ratio(band)),
            SlotKind::OverCeiling(_) => {
                let caps = &self.parts.layers.get(layer)?.caps;
                let binding = caps.iter().find(|cap| cap.binds).or(caps.first())?;
                self.cited(layer, Part::Cap(binding.cap))
            }
            _ => None,
        }
    }

    /// The ratio of a band part in words, and how it came about.
    pub fn ratio(&self, layer: usize, part: &BandPart) -> (String, String) {
        let ratio = percent(part.numerator, part.denominator);
        let kind = self.outcome.plan.benefit().layers.get(layer).map(|layer| &layer.kind);
        let Some(LayerKind::Ratio(rule)) = kind else { return (ratio, String::new()) };
        let cited = self.outcome.resolution.cited.get(layer).map_or(&[][..], Vec::as_slice);
        let formula = ratio_formula(rule, cited, &self.outcome.facts, part.band, &ratio);
        (ratio, formula)
    }

    /// The range of a band as people read it.
    pub fn range(&self, layer: usize, band: usize) -> String {
        let work = self.outcome.resolution.layers.get(layer).map(|layer| &layer.work);
        let Some(rule) = work.and_then(ratio_work) else { return String::new() };
        let included = match self.outcome.plan.benefit().layers.get(layer).map(|layer| &layer.kind) {
            Some(LayerKind::Ratio(rule)) => rule.bands.as_ref().is_none_or(|bands| bands.bound_included),
            _ => true,
        };
        band_range(&rule.bands.bounds, band, included)
    }
}
