//! The fold: the layers of a stack over one bill.

use gongji_policy::plan::{
    Resolution, ResolvedCap, ResolvedGuarantee, ResolvedLayer, ResolvedPurse, ResolvedRatio, SlotKind, Slots,
    Work,
};
use gongji_policy::{GuaranteeTerm, LayerMeasure, PurseKind};

use crate::layer::{Decision, measure};
use crate::{Bill, Idle, MAX_TAGS, Step, Trace, Worksheet, relief};

/// Folds the layers over a bill. Its arithmetic cannot fail: the plan proved the bounds. A bill that reaches a value which
/// the resolution lacks is [refused](Worksheet::refusal); counters and balances are then to be thrown away.
///
/// `bill` must be [valid](Bill::is_valid). `used` holds the counters of the scheme in fen as they stand for this event's
/// periods, and is moved forward. `balances` holds the own account (current year, carried over), then the usable part of
/// each relative's account in draw order, and is drawn down. Afterwards the sheet holds who paid what; unpaid is cash.
pub fn adjudicate<T: Trace>(
    slots: &Slots,
    resolution: &Resolution<'_>,
    bill: &Bill,
    used: &mut [i64],
    balances: &mut [i64],
    sheet: &mut Worksheet,
    trace: &mut T,
) {
    debug_assert!(bill.is_valid(), "a bill's portions are checked where it is read");
    sheet.load(slots, bill);
    for (index, layer) in resolution.layers.iter().enumerate() {
        let measured = match &layer.work {
            Work::Idle => {
                idle(index, Idle::NotApplied, trace);
                continue;
            }
            Work::Refuse(_) if sheet.sum(&layer.base) == 0 => {
                idle(index, Idle::NothingLeft, trace);
                continue;
            }
            Work::Refuse(_) => {
                sheet.refused = Some((index, None));
                return;
            }
            Work::Open(rule) | Work::Relieve(rule) => {
                let decided = match &layer.work {
                    Work::Open(_) => open(slots, index, layer, rule, bill, used, sheet, trace),
                    _ => relieve(index, layer, rule, bill, used, sheet, trace),
                };
                match decided {
                    Ok(decision) => decision,
                    Err(band) => {
                        sheet.refused = Some((index, Some(band)));
                        return;
                    }
                }
            }
            Work::Guarantee(rule) => guarantee(resolution, index, layer, rule, bill, sheet, trace),
            Work::Purse(rule) => purse(index, layer, rule, bill, used, balances, sheet, trace),
            Work::Tally => {
                let eligible = sheet.sum(&layer.base);
                if T::ON {
                    trace.step(Step::Eligible { layer: index as u8, amount: eligible });
                }
                Decision { eligible, entered: eligible, ..Decision::default() }
            }
        };
        for (measure, counter) in &layer.counts {
            let before = used[usize::from(*counter)];
            let after = before + of(*measure, &measured);
            used[usize::from(*counter)] = after;
            if T::ON && after != before {
                trace.step(Step::Counter { layer: index as u8, counter: *counter, before, after });
            }
        }
    }
    if T::ON {
        for (slot, amount) in sheet.unpaid.iter().enumerate().filter(|(_, amount)| **amount != 0) {
            trace.step(Step::Cash { slot: slot as u16, amount: *amount });
        }
    }
    debug_assert_eq!(sheet.paid.iter().sum::<i64>() + sheet.cash(), bill.total(), "payers sum to the total");
}

fn idle<T: Trace>(layer: usize, why: Idle, trace: &mut T) {
    if T::ON {
        trace.step(Step::Idle { layer: layer as u8, why });
    }
}

fn of(measure: LayerMeasure, decision: &Decision) -> i64 {
    match measure {
        LayerMeasure::Paid => decision.payment,
        LayerMeasure::Eligible => decision.eligible,
        LayerMeasure::AfterDeductible => decision.eligible - decision.deductible,
        LayerMeasure::EligibleNet => decision.entered,
        LayerMeasure::EligibleGross => decision.entered + decision.deductible,
        LayerMeasure::Deductible => decision.deductible,
        LayerMeasure::OwnShare => decision.entered - decision.payment,
        LayerMeasure::OverCeiling => decision.over_ceiling,
        LayerMeasure::PaidWithDeductible => decision.payment + decision.deductible,
    }
}

/// The eligible amount of a layer, or nothing to do.
#[inline]
fn eligible<T: Trace>(index: usize, layer: &ResolvedLayer, sheet: &Worksheet, trace: &mut T) -> i64 {
    let eligible = sheet.sum(&layer.base);
    if T::ON {
        if eligible == 0 {
            idle(index, Idle::NothingLeft, trace);
        } else {
            trace.step(Step::Eligible { layer: index as u8, amount: eligible });
        }
    }
    eligible
}

#[expect(
    clippy::too_many_arguments,
    reason = "the fold's state is passed, not held, so that bulk runs can share it"
)]
#[inline]
fn open<T: Trace>(
    slots: &Slots,
    index: usize,
    layer: &ResolvedLayer,
    rule: &ResolvedRatio,
    bill: &Bill,
    used: &[i64],
    sheet: &mut Worksheet,
    trace: &mut T,
) -> Result<Decision, usize> {
    let eligible = eligible(index, layer, sheet, trace);
    if eligible == 0 {
        return Ok(Decision::default());
    }
    let decision = Decision::make(rule, index, eligible, bill, used, trace)?;
    sheet.deductible += decision.deductible;
    sheet.paid[index] += decision.payment;
    if let ([slot], false) = (&layer.base[..], T::ON) {
        // One tag and nobody listening, as in nearly all bulk work: the parts go straight to their slots.
        let start = usize::from(*slot);
        sheet.unpaid[start] = 0;
        sheet.unpaid[start + 1] += decision.deductible;
        let bands = &mut sheet.unpaid[start + 2..];
        decision.each_band(rule, |part| bands[part.band] += part.to - part.from - part.paid);
        if let SlotKind::InScope(tag) = slots.kind(*slot) {
            sheet.unpaid[usize::from(slots.over_ceiling(tag))] += decision.over_ceiling;
        }
        return Ok(decision);
    }
    let mut line = Line { slots, parts: [(0, 0); MAX_TAGS], len: 0 };
    for slot in &layer.base {
        if let SlotKind::InScope(tag) = slots.kind(*slot) {
            line.push(tag, std::mem::take(&mut sheet.unpaid[usize::from(*slot)]));
        }
    }
    line.cut(index, rule, &decision, sheet, trace);
    Ok(decision)
}

/// The opened in-scope money laid end to end by tags in base order: the first tag takes the lowest positions.
struct Line<'slots> {
    slots: &'slots Slots,
    /// For each part its tag and where it ends.
    parts: [(usize, i64); MAX_TAGS],
    len: usize,
}

impl Line<'_> {
    fn push(&mut self, tag: usize, amount: i64) {
        let start = if self.len == 0 { 0 } else { self.parts[self.len - 1].1 };
        self.parts[self.len] = (tag, start + amount);
        self.len += 1;
    }

    /// For each tag how much of `[from, to]` lies in it.
    #[inline]
    fn each_tag(&self, from: i64, to: i64, mut each: impl FnMut(usize, i64)) {
        let mut start = 0;
        for (tag, end) in &self.parts[..self.len] {
            let amount = to.min(*end) - from.max(start);
            if amount > 0 {
                each(*tag, amount);
            }
            start = *end;
        }
    }

    #[inline]
    fn cut<T: Trace>(
        &self,
        index: usize,
        rule: &ResolvedRatio,
        decision: &Decision,
        sheet: &mut Worksheet,
        trace: &mut T,
    ) {
        let layer = index as u8;
        let taken = decision.deductible;
        self.each_tag(0, taken, |tag, amount| {
            let slot = self.slots.deductible(tag);
            sheet.unpaid[usize::from(slot)] += amount;
            if T::ON {
                trace.step(Step::DeductibleLeft { layer, slot, amount });
            }
        });
        decision.each_band(rule, |part| {
            let (mut tags, mut amounts, mut len) = ([0; MAX_TAGS], [0; MAX_TAGS], 0);
            self.each_tag(taken + part.from, taken + part.to, |tag, amount| {
                (tags[len], amounts[len]) = (tag, amount);
                len += 1;
            });
            part.share(rule, decision, &amounts[..len], |index, paid| {
                let (slot, entered) = (self.slots.band(tags[index], part.band + 1), amounts[index]);
                sheet.unpaid[usize::from(slot)] += entered - paid;
                if T::ON {
                    let (numerator, denominator) = (rule.bands.numerators[part.band], rule.bands.denominator);
                    let band = part.band as u8 + 1;
                    trace.step(Step::Band { layer, band, slot, entered, paid, numerator, denominator });
                }
            });
        });
        let end = decision.eligible;
        self.each_tag(end - decision.over_ceiling, end, |tag, amount| {
            let slot = self.slots.over_ceiling(tag);
            sheet.unpaid[usize::from(slot)] += amount;
            if T::ON {
                trace.step(Step::OverCeiling { layer, slot, amount });
            }
        });
    }
}

#[inline]
fn relieve<T: Trace>(
    index: usize,
    layer: &ResolvedLayer,
    rule: &ResolvedRatio,
    bill: &Bill,
    used: &[i64],
    sheet: &mut Worksheet,
    trace: &mut T,
) -> Result<Decision, usize> {
    let eligible = eligible(index, layer, sheet, trace);
    if eligible == 0 {
        return Ok(Decision::default());
    }
    let decision = Decision::make(rule, index, eligible, bill, used, trace)?;
    if T::ON {
        decision.each_band(rule, |part| {
            let (numerator, denominator) = (rule.bands.numerators[part.band], rule.bands.denominator);
            let (layer, band, slot) = (index as u8, part.band as u8 + 1, layer.base[0]);
            let (entered, paid) = (part.to - part.from, part.paid);
            trace.step(Step::Band { layer, band, slot, entered, paid, numerator, denominator });
        });
    }
    relief::pro_rata(sheet, index, &layer.base, decision.payment, trace);
    Ok(decision)
}

fn guarantee<T: Trace>(
    resolution: &Resolution<'_>,
    index: usize,
    layer: &ResolvedLayer,
    rule: &ResolvedGuarantee,
    bill: &Bill,
    sheet: &mut Worksheet,
    trace: &mut T,
) -> Decision {
    let eligible = eligible(index, layer, sheet, trace);
    if eligible == 0 {
        return Decision::default();
    }
    let mut base = 0;
    for (plus, term) in &rule.target {
        let amount = match term {
            GuaranteeTerm::Total => bill.total(),
            GuaranteeTerm::InScope => bill.in_scope_total(),
            GuaranteeTerm::NonCovered => bill.non_covered,
            GuaranteeTerm::OverLimitPrice => bill.over_limit_price,
            GuaranteeTerm::UpfrontSelfPay => bill.upfront_self_pay,
            GuaranteeTerm::Deductible => sheet.deductible,
        };
        base += if *plus { amount } else { -amount };
    }
    // At most six terms of 10¹² fen: times a numerator of 10⁶ it stays inside `i64`.
    let target = rule.rounding.round(base.max(0) * rule.numerator, rule.denominator);
    let already = resolution.layers[..index]
        .iter()
        .zip(&sheet.paid)
        .filter(|(earlier, _)| rule.counts.contains(&earlier.payer))
        .map(|(_, paid)| *paid)
        .sum::<i64>();
    let payment = (target - already).clamp(0, eligible);
    if T::ON {
        trace.step(Step::Guarantee { layer: index as u8, target, already });
    }
    relief::pro_rata(sheet, index, &layer.base, payment, trace);
    Decision { eligible, entered: eligible, payment, ..Decision::default() }
}

#[expect(clippy::too_many_arguments, reason = "as for the opening layer")]
fn purse<T: Trace>(
    index: usize,
    layer: &ResolvedLayer,
    rule: &ResolvedPurse,
    bill: &Bill,
    used: &[i64],
    balances: &mut [i64],
    sheet: &mut Worksheet,
    trace: &mut T,
) -> Decision {
    let accounts = match rule.purse {
        PurseKind::CurrentYear => 0..1,
        PurseKind::CarriedOver => 1..2,
        PurseKind::Relatives => 2..balances.len(),
    };
    let empty = !accounts.clone().any(|account| balances.get(account).is_some_and(|balance| *balance > 0));
    if !T::ON && empty && layer.counts.is_empty() {
        return Decision::default();
    }
    let eligible = eligible(index, layer, sheet, trace);
    if eligible == 0 {
        return Decision::default();
    }
    let mut left = rule
        .caps
        .iter()
        .map(|cap| paid_room(cap, bill, eligible, used))
        .min()
        .unwrap_or(i64::MAX)
        .min(eligible);
    let mut payment = 0;
    for account in accounts {
        let part = left.min(balances.get(account).map_or(0, |balance| *balance).max(0));
        if part > 0 {
            balances[account] -= part;
            relief::in_order(sheet, index, &layer.base, account.saturating_sub(2), part, trace);
            payment += part;
            left -= part;
        }
    }
    if payment == 0 {
        idle(index, Idle::EmptyPurse, trace);
    }
    Decision { eligible, entered: eligible, payment, ..Decision::default() }
}

/// The room of a purse's cap.
fn paid_room(cap: &ResolvedCap, bill: &Bill, eligible: i64, used: &[i64]) -> i64 {
    let amount = cap.amount.for_bill(measure(bill, eligible)).unwrap_or(i64::MAX);
    let already = cap.counter.map_or(0, |counter| used[usize::from(counter)]);
    if amount == i64::MAX { i64::MAX } else { (amount - already).max(0) }
}
