//! The fold: the layers of a stack over one bill.

use gongji_policy::plan::{
    Resolution, ResolvedCap, ResolvedGuarantee, ResolvedLayer, ResolvedPurse, ResolvedRatio, Slot, SlotKind,
    Slots, Work,
};
use gongji_policy::{GuaranteeTerm, PurseKind};

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
        let decision = match &layer.work {
            Work::Idle => {
                idle(index, Idle::NotApplied, trace);
                continue;
            }
            // A purse looks at its balance before its base.
            Work::Purse(rule) => purse(index, layer, rule, bill, used, balances, sheet, trace),
            work => {
                let eligible = sheet.sum(&layer.base);
                if eligible == 0 {
                    idle(index, Idle::NothingLeft, trace);
                    continue;
                }
                if T::ON && !matches!(work, Work::Refuse(_)) {
                    trace.step(Step::Eligible { layer: index as u8, amount: eligible });
                }
                let decided = match work {
                    Work::Open(rule) | Work::Relieve(rule) => {
                        let decided = Decision::make(rule, index, eligible, bill, used, trace);
                        decided.inspect(|decision| match work {
                            Work::Open(_) => open(slots, index, layer, rule, decision, sheet, trace),
                            _ => relieve(index, layer, rule, decision, sheet, trace),
                        })
                    }
                    Work::Guarantee(rule) => {
                        let earlier = &resolution.layers[..index];
                        Ok(guarantee(earlier, index, layer, rule, eligible, bill, sheet, trace))
                    }
                    Work::Refuse(_) => Err(None),
                    Work::Tally | Work::Idle | Work::Purse(_) => Ok(Decision::all_of(eligible, 0)),
                };
                match decided {
                    Ok(decision) => decision,
                    Err(band) => {
                        sheet.refused = Some((index, band));
                        return;
                    }
                }
            }
        };
        sheet.paid[index] = decision.payment;
        for (measure, counter) in &layer.counts {
            let before = used[usize::from(*counter)];
            let after = before + decision.measure(*measure);
            used[usize::from(*counter)] = after;
            if T::ON && after != before {
                trace.step(Step::Counter { layer: index as u8, counter: *counter, before, after });
            }
        }
    }
    if resolution.unclear.is_some() {
        sheet.refused = Some((resolution.layers.len(), None));
        return;
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

/// Opens in-scope money: names its parts, and pays of them.
#[inline]
fn open<T: Trace>(
    slots: &Slots,
    index: usize,
    layer: &ResolvedLayer,
    rule: &ResolvedRatio,
    decision: &Decision,
    sheet: &mut Worksheet,
    trace: &mut T,
) {
    sheet.deductible += decision.deductible;
    if let [slot] = layer.base[..] {
        return open_tag(slots, index, slot, rule, decision, sheet, trace);
    }
    let mut line = Line { slots, parts: [(0, 0); MAX_TAGS], len: 0 };
    for slot in &layer.base {
        if let SlotKind::InScope(tag) = slots.kind(*slot) {
            line.push(tag, std::mem::take(&mut sheet.unpaid[usize::from(*slot)]));
        }
    }
    line.cut(index, rule, decision, sheet, trace);
}

/// One tag alone, as in nearly all benefits: the parts go straight to their slots.
#[inline]
fn open_tag<T: Trace>(
    slots: &Slots,
    index: usize,
    in_scope: Slot,
    rule: &ResolvedRatio,
    decision: &Decision,
    sheet: &mut Worksheet,
    trace: &mut T,
) {
    let layer = index as u8;
    let tag = &mut sheet.unpaid[usize::from(in_scope)..];
    tag[0] = 0;
    tag[1] += decision.deductible;
    if T::ON && decision.deductible > 0 {
        trace.step(Step::DeductibleLeft { layer, slot: in_scope + 1, amount: decision.deductible });
    }
    decision.each_band(rule, |part| {
        let entered = part.to - part.from;
        tag[2 + part.band] += entered - part.paid;
        if T::ON {
            trace.step(part.step(rule, layer, in_scope + 2 + part.band as Slot, entered, part.paid));
        }
    });
    if decision.over_ceiling > 0
        && let SlotKind::InScope(tag) = slots.kind(in_scope)
    {
        let (slot, amount) = (slots.over_ceiling(tag), decision.over_ceiling);
        sheet.unpaid[usize::from(slot)] += amount;
        if T::ON {
            trace.step(Step::OverCeiling { layer, slot, amount });
        }
    }
}

/// The opened in-scope money laid end to end by tags in base order: the first tag takes the lowest positions.
struct Line<'slots> {
    slots: &'slots Slots,
    /// For each part its tag and where it ends.
    parts: [(usize, i64); MAX_TAGS],
    len: usize,
}

impl Line<'_> {
    #[inline]
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
                    trace.step(part.step(rule, layer, slot, entered, paid));
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
    decision: &Decision,
    sheet: &mut Worksheet,
    trace: &mut T,
) {
    if T::ON {
        decision.each_band(rule, |part| {
            trace.step(part.step(rule, index as u8, layer.base[0], part.to - part.from, part.paid));
        });
    }
    relief::pro_rata(sheet, index, &layer.base, decision.eligible, decision.payment, trace);
}

#[expect(
    clippy::too_many_arguments,
    reason = "the fold's state is passed, not held, so that bulk runs can share it"
)]
fn guarantee<T: Trace>(
    earlier: &[ResolvedLayer],
    index: usize,
    layer: &ResolvedLayer,
    rule: &ResolvedGuarantee,
    eligible: i64,
    bill: &Bill,
    sheet: &mut Worksheet,
    trace: &mut T,
) -> Decision {
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
    let already = earlier
        .iter()
        .zip(&sheet.paid)
        .filter(|(earlier, _)| rule.counts.contains(&earlier.payer))
        .map(|(_, paid)| *paid)
        .sum::<i64>();
    let payment = (target - already).clamp(0, eligible);
    if T::ON {
        trace.step(Step::Guarantee { layer: index as u8, target, already });
    }
    relief::pro_rata(sheet, index, &layer.base, eligible, payment, trace);
    Decision::all_of(eligible, payment)
}

#[expect(clippy::too_many_arguments, reason = "as for a guarantee")]
#[inline]
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
        PurseKind::CurrentYear => balances.get_mut(..1),
        PurseKind::CarriedOver => balances.get_mut(1..2),
        PurseKind::Relatives => balances.get_mut(2..),
    };
    let accounts = accounts.unwrap_or_default();
    // Nobody asks what it looked at where no cap, counter or listener does.
    let asked = T::ON || !rule.caps.is_empty() || !layer.counts.is_empty();
    let eligible = if asked { sheet.sum(&layer.base) } else { i64::MAX };
    if T::ON {
        match eligible {
            0 => idle(index, Idle::NothingLeft, trace),
            amount => trace.step(Step::Eligible { layer: index as u8, amount }),
        }
    }
    if eligible == 0 {
        return Decision::default();
    }
    let mut left = eligible;
    for cap in &rule.caps {
        left = left.min(paid_room(cap, bill, eligible, used));
    }
    let mut payment = 0;
    for (account, balance) in accounts.iter_mut().enumerate() {
        let most = left.min(*balance);
        if most > 0 {
            let part = relief::in_order(sheet, index, &layer.base, account, most, trace);
            *balance -= part;
            payment += part;
            left -= part;
        }
    }
    if T::ON && payment == 0 {
        idle(index, Idle::EmptyPurse, trace);
    }
    Decision::all_of(eligible, payment)
}

/// The room of a purse's cap.
fn paid_room(cap: &ResolvedCap, bill: &Bill, eligible: i64, used: &[i64]) -> i64 {
    let amount = cap.amount.for_bill(measure(bill, eligible)).unwrap_or(i64::MAX);
    let already = cap.counter.map_or(0, |counter| used[usize::from(counter)]);
    if amount == i64::MAX { i64::MAX } else { (amount - already).max(0) }
}
