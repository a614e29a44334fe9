//! The trace of one bill, gathered layer by layer.

use gongji_policy::plan::Slot;
use gongji_rules::{Idle, Step};

/// A deductible as the fold took it, in fen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TakenDeductible {
    pub standard: i64,
    pub used: i64,
    /// `i64::MAX` without a further limit.
    pub limit: i64,
    pub taken: i64,
}

/// A cap as the fold found it, in fen; `i64::MAX` for no limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FoundCap {
    pub cap: usize,
    pub amount: i64,
    pub used: i64,
    pub room: i64,
    pub binds: bool,
}

/// Part of a band.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BandPart {
    /// From 1.
    pub band: usize,
    pub slot: Slot,
    pub entered: i64,
    pub paid: i64,
    pub numerator: i64,
    pub denominator: i64,
}

/// A payment of a slot: its size, and what the slot held before it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Relieved {
    pub slot: Slot,
    pub account: usize,
    pub amount: i64,
    pub unpaid_before: i64,
}

/// What one layer did.
#[derive(Clone, Debug, Default)]
pub(crate) struct LayerParts {
    pub idle: Option<Idle>,
    pub eligible: i64,
    pub deductible: Option<TakenDeductible>,
    pub caps: Vec<FoundCap>,
    /// The payment before rounding as numerator and denominator in fen, and after.
    pub rounded: Option<(i64, i64, i64)>,
    pub bands: Vec<BandPart>,
    pub deductible_left: Vec<(Slot, i64)>,
    pub over_ceiling: Vec<(Slot, i64)>,
    /// Target, and what named payers had paid.
    pub guarantee: Option<(i64, i64)>,
    pub relieved: Vec<Relieved>,
}

/// The whole trace.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    pub layers: Vec<LayerParts>,
    /// What remained for cash, by slot.
    pub cash: Vec<(Slot, i64)>,
}

impl Parts {
    /// Gathers a trace. `unpaid` holds what every slot holds before the first layer; `opens` says which layers open.
    pub fn of(trace: &[Step], layers: usize, mut unpaid: Vec<i64>, opens: impl Fn(usize) -> bool) -> Parts {
        let mut parts = Parts { layers: vec![LayerParts::default(); layers], cash: Vec::new() };
        let mut add = |slot: Slot, amount: i64| {
            let held = unpaid.get_mut(usize::from(slot));
            held.map_or(0, |held| {
                let before = *held;
                *held += amount;
                before
            })
        };
        for step in trace {
            let layer = |layer: u8, parts: &mut Parts, act: &mut dyn FnMut(&mut LayerParts)| {
                if let Some(layer) = parts.layers.get_mut(usize::from(layer)) {
                    act(layer);
                }
            };
            match *step {
                Step::Idle { layer: index, why } => layer(index, &mut parts, &mut |at| at.idle = Some(why)),
                Step::Eligible { layer: index, amount } => {
                    layer(index, &mut parts, &mut |at| at.eligible = amount);
                }
                Step::Deductible { layer: index, standard, used, limit, taken } => {
                    let deductible = TakenDeductible { standard, used, limit, taken };
                    layer(index, &mut parts, &mut |at| at.deductible = Some(deductible));
                }
                Step::Cap { layer: index, cap, amount, used, room, binds } => {
                    let cap = FoundCap { cap: usize::from(cap), amount, used, room, binds };
                    layer(index, &mut parts, &mut |at| at.caps.push(cap));
                }
                Step::Rounded { layer: index, numerator, denominator, amount } => {
                    layer(index, &mut parts, &mut |at| at.rounded = Some((numerator, denominator, amount)));
                }
                Step::Band { layer: index, band, slot, entered, paid, numerator, denominator } => {
                    if opens(usize::from(index)) {
                        add(slot, entered - paid);
                    }
                    let part =
                        BandPart { band: usize::from(band), slot, entered, paid, numerator, denominator };
                    layer(index, &mut parts, &mut |at| at.bands.push(part));
                }
                Step::DeductibleLeft { layer: index, slot, amount } => {
                    add(slot, amount);
                    layer(index, &mut parts, &mut |at| at.deductible_left.push((slot, amount)));
                }
                Step::OverCeiling { layer: index, slot, amount } => {
                    add(slot, amount);
                    layer(index, &mut parts, &mut |at| at.over_ceiling.push((slot, amount)));
                }
                Step::Guarantee { layer: index, target, already } => {
                    layer(index, &mut parts, &mut |at| at.guarantee = Some((target, already)));
                }
                Step::Relief { layer: index, slot, account, amount } => {
                    let unpaid_before = add(slot, -amount);
                    let part = Relieved { slot, account: usize::from(account), amount, unpaid_before };
                    layer(index, &mut parts, &mut |at| at.relieved.push(part));
                }
                Step::Counter { .. } => {}
                Step::Cash { slot, amount } => parts.cash.push((slot, amount)),
            }
        }
        parts
    }
}
