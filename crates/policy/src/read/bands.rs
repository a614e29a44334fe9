//! Bands: along what an amount is cut, and where.

use gongji_money::Fen;

use super::layer::At;
use super::reader::{Reader, spaced};
use crate::model::{BandAxis, Bands};
use crate::text::Node;
use crate::{Code, Diagnostic};

/// Bounds of one table: they cut sixteen bands.
const MOST_BANDS: usize = 16;

#[derive(Clone, Copy)]
enum Axis {
    Gross,
    Net,
    CounterGross,
    CounterNet,
}

const AXES: [(&str, Axis); 4] = [
    ("gross", Axis::Gross),
    ("net", Axis::Net),
    ("counter_gross", Axis::CounterGross),
    ("counter_net", Axis::CounterNet),
];

const BOUNDS: [(&str, bool); 2] = [("included", true), ("excluded", false)];

impl Reader<'_> {
    /// `[….bands]`.
    pub fn bands(&mut self, node: &Node, at: &At<'_>) -> Option<Bands> {
        let mut fields = self.table(node, "bands")?;
        let axis = fields.take("axis");
        let counter_node = fields.take("counter");
        let bound = fields.take("bound");
        let axis = match axis {
            Some(node) => self.choose(node, "分段口径（axis）", &AXES),
            None => {
                self.undeclared_axis(node, "分段", &AXES.map(|(name, _)| name));
                None
            }
        };
        let counter = self.optional_counter(counter_node, at.names);
        let axis = match axis {
            None => None,
            Some(Axis::Gross | Axis::Net) => {
                if let Some(place) = counter_node {
                    let message = "`counter` 只用于 counter_gross、counter_net";
                    self.report(
                        Diagnostic::new(Code::UnknownField, message, place.span.clone(), "这种口径没有累计")
                            .hint("删去 counter，或把 axis 改为 counter_gross / counter_net"),
                    );
                }
                Some(if matches!(axis, Some(Axis::Gross)) { BandAxis::Gross } else { BandAxis::Net })
            }
            Some(Axis::CounterGross | Axis::CounterNet) if counter_node.is_none() => {
                self.missing(node, "counter", "从哪个累计接着分段");
                None
            }
            Some(Axis::CounterGross) => counter.flatten().map(BandAxis::CounterGross),
            Some(Axis::CounterNet) => counter.flatten().map(BandAxis::CounterNet),
        };
        let bound_included =
            bound.map_or(Some(true), |node| self.choose(node, "分段界的归属（bound）", &BOUNDS));
        let place = at.place("bands", "费用分段", node);
        let bounds = self.parameter(fields, &place, Reader::bounds);
        Some(Bands { axis: axis?, bounds: bounds?, bound_included: bound_included? })
    }

    /// A list of amounts, ascending.
    pub fn bounds(&mut self, node: &Node) -> Option<Vec<Fen>> {
        let items = self.list(node, "分段界")?;
        let few = self.at_most(node, items.len() + 1, MOST_BANDS, "分段");
        let read: Vec<Option<Fen>> = items.iter().map(|item| self.fen(item, "分段界")).collect();
        let bounds: Vec<Fen> = read.into_iter().collect::<Option<_>>()?;
        let before = std::iter::once(Fen::ZERO).chain(bounds.iter().copied());
        for (index, (before, bound)) in before.zip(&bounds).enumerate() {
            if before >= *bound {
                let message = format!("分段界要由小到大：{bound} 元不大于 {before} 元");
                let finding = Diagnostic::new(
                    Code::BoundsNotAscending,
                    message,
                    items[index].span.clone(),
                    "这一界不比前一界高",
                );
                let previous = index.checked_sub(1).and_then(|index| items.get(index));
                self.report(match previous {
                    Some(previous) => finding.and(previous.span.clone(), "前一界"),
                    None => finding.note("第一段从 0 开始，第一界要大于 0"),
                });
                return None;
            }
        }
        few.then_some(bounds)
    }

    /// Something is measured, and nobody says along what.
    pub fn undeclared_axis(&mut self, node: &Node, what: &str, names: &[&str]) {
        if node.is_incomplete() {
            self.failed = true;
            return;
        }
        let message = format!("{}没有说明口径（axis）", spaced(what));
        let list: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        self.report(
            Diagnostic::new(Code::UndeclaredAxis, message, node.span.clone(), "缺少 `axis`")
                .note("同一句话按不同口径算出的金额不同，必须写明")
                .hint(format!("可以写：{}", list.join("、"))),
        );
    }
}
