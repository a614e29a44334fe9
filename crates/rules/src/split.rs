//! Splitting a line: 甲/乙/丙, price caps, item ratios, unit-price bands, tags.

use gongji_money::{Fen, Rate, Rounding};
use gongji_policy::plan::{Cited, Part, Refusal};
use gongji_policy::{AmountRule, Catalogue, Dimension, Facts, Table, UnitBandMode};
use jiff::civil::Date;

/// A line of a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// How many units, exactly.
    pub quantity: Rate,
    /// The price of one unit.
    pub unit_price: Fen,
    /// What the line costs; the reader has checked it against quantity × price.
    pub amount: Fen,
    /// 先行自付比例 stated by the line itself; comes before the catalogue's.
    pub upfront_ratio: Option<Rate>,
    /// 限价 of one unit stated by the line itself; comes before the catalogue's.
    pub price_cap: Option<Fen>,
}

/// A line's portions; they sum to its amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineSplit<'pack> {
    /// 全自费.
    pub non_covered: Fen,
    /// 超限价自费.
    pub over_limit_price: Fen,
    /// 先行自付.
    pub upfront_self_pay: Fen,
    /// 符合政策范围.
    pub in_scope: Fen,
    /// The tag of the in-scope money; `None` is `general`.
    pub tag: Option<&'pack str>,
    /// The rows that decided.
    pub cited: Vec<Cited<'pack>>,
}

/// The catalogue's tables, read for one line.
struct Reading<'pack, 'facts> {
    facts: &'facts Facts,
    day: Date,
    cited: Vec<Cited<'pack>>,
}

impl<'pack> Reading<'pack, '_> {
    fn value<V: PartialEq>(
        &mut self,
        part: Part,
        table: &'pack Table<V>,
        facts: &Facts,
    ) -> Result<&'pack V, Refusal> {
        table.lookup(facts, self.day).decide(part, table, &mut self.cited)
    }

    /// The price cap of one unit; `None` without one.
    fn price_cap(&mut self, catalogue: &'pack Catalogue, line: &Line) -> Result<Option<Fen>, Refusal> {
        if line.price_cap.is_some() {
            return Ok(line.price_cap);
        }
        match self.value(Part::PriceCap, &catalogue.price_cap, self.facts)? {
            AmountRule::Fixed(cap) => Ok(Some(*cap)),
            AmountRule::Unlimited | AmountRule::NotApplied => Ok(None),
            _ => Err(Refusal::TooFine { path: catalogue.price_cap.path.clone() }),
        }
    }

    /// The upfront part of `rest`, the line's amount within the price cap, whose units cost `unit_price` at most.
    fn upfront(
        &mut self,
        catalogue: &'pack Catalogue,
        line: &Line,
        unit_price: Fen,
        rest: Fen,
    ) -> Result<Fen, Refusal> {
        let too_fine = || Refusal::TooFine { path: catalogue.upfront.path.clone() };
        if let Some(ratio) = line.upfront_ratio {
            return share(rest, ratio).ok_or_else(too_fine);
        }
        if let Some(bands) = &catalogue.unit_bands {
            let bounds = self.value(Part::UnitBounds, &bands.bounds, self.facts)?;
            if !bounds.is_empty() {
                let mut per_unit = Rate::ZERO;
                let mut from = Fen::ZERO;
                for band in 0..=bounds.len() {
                    let to = bounds.get(band).copied().unwrap_or(unit_price).min(unit_price);
                    let last = unit_price <= to;
                    if to > from || (last && band == 0) {
                        let facts = self.facts.clone().with(Dimension::Band, band as i64 + 1);
                        let part = match bands.mode {
                            UnitBandMode::Marginal => to.fen() - from.fen(),
                            UnitBandMode::Whole if last => unit_price.fen(),
                            UnitBandMode::Whole => 0,
                        };
                        if part > 0 {
                            let ratio = *self.value(Part::Upfront(band + 1), &bands.upfront, &facts)?;
                            let amount = Rate::new(part, 1).and_then(|part| part.checked_mul(ratio));
                            per_unit = amount
                                .and_then(|amount| per_unit.checked_add(amount))
                                .ok_or_else(too_fine)?;
                        }
                        from = to;
                    }
                    if last {
                        break;
                    }
                }
                let total = per_unit.checked_mul(line.quantity).ok_or_else(too_fine)?;
                let rounded = Rounding::HALF_UP_FEN
                    .round_wide(i128::from(total.numerator()), i128::from(total.denominator()))
                    .ok_or_else(too_fine)?;
                return Ok(rounded.min(rest));
            }
        }
        let ratio = *self.value(Part::Upfront(0), &catalogue.upfront, self.facts)?;
        share(rest, ratio).ok_or_else(too_fine)
    }
}

/// A share of an amount, half up to the fen, as the national platform rounds 先行自付.
fn share(amount: Fen, ratio: Rate) -> Option<Fen> {
    let product = i128::from(amount.fen()) * i128::from(ratio.numerator());
    Rounding::HALF_UP_FEN.round_wide(product, i128::from(ratio.denominator()))
}

/// Splits a line by a catalogue. `facts` hold the line's class and item class besides those of the bill.
///
/// # Errors
/// A [`Refusal`] where the catalogue has no rule for the item, does not know the value, or needs an answer.
pub fn split_line<'pack>(
    catalogue: &'pack Catalogue,
    line: &Line,
    facts: &Facts,
    day: Date,
) -> Result<LineSplit<'pack>, Refusal> {
    let mut reading = Reading { facts, day, cited: Vec::new() };
    let nothing = Fen::ZERO;
    if !*reading.value(Part::Covered, &catalogue.covered, facts)? {
        return Ok(LineSplit {
            non_covered: line.amount,
            over_limit_price: nothing,
            upfront_self_pay: nothing,
            in_scope: nothing,
            tag: None,
            cited: reading.cited,
        });
    }
    let mut over = nothing;
    let mut unit_price = line.unit_price;
    if let Some(cap) = reading.price_cap(catalogue, line)? {
        let within = share(cap, line.quantity)
            .ok_or_else(|| Refusal::TooFine { path: catalogue.price_cap.path.clone() })?;
        over = Fen::new((line.amount.fen() - within.fen()).max(0));
        unit_price = unit_price.min(cap);
    }
    let rest = Fen::new(line.amount.fen() - over.fen());
    let upfront = reading.upfront(catalogue, line, unit_price, rest)?;
    let tag = match &catalogue.tag {
        Some(table) => Some(reading.value(Part::Tag, table, facts)?.as_str()).filter(|tag| *tag != "general"),
        None => None,
    };
    Ok(LineSplit {
        non_covered: nothing,
        over_limit_price: over,
        upfront_self_pay: upfront,
        in_scope: Fen::new(rest.fen() - upfront.fen()),
        tag,
        cited: reading.cited,
    })
}

#[cfg(test)]
mod tests;
