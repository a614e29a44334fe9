//! Every portion of a bill under one benefit, numbered.

use crate::model::{Benefit, Layer, LayerKind, Portion, PortionSelector, Setting, TagSelector};

/// A slot's number: index into the fold's unpaid amounts.
pub type Slot = u16;

/// Which portion a slot holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotKind {
    /// 全自费.
    NonCovered,
    /// 超限价自费.
    OverLimitPrice,
    /// 先行自付.
    UpfrontSelfPay,
    /// Not yet opened in-scope money of a tag.
    InScope(usize),
    /// 起付 of a tag.
    Deductible(usize),
    /// The own share of band `1..` of a tag.
    Band(usize, usize),
    /// 超限额 of a tag.
    OverCeiling(usize),
}

/// The numbering: three untagged portions, then for each tag in-scope, deductible, bands, over-ceiling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slots {
    kinds: Vec<SlotKind>,
    /// For each tag the slot of its in-scope money; the deductible follows, then the bands, then over-ceiling.
    starts: Vec<Slot>,
    /// For each tag how many bands its opener may cut.
    bands: Vec<usize>,
}

/// How many bands a ratio layer may cut at most.
fn most_bands(layer: &Layer) -> usize {
    let LayerKind::Ratio(ratio) = &layer.kind else { return 1 };
    let bounds = ratio.bands.iter().flat_map(|bands| &bands.bounds.rows).map(|row| match &row.value {
        Setting::Known(bounds) => bounds.len(),
        Setting::Unknown(_) => 0,
    });
    1 + bounds.max().unwrap_or(0)
}

/// Whether the layer opens the tag: a ratio layer that looks at its in-scope money.
fn opens(layer: &Layer, tag: usize) -> bool {
    matches!(layer.kind, LayerKind::Ratio(_))
        && layer.base.iter().any(|entry| {
            entry.portion == Portion::InScope
                && match entry.tag {
                    TagSelector::All => true,
                    TagSelector::Only(only) => only == tag,
                }
        })
}

impl Slots {
    /// Numbers the portions of a benefit.
    pub fn of(benefit: &Benefit) -> Slots {
        let mut kinds = vec![SlotKind::NonCovered, SlotKind::OverLimitPrice, SlotKind::UpfrontSelfPay];
        let mut starts = Vec::new();
        let mut bands = Vec::new();
        for tag in 0..benefit.tags.len() {
            let most =
                benefit.layers.iter().filter(|layer| opens(layer, tag)).map(most_bands).max().unwrap_or(1);
            starts.push(kinds.len() as Slot);
            bands.push(most);
            kinds.push(SlotKind::InScope(tag));
            kinds.push(SlotKind::Deductible(tag));
            kinds.extend((1..=most).map(|band| SlotKind::Band(tag, band)));
            kinds.push(SlotKind::OverCeiling(tag));
        }
        Slots { kinds, starts, bands }
    }

    /// How many slots there are.
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Never: there are always the untagged portions.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// How many tags there are.
    #[inline]
    pub fn tags(&self) -> usize {
        self.starts.len()
    }

    /// What a slot holds.
    #[inline]
    pub fn kind(&self, slot: Slot) -> SlotKind {
        self.kinds[usize::from(slot)]
    }

    /// The slot of a tag's not yet opened in-scope money.
    #[inline]
    pub fn in_scope(&self, tag: usize) -> Slot {
        self.starts[tag]
    }

    /// The slot of a tag's deductible.
    #[inline]
    pub fn deductible(&self, tag: usize) -> Slot {
        self.starts[tag] + 1
    }

    /// The slot of the own share of a tag's band, counted from 1.
    #[inline]
    pub fn band(&self, tag: usize, band: usize) -> Slot {
        self.starts[tag] + 1 + band as Slot
    }

    /// The slot of what lies over the ceiling of a tag's opener.
    #[inline]
    pub fn over_ceiling(&self, tag: usize) -> Slot {
        self.starts[tag] + 2 + self.bands[tag] as Slot
    }

    fn of_tag(&self, portion: Portion, tag: usize, into: &mut Vec<Slot>) {
        match portion {
            Portion::InScope => into.push(self.in_scope(tag)),
            Portion::Deductible => into.push(self.deductible(tag)),
            Portion::OwnShare => into.extend((1..=self.bands[tag]).map(|band| self.band(tag, band))),
            Portion::OverCeiling => into.push(self.over_ceiling(tag)),
            Portion::NonCovered | Portion::OverLimitPrice | Portion::UpfrontSelfPay => {}
        }
    }

    /// The slots of a layer's base, in the order in which they are relieved.
    pub fn base(&self, base: &[PortionSelector]) -> Vec<Slot> {
        let mut slots = Vec::new();
        for entry in base {
            match (entry.portion, entry.tag) {
                (Portion::NonCovered, _) => slots.push(0),
                (Portion::OverLimitPrice, _) => slots.push(1),
                (Portion::UpfrontSelfPay, _) => slots.push(2),
                (portion, TagSelector::Only(tag)) => self.of_tag(portion, tag, &mut slots),
                (portion, TagSelector::All) => {
                    for tag in 0..self.tags() {
                        self.of_tag(portion, tag, &mut slots);
                    }
                }
            }
        }
        // A slot named twice counts once, at its first place.
        let mut seen = Vec::with_capacity(slots.len());
        slots.retain(|slot| {
            !seen.contains(slot) && {
                seen.push(*slot);
                true
            }
        });
        slots
    }
}
