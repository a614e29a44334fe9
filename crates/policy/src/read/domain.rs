//! Domains: for whom and where there are rules at all.

use super::condition::Values;
use super::reader::Reader;
use crate::model::{Constraint, Dimension, Domain};
use crate::text::Node;
use crate::{Code, Diagnostic};

impl Reader<'_> {
    /// The domain, narrowed from a wider one.
    pub fn domain(&mut self, node: Option<&Node>, wider: Option<&Domain>, values: &Values) -> Option<Domain> {
        let mut domain = wider.cloned().unwrap_or_default();
        let Some(node) = node else { return Some(domain) };
        let mut fields = self.table(node, "domain")?;
        let mut conditions = Vec::new();
        for dimension in Dimension::ALL {
            if let Some(node) = fields.take(dimension.name()) {
                conditions.push((dimension, node));
            }
        }
        self.done(&fields);
        let mut complete = true;
        for (dimension, node) in conditions {
            let Some(constraint) = self.constraint(dimension, node, values) else {
                complete = false;
                continue;
            };
            let narrowed = match domain.get(&dimension) {
                Some(wider) => both(wider, &constraint),
                None => Some(constraint),
            };
            match narrowed {
                Some(narrowed) => {
                    domain.insert(dimension, narrowed);
                }
                None => {
                    complete = false;
                    let message =
                        format!("{}（{}）与险种的 [domain] 没有交集", dimension.label(), dimension.name());
                    let finding =
                        Diagnostic::new(Code::BadInterval, message, node.span.clone(), "险种里没有这些");
                    self.report(finding.hint("待遇的 domain 只能在险种的范围里再收窄"));
                }
            }
        }
        complete.then_some(domain)
    }
}

/// What both allow; `None` where that is nothing.
fn both(left: &Constraint, right: &Constraint) -> Option<Constraint> {
    match (left, right) {
        (&Constraint::OneOf(a), &Constraint::OneOf(b)) => (a & b != 0).then_some(Constraint::OneOf(a & b)),
        (&Constraint::Between { low: a, high: b }, &Constraint::Between { low: c, high: d }) => {
            let (low, high) = (a.max(c), b.min(d));
            (low <= high).then_some(Constraint::Between { low, high })
        }
        _ => None,
    }
}
