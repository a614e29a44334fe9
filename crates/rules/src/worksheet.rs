//! The fold's working memory: allocated once, reused bill after bill.

use gongji_policy::plan::{Refusal, Resolution, Slot, Slots, Work};

use crate::Bill;
use crate::relief::Share;

/// What is still unpaid by slot, and what each layer paid. After [`crate::adjudicate`] the unpaid amounts are cash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Worksheet {
    pub(crate) unpaid: Vec<i64>,
    pub(crate) paid: Vec<i64>,
    pub(crate) deductible: i64,
    /// The layer, and the place among its refused bands, that the bill reached.
    pub(crate) refused: Option<(usize, Option<usize>)>,
    /// Room for relief pro rata.
    pub(crate) shares: Vec<Share>,
}

impl Worksheet {
    /// A sheet for a plan of so many slots and layers.
    pub fn new(slots: &Slots, layers: usize) -> Worksheet {
        Worksheet {
            unpaid: vec![0; slots.len()],
            paid: vec![0; layers],
            deductible: 0,
            refused: None,
            shares: Vec::with_capacity(slots.len()),
        }
    }

    /// Puts a bill on the sheet.
    #[inline]
    pub(crate) fn load(&mut self, slots: &Slots, bill: &Bill) {
        self.unpaid.fill(0);
        self.paid.fill(0);
        self.deductible = 0;
        self.refused = None;
        self.unpaid[0] = bill.non_covered;
        self.unpaid[1] = bill.over_limit_price;
        self.unpaid[2] = bill.upfront_self_pay;
        for tag in 0..slots.tags() {
            self.unpaid[usize::from(slots.in_scope(tag))] = bill.in_scope[tag];
        }
    }

    /// What is unpaid in a slot, in fen.
    #[inline]
    pub fn unpaid(&self, slot: Slot) -> i64 {
        self.unpaid[usize::from(slot)]
    }

    /// What the layer at this position of the stack paid, in fen.
    pub fn paid(&self, layer: usize) -> i64 {
        self.paid[layer]
    }

    /// What each layer paid, in order of the stack, in fen.
    #[inline]
    pub fn payments(&self) -> &[i64] {
        &self.paid
    }

    /// What remains for cash, in fen.
    #[inline]
    pub fn cash(&self) -> i64 {
        self.unpaid.iter().sum()
    }

    /// The deductible that opening layers took, in fen.
    pub fn deductible(&self) -> i64 {
        self.deductible
    }

    /// Why the bill has no answer: it reached a value that the resolution lacks.
    pub fn refusal<'resolution>(
        &self,
        resolution: &'resolution Resolution<'_>,
    ) -> Option<&'resolution Refusal> {
        let (layer, band) = self.refused?;
        let Some(reached) = resolution.layers.get(layer) else { return resolution.unclear.as_ref() };
        match (&reached.work, band) {
            (Work::Refuse(refusal), _) => Some(refusal),
            (Work::Open(rule) | Work::Relieve(rule), Some(band)) => {
                rule.bands.refused.get(band).map(|(_, refusal)| refusal)
            }
            _ => None,
        }
    }

    #[inline]
    pub(crate) fn sum(&self, base: &[Slot]) -> i64 {
        base.iter().map(|slot| self.unpaid(*slot)).sum()
    }
}
