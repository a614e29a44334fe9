//! Amounts as rules give them.

use gongji_money::{Rate, Rounding};

use super::reader::{Reader, spaced};
use crate::model::{AmountRule, BillMeasure, Step};
use crate::text::{Node, Value};
use crate::{Code, Diagnostic};

/// Which kinds of amount a parameter may hold.
#[derive(Clone, Copy)]
pub(super) struct Permit {
    unlimited: bool,
    not_applied: bool,
    index: bool,
    of_bill: bool,
}

impl Permit {
    /// A figure and nothing else: indices, adjustments.
    pub const FIGURE: Permit = Permit { unlimited: false, not_applied: false, index: false, of_bill: false };
    /// A figure of a calculation beyond the bill.
    pub const FIGURES: Permit = Permit { unlimited: true, not_applied: true, index: true, of_bill: false };
    /// A deductible.
    pub const DEDUCTIBLE: Permit = Permit { index: true, of_bill: true, ..Permit::FIGURE };
    /// A further limit of a deductible.
    pub const LIMIT: Permit = Permit { index: true, not_applied: true, ..Permit::FIGURE };
    /// A cap.
    pub const CAP: Permit = Permit { unlimited: true, not_applied: true, index: true, of_bill: true };
    /// A price cap.
    pub const PRICE: Permit = Permit { unlimited: true, not_applied: true, ..Permit::FIGURE };
}

const MEASURES: [(&str, BillMeasure); 3] =
    [("total", BillMeasure::Total), ("in_scope", BillMeasure::InScope), ("eligible", BillMeasure::Eligible)];

/// Every rounding by name.
pub(super) fn roundings() -> Vec<(&'static str, Rounding)> {
    Rounding::ALL.iter().map(|&rounding| (rounding.name(), rounding)).collect()
}

impl Reader<'_> {
    /// An amount of a permitted kind.
    pub fn amount(&mut self, node: &Node, what: &str, permit: Permit) -> Option<AmountRule> {
        match &node.value {
            Value::Text(text) if text == "unlimited" => {
                self.permitted(permit.unlimited, node, what, "unlimited")?;
                Some(AmountRule::Unlimited)
            }
            Value::Text(text) if text == "not_applied" => {
                self.permitted(permit.not_applied, node, what, "not_applied")?;
                Some(AmountRule::NotApplied)
            }
            Value::Table(_) if node.get("index").is_some() => {
                self.permitted(permit.index, node, what, "index")?;
                self.of_index(node)
            }
            Value::Table(_) if node.get("steps").is_some() || node.get("steps_by").is_some() => {
                self.permitted(permit.of_bill, node, what, "steps_by")?;
                self.steps(node)
            }
            Value::Table(_) => {
                self.permitted(permit.of_bill, node, what, "percent_of")?;
                self.percent_of(node)
            }
            _ => self.fen(node, what).map(AmountRule::Fixed),
        }
    }

    fn permitted(&mut self, allowed: bool, node: &Node, what: &str, kind: &str) -> Option<()> {
        if !allowed {
            let message = format!("{}不能用 `{kind}`", spaced(what));
            let finding = Diagnostic::new(Code::BadAmount, message, node.span.clone(), "这里不适用");
            self.report(finding.note(
                "unlimited 用于限额、限价；not_applied 用于限额、限价、起付的共同上限；\
                 percent_of、steps_by 用于起付、限额；index 用于起付、限额",
            ));
        }
        allowed.then_some(())
    }

    fn of_index(&mut self, node: &Node) -> Option<AmountRule> {
        let mut fields = self.table(node, "金额")?;
        let index = self.need(&mut fields, "index", "指标名");
        let rate = self.need(&mut fields, "rate", "倍数").and_then(|node| self.rate(node, "rate"));
        let rounding = fields.take("rounding");
        self.done(&fields);
        let rounding = self.rounding(rounding, None, node);
        let index = index.and_then(|node| self.index(node));
        Some(AmountRule::OfIndex { index: index?, rate: rate?, rounding: rounding? })
    }

    /// The rounding stated here, or the one that holds where none is stated.
    pub fn rounding(
        &mut self,
        stated: Option<&Node>,
        default: Option<Rounding>,
        place: &Node,
    ) -> Option<Rounding> {
        match stated {
            Some(node) => self.choose(node, "取整方式", &roundings()),
            None => {
                if default.is_none() && place.is_incomplete() {
                    self.failed = true;
                } else if default.is_none() {
                    let message = "没有说明怎样取整";
                    let finding = Diagnostic::new(
                        Code::UndeclaredRounding,
                        message,
                        place.span.clone(),
                        "缺少 `rounding`",
                    );
                    self.report(finding.hint(
                        "写 rounding = \"half_up_fen\"（四舍五入到分），或在 [scheme] 里写一次作为全险种的默认",
                    ));
                }
                default
            }
        }
    }

    fn percent_of(&mut self, node: &Node) -> Option<AmountRule> {
        let mut fields = self.table(node, "金额")?;
        let measure = self.need(&mut fields, "percent_of", "占什么的比例：total、in_scope、eligible");
        let rate = self.need(&mut fields, "rate", "比例");
        let (low, high) = (fields.take("low"), fields.take("high"));
        self.done(&fields);
        let measure = measure.and_then(|node| self.choose(node, "percent_of", &MEASURES));
        let rate: Option<Rate> = rate.and_then(|node| self.rate(node, "rate"));
        let low = low.map(|node| self.fen(node, "low"));
        let high_node = high;
        let high = high.map(|node| self.fen(node, "high"));
        if let (Some(Some(low)), Some(Some(high)), Some(place)) = (low, high, high_node)
            && low > high
        {
            let message = format!("下限 {low} 元高于上限 {high} 元");
            self.report(Diagnostic::new(Code::BadAmount, message, place.span.clone(), "上限"));
            return None;
        }
        // A bound that is there but wrong was reported; without it the amount means nothing.
        if matches!(low, Some(None)) || matches!(high, Some(None)) {
            return None;
        }
        Some(AmountRule::PercentOf {
            measure: measure?,
            rate: rate?,
            low: low.flatten(),
            high: high.flatten(),
        })
    }

    fn steps(&mut self, node: &Node) -> Option<AmountRule> {
        let mut fields = self.table(node, "金额")?;
        let measure = self.need(&mut fields, "steps_by", "按什么分档：total、in_scope、eligible");
        let steps = self.need(&mut fields, "steps", "各档");
        self.done(&fields);
        let measure = measure.and_then(|node| self.choose(node, "steps_by", &MEASURES));
        let items = steps.and_then(|node| self.list(node, "steps"));
        let (items, place) = (items?, steps?);
        let read: Vec<Option<Step>> = items.iter().map(|item| self.step(item)).collect();
        if !self.at_most(place, items.len(), 16, "分档") {
            return None;
        }
        let read: Vec<Step> = read.into_iter().collect::<Option<_>>()?;
        for (index, pair) in read.windows(2).enumerate() {
            let ascending = match (pair[0].upto, pair[1].upto) {
                (Some(below), Some(above)) => below < above,
                (Some(_), None) => true,
                (None, _) => false,
            };
            if !ascending {
                let finding = Diagnostic::new(
                    Code::BoundsNotAscending,
                    "各档的上界要由小到大，只有最后一档没有 `upto`",
                    items[index + 1].span.clone(),
                    "这一档不比上一档高",
                );
                self.report(finding.and(items[index].span.clone(), "上一档"));
                return None;
            }
        }
        if read.last().is_none_or(|last| last.upto.is_some()) {
            let message = "最后一档要没有 `upto`，否则更高的金额没有着落";
            let last = items.last().unwrap_or(place);
            self.report(
                Diagnostic::new(Code::MissingField, message, last.span.clone(), "最后一档")
                    .hint("再加一档 { amount = … }"),
            );
            return None;
        }
        Some(AmountRule::Steps { measure: measure?, steps: read })
    }

    fn step(&mut self, node: &Node) -> Option<Step> {
        let mut fields = self.table(node, "分档")?;
        let upto = fields.take("upto").map(|node| self.fen(node, "upto"));
        let included = fields.take("included").map_or(Some(true), |node| self.flag(node, "included"));
        let amount =
            self.need(&mut fields, "amount", "这一档的金额").and_then(|node| self.fen(node, "amount"));
        self.done(&fields);
        if matches!(upto, Some(None)) {
            return None;
        }
        Some(Step { upto: upto.flatten(), included: included?, amount: amount? })
    }
}
