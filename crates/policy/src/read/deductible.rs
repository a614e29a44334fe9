//! The deductible (起付标准), its adjustments and limits.

use super::amount::Permit;
use super::layer::At;
use super::reader::Reader;
use crate::model::{AmountAdjust, AmountChange, Deductible, Limit};
use crate::text::{Node, Value};
use crate::{Code, Diagnostic};

/// Adjustments in one place.
pub(super) const MOST_ADJUSTS: usize = 8;

#[derive(Clone, Copy, PartialEq)]
enum Op {
    Times,
    Minus,
    Plus,
    Floor,
    Ceiling,
}

const OPS: [(&str, Op); 5] = [
    ("times", Op::Times),
    ("minus", Op::Minus),
    ("plus", Op::Plus),
    ("floor", Op::Floor),
    ("ceiling", Op::Ceiling),
];

impl Reader<'_> {
    /// `[….deductible]`.
    pub fn deductible(&mut self, node: &Node, at: &At<'_>) -> Option<Deductible> {
        let mut fields = self.table(node, "deductible")?;
        let counter = fields.take("counter");
        let due = fields.take("due_every_days");
        let adjust = fields.take("adjust");
        let limits = fields.take("limit");
        let counter = self.optional_counter(counter, at.names);
        let due = self.optional(due, |reader, node| reader.due_every_days(node));
        let inner = at.under("deductible", node);
        let adjust = self.amount_adjusts(adjust, &inner);
        let limits = self.limits(limits, &inner);
        let place = at.place("deductible", "起付标准", node);
        let amount = self
            .parameter(fields, &place, |reader, node| reader.amount(node, "起付标准", Permit::DEDUCTIBLE));
        let amount = amount?;
        Some(Deductible {
            label: amount.label.clone(),
            amount,
            adjust: adjust?,
            counter: counter?,
            due_every_days: due?,
            limits: limits?,
        })
    }

    fn due_every_days(&mut self, node: &Node) -> Option<i64> {
        match node.value {
            Value::Integer(days @ 1..=100_000) => Some(days),
            Value::Integer(days) => {
                let message = format!("due_every_days 是天数，不能是 {days}");
                let finding = Diagnostic::new(Code::BadInterval, message, node.span.clone(), "应为正的天数");
                self.report(finding.hint("例：90 表示住院每满 90 天再付一次起付标准"));
                None
            }
            _ => {
                self.wrong_type(node, "due_every_days", "整数（天）");
                None
            }
        }
    }

    fn limits(&mut self, node: Option<&Node>, at: &At<'_>) -> Option<Vec<Limit>> {
        let Some(node) = node else { return Some(Vec::new()) };
        let items = self.list(node, "limit")?;
        let few = self.at_most(node, items.len(), MOST_ADJUSTS, "limit");
        let read: Vec<Option<Limit>> =
            items.iter().enumerate().map(|(index, item)| self.limit(item, index, at)).collect();
        read.into_iter().collect::<Option<_>>().filter(|_| few)
    }

    fn limit(&mut self, node: &Node, index: usize, at: &At<'_>) -> Option<Limit> {
        let mut fields = self.table(node, "limit")?;
        let counter = self.need(&mut fields, "counter", "几项起付共用的累计");
        let counter = counter.and_then(|node| self.counter(node, at.names));
        let place = at.place(&format!("limit.{}", index + 1), "起付共同上限", node);
        let amount =
            self.parameter(fields, &place, |reader, node| reader.amount(node, "limit", Permit::LIMIT))?;
        Some(Limit { label: amount.label.clone(), amount, counter: counter? })
    }

    /// `[[….adjust]]` of a deductible or a cap.
    pub fn amount_adjusts(&mut self, node: Option<&Node>, at: &At<'_>) -> Option<Vec<AmountAdjust>> {
        let Some(node) = node else { return Some(Vec::new()) };
        let items = self.list(node, "adjust")?;
        let few = self.at_most(node, items.len(), MOST_ADJUSTS, "adjust");
        let read: Vec<Option<AmountAdjust>> =
            items.iter().enumerate().map(|(index, item)| self.amount_adjust(item, index, at)).collect();
        read.into_iter().collect::<Option<_>>().filter(|_| few)
    }

    fn amount_adjust(&mut self, node: &Node, index: usize, at: &At<'_>) -> Option<AmountAdjust> {
        let mut fields = self.table(node, "adjust")?;
        let op = self.need(&mut fields, "op", "times、minus、plus、floor 或 ceiling");
        let per_repeat_node = fields.take("per_repeat");
        let op = op.and_then(|node| self.choose(node, "调整方式（op）", &OPS));
        let per_repeat = self.optional_flag(per_repeat_node, "per_repeat");
        if let (Some(place), Some(op), Some(true)) = (per_repeat_node, op, per_repeat)
            && op != Op::Minus
        {
            let message = "`per_repeat` 只用于 op = \"minus\"";
            self.report(Diagnostic::new(Code::UnknownField, message, place.span.clone(), "这里不适用"));
        }
        let place = at.place(&format!("adjust.{}", index + 1), op.map_or("调整", label), node);
        // Rates or amounts: without the kind nobody can say what its values should be.
        let Some(op) = op else {
            for (key, what) in std::mem::take(&mut fields.lacking) {
                self.missing(node, key, &what);
            }
            return None;
        };
        if op == Op::Times {
            let factor = self.parameter(fields, &place, |reader, node| reader.rate(node, "倍数"))?;
            return Some(AmountAdjust { label: factor.label.clone(), change: AmountChange::Times(factor) });
        }
        let amount =
            self.parameter(fields, &place, |reader, node| reader.amount(node, "adjust", Permit::FIGURE))?;
        let label = amount.label.clone();
        let change = match op {
            Op::Times => return None,
            Op::Minus => AmountChange::Minus { amount, per_repeat: per_repeat? },
            Op::Plus => AmountChange::Plus(amount),
            Op::Floor => AmountChange::Floor(amount),
            Op::Ceiling => AmountChange::Ceiling(amount),
        };
        Some(AmountAdjust { label, change })
    }
}

fn label(op: Op) -> &'static str {
    match op {
        Op::Times => "乘以系数",
        Op::Minus => "减去",
        Op::Plus => "加上",
        Op::Floor => "不低于",
        Op::Ceiling => "不高于",
    }
}
