//! The guarantee layer (保底).

use super::layer::{At, payers};
use super::reader::Reader;
use crate::model::{Guarantee, GuaranteeTerm};
use crate::text::{Fields, Node};
use crate::{Code, Diagnostic};

const TERMS: [(&str, GuaranteeTerm); 6] = [
    ("total", GuaranteeTerm::Total),
    ("in_scope", GuaranteeTerm::InScope),
    ("non_covered", GuaranteeTerm::NonCovered),
    ("over_limit_price", GuaranteeTerm::OverLimitPrice),
    ("upfront_self_pay", GuaranteeTerm::UpfrontSelfPay),
    ("deductible", GuaranteeTerm::Deductible),
];

impl Reader<'_> {
    /// The keys of a guarantee, taken from the layer's table.
    pub fn guarantee(&mut self, fields: &mut Fields<'_>, at: &At<'_>) -> Option<Guarantee> {
        let rate = self.need(fields, "rate", "保底比例");
        let target = self.need(fields, "target", "保底的对象，如 [\"total\", \"-deductible\"]");
        let counts = self.need(fields, "counts", "哪些资金已付的计入保底");
        let rounding = fields.take("rounding");
        let rate = rate.and_then(|node| {
            let fields = self.table(node, "rate")?;
            let place = at.place("rate", "保底比例", node);
            self.parameter(fields, &place, |reader, node| reader.rate(node, "保底比例"))
        });
        let target = target.and_then(|node| self.target(node));
        let counts = counts.and_then(|node| {
            let items = self.list(node, "counts")?;
            let read: Vec<_> =
                items.iter().map(|item| self.choose(item, "资金（counts）", &payers())).collect();
            read.into_iter().collect::<Option<Vec<_>>>()
        });
        let rounding = self.rounding(rounding, at.names.rounding, fields.node);
        Some(Guarantee { rate: rate?, target: target?, counts: counts?, rounding: rounding? })
    }

    fn target(&mut self, node: &Node) -> Option<Vec<(bool, GuaranteeTerm)>> {
        let written = self.texts(node, "target")?;
        if written.is_empty() {
            let finding = Diagnostic::new(Code::MissingField, "`target` 是空的", node.span.clone(), "空列表");
            self.report(finding.hint("例：target = [\"total\", \"-deductible\"]"));
            return None;
        }
        let mut terms = Some(Vec::new());
        for (text, item) in written {
            let (plus, name) = match text.strip_prefix('-') {
                Some(name) => (false, name),
                None => (true, text),
            };
            match TERMS.iter().find(|(known, _)| *known == name) {
                Some(&(_, term)) => {
                    if let Some(terms) = &mut terms {
                        terms.push((plus, term));
                    }
                }
                None => {
                    self.unknown_name(item, name, "保底对象（target）", TERMS.map(|(name, _)| name));
                    terms = None;
                }
            }
        }
        terms
    }
}
