//! `area.toml`: the area and its indices.

use super::amount::Permit;
use super::condition::Values;
use super::parameter::{Defaults, Place};
use super::reader::Reader;
use crate::model::{Area, DateRule, YearStart};
use crate::text::{Entry, Node, ancestors};
use crate::{Code, Diagnostic};

const DATE_RULES: [(&str, DateRule); 3] =
    [("settled", DateRule::Settled), ("admitted", DateRule::Admitted), ("discharged", DateRule::Discharged)];

impl Reader<'_> {
    /// The area; its own indices go to the reader's list.
    pub fn area(&mut self, tree: &Node) -> Option<Area> {
        let mut fields = self.table(tree, "area.toml")?;
        let area = fields.take("area");
        let indices = fields.take("index");
        self.done(&fields);
        if area.is_none() {
            let place = self.packs[self.pack].place();
            let place = crate::Span { file: tree.span.file, ..place };
            self.report(Diagnostic::new(
                Code::MissingField,
                "area.toml 缺少 [area]",
                place,
                "这里要有 [area]",
            ));
        }
        let area = area.and_then(|node| self.area_table(node));
        if let Some(node) = indices
            && self.table(node, "index").is_some()
        {
            for entry in node.members() {
                self.index_entry(entry);
            }
        }
        area
    }

    fn area_table(&mut self, node: &Node) -> Option<Area> {
        let mut fields = self.table(node, "area")?;
        let code = self.need(&mut fields, "code", "六位统筹区代码");
        let name = self.need(&mut fields, "name", "统筹区名称");
        let parent = fields.take("parent");
        let year_starts = self.need(&mut fields, "year_starts", "医保年度第一天，如 \"01-01\"");
        let law_date = self.need(&mut fields, "law_date", "按哪个日期适用政策");
        let year_date = self.need(&mut fields, "year_date", "按哪个日期归入医保年度");
        let last_checked = self.need(&mut fields, "last_checked", "最近一次核对的日期");
        let notice = fields.take("notice");
        self.done(&fields);
        let code = code.and_then(|node| self.code(node));
        let name = name.and_then(|node| self.text(node, "name"));
        let parent = self.optional_text(parent, "parent");
        let year_start = year_starts.and_then(|node| self.year_start(node));
        let law_date = law_date.and_then(|node| self.choose(node, "law_date", &DATE_RULES));
        let year_date = year_date.and_then(|node| self.choose(node, "year_date", &DATE_RULES));
        let last_checked = last_checked.and_then(|node| self.date(node, "last_checked"));
        let notice = self.optional_text(notice, "notice");
        Some(Area {
            code: code?,
            name: name?.to_owned(),
            parent: parent?,
            year_start: year_start?,
            law_date: law_date?,
            year_date: year_date?,
            last_checked: last_checked?,
            notice: notice?,
            span: node.span.clone(),
        })
    }

    fn code(&mut self, node: &Node) -> Option<String> {
        let code = self.text(node, "统筹区代码（code）")?;
        if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            let message = format!("统筹区代码 `{code}` 不是六位数字");
            let finding = Diagnostic::new(Code::UnknownName, message, node.span.clone(), "应为六位数字");
            self.report(finding.hint("例：\"410100\""));
            return None;
        }
        Some(code.to_owned())
    }

    fn year_start(&mut self, node: &Node) -> Option<YearStart> {
        let text = self.text(node, "year_starts")?;
        let read = text.split_once('-').and_then(|(month, day)| {
            let two = |part: &str| (part.len() == 2).then(|| part.parse::<i8>().ok()).flatten();
            Some(YearStart { month: two(month)?, day: two(day)? })
        });
        let read = read.filter(|start| (1..=12).contains(&start.month) && (1..=28).contains(&start.day));
        if read.is_none() {
            let message = format!("医保年度第一天 `{text}` 读不懂");
            let finding =
                Diagnostic::new(Code::BadDate, message, node.span.clone(), "应为 月-日，日在 01 到 28 之间");
            self.report(finding.hint("例：\"01-01\"、\"07-01\""));
        }
        read
    }

    fn index_entry(&mut self, entry: &Entry) -> Option<usize> {
        let position = self.indices.len();
        self.indices.push((entry.key.clone(), None));
        let values = Values::default();
        let place = Place {
            path: format!("area.index.{}", entry.key),
            label: "指标",
            defaults: Defaults::NONE,
            values: &values,
        };
        let fields = self.table(&entry.node, "指标")?;
        let table =
            self.parameter(fields, &place, |reader, node| reader.amount(node, "指标", Permit::FIGURE));
        self.indices[position].1 = Some(table?);
        Some(position)
    }

    /// The index of that name: the pack's own, or else that of a pack it rests on.
    pub fn index(&mut self, node: &Node) -> Option<usize> {
        let name = self.text(node, "指标名（index）")?;
        if let Some(position) = self.indices.iter().position(|(known, _)| known == name) {
            return match self.indices[position].1 {
                Some(_) => Some(position),
                None => self.fail(),
            };
        }
        let library = self.library;
        let mut names = Vec::new();
        for pack in ancestors(self.packs, self.pack) {
            let Some(indices) = library.shelves[pack].tree("area").and_then(|tree| tree.get("index")) else {
                if self.packs[pack].root("area").is_some_and(|root| root.broken) {
                    return self.fail();
                }
                continue;
            };
            let entries = indices.members();
            if let Some(entry) = entries.iter().find(|entry| entry.key == name) {
                return self.index_entry(entry);
            }
            names.extend(entries.iter().map(|entry| entry.key.as_str()));
        }
        let message = format!("指标 `{name}` 没有在 area.toml 里给出");
        let finding = Diagnostic::new(Code::UnknownName, message, node.span.clone(), "没有这个指标");
        let finding = super::nearest::suggest(finding, name, names);
        self.report(finding);
        None
    }
}
