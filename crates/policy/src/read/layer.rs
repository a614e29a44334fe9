//! A layer of a benefit's stack.

use super::parameter::{Defaults, Place};
use super::purse::payer_of;
use super::reader::Reader;
use super::scheme::Names;
use crate::model::{AnswerField, Layer, LayerKind, LayerMeasure, Payer};
use crate::text::{Fields, Node};
use crate::{Code, Diagnostic};

/// Where a layer, or a part of one, stands and what holds there.
pub(super) struct At<'n> {
    pub path: String,
    pub names: &'n Names,
    pub defaults: Defaults<'n>,
}

impl<'n> At<'n> {
    /// The place of a parameter under this one.
    pub fn place(&self, key: &str, label: &'static str, _node: &'n Node) -> Place<'n> {
        Place {
            path: format!("{}.{key}", self.path),
            label,
            defaults: self.defaults.clone(),
            values: &self.names.values,
        }
    }

    /// A part under this one; a source it names holds for what stands in it.
    pub fn under(&self, key: &str, node: &'n Node) -> At<'n> {
        At {
            path: format!("{}.{key}", self.path),
            names: self.names,
            defaults: self.defaults.nearer(node.get("source")),
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Ratio,
    Guarantee,
    Purse,
    Tally,
}

const KINDS: [(&str, Kind); 4] =
    [("ratio", Kind::Ratio), ("guarantee", Kind::Guarantee), ("purse", Kind::Purse), ("tally", Kind::Tally)];

const MEASURES: [(&str, LayerMeasure); 9] = [
    ("paid", LayerMeasure::Paid),
    ("eligible", LayerMeasure::Eligible),
    ("after_deductible", LayerMeasure::AfterDeductible),
    ("eligible_net", LayerMeasure::EligibleNet),
    ("eligible_gross", LayerMeasure::EligibleGross),
    ("deductible", LayerMeasure::Deductible),
    ("own_share", LayerMeasure::OwnShare),
    ("over_ceiling", LayerMeasure::OverCeiling),
    ("paid_with_deductible", LayerMeasure::PaidWithDeductible),
];

/// Every payer by name.
pub(super) fn payers() -> [(&'static str, Payer); 12] {
    Payer::ALL.map(|payer| (payer.name(), payer))
}

impl Reader<'_> {
    /// The layer at this place.
    pub fn layer(&mut self, name: &str, node: &Node, at: &At<'_>, tags: &[String]) -> Option<Layer> {
        let mut fields = self.table(node, "layer")?;
        let label = fields.take("label");
        let kind_node = fields.take("kind");
        let payer = fields.take("payer");
        let field = fields.take("field");
        let fund_account = fields.take("fund_account");
        let base = self.need(&mut fields, "base", "这一层看哪些费用");
        let adds = fields.take("adds");
        let applies = fields.take("applies");
        let source = fields.take("source");
        let label = self.optional_text(label, "label");
        let kind = kind_node.map_or(Some(Kind::Ratio), |node| self.choose(node, "层的种类（kind）", &KINDS));
        let payer = self.optional(payer, |reader, node| reader.choose(node, "支付方（payer）", &payers()));
        let fields_by_name = AnswerField::ALL.map(|field| (field.name(), field));
        let field =
            self.optional(field, |reader, node| reader.choose(node, "结果字段（field）", &fields_by_name));
        let fund_account = self.optional_text(fund_account, "fund_account");
        let base = base.and_then(|node| self.base(node, tags));
        let at = At { path: at.path.clone(), names: at.names, defaults: at.defaults.nearer(source) };
        let adds_read = self.adds(adds, &at, kind);
        let applies = self.optional(applies, |reader, node| {
            let fields = reader.table(node, "applies")?;
            let place = at.place("applies", "适用条件", node);
            reader.parameter(fields, &place, |reader, node| reader.flag(node, "applies"))
        });
        // What the kind needs; of an unknown kind nobody can say what is missing or too much.
        let read = match kind {
            None => return None,
            Some(Kind::Ratio) => {
                self.ratio_layer(&mut fields, &at).map(|ratio| LayerKind::Ratio(Box::new(ratio)))
            }
            Some(Kind::Guarantee) => {
                self.guarantee(&mut fields, &at).map(|guarantee| LayerKind::Guarantee(Box::new(guarantee)))
            }
            Some(Kind::Purse) => self.purse(&mut fields, &at).map(|purse| LayerKind::Purse(Box::new(purse))),
            Some(Kind::Tally) => Some(LayerKind::Tally),
        };
        self.done(&fields);
        let payer = self.payer_of(payer?, kind, read.as_ref(), &fields);
        let payer = payer?;
        Some(Layer {
            name: name.to_owned(),
            label: label?.unwrap_or_else(|| name.to_owned()),
            payer,
            field: field?.unwrap_or(payer.field()),
            fund_account: fund_account?,
            base: base?,
            applies: applies?,
            kind: read?,
            adds: adds_read?,
            span: node.span.clone(),
        })
    }

    /// Whose money it is: a purse's is its own, a tally has none, every other layer says it.
    fn payer_of(
        &mut self,
        stated: Option<Payer>,
        kind: Option<Kind>,
        read: Option<&LayerKind>,
        fields: &Fields<'_>,
    ) -> Option<Payer> {
        match (stated, kind, read) {
            (Some(payer), Some(Kind::Purse), Some(LayerKind::Purse(purse)))
                if payer != payer_of(purse.purse) =>
            {
                let own = payer_of(purse.purse).name();
                let message = format!("账户层的支付方应为 `{own}`，这里是 `{}`", payer.name());
                let place = fields.node.get("payer").map_or(&fields.node.span, |node| &node.span).clone();
                let finding = Diagnostic::new(Code::UnknownName, message, place, "与 purse 不符");
                self.report(finding.hint("删去 payer：账户层由 purse 决定支付方"));
                None
            }
            (Some(payer), _, _) => Some(payer),
            (None, Some(Kind::Purse), Some(LayerKind::Purse(purse))) => Some(payer_of(purse.purse)),
            (None, Some(Kind::Purse), _) => None,
            (None, Some(Kind::Tally), _) => Some(Payer::Cash),
            (None, _, _) => {
                self.missing(fields.node, "payer", "这一层是谁的钱");
                None
            }
        }
    }

    fn adds(
        &mut self,
        node: Option<&Node>,
        at: &At<'_>,
        kind: Option<Kind>,
    ) -> Option<Vec<(LayerMeasure, usize)>> {
        let Some(node) = node else { return Some(Vec::new()) };
        let items = self.list(node, "adds")?;
        let few = self.at_most(node, items.len(), 64, "adds");
        let read: Vec<Option<_>> = items.iter().map(|item| self.add(item, at, kind)).collect();
        read.into_iter().collect::<Option<_>>().filter(|_| few)
    }

    fn add(&mut self, node: &Node, at: &At<'_>, kind: Option<Kind>) -> Option<(LayerMeasure, usize)> {
        let mut fields = self.table(node, "adds 的一项")?;
        let measure_node = self.need(&mut fields, "measure", "累计什么");
        let counter = self.need(&mut fields, "counter", "记入哪个累计");
        self.done(&fields);
        let measure = measure_node.and_then(|node| self.choose(node, "计入的量（measure）", &MEASURES));
        let counter = counter.and_then(|node| self.counter(node, at.names));
        if let (Some(Kind::Tally), Some(measure), Some(place)) = (kind, measure, measure_node)
            && measure != LayerMeasure::Eligible
        {
            let message = "tally 层不支付，只能累计 `eligible`";
            self.report(Diagnostic::new(Code::UnknownName, message, place.span.clone(), "应为 eligible"));
            return None;
        }
        Some((measure?, counter?))
    }
}
