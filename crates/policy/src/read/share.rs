//! `[exclusion]` and `[sharing]`: what is not paid for, and what of a relative's account may be used.

use super::parameter::{Defaults, Place};
use super::reader::Reader;
use super::scheme::Names;
use crate::model::{Share, Table};
use crate::text::{Node, Value};

const SHARES: [(&str, Share); 3] =
    [("nothing", Share::Nothing), ("all", Share::All), ("carried_over", Share::CarriedOver)];

impl Reader<'_> {
    /// Yes/no by cause.
    pub fn exclusion(&mut self, node: &Node, names: &Names) -> Option<Table<bool>> {
        let fields = self.table(node, "exclusion")?;
        let place = scheme_place(names, "exclusion", "不予支付的情形");
        self.parameter(fields, &place, |reader, node| reader.flag(node, "exclusion"))
    }

    /// Share by relation.
    pub fn sharing(&mut self, node: &Node, names: &Names) -> Option<Table<Share>> {
        let fields = self.table(node, "sharing")?;
        let place = scheme_place(names, "sharing", "家庭共济范围");
        self.parameter(fields, &place, |reader, node| reader.share(node))
    }

    fn share(&mut self, node: &Node) -> Option<Share> {
        match &node.value {
            Value::Text(_) => self.choose(node, "共济范围", &SHARES),
            Value::Table(_) => {
                let mut fields = self.table(node, "共济范围")?;
                let above = self.need(&mut fields, "above", "超过多少元的部分可以共济");
                self.done(&fields);
                above.and_then(|node| self.fen(node, "above")).map(Share::Above)
            }
            _ => {
                self.wrong_type(
                    node,
                    "共济范围",
                    "\"nothing\"、\"all\"、\"carried_over\" 或 { above = 2000 }",
                );
                None
            }
        }
    }
}

/// A place right under the scheme, where no benefit gives dates or a source.
pub(super) fn scheme_place<'n>(names: &'n Names, key: &str, label: &'static str) -> Place<'n> {
    Place { path: format!("{}.{key}", names.scheme), label, defaults: Defaults::NONE, values: &names.values }
}
