//! What a layer looks at.

use super::reader::Reader;
use crate::model::{Portion, PortionSelector, TagSelector};
use crate::text::Node;
use crate::{Code, Diagnostic};

impl Reader<'_> {
    /// `base`: a list of portions, those with tags optionally with one.
    pub fn base(&mut self, node: &Node, tags: &[String]) -> Option<Vec<PortionSelector>> {
        let written = self.texts(node, "base")?;
        if written.is_empty() {
            let message = "`base` 是空的，这一层看不到任何费用";
            let finding = Diagnostic::new(Code::MissingField, message, node.span.clone(), "空列表");
            self.report(finding.hint("例：base = [\"in_scope\"]"));
            return None;
        }
        let mut complete = true;
        let mut base = Vec::new();
        for (index, (text, item)) in written.iter().enumerate() {
            if let Some((_, first)) = written[..index].iter().find(|(earlier, _)| earlier == text) {
                self.twice(first, item, text, "base");
                complete = false;
                continue;
            }
            match self.portion(item, text, tags) {
                Some(selector) => base.push(selector),
                None => complete = false,
            }
        }
        complete.then_some(base)
    }

    fn portion(&mut self, node: &Node, text: &str, tags: &[String]) -> Option<PortionSelector> {
        let (name, tag) = match text.split_once(':') {
            Some((name, tag)) => (name, Some(tag)),
            None => (text, None),
        };
        let Some(portion) = Portion::from_name(name) else {
            self.unknown_name(node, name, "费用部分（base）", Portion::ALL.map(Portion::name));
            return None;
        };
        let Some(tag) = tag else { return Some(PortionSelector { portion, tag: TagSelector::All }) };
        if !portion.is_tagged() {
            let message = format!("`{name}` 不分标记");
            let finding = Diagnostic::new(Code::UnknownName, message, node.span.clone(), "这里不能带标记");
            self.report(finding.hint(format!("写 \"{name}\"")));
            return None;
        }
        match tags.iter().position(|known| known == tag) {
            Some(index) => Some(PortionSelector { portion, tag: TagSelector::Only(index) }),
            None => {
                self.unknown_name(node, tag, "待遇的标记（tags）", tags.iter().map(String::as_str));
                None
            }
        }
    }
}
