//! What the fold did, as compact typed records. Words come later and elsewhere.

use gongji_policy::plan::Slot;

/// Why a layer did nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idle {
    /// Its condition is not met.
    NotApplied,
    /// Nothing was left of what it looks at.
    NothingLeft,
    /// The balance it draws on is empty.
    EmptyPurse,
}

/// One thing that the fold did. Amounts in fen; `layer` is the position in the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant's sentence names its fields in order")]
pub enum Step {
    /// A layer did nothing.
    Idle { layer: u8, why: Idle },
    /// What a layer looks at.
    Eligible { layer: u8, amount: i64 },
    /// A deductible: the standard (periods of stay included), what was used under its counter, the tightest further limit
    /// (`i64::MAX` without one), what was taken.
    Deductible { layer: u8, standard: i64, used: i64, limit: i64, taken: i64 },
    /// A cap: how much, what was used, the room that was left for this bill, and whether it held something back.
    Cap { layer: u8, cap: u8, amount: i64, used: i64, room: i64, binds: bool },
    /// The payment of a ratio layer before and after rounding: `numerator / denominator` fen became `amount`.
    Rounded { layer: u8, numerator: i64, denominator: i64, amount: i64 },
    /// Part of a band, one for each tag it covers: so much entered, so much was paid, at `numerator / denominator`.
    Band { layer: u8, band: u8, slot: Slot, entered: i64, paid: i64, numerator: i64, denominator: i64 },
    /// The deductible that an opening layer left in a slot.
    DeductibleLeft { layer: u8, slot: Slot, amount: i64 },
    /// What an opening layer left over its ceiling in a slot.
    OverCeiling { layer: u8, slot: Slot, amount: i64 },
    /// A guarantee: the target, what named payers had paid.
    Guarantee { layer: u8, target: i64, already: i64 },
    /// A layer paid so much of a slot. `account` is the relative's place in the list for relatives' purses.
    Relief { layer: u8, slot: Slot, account: u8, amount: i64 },
    /// A counter moved.
    Counter { layer: u8, counter: u16, before: i64, after: i64 },
    /// What remains of a slot for cash.
    Cash { slot: Slot, amount: i64 },
}

/// Where the fold's steps go.
pub trait Trace {
    /// Whether anybody listens. Where not, the steps are never made.
    const ON: bool;

    /// Takes one step.
    fn step(&mut self, step: Step);
}

/// Nobody listens.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoTrace;

impl Trace for NoTrace {
    const ON: bool = false;
    #[inline(always)]
    fn step(&mut self, _step: Step) {}
}

impl Trace for Vec<Step> {
    const ON: bool = true;
    #[inline]
    fn step(&mut self, step: Step) {
        self.push(step);
    }
}
