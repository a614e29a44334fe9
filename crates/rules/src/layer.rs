//! The arithmetic of a layer of deductible, bands, ratios and caps. It stands here and nowhere else.

use gongji_policy::BillMeasure;
use gongji_policy::plan::{ResolvedBands, ResolvedCap, ResolvedDeductible, ResolvedRatio};
use gongji_policy::{CapAxis, Excess};

use crate::{Bill, Step, Trace};

/// What a ratio layer decided over its base, in fen.
/// `eligible = deductible + entered + over_ceiling`, and `payment ≤ entered`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Decision {
    pub eligible: i64,
    pub deductible: i64,
    pub entered: i64,
    pub over_ceiling: i64,
    pub payment: i64,
    /// How much of `entered`, from its start, the layer pays a share of; the rest stays in its band.
    pub paying: i64,
    /// Where the first fen after the deductible stands on the axis of the bands.
    pub position: i64,
}

fn measure(bill: &Bill, eligible: i64) -> impl Fn(BillMeasure) -> i64 {
    let (total, in_scope) = (bill.total(), bill.in_scope_total());
    move |measure| match measure {
        BillMeasure::Total => total,
        BillMeasure::InScope => in_scope,
        BillMeasure::Eligible => eligible,
    }
}

#[inline]
fn take_deductible<T: Trace>(
    rule: &ResolvedDeductible,
    layer: usize,
    eligible: i64,
    bill: &Bill,
    used: &[i64],
    trace: &mut T,
) -> i64 {
    let mut standard = rule.amount.for_bill(measure(bill, eligible)).unwrap_or(0);
    if let Some(days) = rule.due_every_days {
        standard = standard.saturating_mul((bill.stay_days.max(1) - 1) / days.max(1) + 1);
    }
    let already = rule.counter.map_or(0, |counter| used[usize::from(counter)]);
    let mut limit = i64::MAX;
    for further in &rule.limits {
        limit = limit.min((further.amount - used[usize::from(further.counter)]).max(0));
    }
    let taken = (standard - already).max(0).min(limit).min(eligible);
    if T::ON {
        trace.step(Step::Deductible { layer: layer as u8, standard, used: already, limit, taken });
    }
    taken
}

impl Decision {
    /// Decides deductible, ceiling and payment. Reads counters, writes none.
    #[inline]
    pub fn make<T: Trace>(
        rule: &ResolvedRatio,
        layer: usize,
        eligible: i64,
        bill: &Bill,
        used: &[i64],
        trace: &mut T,
    ) -> Decision {
        let deductible = match &rule.deductible {
            Some(deductible) => take_deductible(deductible, layer, eligible, bill, used, trace),
            None => 0,
        };
        let net = eligible - deductible;
        let bands = &rule.bands;
        let start = bands.start.map_or(0, |counter| used[usize::from(counter)]);
        let position = if bands.gross { start + deductible } else { start };
        let mut decision = Decision {
            eligible,
            deductible,
            entered: net,
            over_ceiling: 0,
            payment: 0,
            paying: net,
            position,
        };
        if rule.caps.is_empty() {
            decision.pay(rule, layer, i64::MAX, trace);
            return decision;
        }
        decision.capped(rule, layer, bill, used, trace)
    }

    fn capped<T: Trace>(
        mut self,
        rule: &ResolvedRatio,
        layer: usize,
        bill: &Bill,
        used: &[i64],
        trace: &mut T,
    ) -> Decision {
        let bands = &rule.bands;
        let (net, position) = (self.entered, self.position);
        let wanted = exact_payment(bands, position, net);
        // The most that caps on payments allow, and the longest net amount whose excess may stay in its band.
        let mut most_paid = i64::MAX;
        let mut most_in_band = i64::MAX;
        for cap in &rule.caps {
            let room = self.room(cap, bill, used);
            match (cap.axis, cap.excess) {
                (CapAxis::Paid | CapAxis::PaidWithDeductible, excess) => {
                    most_paid = most_paid.min(room);
                    if excess == Excess::OverCeiling && exceeds(wanted, room, bands.denominator) {
                        self.over_ceiling = self.over_ceiling.max(beyond_payment(bands, position, net, room));
                    }
                }
                (CapAxis::EligibleNet | CapAxis::EligibleGross, Excess::OverCeiling) => {
                    self.over_ceiling = self.over_ceiling.max(net - room.min(net));
                }
                (CapAxis::EligibleNet | CapAxis::EligibleGross, Excess::OwnShare) => {
                    most_in_band = most_in_band.min(room);
                }
            }
        }
        self.entered = net - self.over_ceiling;
        self.paying = self.entered.min(most_in_band);
        if T::ON {
            self.trace_caps(rule, layer, wanted, bill, used, trace);
        }
        self.pay(rule, layer, most_paid, trace);
        self
    }

    /// Rounds the exact payment over `paying`, at most `most`.
    #[inline]
    fn pay<T: Trace>(&mut self, rule: &ResolvedRatio, layer: usize, most: i64, trace: &mut T) {
        let denominator = rule.bands.denominator;
        let exact = exact_payment(&rule.bands, self.position, self.paying);
        let rounded = if rule.round_each_band {
            let mut sum = 0;
            each_part(&rule.bands, self.position, self.paying, |band, from, to| {
                sum += rule.rounding.round((to - from) * rule.bands.numerators[band], denominator);
            });
            sum
        } else {
            rule.rounding.round(exact, denominator)
        };
        self.payment = rounded.min(most).min(self.entered);
        if T::ON {
            let (layer, amount) = (layer as u8, self.payment);
            trace.step(Step::Rounded { layer, numerator: exact, denominator, amount });
        }
    }

    fn trace_caps<T: Trace>(
        &self,
        rule: &ResolvedRatio,
        layer: usize,
        wanted: i64,
        bill: &Bill,
        used: &[i64],
        trace: &mut T,
    ) {
        for cap in &rule.caps {
            let room = self.room(cap, bill, used);
            let amount = cap.amount.for_bill(measure(bill, self.eligible)).unwrap_or(0);
            let already = cap.counter.map_or(0, |counter| used[usize::from(counter)]);
            let binds = match cap.axis {
                CapAxis::Paid | CapAxis::PaidWithDeductible => exceeds(wanted, room, rule.bands.denominator),
                CapAxis::EligibleNet | CapAxis::EligibleGross => self.eligible - self.deductible > room,
            };
            trace.step(Step::Cap { layer: layer as u8, cap: cap.index, amount, used: already, room, binds });
        }
    }

    /// The room that a cap leaves, on the scale it binds: payments, or the amount after the deductible.
    #[inline]
    fn room(&self, cap: &ResolvedCap, bill: &Bill, used: &[i64]) -> i64 {
        let amount = cap.amount.for_bill(measure(bill, self.eligible)).unwrap_or(i64::MAX);
        if amount == i64::MAX {
            return i64::MAX;
        }
        let already = cap.counter.map_or(0, |counter| used[usize::from(counter)]);
        let room = (amount - already).max(0);
        match cap.axis {
            CapAxis::Paid | CapAxis::EligibleNet => room,
            CapAxis::EligibleGross | CapAxis::PaidWithDeductible => (room - self.deductible).max(0),
        }
    }

    /// Walks the entered amount band by band, cut once more at `cuts` (ascending): `each(band from 0, from, to, paid)`,
    /// positions counted from the first fen after the deductible. Payments are differences of the rounded running sum.
    #[inline]
    pub fn each_band(&self, rule: &ResolvedRatio, cuts: &[i64], mut each: impl FnMut(usize, i64, i64, i64)) {
        let bands = &rule.bands;
        let (mut exact, mut paid) = (0_i64, 0_i64);
        let mut segment = |band: usize, from: i64, to: i64| {
            let share = (to.min(self.paying) - from.min(self.paying)) * bands.numerators[band];
            let target = if rule.round_each_band {
                paid + rule.rounding.round(share, bands.denominator)
            } else {
                exact += share;
                rule.rounding.round(exact, bands.denominator)
            };
            // What the segments to come can still hold, and what this one can, frame the target.
            let least = paid.max(self.payment - (self.entered - to));
            let most = self.payment.min(paid + (to - from));
            let reached = target.min(most).max(least);
            each(band, from, to, reached - paid);
            paid = reached;
        };
        each_part(bands, self.position, self.entered, |band, from, to| {
            let mut start = from;
            for cut in cuts {
                if start < *cut && *cut < to {
                    segment(band, start, *cut);
                    start = *cut;
                }
            }
            segment(band, start, to);
        });
    }
}

/// Cuts `[0, length]`, which stands at `position` on the axis, at the bounds: `each(band from 0, from, to)`.
#[inline]
fn each_part(bands: &ResolvedBands, position: i64, length: i64, mut each: impl FnMut(usize, i64, i64)) {
    let mut from = 0;
    for (band, bound) in bands.bounds.iter().enumerate() {
        if from >= length {
            break;
        }
        let to = bound.saturating_sub(position).min(length);
        if to > from {
            each(band, from, to);
            from = to;
        }
    }
}

/// The exact payment for the first `length` fen, over the bands' denominator. A bill of 10¹² fen times 10⁶ fits `i64`.
#[inline]
fn exact_payment(bands: &ResolvedBands, position: i64, length: i64) -> i64 {
    if let [numerator] = bands.numerators[..] {
        return length * numerator;
    }
    let mut exact = 0;
    each_part(bands, position, length, |band, from, to| exact += (to - from) * bands.numerators[band]);
    exact
}

/// Whether an exact payment is more than the room.
#[inline]
fn exceeds(exact: i64, room: i64, denominator: i64) -> bool {
    i128::from(exact) > i128::from(room) * i128::from(denominator)
}

/// What lies beyond the point where payments reach the room, half up to the fen. Called only where they exceed it.
fn beyond_payment(bands: &ResolvedBands, position: i64, net: i64, room: i64) -> i64 {
    let mut left = i128::from(room) * i128::from(bands.denominator);
    let mut beyond = None;
    each_part(bands, position, net, |band, from, to| {
        if beyond.is_some() {
            return;
        }
        let numerator = i128::from(bands.numerators[band]);
        let share = i128::from(to - from) * numerator;
        if share >= left && numerator > 0 {
            // The point lies at from + left / numerator: net less that, over the numerator, half up.
            let exact = i128::from(net - from) * numerator - left;
            beyond = Some(((2 * exact + numerator) / (2 * numerator)) as i64);
        } else if left == 0 {
            beyond = Some(net - from);
        } else {
            left -= share;
        }
    });
    beyond.unwrap_or(0)
}
