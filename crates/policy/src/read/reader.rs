//! What every part of reading needs: findings, plain values, names.

use std::collections::HashSet;

use super::library::Library;
use super::nearest::{nearest, suggest};
use crate::model::{AmountRule, Source, SourceId, Span, Table};
use crate::text::{Fields, Node, RawPack, Value};
use crate::{Code, Diagnostic};

/// Reads one pack from its trees.
pub(super) struct Reader<'a> {
    /// Every pack's texts.
    pub packs: &'a [RawPack],
    /// Every pack's trees, references filled in, and sources.
    pub library: &'a Library,
    /// The pack being read.
    pub pack: usize,
    /// What was wrong.
    pub findings: Vec<Diagnostic>,
    /// Whether something is missing whose cause was reported elsewhere.
    pub failed: bool,
    /// The sources the pack uses so far.
    pub sources: Vec<Source>,
    /// Which source of which pack stands where in `sources`.
    pub source_ids: Vec<((usize, String), SourceId)>,
    /// The indices the pack uses so far, by name; `None` for one that could not be read.
    pub indices: Vec<(String, Option<Table<AmountRule>>)>,
    seen: HashSet<(Code, usize, usize, String)>,
}

/// Something that may be stated, left out, or stated wrongly (and then was reported already).
#[derive(Clone, Debug)]
pub(super) enum Stated<T> {
    Absent,
    Broken,
    Known(T, Span),
}

impl<'a> Reader<'a> {
    /// A reader of the pack at this index.
    pub fn new(packs: &'a [RawPack], library: &'a Library, pack: usize) -> Reader<'a> {
        Reader {
            packs,
            library,
            pack,
            findings: Vec::new(),
            failed: false,
            sources: Vec::new(),
            source_ids: Vec::new(),
            indices: Vec::new(),
            seen: HashSet::new(),
        }
    }

    /// Notes a finding, once.
    pub fn report(&mut self, finding: Diagnostic) {
        let place = &finding.primary.0;
        if self.seen.insert((finding.code, place.file, place.bytes.start, finding.message.clone())) {
            self.findings.push(finding);
        }
    }

    /// A value of the wrong kind.
    pub fn wrong_type(&mut self, node: &Node, what: &str, expected: &str) {
        let found = node.value.kind();
        let message = format!("{}应为{expected}，不能是{found}", spaced(what));
        let mut finding =
            Diagnostic::new(Code::WrongType, message, node.span.clone(), format!("这里是{found}"));
        match &node.value {
            Value::Float(written) => {
                finding = finding
                    .note("小数按二进制存放，0.1 这样的数存不准，所以金额和比例都不收小数")
                    .hint(format!("加引号写成文本：\"{written}\""));
            }
            Value::Integer(written) if expected.starts_with("文本") => {
                finding = finding.hint(format!("加引号：\"{written}\""));
            }
            Value::Flag(written) if expected.starts_with("文本") => {
                finding = finding.hint(format!("加引号：\"{written}\""));
            }
            Value::Text(written)
                if expected.starts_with("true") && matches!(written.as_str(), "true" | "false") =>
            {
                finding = finding.hint(format!("去掉引号：{written}"));
            }
            _ => {}
        }
        self.report(finding);
    }

    /// A text.
    pub fn text<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n str> {
        if let Value::Text(text) = &node.value {
            return Some(text);
        }
        self.wrong_type(node, what, "文本");
        None
    }

    /// A text that may be left out; the outer `None` where it is there but wrong.
    pub fn optional_text(&mut self, node: Option<&Node>, what: &str) -> Option<Option<String>> {
        match node {
            None => Some(None),
            Some(node) => self.text(node, what).map(|text| Some(text.to_owned())),
        }
    }

    /// `true` or `false`.
    pub fn flag(&mut self, node: &Node, what: &str) -> Option<bool> {
        if let Value::Flag(flag) = node.value {
            return Some(flag);
        }
        self.wrong_type(node, what, "true 或 false");
        None
    }

    /// `true` or `false`, `false` where left out.
    pub fn optional_flag(&mut self, node: Option<&Node>, what: &str) -> Option<bool> {
        node.map_or(Some(false), |node| self.flag(node, what))
    }

    /// A list.
    pub fn list<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n [Node]> {
        if let Value::List(items) = &node.value {
            return Some(items);
        }
        self.wrong_type(node, what, "列表");
        None
    }

    /// A list of texts.
    pub fn texts<'n>(&mut self, node: &'n Node, what: &str) -> Option<Vec<(&'n str, &'n Node)>> {
        let items = self.list(node, what)?;
        let read: Vec<Option<(&str, &Node)>> =
            items.iter().map(|item| self.text(item, what).map(|text| (text, item))).collect();
        read.into_iter().collect()
    }

    /// A table.
    pub fn table<'n>(&mut self, node: &'n Node, what: &str) -> Option<Fields<'n>> {
        let fields = Fields::of(node);
        if fields.is_none() {
            self.wrong_type(node, what, "表");
        }
        fields
    }

    /// Something that must be there. That it is not is said by [`Reader::done`].
    pub fn need<'n>(&mut self, fields: &mut Fields<'n>, key: &'static str, what: &str) -> Option<&'n Node> {
        let found = fields.take(key);
        if found.is_none() {
            fields.lacking.push((key, what.to_owned()));
        }
        found
    }

    /// A key that is missing from a table.
    pub fn missing(&mut self, node: &Node, key: &str, what: &str) {
        if node.is_incomplete() {
            self.failed = true;
            return;
        }
        let message = format!("缺少 `{key}`（{what}）");
        self.report(Diagnostic::new(
            Code::MissingField,
            message,
            node.span.clone(),
            format!("这里要有 `{key}`"),
        ));
    }

    /// Reports every key of the table that nobody asked for, and every key that must be there and is not. A key that is
    /// only misspelt is one finding.
    pub fn done(&mut self, fields: &Fields<'_>) {
        let mut lacking: Vec<(&str, &str)> =
            fields.lacking.iter().map(|(key, what)| (*key, what.as_str())).collect();
        for entry in fields.left() {
            let message = format!("不认识的键 `{}`", entry.key);
            let finding =
                Diagnostic::new(Code::UnknownField, message, entry.key_span.clone(), "这里没有这个键");
            // What is missing is meant before what is there already.
            let meant = nearest(&entry.key, lacking.iter().map(|&(key, _)| key));
            let finding = match meant {
                Some(meant) => finding.hint(format!("是否想写 `{meant}`？")),
                None => suggest(finding, &entry.key, fields.asked().iter().copied()),
            };
            lacking.retain(|&(key, _)| Some(key) != meant);
            self.report(finding);
        }
        for (key, what) in lacking {
            self.missing(fields.node, key, what);
        }
    }

    /// A name among those there are.
    pub fn unknown_name<'n>(
        &mut self,
        node: &Node,
        written: &str,
        what: &str,
        names: impl IntoIterator<Item = &'n str>,
    ) {
        let message = format!("{}没有 `{written}`", spaced(what));
        let finding = Diagnostic::new(Code::UnknownName, message, node.span.clone(), "不认识的名称");
        let finding = suggest(finding, written, names);
        self.report(finding);
    }

    /// One of fixed names.
    pub fn choose<T: Copy>(&mut self, node: &Node, what: &str, options: &[(&'static str, T)]) -> Option<T> {
        let written = self.text(node, what)?;
        let found = options.iter().find(|(name, _)| *name == written);
        if found.is_none() {
            self.unknown_name(node, written, what, options.iter().map(|&(name, _)| name));
        }
        found.map(|&(_, value)| value)
    }

    /// A list, or `false` after saying that it is too long.
    pub fn at_most(&mut self, node: &Node, count: usize, most: usize, what: &str) -> bool {
        if count > most {
            let message = format!("{}最多 {most} 个，这里有 {count} 个", spaced(what));
            self.report(Diagnostic::new(Code::LimitExceeded, message, node.span.clone(), "超过上限"));
        }
        count <= most
    }

    /// A name that stands twice in a list.
    pub fn twice(&mut self, first: &Node, second: &Node, name: &str, what: &str) {
        let message = format!("{}`{name}` 写了两次", spaced(what));
        self.report(
            Diagnostic::new(Code::DuplicateName, message, second.span.clone(), "第二次出现")
                .and(first.span.clone(), "第一次在这里")
                .hint("删去一处"),
        );
    }
}

/// A space after Latin letters, none after Chinese ones.
pub(super) fn spaced(what: &str) -> String {
    let space = if what.ends_with(|letter: char| letter.is_ascii()) { " " } else { "" };
    format!("{what}{space}")
}
