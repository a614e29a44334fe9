//! The purse layer: an account pays.

use super::layer::At;
use super::reader::Reader;
use crate::model::{Payer, Purse, PurseKind};
use crate::text::Fields;

const PURSES: [(&str, PurseKind); 3] = [
    ("current_year", PurseKind::CurrentYear),
    ("carried_over", PurseKind::CarriedOver),
    ("relatives", PurseKind::Relatives),
];

impl Reader<'_> {
    /// The keys of a purse, taken from the layer's table.
    pub fn purse(&mut self, fields: &mut Fields<'_>, at: &At<'_>) -> Option<Purse> {
        let purse = self.need(fields, "purse", "current_year、carried_over 或 relatives");
        let caps = fields.take("cap");
        let purse = purse.and_then(|node| self.choose(node, "账户（purse）", &PURSES));
        let caps = self.caps(caps, at, true);
        Some(Purse { purse: purse?, caps: caps? })
    }
}

/// Whose money a purse is.
pub(super) fn payer_of(purse: PurseKind) -> Payer {
    match purse {
        PurseKind::CurrentYear => Payer::CurrentYear,
        PurseKind::CarriedOver => Payer::CarriedOver,
        PurseKind::Relatives => Payer::Relatives,
    }
}
