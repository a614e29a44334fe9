//! `[parameter.<calculation>.<name>]`: the tables of calculations beyond the bill.

use super::amount::Permit;
use super::parameter::{Defaults, Place};
use super::reader::Reader;
use super::scheme::Names;
use crate::model::{Choice, PARAMETERS, Parameter, ParameterKind, ParameterTable, StatedParameter};
use crate::text::{Entry, Node, Value};
use crate::{Code, Diagnostic};

/// The largest count: months of a hundred years.
const MOST: i64 = 1_200;

impl Reader<'_> {
    /// Every parameter that the scheme gives.
    pub fn calculations(&mut self, node: Option<&Node>, names: &Names) -> Option<Vec<StatedParameter>> {
        let Some(node) = node else { return Some(Vec::new()) };
        self.table(node, "parameter")?;
        let mut complete = true;
        let mut stated = Vec::new();
        for group in node.members() {
            if !PARAMETERS.iter().any(|known| known.calculation == group.key) {
                let mut known: Vec<_> = PARAMETERS.iter().map(|known| known.calculation).collect();
                known.dedup();
                self.no_such(group, "计算（parameter）", known);
                complete = false;
                continue;
            }
            if self.table(&group.node, &group.key).is_none() {
                complete = false;
                continue;
            }
            for entry in group.node.members() {
                match Parameter::find(&group.key, &entry.key) {
                    Some(parameter) => match self.calculation_table(parameter, &entry.node, names) {
                        Some(table) => stated.push(StatedParameter { parameter, table }),
                        None => complete = false,
                    },
                    None => {
                        let of_group = PARAMETERS.iter().filter(|known| known.calculation == group.key);
                        self.no_such(entry, "参数", of_group.map(|known| known.name).collect());
                        complete = false;
                    }
                }
            }
        }
        complete.then_some(stated)
    }

    fn no_such(&mut self, entry: &Entry, what: &str, known: Vec<&'static str>) {
        let message = format!("没有名为 `{}` 的{what}", entry.key);
        let finding = Diagnostic::new(Code::UnknownField, message, entry.key_span.clone(), "这里没有这个键");
        self.report(super::nearest::suggest(finding, &entry.key, known));
    }

    fn calculation_table(
        &mut self,
        parameter: &'static Parameter,
        node: &Node,
        names: &Names,
    ) -> Option<ParameterTable> {
        let place = Place {
            path: format!("{}.parameter.{}.{}", names.scheme, parameter.calculation, parameter.name),
            label: parameter.label,
            defaults: Defaults::NONE,
            values: &names.values,
        };
        let fields = self.table(node, parameter.label)?;
        let label = parameter.label;
        Some(match parameter.kind {
            ParameterKind::Amount => ParameterTable::Amount(self.parameter(
                fields,
                &place,
                |reader, node| reader.amount(node, label, Permit::FIGURES),
            )?),
            ParameterKind::Rate => {
                ParameterTable::Rate(self.parameter(fields, &place, |reader, node| reader.rate(node, label))?)
            }
            ParameterKind::Flag => {
                ParameterTable::Flag(self.parameter(fields, &place, |reader, node| reader.flag(node, label))?)
            }
            ParameterKind::Count => {
                ParameterTable::Count(
                    self.parameter(fields, &place, |reader, node| reader.count(node, label))?,
                )
            }
            ParameterKind::Choice(choices) => {
                ParameterTable::Choice(self.parameter(fields, &place, |reader, node| {
                    let options: Vec<(&'static str, usize)> =
                        choices.iter().enumerate().map(|(index, (name, _))| (*name, index)).collect();
                    let index = reader.choose(node, label, &options)?;
                    Some(Choice { names: choices, index })
                })?)
            }
        })
    }

    /// A whole number from 0.
    fn count(&mut self, node: &Node, what: &str) -> Option<i64> {
        match node.value {
            Value::Integer(count) if (0..=MOST).contains(&count) => Some(count),
            Value::Integer(_) | Value::HugeInteger => {
                let message = format!("{what}应在 0 到 {MOST} 之间");
                self.report(Diagnostic::new(Code::BadInterval, message, node.span.clone(), "超出范围"));
                None
            }
            _ => {
                self.wrong_type(node, what, "整数");
                None
            }
        }
    }
}
