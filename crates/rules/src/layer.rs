//! The arithmetic of a layer of deductible, bands, ratios and caps. It stands here and nowhere else.

use gongji_policy::BillMeasure;
use gongji_policy::plan::{BILL_LIMIT, ResolvedBands, ResolvedCap, ResolvedDeductible, ResolvedRatio, Slot};
use gongji_policy::{CapAxis, Excess, LayerMeasure};

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
    /// The exact payment before rounding, over the bands' denominator, held to every room.
    pub exact: i64,
    /// Where the first fen after the deductible stands on the axis of the bands.
    pub position: i64,
}

#[inline]
pub(crate) fn measure(bill: &Bill, eligible: i64) -> impl Fn(BillMeasure) -> i64 + '_ {
    move |measure| match measure {
        BillMeasure::Total => bill.total(),
        BillMeasure::InScope => bill.in_scope_total(),
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
    /// The decision of a layer that looks at everything and pays so much of it.
    #[inline]
    pub fn all_of(eligible: i64, payment: i64) -> Decision {
        Decision { eligible, entered: eligible, payment, ..Decision::default() }
    }

    /// One measure of the decision, as counters take it.
    #[inline]
    pub fn measure(&self, measure: LayerMeasure) -> i64 {
        match measure {
            LayerMeasure::Paid => self.payment,
            LayerMeasure::Eligible => self.eligible,
            LayerMeasure::AfterDeductible => self.eligible - self.deductible,
            LayerMeasure::EligibleNet => self.entered,
            LayerMeasure::EligibleGross => self.entered + self.deductible,
            LayerMeasure::Deductible => self.deductible,
            LayerMeasure::OwnShare => self.entered - self.payment,
            LayerMeasure::OverCeiling => self.over_ceiling,
            LayerMeasure::PaidWithDeductible => self.payment + self.deductible,
        }
    }

    /// Decides deductible, ceiling and payment. Reads counters, writes none. The error is the place among the refused
    /// bands of one that the bill reaches.
    #[inline(always)]
    pub fn make<T: Trace>(
        rule: &ResolvedRatio,
        layer: usize,
        eligible: i64,
        bill: &Bill,
        used: &[i64],
        trace: &mut T,
    ) -> Result<Decision, Option<usize>> {
        let deductible = match &rule.deductible {
            Some(deductible) => take_deductible(deductible, layer, eligible, bill, used, trace),
            None => 0,
        };
        let net = eligible - deductible;
        let bands = &rule.bands;
        let start = bands.start.map_or(0, |counter| used[usize::from(counter)]);
        let position = if bands.gross { start + deductible } else { start };
        if !bands.refused.is_empty()
            && let Some(refused) = reached_refused(bands, position, net)
        {
            return Err(Some(refused));
        }
        let mut decision = Decision { eligible, deductible, entered: net, position, ..Decision::default() };
        if rule.caps.is_empty() {
            decision.exact = exact_payment(bands, position, net);
            decision.pay(rule, layer, i64::MAX, trace);
        } else {
            decision.hold(rule, layer, bill, used, trace);
        }
        Ok(decision)
    }

    /// Holds the decision to the caps, and pays.
    #[inline]
    fn hold<T: Trace>(
        &mut self,
        rule: &ResolvedRatio,
        layer: usize,
        bill: &Bill,
        used: &[i64],
        trace: &mut T,
    ) {
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
        if T::ON {
            self.trace_caps(rule, layer, wanted, bill, used, trace);
        }
        // What lies between the paying part and `entered` stays in its band.
        let paying = self.entered.min(most_in_band);
        self.exact = if paying == net { wanted } else { exact_payment(bands, position, paying) };
        self.pay(rule, layer, most_paid, trace);
    }

    /// Pays the exact amount, at most `most`, rounded.
    #[inline]
    fn pay<T: Trace>(&mut self, rule: &ResolvedRatio, layer: usize, most: i64, trace: &mut T) {
        let denominator = rule.bands.denominator;
        if most <= BILL_LIMIT {
            self.exact = self.exact.min(most * denominator);
        }
        let room = most.min(self.entered);
        self.payment = if rule.round_each_band {
            // The payments of the bands decide the whole; `payment` frames each of them.
            self.payment = room;
            let mut sum = 0;
            self.each_band(rule, |band| sum += band.paid);
            sum
        } else {
            rule.rounding.round_by(self.exact, rule.divisor).min(room)
        };
        if T::ON {
            let (layer, amount) = (layer as u8, self.payment);
            trace.step(Step::Rounded { layer, numerator: self.exact, denominator, amount });
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

    /// Walks the entered amount band by band. Band payments are differences of the rounded running sum, or rounded each on
    /// its own where the layer says so.
    #[inline]
    pub fn each_band(&self, rule: &ResolvedRatio, mut each: impl FnMut(&BandPart)) {
        let bands = &rule.bands;
        let (mut exact, mut paid) = (0_i64, 0_i64);
        each_part(bands, self.position, self.entered, |band, from, to| {
            let exact_before = exact;
            exact = (exact + (to - from) * bands.numerators[band]).min(self.exact);
            let frame = if to == self.entered && !rule.round_each_band {
                // The last band takes what is left of the payment.
                self.payment
            } else if rule.round_each_band {
                let share = rule.rounding.round_by(exact - exact_before, rule.divisor);
                paid + share.min(to - from).min(self.payment - paid)
            } else {
                let least = paid.max(self.payment - (self.entered - to));
                let most = self.payment.min(paid + (to - from));
                rule.rounding.round_by(exact, rule.divisor).max(least).min(most)
            };
            each(&BandPart { band, from, to, paid: frame - paid, paid_before: paid, exact_before });
            paid = frame;
        });
    }
}

/// One band of the entered amount; positions count from the first fen after the deductible.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BandPart {
    /// From 0.
    pub band: usize,
    pub from: i64,
    pub to: i64,
    /// What the layer pays of it.
    pub paid: i64,
    paid_before: i64,
    exact_before: i64,
}

impl BandPart {
    /// The record of so much of the band in a slot.
    #[inline]
    pub fn step(&self, rule: &ResolvedRatio, layer: u8, slot: Slot, entered: i64, paid: i64) -> Step {
        let (numerator, denominator) = (rule.bands.numerators[self.band], rule.bands.denominator);
        Step::Band { layer, band: self.band as u8 + 1, slot, entered, paid, numerator, denominator }
    }

    /// Shares the band's payment over amounts that follow each other in it: `each(index, payment)`.
    pub fn share(
        &self,
        rule: &ResolvedRatio,
        decision: &Decision,
        amounts: &[i64],
        mut each: impl FnMut(usize, i64),
    ) {
        if let [_] = amounts {
            return each(0, self.paid);
        }
        // A band that is rounded on its own starts its own running sum at nothing.
        let (start, exact_start) =
            if rule.round_each_band { (0, self.exact_before) } else { (self.paid_before, 0) };
        let end = start + self.paid;
        let (mut rest, mut exact, mut before) = (self.to - self.from, self.exact_before, start);
        for (index, amount) in amounts.iter().enumerate() {
            rest -= amount;
            exact = (exact + amount * rule.bands.numerators[self.band]).min(decision.exact);
            let rounded = rule.rounding.round_by(exact - exact_start, rule.divisor);
            let now = rounded.max(before.max(end - rest)).min(end.min(before + amount));
            each(index, now - before);
            before = now;
        }
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

/// The place among the refused bands of the first that the amount reaches.
#[cold]
fn reached_refused(bands: &ResolvedBands, position: i64, net: i64) -> Option<usize> {
    let mut reached = None;
    each_part(bands, position, net, |band, _, _| {
        reached = reached.or_else(|| bands.refused.iter().position(|(refused, _)| *refused == band));
    });
    reached
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
    // A room beyond the largest bill never binds; below, the product fits.
    room <= BILL_LIMIT && exact > room * denominator
}

/// What lies beyond the point where payments reach the room, half up to the fen. Called only where they exceed it.
#[cold]
fn beyond_payment(bands: &ResolvedBands, position: i64, net: i64, room: i64) -> i64 {
    // 10¹² fen times 10⁶ fits `i64`, and so does twice that.
    let mut left = room * bands.denominator;
    let mut beyond = None;
    each_part(bands, position, net, |band, from, to| {
        if beyond.is_some() {
            return;
        }
        let numerator = bands.numerators[band];
        let share = (to - from) * numerator;
        if share >= left && numerator > 0 {
            // The point lies at from + left / numerator: net less that, over the numerator, half up.
            let exact = (net - from) * numerator - left;
            beyond = Some((2 * exact + numerator) / (2 * numerator));
        } else if left == 0 {
            beyond = Some(net - from);
        } else {
            left -= share;
        }
    });
    beyond.unwrap_or(0)
}
