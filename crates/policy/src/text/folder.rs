//! From texts to folders: which text belongs to which pack, and what it holds.

use super::merge::join;
use super::syntax::parse;
use super::{Node, SourceText, Value};
use crate::read::nearest::suggest;
use crate::{Code, Diagnostic, Span};

/// The trees of one pack's texts, not yet understood.
pub(crate) struct RawPack {
    /// The folder's name: `410100-zhengzhou`.
    pub folder: String,
    /// The area's code; where `area.toml` does not give one, what the folder's name starts with.
    pub code: String,
    /// Indices of its texts, in order of name.
    pub texts: Vec<usize>,
    /// The pack it refers to: an index into the packs being read.
    pub parent: Option<usize>,
    /// The trees by name.
    pub roots: Vec<Root>,
    /// What was wrong so far.
    pub findings: Vec<Diagnostic>,
}

/// One tree: what `area.toml`, `sources.toml` or the files of a scheme say.
pub(crate) struct Root {
    /// `area`, `sources`, `employee`, `resident`.
    pub name: String,
    /// The tree.
    pub node: Node,
    /// Whether a text of it could not be parsed: then what is missing from it means nothing.
    pub broken: bool,
}

/// The names of files that a pack may hold, besides cases.
const ROOTS: [&str; 4] = ["area", "sources", "employee", "resident"];

impl RawPack {
    /// The tree of that name.
    pub fn root(&self, name: &str) -> Option<&Root> {
        self.roots.iter().find(|root| root.name == name)
    }

    /// A place for findings about the pack as a whole: the head of its first text.
    pub fn place(&self) -> Span {
        Span { file: self.texts.first().copied().unwrap_or_default(), bytes: 0..0 }
    }
}

/// Sorts texts into packs by their first folder and parses them; says which belong to none.
pub(crate) fn gather(texts: &[SourceText]) -> (Vec<RawPack>, Vec<Diagnostic>) {
    let mut order: Vec<usize> = (0..texts.len()).collect();
    // A scheme's main file comes before its further files: `employee.toml`, then `employee.inpatient.toml`.
    order.sort_by_key(|&index| texts[index].name.strip_suffix(".toml").unwrap_or(&texts[index].name));
    let mut packs: Vec<RawPack> = Vec::new();
    let mut loose = Vec::new();
    for index in order {
        let name = texts[index].name.as_str();
        let Some((folder, file)) = name.split_once('/') else {
            if name.ends_with(".toml") {
                let place = Span { file: index, bytes: 0..0 };
                let message = format!("`{name}` 不在任何政策包的目录里");
                let finding = Diagnostic::new(Code::UnknownName, message, place, "这个文件不会被读取");
                loose.push(finding.hint("政策包的目录写作 `代码-拼音`，文件放在目录里"));
            }
            continue;
        };
        if file.starts_with("cases/") || !file.ends_with(".toml") {
            continue;
        }
        let position = match packs.iter().position(|pack| pack.folder == folder) {
            Some(position) => position,
            None => {
                packs.push(RawPack::empty(folder));
                packs.len() - 1
            }
        };
        packs[position].add(position, index, file, &texts[index].text);
    }
    for pack in &mut packs {
        pack.settle_code();
        pack.texts.sort_by(|&left, &right| texts[left].name.cmp(&texts[right].name));
    }
    find_parents(&mut packs);
    (packs, loose)
}

impl RawPack {
    fn empty(folder: &str) -> RawPack {
        let code = folder.split_once('-').map_or(folder, |(code, _)| code).to_owned();
        let folder = folder.to_owned();
        RawPack { folder, code, texts: Vec::new(), parent: None, roots: Vec::new(), findings: Vec::new() }
    }

    fn add(&mut self, position: usize, index: usize, file: &str, text: &str) {
        self.texts.push(index);
        let stem = file.strip_suffix(".toml").unwrap_or(file);
        let (name, further) = match stem.split_once('.') {
            Some((name, _)) => (name, true),
            None => (stem, false),
        };
        let spread = matches!(name, "employee" | "resident");
        if !ROOTS.contains(&name) || (further && !spread) {
            let place = Span { file: index, bytes: 0..0 };
            let message = format!("政策包里不认识的文件 `{file}`");
            let finding = Diagnostic::new(Code::UnknownName, message, place, "这个文件不会被读取");
            let finding = finding.note(
                "政策包的文件：area.toml、sources.toml、employee.toml、resident.toml，\
                 险种可再分为 employee.inpatient.toml 等",
            );
            self.findings.push(suggest(finding, name, ROOTS));
            return;
        }
        let (node, findings) = parse(text, index, position);
        let broken = !findings.is_empty();
        self.findings.extend(findings);
        match self.roots.iter_mut().find(|root| root.name == name) {
            None => self.roots.push(Root { name: name.to_owned(), node, broken }),
            Some(root) => {
                root.broken |= broken;
                join(&mut root.node, node, &mut self.findings);
            }
        }
    }

    fn settle_code(&mut self) {
        let stated = self.root("area").and_then(|root| root.node.get("area")?.get("code"));
        let Some((code, span)) = stated.and_then(|node| Some((node.text()?.to_owned(), node.span.clone())))
        else {
            return;
        };
        if code != self.code {
            let message = format!("目录 `{}` 与统筹区代码 `{code}` 不符", self.folder);
            let finding = Diagnostic::new(Code::UnknownName, message, span, "代码写在这里");
            self.findings.push(finding.hint(format!("目录名应写作 `{code}-拼音`")));
        }
        self.code = code;
    }
}

fn find_parents(packs: &mut [RawPack]) {
    for index in 0..packs.len() {
        let code = packs[index].code.clone();
        if let Some(first) = packs[..index].iter().position(|pack| pack.code == code) {
            let message = format!("两个目录都是统筹区 `{code}`");
            let finding = Diagnostic::new(Code::DuplicateName, message, packs[index].place(), "第二个目录")
                .and(packs[first].place(), "第一个目录");
            packs[index].findings.push(finding);
        }
        let stated = packs[index].root("area").and_then(|root| root.node.get("area")?.get("parent"));
        let Some(Node { value: Value::Text(parent), span, .. }) = stated else { continue };
        match packs.iter().position(|pack| pack.code == *parent) {
            Some(position) => packs[index].parent = Some(position),
            None => {
                let message = format!("上级政策包 `{parent}` 不存在");
                let finding =
                    Diagnostic::new(Code::DanglingReference, message, span.clone(), "没有这个代码的目录");
                let codes: Vec<&str> =
                    packs.iter().map(|pack| pack.code.as_str()).filter(|&c| c != code).collect();
                let finding = suggest(finding, parent, codes);
                packs[index].findings.push(finding);
            }
        }
    }
    break_parent_cycles(packs);
}

/// Follows every chain of parents; a chain that comes back is reported once for each pack in it, and cut.
fn break_parent_cycles(packs: &mut [RawPack]) {
    for start in 0..packs.len() {
        let mut chain = vec![start];
        let mut next = packs[start].parent;
        while let Some(pack) = next {
            if pack == start {
                let codes: Vec<&str> =
                    chain.iter().chain([&start]).map(|&p| packs[p].code.as_str()).collect();
                let message = format!("上级政策包成环：{}", codes.join(" → "));
                let stated = packs[start].root("area").and_then(|root| root.node.get("area")?.get("parent"));
                let place = stated.map_or_else(|| packs[start].place(), |node| node.span.clone());
                let finding = Diagnostic::new(Code::ReferenceCycle, message, place, "从这里出发又回到自己")
                    .hint("全国政策包没有上级；地方政策包以全国政策包为上级");
                packs[start].findings.push(finding);
                packs[start].parent = None;
                break;
            }
            if chain.contains(&pack) {
                break;
            }
            chain.push(pack);
            next = packs[pack].parent;
        }
    }
}
