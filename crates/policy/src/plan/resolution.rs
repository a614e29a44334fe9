//! A plan's tables, looked up for one combination of facts: integers only.

use std::sync::Arc;

use gongji_money::{Divisor, Rounding};

use super::{Amount, Cited, Refusal, Slot};
use crate::model::{CapAxis, Excess, GuaranteeTerm, LayerMeasure, Payer, PurseKind};

/// Every layer of the stack for one combination of facts and one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution<'pack> {
    /// The layers, in order of the stack; shared where many combinations of facts come to the same.
    pub layers: Arc<[ResolvedLayer]>,
    /// For each layer the rows that decided it.
    pub cited: Vec<Vec<Cited<'pack>>>,
    /// Why the stack ends early: it cannot be told whether the next layer takes part. Every bill that no earlier layer
    /// refuses is refused with it.
    pub unclear: Option<Refusal>,
}

impl Resolution<'_> {
    /// Whether some bill under it would be refused: a value is unknown or unanswered.
    pub fn refuses(&self) -> bool {
        self.unclear.is_some()
            || self.layers.iter().any(|layer| match &layer.work {
                Work::Refuse(_) => true,
                Work::Open(rule) | Work::Relieve(rule) => !rule.bands.refused.is_empty(),
                _ => false,
            })
    }
}

/// One layer, ready to work.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResolvedLayer {
    /// Whose money it is.
    pub payer: Payer,
    /// The slots it looks at, in order.
    pub base: Vec<Slot>,
    /// What it does.
    pub work: Work,
    /// Counters that take a measure of it: its own deductible, caps and axis, and those of `adds`. Each at most once.
    pub counts: Vec<(LayerMeasure, u16)>,
}

/// What a resolved layer does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Work {
    /// Nothing: its condition is not met.
    Idle,
    /// A value that it needs is unknown or unanswered: a bill that reaches it is refused.
    Refuse(Box<Refusal>),
    /// Opens in-scope money.
    Open(Box<ResolvedRatio>),
    /// Relieves its base pro rata.
    Relieve(Box<ResolvedRatio>),
    /// Tops up to a guaranteed share.
    Guarantee(Box<ResolvedGuarantee>),
    /// Pays from a balance.
    Purse(Box<ResolvedPurse>),
    /// Only counts.
    Tally,
}

/// Deductible, bands, ratios, caps.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResolvedRatio {
    /// The deductible, if the layer has one.
    pub deductible: Option<ResolvedDeductible>,
    /// Bands and ratios.
    pub bands: ResolvedBands,
    /// Caps, in declared order.
    pub caps: Vec<ResolvedCap>,
    /// How the payment is rounded.
    pub rounding: Rounding,
    /// The bands' denominator times the unit of rounding.
    pub divisor: Divisor,
    /// Whether each band is rounded on its own.
    pub round_each_band: bool,
}

/// A deductible.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResolvedDeductible {
    /// The standard after adjustments.
    pub amount: Amount,
    /// The counter whose use lowers it.
    pub counter: Option<u16>,
    /// Days of stay after which it is due again.
    pub due_every_days: Option<i64>,
    /// Further limits that apply.
    pub limits: Vec<ResolvedLimit>,
}

/// A further limit of a deductible.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResolvedLimit {
    /// At most so many fen under the counter.
    pub amount: i64,
    /// The counter.
    pub counter: u16,
}

/// The bands and the ratio of each, over one common denominator.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResolvedBands {
    /// Whether the deductible takes part of the axis.
    pub gross: bool,
    /// The counter from which the axis starts; zero without one.
    pub start: Option<u16>,
    /// Upper bounds in fen, ascending; the last band is open and has `i64::MAX`.
    pub bounds: Vec<i64>,
    /// The fund's share of each band, over `denominator`.
    pub numerators: Vec<i64>,
    /// At most [`super::RATIO_LIMIT`].
    pub denominator: i64,
    /// Bands (from 0) without a ratio, and why: a bill that reaches one is refused.
    pub refused: Vec<(usize, Refusal)>,
}

/// A cap that applies.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResolvedCap {
    /// Its position among the layer's caps.
    pub index: u8,
    /// What it measures.
    pub axis: CapAxis,
    /// How much.
    pub amount: Amount,
    /// The counter that says what was used.
    pub counter: Option<u16>,
    /// What happens to the excess.
    pub excess: Excess,
}

/// A guarantee.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResolvedGuarantee {
    /// The guaranteed share.
    pub numerator: i64,
    /// Its denominator.
    pub denominator: i64,
    /// The terms of its base, with `true` for plus.
    pub target: Vec<(bool, GuaranteeTerm)>,
    /// Whose payments count towards it.
    pub counts: Vec<Payer>,
    /// How the target is rounded.
    pub rounding: Rounding,
}

/// A purse.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResolvedPurse {
    /// Which balance.
    pub purse: PurseKind,
    /// Caps on what it pays.
    pub caps: Vec<ResolvedCap>,
}
