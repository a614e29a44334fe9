//! `sources.toml`, and the references to it.

use super::nearest::suggest;
use super::reader::{Reader, Stated};
use crate::model::{Grade, Source, SourceId};
use crate::text::{Entry, Node, ancestors};
use crate::{Code, Diagnostic};

const GRADES: [(&str, Grade); 4] = [
    (Grade::Official.name(), Grade::Official),
    (Grade::Press.name(), Grade::Press),
    (Grade::Web.name(), Grade::Web),
    (Grade::Unverified.name(), Grade::Unverified),
];

impl Reader<'_> {
    /// Every source that the pack declares.
    pub fn own_sources(&mut self) -> Vec<(String, Option<Source>)> {
        let library = self.library;
        let Some(tree) = library.shelves[self.pack].tree("sources") else { return Vec::new() };
        let Some(mut fields) = self.table(tree, "sources.toml") else { return Vec::new() };
        let sources = fields.take("source");
        self.done(&fields);
        let Some(node) = sources else { return Vec::new() };
        if self.table(node, "source").is_none() {
            return Vec::new();
        }
        node.members().into_iter().map(|entry| (entry.key.clone(), self.source_entry(entry))).collect()
    }

    fn source_entry(&mut self, entry: &Entry) -> Option<Source> {
        let mut fields = self.table(&entry.node, "出处")?;
        let document = self.need(&mut fields, "document", "文件名称");
        let article = fields.take("article");
        let address = fields.take("address");
        let grade = self.need(&mut fields, "grade", "official、press、web 或 unverified");
        let published = fields.take("published");
        let last_checked = self.need(&mut fields, "last_checked", "最近一次核对的日期");
        let (quote, note) = (fields.take("quote"), fields.take("note"));
        self.done(&fields);
        let document = document.and_then(|node| self.text(node, "document"));
        let article = self.optional_text(article, "article");
        let address = self.optional_text(address, "address");
        let grade = grade.and_then(|node| self.choose(node, "出处等级（grade）", &GRADES));
        let published = self.stated_date(published, "published");
        let last_checked = last_checked.and_then(|node| self.date(node, "last_checked"));
        let quote = self.optional_text(quote, "quote");
        let note = self.optional_text(note, "note");
        let published = match published {
            Stated::Broken => return None,
            Stated::Absent => None,
            Stated::Known(date, _) => Some(date),
        };
        Some(Source {
            id: format!("{}:{}", self.packs[self.pack].code, entry.key),
            document: document?.to_owned(),
            article: article?,
            address: address?.unwrap_or_default(),
            grade: grade?,
            published,
            last_checked: last_checked?,
            quote: quote?,
            note: note?,
            span: entry.key_span.clone(),
        })
    }

    /// The source of that name, looked up in the pack where the name was written; `CODE:name` names another pack's.
    pub fn source(&mut self, node: &Node) -> Option<SourceId> {
        let written = self.text(node, "出处（source）")?;
        let known = ancestors(self.packs, node.origin);
        let (pack, name) = match written.split_once(':') {
            None => (node.origin, written),
            Some((code, name)) => match known.iter().copied().find(|&pack| self.packs[pack].code == code) {
                Some(pack) => (pack, name),
                None => {
                    let message = format!("`{code}` 不是本政策包或其上级的代码");
                    let finding =
                        Diagnostic::new(Code::MissingSource, message, node.span.clone(), "没有这个政策包");
                    let codes = known.iter().map(|&pack| self.packs[pack].code.as_str());
                    let finding = suggest(finding, code, codes);
                    self.report(finding);
                    return None;
                }
            },
        };
        let key = (pack, name.to_owned());
        if let Some((_, id)) = self.source_ids.iter().find(|(known, _)| *known == key) {
            return Some(*id);
        }
        let library = self.library;
        let shelf = &library.shelves[pack];
        match shelf.sources.iter().find(|(known, _)| known == name) {
            Some((_, Some(source))) => {
                let id = self.sources.len();
                self.sources.push(source.clone());
                self.source_ids.push((key, id));
                Some(id)
            }
            // The entry or its file is broken, which was reported there.
            Some((_, None)) => self.fail(),
            None if !shelf.sources_complete => self.fail(),
            None => {
                let code = &self.packs[pack].code;
                let message = format!("出处 `{name}` 没有在 {code} 的 sources.toml 里登记");
                let finding =
                    Diagnostic::new(Code::MissingSource, message, node.span.clone(), "没有这个出处");
                let elsewhere = known
                    .iter()
                    .copied()
                    .filter(|&other| other != pack)
                    .find(|&other| library.shelves[other].sources.iter().any(|(known, _)| known == name));
                let finding = match elsewhere {
                    Some(other) => {
                        finding.hint(format!("上级有同名出处：\"{}:{name}\"", self.packs[other].code))
                    }
                    None => suggest(finding, name, shelf.sources.iter().map(|(name, _)| name.as_str())),
                };
                self.report(finding);
                None
            }
        }
    }

    /// Something is missing whose cause was reported elsewhere.
    pub fn fail<T>(&mut self) -> Option<T> {
        self.failed = true;
        None
    }
}
