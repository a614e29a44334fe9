//! A benefit: care types, dates, a stack of layers.

use super::layer::At;
use super::parameter::Defaults;
use super::reader::{Reader, Stated};
use super::scheme::Names;
use crate::model::{Benefit, Dimension, DimensionKind, Domain, Layer};
use crate::text::{Entry, Node};
use crate::{Code, Diagnostic};

/// Layers in one stack.
const MOST_LAYERS: usize = 32;
/// Tags of one benefit, `general` included.
const MOST_TAGS: usize = 8;

impl Reader<'_> {
    /// Every benefit of `[benefit.…]`; `shared` are the scheme's own layers.
    pub fn benefits(
        &mut self,
        node: Option<&Node>,
        shared: Option<&Node>,
        domain: &Domain,
        names: &Names,
    ) -> Option<Vec<Benefit>> {
        if let Some(node) = shared {
            self.table(node, "layer")?;
        }
        let Some(node) = node else { return Some(Vec::new()) };
        self.table(node, "benefit")?;
        let entries = node.members();
        let read: Vec<Option<Benefit>> =
            entries.iter().map(|entry| self.benefit(entry, shared, domain, names)).collect();
        read.into_iter().collect()
    }

    fn benefit(
        &mut self,
        entry: &Entry,
        shared: Option<&Node>,
        domain: &Domain,
        names: &Names,
    ) -> Option<Benefit> {
        let node = &entry.node;
        let mut fields = self.table(node, "benefit")?;
        let label = self.need(&mut fields, "label", "待遇名称");
        let care_types = self.need(&mut fields, "care_types", "哪些医疗类别");
        let (from, to) = (fields.take("from"), fields.take("to"));
        let source = fields.take("source");
        let tags = fields.take("tags");
        let admissions = fields.take("admissions");
        let in_scope_from = fields.take("in_scope_from");
        let stack = self.need(&mut fields, "stack", "各层的次序");
        let own_domain = fields.take("domain");
        let layers = fields.take("layer");
        self.done(&fields);

        let label = label.and_then(|node| self.text(node, "label"));
        let care_types_read = care_types.and_then(|node| self.care_types(node));
        let from = self.stated_date(from, "from");
        let to = self.stated_date(to, "to");
        let interval = self.benefit_interval(&from, &to, entry);
        let source_id = match source {
            Some(node) => self.source(node),
            None if node.is_incomplete() => self.fail(),
            None => {
                let message = format!("待遇 `{}` 没有出处", entry.key);
                let finding =
                    Diagnostic::new(Code::MissingSource, message, node.span.clone(), "缺少 `source`");
                self.report(finding.hint("写 source = \"名称\"，在 sources.toml 里登记"));
                None
            }
        };
        let tags = self.tags(tags);
        let admissions = self.optional_counter(admissions, names);
        let in_scope_counters =
            self.in_scope_from(in_scope_from, care_types, care_types_read.as_deref(), names);
        let own_domain = self.domain(own_domain, Some(domain), &names.values);
        // Wrong dates of the benefit are one finding, not one for every row below it.
        let excused = source.is_none();
        let defaults = match interval {
            Some(_) => Defaults { from, to, source, excused },
            None => Defaults { from: Stated::Broken, to: Stated::Broken, source, excused },
        };
        if let Some(node) = layers {
            self.table(node, "layer")?;
        }
        let layers = tags.as_ref().and_then(|tags| {
            let context = Context {
                benefit: &entry.key,
                own: layers.map(Node::members).unwrap_or_default(),
                shared: shared.map(Node::members).unwrap_or_default(),
                incomplete: [Some(node), layers, shared].into_iter().flatten().any(Node::is_incomplete),
                defaults,
                names,
                tags,
            };
            self.stack(stack, &context)
        });
        let (from, to) = interval?;
        Some(Benefit {
            name: entry.key.clone(),
            label: label?.to_owned(),
            care_types: care_types_read?,
            from,
            to,
            source: source_id?,
            domain: own_domain?,
            tags: tags?,
            admissions: admissions?,
            in_scope_from: in_scope_counters?,
            layers: layers?,
            span: node.span.clone(),
        })
    }

    fn benefit_interval(
        &mut self,
        from: &Stated<jiff::civil::Date>,
        to: &Stated<jiff::civil::Date>,
        entry: &Entry,
    ) -> Option<(jiff::civil::Date, Option<jiff::civil::Date>)> {
        match (from, to) {
            (Stated::Absent, _) if entry.node.is_incomplete() => self.fail(),
            (Stated::Absent, _) => {
                let message = format!("待遇 `{}` 没有施行日期", entry.key);
                let place = entry.node.span.clone();
                let finding = Diagnostic::new(Code::MissingDates, message, place, "缺少 `from`");
                self.report(finding.hint("写 from = \"2022-07-01\"（第一天）；仍在施行的不写 to"));
                None
            }
            (Stated::Known(from, _), Stated::Absent) => Some((*from, None)),
            (Stated::Known(from, first), Stated::Known(to, last)) => {
                if from > to {
                    let message = format!("待遇 `{}`：第一天 {from} 晚于最后一天 {to}", entry.key);
                    let finding = Diagnostic::new(Code::EmptyInterval, message, last.clone(), "最后一天");
                    self.report(
                        finding.and(first.clone(), "第一天").hint("from 是第一天，to 是最后一天（含）"),
                    );
                    return None;
                }
                Some((*from, Some(*to)))
            }
            _ => None,
        }
    }

    fn care_types(&mut self, node: &Node) -> Option<Vec<i64>> {
        let DimensionKind::Choice(names) = Dimension::CareType.kind() else { return None };
        let written = self.texts(node, "care_types")?;
        if written.is_empty() {
            let finding =
                Diagnostic::new(Code::MissingField, "`care_types` 是空的", node.span.clone(), "空列表");
            self.report(finding.hint("例：care_types = [\"inpatient\"]"));
            return None;
        }
        let mut complete = true;
        let mut care_types = Vec::new();
        for (index, (name, item)) in written.iter().enumerate() {
            if let Some((_, first)) = written[..index].iter().find(|(earlier, _)| earlier == name) {
                self.twice(first, item, name, "医疗类别");
                complete = false;
                continue;
            }
            match names.iter().position(|known| known == name) {
                Some(position) => care_types.push(position as i64),
                None => {
                    self.unknown_name(item, name, "医疗类别（care_types）", names.iter().copied());
                    complete = false;
                }
            }
        }
        complete.then_some(care_types)
    }

    fn tags(&mut self, node: Option<&Node>) -> Option<Vec<String>> {
        let mut tags = vec!["general".to_owned()];
        let Some(node) = node else { return Some(tags) };
        let written = self.texts(node, "tags")?;
        let mut complete = true;
        for (index, (name, item)) in written.iter().enumerate() {
            if let Some((_, first)) = written[..index].iter().find(|(earlier, _)| earlier == name) {
                self.twice(first, item, name, "标记");
                complete = false;
            } else if *name != "general" {
                tags.push((*name).to_owned());
            }
        }
        (self.at_most(node, tags.len(), MOST_TAGS, "标记（含 general）") && complete).then_some(tags)
    }

    fn in_scope_from(
        &mut self,
        node: Option<&Node>,
        care_types: Option<&Node>,
        read: Option<&[i64]>,
        names: &Names,
    ) -> Option<Vec<usize>> {
        let DimensionKind::Choice(known) = Dimension::CareType.kind() else { return None };
        let year_end = known.iter().position(|&name| name == "year_end").map(|position| position as i64);
        match (node, read) {
            (None, Some(read)) if year_end.is_some_and(|year_end| read.contains(&year_end)) => {
                let place = care_types.map(|node| node.span.clone()).unwrap_or_default();
                let message = "年终结算（year_end）的待遇缺少 `in_scope_from`";
                let finding = Diagnostic::new(Code::MissingField, message, place, "这里有 year_end");
                self.report(
                    finding.hint("写 in_scope_from = [\"累计名\"]：哪些累计之和是年终的政策范围金额"),
                );
                None
            }
            (None, _) => Some(Vec::new()),
            (Some(node), Some(read)) if read.iter().any(|&care_type| Some(care_type) != year_end) => {
                let message = "`in_scope_from` 只用于年终结算（year_end）的待遇";
                let finding = Diagnostic::new(Code::UnknownField, message, node.span.clone(), "这里不适用");
                self.report(finding.hint("把 year_end 单列为一项待遇"));
                None
            }
            (Some(node), _) => {
                let items = self.list(node, "in_scope_from")?;
                let read: Vec<Option<usize>> = items.iter().map(|item| self.counter(item, names)).collect();
                read.into_iter().collect()
            }
        }
    }

    fn stack(&mut self, node: Option<&Node>, context: &Context<'_>) -> Option<Vec<Layer>> {
        let written = node.and_then(|node| self.texts(node, "stack"));
        let mut complete = written.is_some();
        let mut layers = Vec::new();
        let written = written.unwrap_or_default();
        for (index, (name, item)) in written.iter().enumerate() {
            if let Some((_, first)) = written[..index].iter().find(|(earlier, _)| earlier == name) {
                self.twice(first, item, name, "层");
                complete = false;
                continue;
            }
            match context.find(name) {
                Some((entry, at)) => match self.layer(&entry.key, &entry.node, &at, context.tags) {
                    Some(layer) => layers.push(layer),
                    None => complete = false,
                },
                None if context.incomplete => complete = self.fail::<()>().is_some(),
                None => {
                    let names = context.own.iter().chain(&context.shared).map(|entry| entry.key.as_str());
                    self.unknown_name(item, name, "层（layer）", names);
                    complete = false;
                }
            }
        }
        // A layer outside the stack takes no part, but what is wrong with it is wrong.
        for entry in context.own.iter().filter(|entry| !written.iter().any(|(name, _)| *name == entry.key)) {
            if let Some((_, at)) = context.find(&entry.key) {
                complete &= self.layer(&entry.key, &entry.node, &at, context.tags).is_some();
            }
        }
        if let Some(node) = node {
            complete &= self.at_most(node, layers.len(), MOST_LAYERS, "层");
        }
        complete.then_some(layers)
    }
}

/// Where the layers of one benefit's stack are found, and what holds in them.
struct Context<'n> {
    benefit: &'n str,
    own: Vec<&'n Entry>,
    shared: Vec<&'n Entry>,
    /// Whether layers may be missing whose cause was reported elsewhere.
    incomplete: bool,
    defaults: Defaults<'n>,
    names: &'n Names,
    tags: &'n [String],
}

impl<'n> Context<'n> {
    /// The layer of that name, the benefit's own before the scheme's.
    fn find(&self, name: &str) -> Option<(&'n Entry, At<'n>)> {
        let scheme = self.names.scheme;
        let own = self.own.iter().copied().find(|entry| entry.key == name);
        let found = own.or_else(|| self.shared.iter().copied().find(|entry| entry.key == name))?;
        let path = match own {
            Some(_) => format!("{scheme}.benefit.{}.layer.{name}", self.benefit),
            None => format!("{scheme}.layer.{name}"),
        };
        Some((found, At { path, names: self.names, defaults: self.defaults.clone() }))
    }
}
