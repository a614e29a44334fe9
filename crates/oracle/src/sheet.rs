//! The bill while layers pay: what is still unpaid, who paid what.

use std::collections::BTreeMap;

use gongji_policy::{Payer, Portion, PortionSelector, TagSelector};

use crate::slot::Slot;

/// Where a payment stands: row name, tag, payer, the layer's index in the stack (`usize::MAX` for cash), and the
/// relative's index in the order of draw (0 for every other payer).
pub type CellKey = (String, usize, Payer, usize, usize);

/// What became of the in-scope money of one tag, in fen, before later layers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagPortions {
    /// Paid from the unopened money, by accounts that come first.
    pub account_first: i64,
    /// Paid by the opening layer.
    pub opener_paid: i64,
    /// The deductible that the opening layer named.
    pub deductible: i64,
    /// The own share that the opening layer named, by band from 1. Bands of 0 are left out.
    pub own_share: BTreeMap<usize, i64>,
    /// What the opening layer put over a ceiling.
    pub over_ceiling: i64,
    /// What no layer opened.
    pub unopened: i64,
}

/// How one cap that applies was used by one bill, in fen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapUse {
    /// The layer's index in the stack.
    pub layer: usize,
    /// The cap's index in the layer.
    pub cap: usize,
    /// The amount after adjustments; `None` without limit.
    pub amount: Option<i64>,
    /// What was used before; 0 for a cap of one bill.
    pub before: i64,
    /// What this bill added, by the cap's own measure.
    pub added: i64,
    /// The deductible that the layer took.
    pub deductible: i64,
}

/// The answer to one bill. Every amount is in fen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Every payment that is not 0.
    pub cells: BTreeMap<CellKey, i64>,
    /// What became of the in-scope money, by tag index.
    pub tags: Vec<TagPortions>,
    /// What each layer paid, by its index in the stack.
    pub paid: Vec<i64>,
    /// The caps that applied, in order.
    pub caps: Vec<CapUse>,
}

impl Outcome {
    /// The sum of what this payer paid.
    pub fn paid_by(&self, payer: Payer) -> i64 {
        self.cells.iter().filter(|((_, _, who, _, _), _)| *who == payer).map(|(_, fen)| fen).sum()
    }

    /// The sum of a row over tags and payers.
    pub fn row(&self, row: &str) -> i64 {
        self.cells.iter().filter(|((name, ..), _)| name == row).map(|(_, fen)| fen).sum()
    }
}

/// The bill while layers pay.
pub(crate) struct Sheet {
    unpaid: BTreeMap<Slot, i64>,
    pub outcome: Outcome,
}

impl Sheet {
    pub fn new(slots: impl IntoIterator<Item = (Slot, i64)>, tags: usize, layers: usize) -> Sheet {
        let outcome =
            Outcome { tags: vec![TagPortions::default(); tags], paid: vec![0; layers], ..Outcome::default() };
        Sheet { unpaid: slots.into_iter().collect(), outcome }
    }

    /// What is still unpaid of a slot.
    pub fn unpaid(&self, slot: Slot) -> i64 {
        self.unpaid.get(&slot).copied().unwrap_or(0)
    }

    /// Every slot there is.
    pub fn slots(&self) -> Vec<Slot> {
        self.unpaid.keys().copied().collect()
    }

    /// The slots a base names: entries as declared, tags in order, bands ascending; a slot named twice counts once.
    pub fn expand(&self, base: &[PortionSelector]) -> Vec<Slot> {
        let mut slots = Vec::new();
        for selector in base {
            // `unpaid` is ordered by portion, tag, band: exactly the order wanted within one entry.
            for &slot in self.unpaid.keys() {
                let tag_fits = match selector.tag {
                    TagSelector::All => true,
                    TagSelector::Only(tag) => !selector.portion.is_tagged() || slot.tag() == tag,
                };
                if slot.portion() == selector.portion && tag_fits && !slots.contains(&slot) {
                    slots.push(slot);
                }
            }
        }
        slots
    }

    /// The opening layer takes in-scope money of a tag apart.
    pub fn open(&mut self, tag: usize) {
        self.unpaid.insert(Slot::InScope(tag), 0);
    }

    /// A part that the opening layer names: stays unpaid until somebody pays it.
    pub fn name(&mut self, slot: Slot, amount: i64) {
        if amount == 0 {
            return;
        }
        *self.unpaid.entry(slot).or_insert(0) += amount;
        let tag = &mut self.outcome.tags[slot.tag()];
        match slot {
            Slot::Deductible(_) => tag.deductible += amount,
            Slot::OwnShare(_, band) => *tag.own_share.entry(band).or_insert(0) += amount,
            Slot::OverCeiling(_) => tag.over_ceiling += amount,
            Slot::NonCovered | Slot::OverLimitPrice | Slot::UpfrontSelfPay | Slot::InScope(_) => {}
        }
    }

    /// The opening layer pays for a band.
    pub fn pay_band(&mut self, tag: usize, band: usize, payer: Payer, layer: usize, amount: i64) {
        self.outcome.tags[tag].opener_paid += amount;
        self.record(Slot::OwnShare(tag, band), payer, layer, 0, amount);
    }

    /// Somebody pays an unpaid part.
    pub fn relieve(&mut self, slot: Slot, payer: Payer, layer: usize, relative: usize, amount: i64) {
        *self.unpaid.entry(slot).or_insert(0) -= amount;
        if slot.portion() == Portion::InScope && layer != usize::MAX {
            self.outcome.tags[slot.tag()].account_first += amount;
        }
        self.record(slot, payer, layer, relative, amount);
    }

    fn record(&mut self, slot: Slot, payer: Payer, layer: usize, relative: usize, amount: i64) {
        if amount == 0 {
            return;
        }
        *self.outcome.cells.entry((slot.row(), slot.tag(), payer, layer, relative)).or_insert(0) += amount;
        if let Some(paid) = self.outcome.paid.get_mut(layer) {
            *paid += amount;
        }
    }
}
