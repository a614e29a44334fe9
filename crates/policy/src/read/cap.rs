//! Caps (最高支付限额).

use super::amount::Permit;
use super::deductible::MOST_ADJUSTS;
use super::layer::At;
use super::reader::Reader;
use crate::model::{Cap, CapAxis, Excess};
use crate::text::Node;
use crate::{Code, Diagnostic};

const AXES: [(&str, CapAxis); 4] = [
    ("paid", CapAxis::Paid),
    ("eligible_net", CapAxis::EligibleNet),
    ("eligible_gross", CapAxis::EligibleGross),
    ("paid_with_deductible", CapAxis::PaidWithDeductible),
];

const EXCESSES: [(&str, Excess); 2] =
    [("over_ceiling", Excess::OverCeiling), ("own_share", Excess::OwnShare)];

impl Reader<'_> {
    /// `[[….cap]]`; those of a purse measure what it pays and leave the excess where it is.
    pub fn caps(&mut self, node: Option<&Node>, at: &At<'_>, purse: bool) -> Option<Vec<Cap>> {
        let Some(node) = node else { return Some(Vec::new()) };
        let items = self.list(node, "cap")?;
        let few = self.at_most(node, items.len(), MOST_ADJUSTS, "限额");
        let read: Vec<Option<Cap>> =
            items.iter().enumerate().map(|(index, item)| self.cap(item, index, at, purse)).collect();
        read.into_iter().collect::<Option<_>>().filter(|_| few)
    }

    fn cap(&mut self, node: &Node, index: usize, at: &At<'_>, purse: bool) -> Option<Cap> {
        let mut fields = self.table(node, "cap")?;
        let axis_node = fields.take("axis");
        let counter = fields.take("counter");
        let excess_node = fields.take("excess");
        let adjust = fields.take("adjust");
        let axis = match axis_node {
            Some(node) => self.choose(node, "限额口径（axis）", &AXES),
            None if purse => Some(CapAxis::Paid),
            None => {
                self.undeclared_axis(node, "限额", &AXES.map(|(name, _)| name));
                None
            }
        };
        let counter = self.optional_counter(counter, at.names);
        let excess = match excess_node {
            Some(node) => self.choose(node, "超限部分的去向（excess）", &EXCESSES),
            None if purse => Some(Excess::OwnShare),
            None => Some(Excess::OverCeiling),
        };
        if purse {
            if let (Some(place), Some(axis)) = (axis_node, axis)
                && axis != CapAxis::Paid
            {
                let message = "账户的限额只能按支付额（paid）";
                self.report(Diagnostic::new(Code::UndeclaredAxis, message, place.span.clone(), "应为 paid"));
            }
            if let Some(place) = excess_node {
                let message = "账户付不到的部分留在原处，没有 `excess`";
                self.report(Diagnostic::new(Code::UnknownField, message, place.span.clone(), "删去"));
            }
        }
        let name = format!("cap.{}", index + 1);
        let adjust = self.amount_adjusts(adjust, &at.under(&name, node));
        let place = at.place(&name, "最高支付限额", node);
        let amount =
            self.parameter(fields, &place, |reader, node| reader.amount(node, "限额", Permit::CAP))?;
        Some(Cap {
            label: amount.label.clone(),
            axis: axis?,
            amount,
            adjust: adjust?,
            counter: counter?,
            excess: excess?,
        })
    }
}
