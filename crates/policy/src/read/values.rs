//! `[values]`: the names of a scheme's open dimensions.

use super::condition::Values;
use super::nearest::suggest;
use super::reader::Reader;
use crate::model::{Dimension, DimensionKind};
use crate::text::Node;
use crate::{Code, Diagnostic};

/// Names one open dimension may have, `none` included: as many as a mask has bits.
const MOST: usize = 64;

impl Reader<'_> {
    /// The names declared; every open dimension has at least `none`.
    pub fn values(&mut self, node: Option<&Node>) -> Values {
        let open =
            || Dimension::ALL.into_iter().filter(|dimension| matches!(dimension.kind(), DimensionKind::Open));
        let mut values = Values { broken: node.is_some_and(Node::is_incomplete), ..Values::default() };
        for dimension in open() {
            values.names.insert(dimension, vec!["none".to_owned()]);
        }
        let Some(node) = node else { return values };
        let Some(mut fields) = self.table(node, "values") else {
            values.broken = true;
            return values;
        };
        for dimension in open() {
            if let Some(list) = fields.take(dimension.name()) {
                match self.open_names(dimension, list) {
                    Some(names) => {
                        values.names.insert(dimension, names);
                    }
                    None => values.broken = true,
                }
            }
        }
        for entry in fields.left() {
            let message = format!("`{}` 不是可以声明名称的维度", entry.key);
            let finding =
                Diagnostic::new(Code::UnknownField, message, entry.key_span.clone(), "这里没有这个键");
            let finding = suggest(finding, &entry.key, fields.asked().iter().copied());
            self.report(finding);
        }
        values
    }

    fn open_names(&mut self, dimension: Dimension, node: &Node) -> Option<Vec<String>> {
        let written = self.texts(node, dimension.name())?;
        let mut names = vec!["none".to_owned()];
        let mut complete = true;
        for (index, (name, item)) in written.iter().enumerate() {
            if let Some((_, first)) = written[..index].iter().find(|(earlier, _)| earlier == name) {
                self.twice(first, item, name, dimension.label());
                complete = false;
            } else if *name != "none" {
                names.push((*name).to_owned());
            }
        }
        (self.at_most(node, names.len(), MOST, dimension.label()) && complete).then_some(names)
    }
}
