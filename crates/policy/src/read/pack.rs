//! All packs at once.

use super::hash::content_hash;
use super::library::Library;
use super::reader::Reader;
use crate::model::{Pack, Scheme};
use crate::text::{SourceText, gather};
use crate::{Code, Diagnostic, Severity};

/// Reads packs from their texts: every pack without an error, in order of code, and everything there is to say.
///
/// Texts are grouped by their first folder; `cases/` and files other than TOML are left alone. Spans, in packs and in
/// findings alike, refer to texts by their index in `texts`, and so does [`Pack::files`].
pub fn read_packs(texts: &[SourceText]) -> (Vec<Pack>, Vec<Diagnostic>) {
    let (raw, mut findings) = gather(texts);
    let library = Library::of(&raw);
    let files: Vec<String> = texts.iter().map(|text| text.name.clone()).collect();
    let mut packs = Vec::new();
    for (index, pack) in raw.iter().enumerate() {
        let shelf = &library.shelves[index];
        let mut reader = Reader::new(&raw, &library, index);
        let read = reader.pack();
        let all: Vec<Diagnostic> =
            pack.findings.iter().chain(&shelf.findings).cloned().chain(reader.findings).collect();
        let refused = all.iter().any(|finding| finding.code.severity() == Severity::Error);
        if let Some((area, schemes, sources, indices)) = read
            && !refused
            && !reader.failed
            && !shelf.failed
        {
            let content_hash = content_hash(&raw, index, texts);
            packs.push(Pack { area, sources, indices, schemes, files: files.clone(), content_hash });
        }
        findings.extend(all);
    }
    packs.sort_by(|left, right| left.area.code.cmp(&right.area.code));
    (packs, in_order(findings))
}

/// Once each, in the order of the texts: what is inherited is found again in every pack that inherits it.
fn in_order(findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut kept: Vec<Diagnostic> = Vec::with_capacity(findings.len());
    let mut seen = std::collections::HashSet::new();
    for finding in findings {
        let place = &finding.primary.0;
        if seen.insert((finding.code, place.file, place.bytes.start, finding.message.clone())) {
            kept.push(finding);
        }
    }
    kept.sort_by_key(|finding| (finding.primary.0.file, finding.primary.0.bytes.start));
    kept
}

type Parts = (crate::Area, Vec<Scheme>, Vec<crate::Source>, Vec<crate::Table<crate::AmountRule>>);

impl Reader<'_> {
    /// The whole pack, if nothing is wrong with it.
    fn pack(&mut self) -> Option<Parts> {
        let library = self.library;
        let shelf = &library.shelves[self.pack];
        let raw = &self.packs[self.pack];
        let area = match shelf.tree("area") {
            Some(tree) => self.area(tree),
            None if raw.root("area").is_some() => self.fail(),
            None => {
                let message = format!("政策包 `{}` 缺少 area.toml", raw.folder);
                let finding =
                    Diagnostic::new(Code::MissingField, message, raw.place(), "这个目录里没有 area.toml");
                self.report(finding.hint("每个统筹区的目录都要有 area.toml，写明代码、名称、医保年度"));
                None
            }
        };
        // Own sources keep their order, whether a row uses them or not.
        for (name, source) in &shelf.sources {
            match source {
                Some(source) => {
                    self.source_ids.push(((self.pack, name.clone()), self.sources.len()));
                    self.sources.push(source.clone());
                }
                None => self.failed = true,
            }
        }
        let mut schemes = Vec::new();
        for name in ["employee", "resident"] {
            match shelf.tree(name) {
                Some(tree) => match self.scheme(name, tree) {
                    Some(scheme) => schemes.push(scheme),
                    None => self.failed = true,
                },
                None => self.failed |= raw.root(name).is_some(),
            }
        }
        let indices = self.indices.iter().map(|(_, table)| table.clone()).collect::<Option<Vec<_>>>();
        Some((area?, schemes, std::mem::take(&mut self.sources), indices?))
    }
}
