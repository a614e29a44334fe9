//! Running totals, and the references to them.

use super::reader::Reader;
use super::scheme::Names;
use crate::model::{Counter, Period};
use crate::text::{Entry, Node};
use crate::{Code, Diagnostic};

const PERIODS: [(&str, Period); 5] = [
    ("year", Period::Year),
    ("month", Period::Month),
    ("day", Period::Day),
    ("stay", Period::Stay),
    ("lifetime", Period::Lifetime),
];

/// The keys of `accumulated` that every area shares.
const STATED: [(&str, &str); 4] = [
    ("admissions", "admissions"),
    ("deductible_paid", "deductible_paid"),
    ("pooled_paid", "pooled_paid"),
    ("in_scope_self_pay", "in_scope_self_pay"),
];

/// Counters one scheme may have.
const MOST: usize = 64;

impl Reader<'_> {
    /// Every counter of `[counter.…]`.
    pub fn counters(&mut self, node: Option<&Node>) -> Option<Vec<Counter>> {
        let Some(node) = node else { return Some(Vec::new()) };
        self.table(node, "counter")?;
        let entries = node.members();
        let few = self.at_most(node, entries.len(), MOST, "累计");
        let read: Vec<Option<Counter>> = entries.iter().map(|entry| self.counter_entry(entry)).collect();
        read.into_iter().collect::<Option<_>>().filter(|_| few)
    }

    fn counter_entry(&mut self, entry: &Entry) -> Option<Counter> {
        let mut fields = self.table(&entry.node, "累计")?;
        let label = fields.take("label");
        let period = self.need(&mut fields, "period", "多久归零：year、month、day、stay、lifetime");
        let per_facility = fields.take("per_facility");
        let stated_as = fields.take("stated_as");
        self.done(&fields);
        let label = self.optional_text(label, "label");
        let period = period.and_then(|node| self.choose(node, "累计的周期（period）", &PERIODS));
        let per_facility = self.optional_flag(per_facility, "per_facility");
        let stated_as = stated_as.map(|node| self.choose(node, "公共累计名（stated_as）", &STATED));
        if matches!(stated_as, Some(None)) {
            return None;
        }
        Some(Counter {
            name: entry.key.clone(),
            label: label?.unwrap_or_else(|| entry.key.clone()),
            period: period?,
            per_facility: per_facility?,
            stated_as: stated_as.flatten().map(str::to_owned),
        })
    }

    /// The counter of that name.
    pub fn counter(&mut self, node: &Node, names: &Names) -> Option<usize> {
        let written = self.text(node, "累计（counter）")?;
        let found = names.counters.iter().position(|name| name == written);
        if found.is_none() && names.counters_incomplete {
            self.failed = true;
        } else if found.is_none() && names.counters.is_empty() {
            let message = format!("没有累计 `{written}`，这个险种没有声明任何累计");
            let finding = Diagnostic::new(Code::UnknownName, message, node.span.clone(), "不认识的名称");
            self.report(finding.hint(format!("先声明 [counter.{written}]，写明 label 和 period")));
        } else if found.is_none() {
            self.unknown_name(
                node,
                written,
                "累计（[counter.…]）",
                names.counters.iter().map(String::as_str),
            );
        }
        found
    }

    /// A counter that may be left out; the outer `None` where it is named but does not exist.
    pub fn optional_counter(&mut self, node: Option<&Node>, names: &Names) -> Option<Option<usize>> {
        match node {
            None => Some(None),
            Some(node) => self.counter(node, names).map(Some),
        }
    }
}
