//! The plan: one benefit compiled for folding.
//!
//! A [`Plan`] names every portion of the bill as a slot and every layer's base as a run of slots. For one combination of
//! facts and a day it [resolves](Plan::resolve) every table once; the [`Resolution`] holds only integers, and folding it
//! cannot fail. Many bills share a resolution: [`Cells`] numbers the combinations that the tables can tell apart.

mod amount;
mod cells;
mod citation;
mod refusal;
mod resolution;
mod resolve;
mod slots;

pub use amount::{Amount, AmountOp, AmountShape};
pub use cells::{Axis, Cells, day_number};
pub use citation::{Cited, Part};
pub use refusal::Refusal;
pub use resolution::{
    Resolution, ResolvedBands, ResolvedCap, ResolvedDeductible, ResolvedGuarantee, ResolvedLayer,
    ResolvedLimit, ResolvedPurse, ResolvedRatio, Work,
};
pub use slots::{Slot, SlotKind, Slots};

use crate::model::{Benefit, Pack, Scheme};

/// The largest bill, in fen, for which every product of the fold stays inside its integers.
pub const BILL_LIMIT: i64 = gongji_money::Fen::LIMIT.fen();
/// The largest common denominator of one layer's ratios: `BILL_LIMIT * RATIO_LIMIT` fits `i64`.
pub const RATIO_LIMIT: i64 = 1_000_000;

/// One benefit of one scheme, compiled.
#[derive(Clone, Debug)]
pub struct Plan<'pack> {
    pack: &'pack Pack,
    scheme: &'pack Scheme,
    benefit: &'pack Benefit,
    slots: Slots,
}

impl<'pack> Plan<'pack> {
    /// Compiles a benefit of a checked pack.
    pub fn compile(pack: &'pack Pack, scheme: &'pack Scheme, benefit: &'pack Benefit) -> Plan<'pack> {
        Plan { pack, scheme, benefit, slots: Slots::of(benefit) }
    }

    /// The pack it was compiled from.
    pub fn pack(&self) -> &'pack Pack {
        self.pack
    }

    /// The scheme it was compiled from.
    pub fn scheme(&self) -> &'pack Scheme {
        self.scheme
    }

    /// The benefit it was compiled from.
    pub fn benefit(&self) -> &'pack Benefit {
        self.benefit
    }

    /// The portions of the bill, numbered.
    pub fn slots(&self) -> &Slots {
        &self.slots
    }
}
