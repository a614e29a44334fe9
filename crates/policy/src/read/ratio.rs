//! The ratio layer, and the adjustments of its ratio.

use super::deductible::MOST_ADJUSTS;
use super::layer::At;
use super::reader::Reader;
use crate::model::{RatioAdjust, RatioChange, RatioLayer};
use crate::text::{Fields, Node};
use crate::{Code, Diagnostic};

#[derive(Clone, Copy, PartialEq)]
enum Op {
    Points,
    TimesFund,
    TimesOwn,
    Floor,
    Ceiling,
}

const OPS: [(&str, Op); 5] = [
    ("points", Op::Points),
    ("times_fund", Op::TimesFund),
    ("times_own", Op::TimesOwn),
    ("floor", Op::Floor),
    ("ceiling", Op::Ceiling),
];

impl Reader<'_> {
    /// The keys of a ratio layer, taken from the layer's table.
    pub fn ratio_layer(&mut self, fields: &mut Fields<'_>, at: &At<'_>) -> Option<RatioLayer> {
        let deductible = fields.take("deductible");
        let bands = fields.take("bands");
        let ratio = self.need(fields, "ratio", "支付比例表");
        let adjust = fields.take("ratio_adjust");
        let caps = fields.take("cap");
        let rounding = fields.take("rounding");
        let each = fields.take("round_each_band");
        let deductible = self.optional(deductible, |reader, node| reader.deductible(node, at));
        let bands = self.optional(bands, |reader, node| reader.bands(node, at));
        let ratio = ratio.and_then(|node| {
            let fields = self.table(node, "ratio")?;
            let place = at.place("ratio", "支付比例", node);
            self.parameter(fields, &place, |reader, node| reader.rate(node, "支付比例"))
        });
        let adjust = self.ratio_adjusts(adjust, at);
        let caps = self.caps(caps, at, false);
        let rounding = self.rounding(rounding, at.names.rounding, fields.node);
        let each = self.optional_flag(each, "round_each_band");
        Some(RatioLayer {
            deductible: deductible?,
            bands: bands?,
            ratio: ratio?,
            ratio_adjust: adjust?,
            caps: caps?,
            rounding: rounding?,
            round_each_band: each?,
        })
    }

    fn ratio_adjusts(&mut self, node: Option<&Node>, at: &At<'_>) -> Option<Vec<RatioAdjust>> {
        let Some(node) = node else { return Some(Vec::new()) };
        let items = self.list(node, "ratio_adjust")?;
        let few = self.at_most(node, items.len(), MOST_ADJUSTS, "ratio_adjust");
        let read: Vec<Option<RatioAdjust>> =
            items.iter().enumerate().map(|(index, item)| self.ratio_adjust(item, index, at)).collect();
        read.into_iter().collect::<Option<_>>().filter(|_| few)
    }

    fn ratio_adjust(&mut self, node: &Node, index: usize, at: &At<'_>) -> Option<RatioAdjust> {
        let mut fields = self.table(node, "ratio_adjust")?;
        let op = self.need(&mut fields, "op", "points、times_fund、times_own、floor 或 ceiling");
        let per_year_node = fields.take("per_year_of_age");
        let op = op.and_then(|node| self.choose(node, "比例调整方式（op）", &OPS));
        let per_year = self.optional_flag(per_year_node, "per_year_of_age");
        if let (Some(place), Some(op), Some(true)) = (per_year_node, op, per_year)
            && op != Op::Points
        {
            let message = "`per_year_of_age` 只用于 op = \"points\"";
            self.report(Diagnostic::new(Code::UnknownField, message, place.span.clone(), "这里不适用"));
        }
        let default = match op {
            Some(Op::Points) => "加减百分点",
            Some(Op::TimesFund) => "基金支付比例乘以系数",
            Some(Op::TimesOwn) => "自付比例乘以系数",
            Some(Op::Floor) => "比例不低于",
            Some(Op::Ceiling) => "比例不高于",
            None => "比例调整",
        };
        let place = at.place(&format!("ratio_adjust.{}", index + 1), default, node);
        let table = self.parameter(fields, &place, |reader, node| reader.rate(node, "ratio_adjust"))?;
        let label = table.label.clone();
        let change = match op? {
            Op::Points => RatioChange::Points { points: table, per_year_of_age: per_year? },
            Op::TimesFund => RatioChange::TimesFund(table),
            Op::TimesOwn => RatioChange::TimesOwn(table),
            Op::Floor => RatioChange::Floor(table),
            Op::Ceiling => RatioChange::Ceiling(table),
        };
        Some(RatioAdjust { label, change })
    }
}
