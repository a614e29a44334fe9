//! The fold: layer after layer over one bill.

use std::cmp::{max, min};
use std::collections::BTreeMap;

use gongji_money::Fen;
use gongji_policy::{
    Benefit, Facts, Guarantee, GuaranteeTerm, Layer, LayerKind, LayerMeasure, Pack, Payer, Portion, Purse,
    PurseKind, RatioLayer, Scheme,
};
use jiff::civil::Date;

use crate::amount::Measures;
use crate::cap::purse_room;
use crate::exact::{fraction, rounded, whole};
use crate::line::{overlap, pro_rata};
use crate::lookup::Reader;
use crate::ratio::work;
use crate::sheet::{Outcome, Sheet};
use crate::slot::Slot;
use crate::{CapUse, Refusal};

/// One bill as split, with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillInput {
    /// What is known along each dimension, the ordinal included. `Band` is set by the interpreter.
    pub facts: Facts,
    /// The day that picks the law.
    pub law_date: Date,
    /// 全自费.
    pub non_covered: Fen,
    /// 超限价自费.
    pub over_limit_price: Fen,
    /// 先行自付.
    pub upfront_self_pay: Fen,
    /// 符合政策范围金额, by tag index of the benefit.
    pub in_scope: Vec<Fen>,
    /// Days of the stay; 0 for care without a stay.
    pub stay_days: i64,
}

impl BillInput {
    /// All four portions together, in fen.
    pub fn total(&self) -> i64 {
        self.non_covered.fen()
            + self.over_limit_price.fen()
            + self.upfront_self_pay.fen()
            + self.in_scope_total()
    }

    /// The in-scope money of all tags, in fen.
    pub fn in_scope_total(&self) -> i64 {
        self.in_scope.iter().map(|amount| amount.fen()).sum()
    }
}

/// What is in the purses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balances {
    /// The own account, current year. Below zero nothing can be drawn.
    pub current_year: Fen,
    /// The own account, carried over.
    pub carried_over: Fen,
    /// Relatives' accounts, already the usable part, in the order of draw.
    pub relatives: Vec<Fen>,
}

/// Folds the benefit's stack over a bill.
///
/// `used` holds each counter's value for the period of this bill (by index in [`Scheme::counters`], in fen) and is
/// advanced; `balances` are drawn down. Neither changes when the bill is refused.
///
/// # Errors
/// A [`Refusal`] where a table that the bill reaches has no value for it.
pub fn adjudicate(
    pack: &Pack,
    scheme: &Scheme,
    benefit: &Benefit,
    bill: &BillInput,
    used: &mut [i64],
    balances: &mut Balances,
) -> Result<Outcome, Refusal> {
    let portions = [
        (Slot::NonCovered, bill.non_covered.fen()),
        (Slot::OverLimitPrice, bill.over_limit_price.fen()),
        (Slot::UpfrontSelfPay, bill.upfront_self_pay.fen()),
    ];
    let in_scope = bill.in_scope.iter().enumerate().map(|(tag, amount)| (Slot::InScope(tag), amount.fen()));
    let mut fold = Fold {
        pack,
        reader: Reader { scheme, benefit, day: bill.law_date },
        bill,
        sheet: Sheet::new(portions.into_iter().chain(in_scope), benefit.tags.len(), benefit.layers.len()),
        used: used.to_vec(),
        balances: balances.clone(),
        deductibles: 0,
    };
    for (index, layer) in benefit.layers.iter().enumerate() {
        fold.layer(index, layer)?;
    }
    let (outcome, used_after, balances_after) = fold.finish();
    used.copy_from_slice(&used_after);
    *balances = balances_after;
    Ok(outcome)
}

struct Fold<'a> {
    pack: &'a Pack,
    reader: Reader<'a>,
    bill: &'a BillInput,
    sheet: Sheet,
    used: Vec<i64>,
    balances: Balances,
    /// What opening layers took as deductible, in fen.
    deductibles: i64,
}

impl Fold<'_> {
    fn layer(&mut self, index: usize, layer: &Layer) -> Result<(), Refusal> {
        if let Some(applies) = &layer.applies
            && !*self.reader.value(applies, &self.bill.facts)?
        {
            return Ok(());
        }
        let base = self.sheet.expand(&layer.base);
        let eligible = base.iter().map(|&slot| self.sheet.unpaid(slot)).sum();
        if eligible == 0 {
            return Ok(());
        }
        let moves = match &layer.kind {
            LayerKind::Ratio(ratio) => self.ratio(index, layer, ratio, &base, eligible)?,
            LayerKind::Guarantee(guarantee) => self.guarantee(index, layer, guarantee, &base, eligible)?,
            LayerKind::Purse(purse) => self.purse(index, layer, purse, &base, eligible)?,
            LayerKind::Tally => plain_adds(layer, eligible, 0),
        };
        // A counter that is named several times takes the layer's measure once.
        for (counter, amount) in moves.into_iter().rev().collect::<BTreeMap<usize, i64>>() {
            self.used[counter] += amount;
        }
        Ok(())
    }

    fn measures(&self, eligible: i64) -> Measures<'_> {
        Measures {
            pack: self.pack,
            reader: &self.reader,
            facts: &self.bill.facts,
            total: self.bill.total(),
            in_scope: self.bill.in_scope_total(),
            eligible,
        }
    }

    fn ratio(
        &mut self,
        index: usize,
        layer: &Layer,
        ratio: &RatioLayer,
        base: &[Slot],
        eligible: i64,
    ) -> Result<Vec<(usize, i64)>, Refusal> {
        let worked = work(&self.measures(eligible), ratio, self.bill.stay_days, &self.used)?;
        let opens = layer.base.iter().all(|selector| selector.portion == Portion::InScope);
        if opens {
            self.deductibles += worked.deductible;
            // The line from 0 to E, tag after tag.
            let mut position = 0;
            let mut tags = Vec::new();
            for &slot in base {
                let end = position + self.sheet.unpaid(slot);
                tags.push((slot.tag(), position, end));
                position = end;
                self.sheet.open(slot.tag());
            }
            let ceiling = worked.deductible + worked.net;
            for &(tag, from, to) in &tags {
                self.sheet.name(Slot::Deductible(tag), overlap(from, to, 0, worked.deductible));
                self.sheet.name(Slot::OverCeiling(tag), overlap(from, to, ceiling, eligible));
            }
            for part in &worked.bands {
                let amounts: Vec<i64> =
                    tags.iter().map(|&(_, from, to)| overlap(from, to, part.from, part.to)).collect();
                let payments = worked.within(ratio, part, &amounts);
                for ((&(tag, ..), amount), paid) in tags.iter().zip(amounts).zip(payments) {
                    self.sheet.pay_band(tag, part.band, layer.payer, index, paid);
                    self.sheet.name(Slot::OwnShare(tag, part.band), amount - paid);
                }
            }
        } else {
            self.relieve_pro_rata(index, layer.payer, base, worked.paid);
        }
        let uses = worked.caps.iter().map(|used| CapUse { layer: index, ..used.clone() });
        self.sheet.outcome.caps.extend(uses);
        let mut moves = worked.moves.clone();
        moves.extend(layer.adds.iter().map(|&(measure, counter)| (counter, worked.measure(measure))));
        Ok(moves)
    }

    fn relieve_pro_rata(&mut self, index: usize, payer: Payer, base: &[Slot], payment: i64) {
        let unpaid: Vec<i64> = base.iter().map(|&slot| self.sheet.unpaid(slot)).collect();
        for (&slot, amount) in base.iter().zip(pro_rata(payment, &unpaid)) {
            self.sheet.relieve(slot, payer, index, 0, amount);
        }
    }

    fn guarantee(
        &mut self,
        index: usize,
        layer: &Layer,
        guarantee: &Guarantee,
        base: &[Slot],
        eligible: i64,
    ) -> Result<Vec<(usize, i64)>, Refusal> {
        let rate = fraction(*self.reader.value(&guarantee.rate, &self.bill.facts)?);
        let sum: i64 = guarantee
            .target
            .iter()
            .map(|&(plus, term)| {
                let amount = match term {
                    GuaranteeTerm::Total => self.bill.total(),
                    GuaranteeTerm::InScope => self.bill.in_scope_total(),
                    GuaranteeTerm::NonCovered => self.bill.non_covered.fen(),
                    GuaranteeTerm::OverLimitPrice => self.bill.over_limit_price.fen(),
                    GuaranteeTerm::UpfrontSelfPay => self.bill.upfront_self_pay.fen(),
                    GuaranteeTerm::Deductible => self.deductibles,
                };
                if plus { amount } else { -amount }
            })
            .sum();
        let target = rounded(guarantee.rounding, &(rate * whole(sum)));
        let so_far: i64 = guarantee
            .counts
            .iter()
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .map(|&payer| self.sheet.outcome.paid_by(payer))
            .sum();
        let paid = min(eligible, max(0, target - so_far));
        self.relieve_pro_rata(index, layer.payer, base, paid);
        Ok(plain_adds(layer, eligible, paid))
    }

    fn purse(
        &mut self,
        index: usize,
        layer: &Layer,
        purse: &Purse,
        base: &[Slot],
        eligible: i64,
    ) -> Result<Vec<(usize, i64)>, Refusal> {
        let (mut room, uses) = purse_room(&self.measures(eligible), &purse.caps, &self.used)?;
        let mut paid = 0;
        let balances: Vec<&mut Fen> = match purse.purse {
            PurseKind::CurrentYear => vec![&mut self.balances.current_year],
            PurseKind::CarriedOver => vec![&mut self.balances.carried_over],
            PurseKind::Relatives => self.balances.relatives.iter_mut().collect(),
        };
        for (relative, balance) in balances.into_iter().enumerate() {
            for &slot in base {
                let amount = min(min(self.sheet.unpaid(slot), max(0, balance.fen())), room);
                self.sheet.relieve(slot, layer.payer, index, relative, amount);
                *balance = Fen::new(balance.fen() - amount);
                room -= amount;
                paid += amount;
            }
        }
        let counters = uses.iter().filter_map(|used| purse.caps[used.cap].counter);
        let mut moves: Vec<(usize, i64)> = counters.map(|counter| (counter, paid)).collect();
        let uses = uses.into_iter().map(|used| CapUse { layer: index, added: paid, ..used });
        self.sheet.outcome.caps.extend(uses);
        moves.extend(plain_adds(layer, eligible, paid));
        Ok(moves)
    }

    /// What is left is cash.
    fn finish(mut self) -> (Outcome, Vec<i64>, Balances) {
        for slot in self.sheet.slots() {
            let left = self.sheet.unpaid(slot);
            if let Slot::InScope(tag) = slot {
                self.sheet.outcome.tags[tag].unopened = left;
            }
            self.sheet.relieve(slot, Payer::Cash, usize::MAX, 0, left);
        }
        (self.sheet.outcome, self.used, self.balances)
    }
}

/// What a layer without deductible, bands and caps adds to its counters.
fn plain_adds(layer: &Layer, eligible: i64, paid: i64) -> Vec<(usize, i64)> {
    let adds = layer.adds.iter().map(|&(measure, counter)| {
        let amount = match measure {
            LayerMeasure::Paid | LayerMeasure::PaidWithDeductible => paid,
            LayerMeasure::Eligible
            | LayerMeasure::AfterDeductible
            | LayerMeasure::EligibleNet
            | LayerMeasure::EligibleGross => eligible,
            LayerMeasure::OwnShare => eligible - paid,
            LayerMeasure::Deductible | LayerMeasure::OverCeiling => 0,
        };
        (counter, amount)
    });
    adds.collect()
}
