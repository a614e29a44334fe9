//! A layer of deductible, bands, ratio and caps over an eligible amount.

use std::cmp::{max, min};

use gongji_money::Rounding;
use gongji_policy::{BandAxis, CapAxis, Dimension, Excess, Facts, LayerMeasure, RatioChange, RatioLayer};
use num_traits::{Signed, Zero};

use crate::amount::Measures;
use crate::cap::rooms;
use crate::deductible::deductible;
use crate::exact::{Exact, fraction, rounded, whole};
use crate::line::{overlap, share_out};
use crate::{CapUse, Refusal};

/// One band of the net amount that is not over a ceiling.
pub(crate) struct BandPart {
    /// From 1.
    pub band: usize,
    /// Where on the line from 0 to E it begins and ends, in fen.
    pub from: i64,
    pub to: i64,
    /// The final ratio.
    pub ratio: Exact,
    /// What is paid of it, in fen.
    pub paid: i64,
    /// What the bands before it and it come to, exactly, at most what the caps leave.
    pub exact_before: Exact,
    pub exact_after: Exact,
    /// The rounded running sum before it.
    pub paid_before: i64,
}

/// What a ratio layer makes of its eligible amount, in fen.
pub(crate) struct Worked {
    pub eligible: i64,
    pub deductible: i64,
    /// E − d − over ceiling.
    pub net: i64,
    pub over_ceiling: i64,
    pub paid: i64,
    pub bands: Vec<BandPart>,
    /// What the exact payment is held to.
    pub exact_paid: Exact,
    /// How its caps were used; the caller fills in the layer.
    pub caps: Vec<CapUse>,
    /// The counters that move, by how much.
    pub moves: Vec<(usize, i64)>,
}

impl Worked {
    /// A measure of this layer, in fen.
    pub fn measure(&self, measure: LayerMeasure) -> i64 {
        match measure {
            LayerMeasure::Paid => self.paid,
            LayerMeasure::Eligible => self.eligible,
            LayerMeasure::AfterDeductible => self.eligible - self.deductible,
            LayerMeasure::EligibleNet => self.net,
            LayerMeasure::EligibleGross => self.net + self.deductible,
            LayerMeasure::Deductible => self.deductible,
            LayerMeasure::OwnShare => self.net - self.paid,
            LayerMeasure::OverCeiling => self.over_ceiling,
            LayerMeasure::PaidWithDeductible => self.paid + self.deductible,
        }
    }

    /// Shares what is paid of one band over amounts that follow each other in it.
    pub fn within(&self, layer: &RatioLayer, part: &BandPart, amounts: &[i64]) -> Vec<i64> {
        // Rounded on its own, a band starts its own running sum at nothing.
        let (start, exact_start) = if layer.round_each_band {
            (0, part.exact_before.clone())
        } else {
            (part.paid_before, Exact::zero())
        };
        let mut running = part.exact_before.clone();
        let pieces: Vec<(i64, Exact)> = amounts
            .iter()
            .map(|&amount| {
                running = min(running.clone() + &part.ratio * whole(amount), self.exact_paid.clone());
                (amount, running.clone() - &exact_start)
            })
            .collect();
        share_out(layer.rounding, start, start + part.paid, &pieces)
    }
}

/// A band on the line of the net amount: its ends in fen, and its ratio.
type Cut = ((i64, i64), Exact);

/// Works out a ratio layer over `eligible` fen.
pub(crate) fn work(
    measures: &Measures<'_>,
    layer: &RatioLayer,
    stay_days: i64,
    used: &[i64],
) -> Result<Worked, Refusal> {
    let eligible = measures.eligible;
    let mut moves = Vec::new();
    let taken = match &layer.deductible {
        None => 0,
        Some(rule) => deductible(measures, rule, stay_days, used, &mut moves)?,
    };
    let after_deductible = eligible - taken;

    // The bands of the whole net amount, with their ratios.
    let bands = cut(measures, layer, taken, used, &mut moves)?;
    let exact_at = |amount: &Exact| -> Exact {
        let mut sum = Exact::zero();
        for (band, ratio) in &bands {
            let from = whole(band.0);
            let upto = min(whole(band.1), amount.clone());
            if upto > from {
                sum += (upto - from) * ratio;
            }
        }
        sum
    };

    let rooms = rooms(measures, &layer.caps, taken, used)?;
    // The net amount at which payments first reach a room.
    let reached_at = |room: &Exact| -> Exact {
        let mut sum = Exact::zero();
        for ((from, to), ratio) in &bands {
            let part = whole(to - from) * ratio;
            if &sum + &part >= *room {
                let missing = room - &sum;
                return if missing.is_zero() { whole(*from) } else { whole(*from) + missing / ratio };
            }
            sum += part;
        }
        whole(after_deductible)
    };

    // Where the amount is used up, exactly.
    let mut used_up = whole(after_deductible);
    for room in rooms.iter().filter(|room| room.cap.excess == Excess::OverCeiling) {
        let Some(left) = room.left else { continue };
        let limit = match room.cap.axis {
            CapAxis::EligibleGross | CapAxis::EligibleNet => whole(left),
            CapAxis::Paid | CapAxis::PaidWithDeductible => {
                if exact_at(&whole(after_deductible)) > whole(left) {
                    reached_at(&whole(left))
                } else {
                    continue;
                }
            }
        };
        used_up = min(used_up, limit);
    }
    let over_ceiling = rounded(Rounding::HALF_UP_FEN, &(whole(after_deductible) - used_up));
    let net = after_deductible - over_ceiling;

    // The exact payment, held to every room.
    let mut exact_paid = exact_at(&whole(net));
    let mut paid_room = net;
    for room in &rooms {
        let Some(left) = room.left else { continue };
        match (room.cap.axis, room.cap.excess) {
            (CapAxis::Paid | CapAxis::PaidWithDeductible, _) => {
                exact_paid = min(exact_paid, whole(left));
                paid_room = min(paid_room, left);
            }
            (CapAxis::EligibleGross | CapAxis::EligibleNet, Excess::OwnShare) => {
                exact_paid = min(exact_paid, exact_at(&whole(min(net, left))));
            }
            (CapAxis::EligibleGross | CapAxis::EligibleNet, Excess::OverCeiling) => {}
        }
    }

    let parts = pay(layer, &bands, taken, net, &exact_paid, paid_room);
    let paid = parts.iter().map(|part| part.paid).sum();
    let mut caps = Vec::new();
    for room in &rooms {
        let added = match room.cap.axis {
            CapAxis::Paid => paid,
            CapAxis::EligibleNet => net,
            CapAxis::EligibleGross => net + taken,
            CapAxis::PaidWithDeductible => paid + taken,
        };
        moves.extend(room.cap.counter.map(|counter| (counter, added)));
        caps.push(CapUse {
            layer: 0,
            cap: room.index,
            amount: room.amount,
            before: room.before,
            added,
            deductible: taken,
        });
    }
    Ok(Worked { eligible, deductible: taken, net, over_ceiling, paid, bands: parts, exact_paid, caps, moves })
}

/// Cuts the used net amount at the bands and pays each.
fn pay(
    layer: &RatioLayer,
    bands: &[Cut],
    taken: i64,
    net: i64,
    exact_paid: &Exact,
    paid_room: i64,
) -> Vec<BandPart> {
    let mut parts = Vec::new();
    let mut running = Exact::zero();
    for (index, ((from, to), ratio)) in bands.iter().enumerate() {
        let amount = overlap(*from, *to, 0, net);
        let before = running.clone();
        running = min(running + whole(amount) * ratio, exact_paid.clone());
        let start = min(*from, net);
        parts.push(BandPart {
            band: index + 1,
            from: taken + start,
            to: taken + start + amount,
            ratio: ratio.clone(),
            paid: 0,
            exact_before: before,
            exact_after: running.clone(),
            paid_before: 0,
        });
    }
    let payments = if layer.round_each_band {
        let mut left = paid_room;
        let each = parts.iter().map(|part| {
            let exact = &part.exact_after - &part.exact_before;
            let paid = min(min(rounded(layer.rounding, &exact), part.to - part.from), left);
            left -= paid;
            paid
        });
        each.collect()
    } else {
        let total = min(rounded(layer.rounding, exact_paid), paid_room);
        let pieces: Vec<(i64, Exact)> =
            parts.iter().map(|part| (part.to - part.from, part.exact_after.clone())).collect();
        share_out(layer.rounding, 0, total, &pieces)
    };
    let mut sum = 0;
    for (part, paid) in parts.iter_mut().zip(payments) {
        part.paid = paid;
        part.paid_before = sum;
        sum += paid;
    }
    parts
}

/// Cuts the net amount `[0, N]` into bands: for each, its ends on that line and its ratio (0 where it is empty).
fn cut(
    measures: &Measures<'_>,
    layer: &RatioLayer,
    taken: i64,
    used: &[i64],
    moves: &mut Vec<(usize, i64)>,
) -> Result<Vec<Cut>, Refusal> {
    let net = measures.eligible - taken;
    let mut bounds = Vec::new();
    let mut start = 0;
    if let Some(bands) = &layer.bands {
        bounds =
            measures.reader.value(&bands.bounds, measures.facts)?.iter().map(|bound| bound.fen()).collect();
        start = match bands.axis {
            BandAxis::Gross => taken,
            BandAxis::Net => 0,
            BandAxis::CounterGross(counter) => {
                moves.push((counter, measures.eligible));
                used[counter] + taken
            }
            BandAxis::CounterNet(counter) => {
                moves.push((counter, net));
                used[counter]
            }
        };
    }
    let mut bands = Vec::new();
    let mut from = 0;
    for index in 0..=bounds.len() {
        let to = match bounds.get(index) {
            Some(bound) => min(max(bound - start, from), net),
            None => net,
        };
        let ratio = if to > from { ratio(measures, layer, index + 1)? } else { Exact::zero() };
        bands.push(((from, to), ratio));
        from = to;
    }
    Ok(bands)
}

/// The ratio of a band after its adjustments.
fn ratio(measures: &Measures<'_>, layer: &RatioLayer, band: usize) -> Result<Exact, Refusal> {
    let facts: Facts = measures.facts.clone().with(Dimension::Band, band as i64);
    let one = whole(1);
    let mut ratio = fraction(*measures.reader.value(&layer.ratio, &facts)?);
    for adjust in &layer.ratio_adjust {
        let table = match &adjust.change {
            RatioChange::Points { points, .. } => points,
            RatioChange::TimesFund(table)
            | RatioChange::TimesOwn(table)
            | RatioChange::Floor(table)
            | RatioChange::Ceiling(table) => table,
        };
        let by = fraction(*measures.reader.value(table, &facts)?);
        ratio = match &adjust.change {
            RatioChange::Points { per_year_of_age: false, .. } => ratio + by,
            RatioChange::Points { per_year_of_age: true, .. } if by.is_zero() => ratio,
            RatioChange::Points { per_year_of_age: true, .. } => {
                let Some(age) = facts.get(Dimension::Age) else {
                    return Err(Refusal::NeedsAnswer { dimension: Dimension::Age, path: table.path.clone() });
                };
                ratio + by * whole(age)
            }
            RatioChange::TimesFund(_) => ratio * by,
            RatioChange::TimesOwn(_) => &one - (&one - ratio) * by,
            RatioChange::Floor(_) => max(ratio, by),
            RatioChange::Ceiling(_) => min(ratio, by),
        };
    }
    debug_assert!(
        !ratio.is_negative() && ratio <= one,
        "the checker proves ratios within 0 and 1: {}",
        layer.ratio.path
    );
    Ok(ratio)
}
