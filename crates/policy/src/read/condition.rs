//! Conditions of rows and domains: what a row says of one dimension.

use super::date::read_date;
use super::reader::Reader;
use crate::model::{Constraint, Dimension, DimensionKind, OpenValues};
use crate::text::{Node, Value};
use crate::{Code, Diagnostic, day_number};

/// The names a scheme declares for its open dimensions.
#[derive(Default)]
pub(super) struct Values {
    /// As the model keeps them.
    pub names: OpenValues,
    /// Whether they could not all be read: then a name that is missing means nothing.
    pub broken: bool,
}

impl Reader<'_> {
    /// What the node says of the dimension: a value, a list of values, an interval.
    pub fn constraint(&mut self, dimension: Dimension, node: &Node, values: &Values) -> Option<Constraint> {
        match dimension.kind() {
            DimensionKind::Choice(names) => self.mask(dimension, node, names),
            DimensionKind::Open => {
                let none = ["none".to_owned()];
                let names = values.names.get(&dimension).map_or(&none[..], Vec::as_slice);
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                if values.broken {
                    self.failed = true;
                    return None;
                }
                self.mask(dimension, node, &names)
            }
            DimensionKind::Flag => self.flags(dimension, node),
            DimensionKind::Integer { low, high } => self.numbers(dimension, node, low, high),
            DimensionKind::Date => self.days(dimension, node),
        }
    }

    fn items<'n>(&mut self, dimension: Dimension, node: &'n Node) -> Option<&'n [Node]> {
        match &node.value {
            Value::List(items) if items.is_empty() => {
                let message = format!("`{}` 是空列表，任何情形都不符合", dimension.name());
                let finding = Diagnostic::new(Code::BadInterval, message, node.span.clone(), "空列表");
                self.report(finding.hint("不限时删去这个条件"));
                None
            }
            Value::List(items) => Some(items),
            _ => Some(std::slice::from_ref(node)),
        }
    }

    fn mask(&mut self, dimension: Dimension, node: &Node, names: &[&str]) -> Option<Constraint> {
        let items = self.items(dimension, node)?;
        let what = format!("{}（{}）", dimension.label(), dimension.name());
        let mut mask = Some(0_u64);
        for item in items {
            let Some(written) = self.text(item, &what) else {
                mask = None;
                continue;
            };
            match names.iter().position(|&name| name == written) {
                Some(position) if position < 64 => mask = mask.map(|mask| mask | 1 << position),
                _ => {
                    mask = None;
                    let open = matches!(dimension.kind(), DimensionKind::Open);
                    let message = format!("{what}没有 `{written}`");
                    let mut finding =
                        Diagnostic::new(Code::UnknownName, message, item.span.clone(), "不认识的名称");
                    if open {
                        let key = dimension.name();
                        finding =
                            finding.note(format!("这个维度的名称由险种文件的 [values] {key} = [ … ] 声明"));
                    }
                    let finding = super::nearest::suggest(finding, written, names.iter().copied());
                    self.report(finding);
                }
            }
        }
        mask.map(Constraint::OneOf)
    }

    fn flags(&mut self, dimension: Dimension, node: &Node) -> Option<Constraint> {
        let items = self.items(dimension, node)?;
        let what = format!("{}（{}）", dimension.label(), dimension.name());
        let read: Vec<Option<bool>> = items.iter().map(|item| self.flag(item, &what)).collect();
        let mask = read.into_iter().try_fold(0, |mask, flag| flag.map(|flag| mask | 1 << u64::from(flag)))?;
        Some(Constraint::OneOf(mask))
    }

    fn numbers(&mut self, dimension: Dimension, node: &Node, low: i64, high: i64) -> Option<Constraint> {
        if let Value::List(_) = node.value {
            return self.run_of_numbers(dimension, node, low, high);
        }
        let read = match &node.value {
            Value::Integer(number) => Some((Some(*number), Some(*number))),
            Value::Text(text) => interval(text, |end| end.parse().ok()),
            _ => {
                let what = format!("{}（{}）", dimension.label(), dimension.name());
                self.wrong_type(node, &what, "整数，或区间如 \"45..\"、\"50..59\"");
                return None;
            }
        };
        let Some(read) = read else {
            self.bad_interval(
                dimension,
                node,
                "应为整数，或 \"45..\"、\"..44\"、\"50..59\"（两端都含）",
                None,
            );
            return None;
        };
        self.within(dimension, node, read, low, high)
    }

    fn within(
        &mut self,
        dimension: Dimension,
        node: &Node,
        (from, to): (Option<i64>, Option<i64>),
        low: i64,
        high: i64,
    ) -> Option<Constraint> {
        let note = match (from, to) {
            (Some(from), Some(to)) if from > to => format!("{from} 大于 {to}"),
            (Some(end), _) | (_, Some(end)) if end < low || end > high => {
                format!("{} 只能在 {low} 到 {high} 之间", dimension.label())
            }
            (_, Some(end)) if end < low || end > high => {
                format!("{} 只能在 {low} 到 {high} 之间", dimension.label())
            }
            _ => {
                return Some(Constraint::Between {
                    low: from.unwrap_or(i64::MIN),
                    high: to.unwrap_or(i64::MAX),
                });
            }
        };
        self.bad_interval(dimension, node, "没有数落在这里", Some(note));
        None
    }

    /// A list of numbers is an interval too, as long as it has no hole.
    fn run_of_numbers(
        &mut self,
        dimension: Dimension,
        node: &Node,
        low: i64,
        high: i64,
    ) -> Option<Constraint> {
        let items = self.items(dimension, node)?;
        let mut numbers = Vec::new();
        for item in items {
            let Value::Integer(number) = item.value else {
                let what = format!("{}（{}）", dimension.label(), dimension.name());
                self.wrong_type(item, &what, "整数");
                return None;
            };
            numbers.push(number);
        }
        numbers.sort_unstable();
        numbers.dedup();
        if numbers.windows(2).any(|pair| pair[0].checked_add(1) != Some(pair[1])) {
            let note = "一行只能写连续的一段；不连续的写成几行".to_owned();
            self.bad_interval(dimension, node, "中间有空缺", Some(note));
            return None;
        }
        self.within(dimension, node, (numbers.first().copied(), numbers.last().copied()), low, high)
    }

    fn days(&mut self, dimension: Dimension, node: &Node) -> Option<Constraint> {
        let what = format!("{}（{}）", dimension.label(), dimension.name());
        let text = match &node.value {
            Value::Text(text) => text,
            Value::Moment => return self.date(node, &what).and(None),
            _ => {
                self.wrong_type(node, &what, "文本（日期区间，如 \"..2000-12-31\"）");
                return None;
            }
        };
        let Some((from, to)) = interval(text, read_date) else {
            if text.contains("..") {
                let label = "应为 \"2000-12-31\"、\"2001-01-01..\"、\"..2000-12-31\"（两端都含）";
                self.bad_interval(dimension, node, label, None);
            } else {
                self.bad_date(node, text, &what);
            }
            return None;
        };
        if let (Some(first), Some(last)) = (from, to)
            && first > last
        {
            self.bad_interval(dimension, node, "没有一天落在这里", Some(format!("{first} 晚于 {last}")));
            return None;
        }
        Some(Constraint::Between {
            low: from.map_or(i64::MIN, day_number),
            high: to.map_or(i64::MAX, day_number),
        })
    }

    fn bad_interval(&mut self, dimension: Dimension, node: &Node, label: &str, note: Option<String>) {
        let message = format!("{}（{}）的区间不成立", dimension.label(), dimension.name());
        let mut finding = Diagnostic::new(Code::BadInterval, message, node.span.clone(), label);
        finding.notes.extend(note);
        self.report(finding);
    }
}

/// The two ends of `a`, `a..`, `..b`, `a..b`.
fn interval<T: Copy>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<(Option<T>, Option<T>)> {
    match text.split_once("..") {
        None => read(text).map(|value| (Some(value), Some(value))),
        Some(("", "")) => None,
        Some((low, "")) => Some((Some(read(low)?), None)),
        Some(("", high)) => Some((None, Some(read(high)?))),
        Some((low, high)) => Some((Some(read(low)?), Some(read(high)?))),
    }
}
