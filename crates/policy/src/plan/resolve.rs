//! Looking up every table of a plan for one combination of facts and one day.

use gongji_money::{Divisor, Fen, Rate, Rounding};
use jiff::civil::Date;

use super::amount::Exact;
use super::{
    Amount, AmountOp, AmountShape, Cited, Part, Plan, RATIO_LIMIT, Refusal, Resolution, ResolvedBands,
    ResolvedCap, ResolvedDeductible, ResolvedGuarantee, ResolvedLayer, ResolvedLimit, ResolvedPurse,
    ResolvedRatio, Work,
};
use crate::model::{
    AmountAdjust, AmountChange, AmountRule, BandAxis, Cap, CapAxis, Deductible, Dimension, Facts, Guarantee,
    Layer, LayerKind, LayerMeasure, Portion, Purse, RatioChange, RatioLayer, Table,
};

/// The products of percentages and factors of one amount stay below this, so that 10¹² fen times it fits `i128`.
const FACTOR_LIMIT: i128 = 1_000_000_000_000_000_000_000_000;

/// One layer's lookups in progress: the facts, and the rows cited so far.
struct Lookups<'pack, 'facts> {
    plan: &'facts Plan<'pack>,
    facts: &'facts Facts,
    day: Date,
    cited: Vec<Cited<'pack>>,
}

impl<'pack> Plan<'pack> {
    /// Whether the benefit has rules for these facts at all.
    ///
    /// # Errors
    /// [`Refusal::OutsideDomain`] where it has none, [`Refusal::NeedsAnswer`] where that cannot be told.
    pub fn covers(&self, facts: &Facts) -> Result<(), Refusal> {
        for (dimension, allowed) in &self.benefit().domain {
            match facts.get(*dimension) {
                None => {
                    let path = format!("{}.benefit.{}", self.scheme().name, self.benefit().name);
                    return Err(Refusal::NeedsAnswer { dimension: *dimension, path });
                }
                Some(value) if !allowed.allows(value) => {
                    return Err(Refusal::OutsideDomain { dimension: *dimension, value });
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// Looks up every table for these facts, which the benefit [covers](Plan::covers), on this day.
    ///
    /// What a layer lacks is kept in the resolution: it refuses only the bills that reach it.
    pub fn resolve(&self, facts: &Facts, day: Date) -> Resolution<'pack> {
        let mut layers = Vec::with_capacity(self.benefit().layers.len());
        let mut cited = Vec::with_capacity(self.benefit().layers.len());
        let mut unclear = None;
        for layer in &self.benefit().layers {
            let mut lookups = Lookups { plan: self, facts, day, cited: Vec::new() };
            match lookups.layer(layer) {
                Ok(resolved) => layers.push(resolved),
                Err(refusal) => {
                    unclear = Some(refusal);
                    break;
                }
            }
            cited.push(lookups.cited);
        }
        Resolution { layers: layers.into(), cited, unclear }
    }
}

/// The counter's number as the resolution keeps it.
fn number(counter: usize) -> u16 {
    // At most 64 counters a scheme, refused by the reader beyond.
    counter as u16
}

impl<'pack> Lookups<'pack, '_> {
    fn value<V: PartialEq>(
        &mut self,
        part: Part,
        table: &'pack Table<V>,
        facts: &Facts,
    ) -> Result<&'pack V, Refusal> {
        let (domain, values) = (&self.plan.benefit().domain, &self.plan.scheme().values);
        table.lookup_within(facts, self.day, domain, values).decide(part, table, &mut self.cited)
    }

    /// The error says why it cannot be told whether the layer takes part.
    fn layer(&mut self, layer: &'pack Layer) -> Result<ResolvedLayer, Refusal> {
        let base = self.plan.slots().base(&layer.base);
        if let Some(applies) = &layer.applies
            && !*self.value(Part::Applies, applies, self.facts)?
        {
            return Ok(ResolvedLayer { payer: layer.payer, base, work: Work::Idle, counts: Vec::new() });
        }
        let mut counts = Vec::new();
        // What a layer lacks matters only to the bills that reach it.
        let work = self.work(layer, &mut counts).unwrap_or_else(|refusal| Work::Refuse(Box::new(refusal)));
        for (measure, counter) in &layer.adds {
            count(&mut counts, *measure, *counter);
        }
        Ok(ResolvedLayer { payer: layer.payer, base, work, counts })
    }

    fn work(&mut self, layer: &'pack Layer, counts: &mut Vec<(LayerMeasure, u16)>) -> Result<Work, Refusal> {
        let work = match &layer.kind {
            LayerKind::Ratio(ratio) => {
                let resolved = Box::new(self.ratio_layer(ratio, counts)?);
                if layer.base.iter().any(|entry| entry.portion == Portion::InScope) {
                    Work::Open(resolved)
                } else {
                    Work::Relieve(resolved)
                }
            }
            LayerKind::Guarantee(guarantee) => Work::Guarantee(Box::new(self.guarantee(guarantee)?)),
            LayerKind::Purse(purse) => Work::Purse(Box::new(self.purse(purse, counts)?)),
            LayerKind::Tally => Work::Tally,
        };
        Ok(work)
    }

    fn ratio_layer(
        &mut self,
        layer: &'pack RatioLayer,
        counts: &mut Vec<(LayerMeasure, u16)>,
    ) -> Result<ResolvedRatio, Refusal> {
        let deductible =
            layer.deductible.as_ref().map(|deductible| self.deductible(deductible, counts)).transpose()?;
        let bands = self.bands(layer, counts)?;
        let caps = self.caps(&layer.caps, counts)?;
        Ok(ResolvedRatio {
            deductible,
            divisor: Divisor::new(bands.denominator * layer.rounding.unit.fen()),
            bands,
            caps,
            rounding: layer.rounding,
            round_each_band: layer.round_each_band,
        })
    }

    fn deductible(
        &mut self,
        deductible: &'pack Deductible,
        counts: &mut Vec<(LayerMeasure, u16)>,
    ) -> Result<ResolvedDeductible, Refusal> {
        let amount =
            self.amount(Part::Deductible, &deductible.amount, &deductible.adjust, Part::DeductibleAdjust)?;
        if let Some(counter) = deductible.counter {
            count(counts, LayerMeasure::Deductible, counter);
        }
        let mut limits = Vec::new();
        for (index, limit) in deductible.limits.iter().enumerate() {
            let part = Part::DeductibleLimit(index);
            if let Some(amount) = self.fixed(part, &limit.amount)? {
                limits.push(ResolvedLimit { amount, counter: number(limit.counter) });
                count(counts, LayerMeasure::Deductible, limit.counter);
            }
        }
        Ok(ResolvedDeductible {
            amount,
            counter: deductible.counter.map(number),
            due_every_days: deductible.due_every_days,
            limits,
        })
    }

    fn caps(
        &mut self,
        caps: &'pack [Cap],
        counts: &mut Vec<(LayerMeasure, u16)>,
    ) -> Result<Vec<ResolvedCap>, Refusal> {
        let mut resolved = Vec::new();
        for (index, cap) in caps.iter().enumerate() {
            let amount = self.amount(Part::Cap(index), &cap.amount, &cap.adjust, |adjust| {
                Part::CapAdjust(index, adjust)
            })?;
            if amount == Amount::NotApplied {
                continue;
            }
            if let Some(counter) = cap.counter {
                let measure = match cap.axis {
                    CapAxis::Paid => LayerMeasure::Paid,
                    CapAxis::EligibleNet => LayerMeasure::EligibleNet,
                    CapAxis::EligibleGross => LayerMeasure::EligibleGross,
                    CapAxis::PaidWithDeductible => LayerMeasure::PaidWithDeductible,
                };
                count(counts, measure, counter);
            }
            resolved.push(ResolvedCap {
                index: index as u8,
                axis: cap.axis,
                amount,
                counter: cap.counter.map(number),
                excess: cap.excess,
            });
        }
        Ok(resolved)
    }

    fn bands(
        &mut self,
        layer: &'pack RatioLayer,
        counts: &mut Vec<(LayerMeasure, u16)>,
    ) -> Result<ResolvedBands, Refusal> {
        let (mut gross, mut start, mut bounds) = (false, None, Vec::new());
        if let Some(bands) = &layer.bands {
            let measured = match bands.axis {
                BandAxis::Gross | BandAxis::Net => None,
                BandAxis::CounterGross(counter) => Some((LayerMeasure::Eligible, counter)),
                BandAxis::CounterNet(counter) => Some((LayerMeasure::AfterDeductible, counter)),
            };
            gross = matches!(bands.axis, BandAxis::Gross | BandAxis::CounterGross(_));
            if let Some((measure, counter)) = measured {
                start = Some(number(counter));
                count(counts, measure, counter);
            }
            bounds = self
                .value(Part::Bounds, &bands.bounds, self.facts)?
                .iter()
                .map(|bound| bound.fen())
                .collect();
        }
        bounds.push(i64::MAX);
        let mut rates = Vec::with_capacity(bounds.len());
        let mut refused = Vec::new();
        for band in 0..bounds.len() {
            rates.push(self.ratio(layer, band + 1).unwrap_or_else(|refusal| {
                refused.push((band, refusal));
                Rate::ZERO
            }));
        }
        let (numerators, denominator) =
            common_denominator(&rates).ok_or_else(|| Refusal::TooFine { path: layer.ratio.path.clone() })?;
        Ok(ResolvedBands { gross, start, bounds, numerators, denominator, refused })
    }

    fn ratio(&mut self, layer: &'pack RatioLayer, band: usize) -> Result<Rate, Refusal> {
        let facts = self.facts.clone().with(Dimension::Band, band as i64);
        let too_fine = |path: &str| Refusal::TooFine { path: path.to_owned() };
        let mut share = *self.value(Part::Ratio(band), &layer.ratio, &facts)?;
        for (index, adjust) in layer.ratio_adjust.iter().enumerate() {
            let part = Part::RatioAdjust(band, index);
            let (table, changed) = match &adjust.change {
                RatioChange::Points { points, per_year_of_age } => {
                    let mut rise = *self.value(part, points, &facts)?;
                    if *per_year_of_age && rise != Rate::ZERO {
                        let age = facts.get(Dimension::Age).ok_or_else(|| Refusal::NeedsAnswer {
                            dimension: Dimension::Age,
                            path: points.path.clone(),
                        })?;
                        let years = Rate::new(age, 1).unwrap_or(Rate::ZERO);
                        rise = rise.checked_mul(years).ok_or_else(|| too_fine(&points.path))?;
                    }
                    (points, share.checked_add(rise))
                }
                RatioChange::TimesFund(factor) => {
                    (factor, share.checked_mul(*self.value(part, factor, &facts)?))
                }
                RatioChange::TimesOwn(factor) => {
                    let own = share.complement();
                    let by = *self.value(part, factor, &facts)?;
                    (factor, own.and_then(|own| own.checked_mul(by)).and_then(Rate::complement))
                }
                RatioChange::Floor(least) => (least, Some(share.max(*self.value(part, least, &facts)?))),
                RatioChange::Ceiling(most) => (most, Some(share.min(*self.value(part, most, &facts)?))),
            };
            share = changed.ok_or_else(|| too_fine(&table.path))?;
        }
        // The checker proves 0–100%; a pack that was not checked is refused here rather than paid wrongly.
        if share < Rate::ZERO || share > Rate::ONE {
            return Err(too_fine(&layer.ratio.path));
        }
        Ok(share)
    }

    fn guarantee(&mut self, guarantee: &'pack Guarantee) -> Result<ResolvedGuarantee, Refusal> {
        let rate = *self.value(Part::Guarantee, &guarantee.rate, self.facts)?;
        if rate < Rate::ZERO || rate > Rate::ONE || rate.denominator() > RATIO_LIMIT {
            return Err(Refusal::TooFine { path: guarantee.rate.path.clone() });
        }
        Ok(ResolvedGuarantee {
            numerator: rate.numerator(),
            denominator: rate.denominator(),
            target: guarantee.target.clone(),
            counts: guarantee.counts.clone(),
            rounding: guarantee.rounding,
        })
    }

    fn purse(
        &mut self,
        purse: &'pack Purse,
        counts: &mut Vec<(LayerMeasure, u16)>,
    ) -> Result<ResolvedPurse, Refusal> {
        Ok(ResolvedPurse { purse: purse.purse, caps: self.caps(&purse.caps, counts)? })
    }

    /// An amount that is the same for every bill; `None` where it does not apply.
    fn fixed(&mut self, part: Part, table: &'pack Table<AmountRule>) -> Result<Option<i64>, Refusal> {
        match self.rule(part, table)? {
            Amount::Fixed(fen) => Ok(Some(fen)),
            Amount::Unlimited => Ok(Some(i64::MAX)),
            Amount::NotApplied => Ok(None),
            Amount::OfBill(_) => Err(Refusal::TooFine { path: table.path.clone() }),
        }
    }

    fn rule(&mut self, part: Part, table: &'pack Table<AmountRule>) -> Result<Amount, Refusal> {
        let amount = match self.value(part, table, self.facts)? {
            AmountRule::Fixed(fen) => Amount::Fixed(fen.fen()),
            AmountRule::Unlimited => Amount::Unlimited,
            AmountRule::NotApplied => Amount::NotApplied,
            AmountRule::PercentOf { measure, rate, low, high } => {
                let shape = AmountShape::Percent {
                    measure: *measure,
                    numerator: rate.numerator(),
                    denominator: rate.denominator(),
                    low: low.map_or(0, Fen::fen),
                    high: high.map_or(i64::MAX, Fen::fen),
                };
                Amount::OfBill(Box::new((shape, Vec::new())))
            }
            AmountRule::Steps { measure, steps } => {
                let shape = AmountShape::Steps { measure: *measure, steps: steps.clone() };
                Amount::OfBill(Box::new((shape, Vec::new())))
            }
            AmountRule::OfIndex { index, rate, rounding } => {
                Amount::Fixed(self.of_index(part, *index, *rate, *rounding)?.fen())
            }
        };
        Ok(amount)
    }

    fn of_index(&mut self, part: Part, index: usize, rate: Rate, rounding: Rounding) -> Result<Fen, Refusal> {
        let table = &self.plan.pack().indices[index];
        let too_fine = || Refusal::TooFine { path: table.path.clone() };
        let AmountRule::Fixed(figure) = self.value(part, table, self.facts)? else { return Err(too_fine()) };
        let product = i128::from(figure.fen()) * i128::from(rate.numerator());
        rounding.round_wide(product, i128::from(rate.denominator())).ok_or_else(too_fine)
    }

    fn amount(
        &mut self,
        part: Part,
        table: &'pack Table<AmountRule>,
        adjusts: &'pack [AmountAdjust],
        part_of: impl Fn(usize) -> Part,
    ) -> Result<Amount, Refusal> {
        let mut amount = self.rule(part, table)?;
        if matches!(amount, Amount::Unlimited | Amount::NotApplied) {
            return Ok(amount);
        }
        let mut ops = Vec::new();
        let mut factors = 1_i128;
        for (index, adjust) in adjusts.iter().enumerate() {
            let Some(op) = self.change(part_of(index), &adjust.change)? else { continue };
            if let AmountOp::Times(upper, lower) = op {
                let grown =
                    factors.saturating_mul(i128::from(upper.max(1))).saturating_mul(i128::from(lower));
                if grown > FACTOR_LIMIT {
                    return Err(Refusal::TooFine { path: table.path.clone() });
                }
                factors = grown;
            }
            ops.push(op);
        }
        match &mut amount {
            Amount::Fixed(fen) if !ops.is_empty() => {
                *fen = ops.iter().fold(Exact::whole(*fen), |exact, op| exact.apply(*op)).round();
            }
            Amount::OfBill(formula) => formula.1 = ops,
            _ => {}
        }
        Ok(amount)
    }

    fn change(&mut self, part: Part, change: &'pack AmountChange) -> Result<Option<AmountOp>, Refusal> {
        let op = match change {
            AmountChange::Times(factor) => {
                let factor = *self.value(part, factor, self.facts)?;
                Some(AmountOp::Times(factor.numerator(), factor.denominator()))
            }
            AmountChange::Minus { amount, per_repeat } => {
                let mut less = self.fixed(part, amount)?;
                if *per_repeat && less.is_some_and(|fen| fen != 0) {
                    let ordinal = self.facts.get(Dimension::Ordinal).ok_or_else(|| Refusal::NeedsAnswer {
                        dimension: Dimension::Ordinal,
                        path: amount.path.clone(),
                    })?;
                    less = less.map(|fen| fen.saturating_mul(ordinal - 1));
                }
                less.map(AmountOp::Minus)
            }
            AmountChange::Plus(amount) => self.fixed(part, amount)?.map(AmountOp::Plus),
            AmountChange::Floor(amount) => self.fixed(part, amount)?.map(AmountOp::Floor),
            AmountChange::Ceiling(amount) => self.fixed(part, amount)?.map(AmountOp::Ceiling),
        };
        Ok(op)
    }
}

/// Adds a counter once, whichever of a layer's parameters name it.
fn count(counts: &mut Vec<(LayerMeasure, u16)>, measure: LayerMeasure, counter: usize) {
    let counter = number(counter);
    if !counts.iter().any(|(_, known)| *known == counter) {
        counts.push((measure, counter));
    }
}

/// The numerators over the least common denominator, where that stays within [`RATIO_LIMIT`].
fn common_denominator(rates: &[Rate]) -> Option<(Vec<i64>, i64)> {
    let mut denominator = 1_i64;
    for rate in rates {
        // Reducing denominator / d leaves d / gcd below: lcm = denominator × d / gcd.
        let missing = Rate::new(denominator, rate.denominator())?.denominator();
        denominator = denominator.checked_mul(missing)?;
        if denominator > RATIO_LIMIT {
            return None;
        }
    }
    let numerators = rates.iter().map(|rate| rate.numerator() * (denominator / rate.denominator())).collect();
    Some((numerators, denominator))
}
