//! `inherit`: fills in what other tables and other packs say, before anybody asks what it means.

use super::merge::{overlay, settle_source};
use super::node::INHERIT;
use super::{Entry, Node, RawPack, Value};
use crate::read::nearest::suggest;
use crate::{Code, Diagnostic, Span};

/// Nodes one pack may grow to by references; beyond it, references multiply without sense.
const MOST_NODES: usize = 2_000_000;
/// References that may lead on to one another.
const DEEPEST: usize = 32;

/// A path in one pack: the pack's index, then scheme and keys.
#[derive(Clone, PartialEq, Eq)]
struct Target {
    pack: usize,
    path: Vec<String>,
}

/// Resolves the references of one pack.
pub(crate) struct Expander<'a> {
    packs: &'a [RawPack],
    /// What was wrong.
    pub findings: Vec<Diagnostic>,
    /// Whether something could not be resolved, reported here or elsewhere.
    pub failed: bool,
    /// What is being resolved right now, with the reference that asked for it.
    chain: Vec<(Target, Span)>,
    nodes: usize,
}

impl<'a> Expander<'a> {
    /// A resolver over all packs.
    pub fn new(packs: &'a [RawPack]) -> Expander<'a> {
        Expander { packs, findings: Vec::new(), failed: false, chain: Vec::new(), nodes: 0 }
    }

    /// The tree of that name of the pack, every reference filled in.
    pub fn root(&mut self, pack: usize, name: &str) -> Option<Node> {
        let raw = &self.packs[pack].root(name)?.node;
        Some(self.own(pack, raw))
    }

    /// What stands in the text, its own references filled in.
    fn own(&mut self, pack: usize, raw: &Node) -> Node {
        let entries = match &raw.value {
            Value::Table(entries) => entries,
            Value::List(items) => {
                let items = items.iter().map(|item| self.own(pack, item)).collect();
                return Node { value: Value::List(items), ..raw.clone() };
            }
            _ => return raw.clone(),
        };
        let reference = entries.iter().find(|entry| entry.key == INHERIT);
        let base = reference.and_then(|entry| self.follow(pack, &entry.node));
        let mut filled = Vec::with_capacity(entries.len());
        for entry in entries {
            // A reference that could not be followed stays, as a mark that the table is not whole.
            if entry.key != INHERIT || base.is_none() {
                let node = self.own(pack, &entry.node);
                filled.push(Entry { key: entry.key.clone(), key_span: entry.key_span.clone(), node });
            }
        }
        let over = Node { value: Value::Table(filled), span: raw.span.clone(), origin: raw.origin };
        match (base, reference) {
            (Some(base), _) => overlay(base, over),
            (None, Some(reference)) => {
                let mut over = over;
                mark_incomplete(&mut over, reference);
                over
            }
            (None, None) => over,
        }
    }

    /// What the reference names.
    fn follow(&mut self, pack: usize, reference: &Node) -> Option<Node> {
        let Some(target) = self.target(pack, reference) else {
            self.failed = true;
            return None;
        };
        // What is missing from a text that could not be parsed says nothing.
        let broken = self.packs[target.pack].root(&target.path[0]).is_some_and(|root| root.broken);
        if broken || self.loops(&target, reference) {
            self.failed = true;
            return None;
        }
        self.chain.push((target.clone(), reference.span.clone()));
        let found = self.at(&target);
        self.chain.pop();
        let Some(mut found) = found else {
            self.failed = true;
            let finding = self.dangling(&target, reference);
            self.findings.push(finding);
            return None;
        };
        if found.entries().is_none() {
            self.failed = true;
            let message = format!("`inherit` 引用的不是表，而是{}", found.value.kind());
            self.findings.push(
                Diagnostic::new(Code::WrongType, message, reference.span.clone(), "要引用一个表")
                    .and(found.span, "引用到这里"),
            );
            return None;
        }
        self.nodes += found.size();
        if self.nodes > MOST_NODES {
            if !self.failed {
                let message = format!("引用展开后超过 {MOST_NODES} 个节点");
                let place = reference.span.clone();
                self.findings.push(Diagnostic::new(Code::LimitExceeded, message, place, "展开到这里停止"));
            }
            self.failed = true;
            return None;
        }
        let source = self.source_above(&target);
        settle_source(&mut found, source.as_ref());
        Some(found)
    }

    /// Where the reference leads: `CODE:scheme.key.key`, or without the code in the same pack.
    fn target(&mut self, pack: usize, reference: &Node) -> Option<Target> {
        let Some(text) = reference.text() else {
            let message = format!("`inherit` 要写成文本，这里是{}", reference.value.kind());
            let place = reference.span.clone();
            self.findings.push(
                Diagnostic::new(Code::WrongType, message, place, "应为文本")
                    .hint("例：inherit = \"000000:employee.layer.own_account\""),
            );
            return None;
        };
        let (code, path) = match text.split_once(':') {
            Some((code, path)) => (Some(code), path),
            None => (None, text),
        };
        let path: Vec<String> = path.split('.').map(|key| key.trim().to_owned()).collect();
        let target = match code {
            None => pack,
            Some(code) => {
                let known: Vec<usize> = ancestors(self.packs, pack);
                match known.iter().copied().find(|&known| self.packs[known].code == code) {
                    Some(found) => found,
                    None => {
                        let message = format!("`{code}` 不是本政策包或其上级的代码");
                        let finding = Diagnostic::new(
                            Code::DanglingReference,
                            message,
                            reference.span.clone(),
                            "不能引用这里",
                        );
                        let codes: Vec<&str> =
                            known.iter().map(|&known| self.packs[known].code.as_str()).collect();
                        let finding = suggest(finding, code, codes);
                        self.findings.push(finding.note("上级由 area.toml 的 `parent` 指定"));
                        return None;
                    }
                }
            }
        };
        Some(Target { pack: target, path })
    }

    /// Whether the reference leads back to what is being resolved; says so with the whole chain.
    fn loops(&mut self, target: &Target, reference: &Node) -> bool {
        let start = self.chain.iter().position(|(earlier, _)| earlier == target);
        let start = match start {
            Some(start) => start,
            None if self.chain.len() >= DEEPEST => 0,
            None => return false,
        };
        let names: Vec<String> = self.chain[start..]
            .iter()
            .map(|(target, _)| self.name(target))
            .chain([self.name(target)])
            .collect();
        let shown = match names.as_slice() {
            [first @ .., last] if first.len() > 6 => format!("{} → … → {last}", first[..5].join(" → ")),
            _ => names.join(" → "),
        };
        let message = format!("引用成环：{shown}");
        let mut finding =
            Diagnostic::new(Code::ReferenceCycle, message, reference.span.clone(), "这里又回到了起点");
        for (target, span) in self.chain[start..].iter().filter(|(_, span)| *span != reference.span) {
            finding = finding.and(span.clone(), format!("引用 `{}`", self.name(target)));
        }
        // However one enters a cycle, it is one finding.
        let known = self.findings.iter().any(|known| {
            known.code == Code::ReferenceCycle
                && (known.primary.0 == reference.span
                    || known.secondary.iter().any(|(span, _)| *span == reference.span))
        });
        if !known {
            self.findings.push(finding.hint("去掉其中一处 `inherit`，把值写在那里"));
        }
        true
    }

    fn name(&self, target: &Target) -> String {
        format!("{}:{}", self.packs[target.pack].code, target.path.join("."))
    }

    /// What stands at the path: what tables above it inherit, the outermost weakest, and its own text over it.
    fn at(&mut self, target: &Target) -> Option<Node> {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            return None;
        }
        let mut found: Option<Node> = None;
        let mut raw = Some(&self.packs[target.pack].root(target.path.first()?)?.node);
        for depth in 1..target.path.len() {
            let Some(table) = raw else { break };
            if let Some(reference) = table.get(INHERIT)
                && let Some(mut above) = self.target(target.pack, reference)
            {
                above.path.extend(target.path[depth..].iter().cloned());
                if self.loops(&above, reference) {
                    self.failed = true;
                    return None;
                }
                self.chain.push((above.clone(), reference.span.clone()));
                let inherited = self.at(&above);
                self.chain.pop();
                if let Some(mut inherited) = inherited {
                    let source = self.source_above(&above);
                    settle_source(&mut inherited, source.as_ref());
                    found = Some(match found {
                        Some(base) => overlay(base, inherited),
                        None => inherited,
                    });
                }
            }
            raw = table.get(&target.path[depth]);
        }
        if let Some(raw) = raw {
            let own = self.own(target.pack, raw);
            found = Some(match found {
                Some(base) => overlay(base, own),
                None => own,
            });
        }
        found
    }

    /// The source that tables around the target give to what stands in it: the nearest `source` above.
    fn source_above(&mut self, target: &Target) -> Option<Entry> {
        for depth in (1..target.path.len()).rev() {
            let mut path = target.path[..depth].to_vec();
            let raw = raw_at(&self.packs[target.pack], &path);
            if let Some(entry) = raw.and_then(|node| node.entry("source")) {
                // The list of sources is not a source.
                if entry.node.text().is_some() {
                    return Some(entry.clone());
                }
            }
            if raw.is_some_and(|node| node.get(INHERIT).is_some()) {
                path.push("source".to_owned());
                let inner = Target { pack: target.pack, path };
                if !self.chain.iter().any(|(earlier, _)| *earlier == inner) && self.chain.len() < DEEPEST {
                    self.chain.push((inner.clone(), Span::default()));
                    let node = self.at(&inner);
                    self.chain.pop();
                    if let Some(node) = node.filter(|node| node.text().is_some()) {
                        let key_span = node.span.clone();
                        return Some(Entry { key: "source".to_owned(), key_span, node });
                    }
                }
            }
        }
        None
    }

    /// A reference to nothing, with the nearest that there is.
    fn dangling(&self, target: &Target, reference: &Node) -> Diagnostic {
        let message = format!("`{}` 不存在", self.name(target));
        let finding =
            Diagnostic::new(Code::DanglingReference, message, reference.span.clone(), "引用了不存在的表");
        let pack = &self.packs[target.pack];
        // As far as the path leads, then what stands there instead.
        for depth in (0..target.path.len()).rev() {
            let names: Vec<&str> = match depth {
                0 => pack.roots.iter().map(|root| root.name.as_str()).collect(),
                _ => match raw_at(pack, &target.path[..depth]).and_then(Node::entries) {
                    Some(entries) => {
                        let tables = entries.iter().filter(|entry| entry.node.entries().is_some());
                        tables.map(|entry| entry.key.as_str()).collect()
                    }
                    None => continue,
                },
            };
            let at = match depth {
                0 => "政策包".to_owned(),
                _ => format!("`{}`", target.path[..depth].join(".")),
            };
            return suggest(finding, &target.path[depth], names)
                .note(format!("{at} 里没有 `{}`", target.path[depth]))
                .note("路径写法：险种、再依次为各级键，如 employee.benefit.inpatient.layer.pool");
        }
        finding
    }
}

/// Marks a table and the tables in it: what a reference would have brought may be missing from each of them.
fn mark_incomplete(node: &mut Node, reference: &Entry) {
    if let Value::Table(entries) = &mut node.value {
        for entry in entries.iter_mut() {
            mark_incomplete(&mut entry.node, reference);
        }
        if !entries.iter().any(|entry| entry.key == INHERIT) {
            entries.push(reference.clone());
        }
    }
}

/// The pack and those it rests on, itself first.
pub(crate) fn ancestors(packs: &[RawPack], pack: usize) -> Vec<usize> {
    let mut found = vec![pack];
    let mut next = packs[pack].parent;
    while let Some(parent) = next.filter(|parent| !found.contains(parent)) {
        found.push(parent);
        next = packs[parent].parent;
    }
    found
}

fn raw_at<'a>(pack: &'a RawPack, path: &[String]) -> Option<&'a Node> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(&pack.root(first)?.node, |node, key| node.get(key))
}
