//! `[catalogue]`: how lines become portions.

use super::amount::Permit;
use super::reader::Reader;
use super::scheme::Names;
use super::share::scheme_place;
use crate::model::{AmountRule, Catalogue, UnitBandMode, UnitBands};
use crate::text::Node;

const MODES: [(&str, UnitBandMode); 2] =
    [("marginal", UnitBandMode::Marginal), ("whole", UnitBandMode::Whole)];

impl Reader<'_> {
    /// The rules that split lines.
    pub fn catalogue(&mut self, node: &Node, names: &Names) -> Option<Catalogue> {
        let mut fields = self.table(node, "catalogue")?;
        let covered = self.need(&mut fields, "covered", "项目是否在目录内");
        let upfront = self.need(&mut fields, "upfront", "先行自付比例");
        let price_cap = self.need(&mut fields, "price_cap", "限价");
        let unit_bands = fields.take("unit_bands");
        let tag = fields.take("tag");
        self.done(&fields);
        let covered = covered.and_then(|node| {
            let fields = self.table(node, "catalogue.covered")?;
            let place = scheme_place(names, "catalogue.covered", "是否在目录内");
            self.parameter(fields, &place, |reader, node| reader.flag(node, "covered"))
        });
        let upfront = upfront.and_then(|node| {
            let fields = self.table(node, "catalogue.upfront")?;
            let place = scheme_place(names, "catalogue.upfront", "先行自付比例");
            self.parameter(fields, &place, |reader, node| reader.rate(node, "upfront"))
        });
        let price_cap = price_cap.and_then(|node| {
            let fields = self.table(node, "catalogue.price_cap")?;
            let place = scheme_place(names, "catalogue.price_cap", "限价");
            self.parameter(fields, &place, |reader, node| {
                // No counter runs on a price: "does not apply" and "no limit" are the same here.
                reader.amount(node, "price_cap", Permit::PRICE).map(|amount| match amount {
                    AmountRule::NotApplied => AmountRule::Unlimited,
                    amount => amount,
                })
            })
        });
        let unit_bands = self.optional(unit_bands, |reader, node| reader.unit_bands(node, names));
        let tag = self.optional(tag, |reader, node| {
            let fields = reader.table(node, "catalogue.tag")?;
            let place = scheme_place(names, "catalogue.tag", "标记");
            reader.parameter(fields, &place, |reader, node| {
                let tag = reader.text(node, "tag")?;
                // A tag that no benefit declares would silently count as general.
                if let Some(tags) = names.tags.as_ref().filter(|tags| !tags.iter().any(|known| known == tag))
                {
                    reader.unknown_name(node, tag, "待遇的标记（tags）", tags.iter().map(String::as_str));
                    return None;
                }
                Some(tag.to_owned())
            })
        });
        Some(Catalogue {
            covered: covered?,
            upfront: upfront?,
            price_cap: price_cap?,
            unit_bands: unit_bands?,
            tag: tag?,
        })
    }

    fn unit_bands(&mut self, node: &Node, names: &Names) -> Option<UnitBands> {
        let mut fields = self.table(node, "catalogue.unit_bands")?;
        let mode = self.need(&mut fields, "mode", "marginal（分段）或 whole（整价）");
        let bounds = self.need(&mut fields, "bounds", "单价各段上界");
        let upfront = self.need(&mut fields, "upfront", "各段先行自付比例");
        self.done(&fields);
        let mode = mode.and_then(|node| self.choose(node, "单价分段方式（mode）", &MODES));
        let bounds = bounds.and_then(|node| {
            let fields = self.table(node, "catalogue.unit_bands.bounds")?;
            let place = scheme_place(names, "catalogue.unit_bands.bounds", "单价分段");
            self.parameter(fields, &place, Reader::bounds)
        });
        let upfront = upfront.and_then(|node| {
            let fields = self.table(node, "catalogue.unit_bands.upfront")?;
            let place = scheme_place(names, "catalogue.unit_bands.upfront", "单价分段先行自付比例");
            self.parameter(fields, &place, |reader, node| reader.rate(node, "upfront"))
        });
        Some(UnitBands { mode: mode?, bounds: bounds?, upfront: upfront? })
    }
}
