//! A parameter: a dated decision table.

use jiff::civil::Date;

use super::condition::Values;
use super::reader::{Reader, Stated};
use crate::model::{Dimension, Row, Setting, Span, Table};
use crate::text::{Fields, Node};
use crate::{Code, Diagnostic};

/// What holds where a table says nothing itself: the dates and the source of its benefit.
#[derive(Clone)]
pub(super) struct Defaults<'n> {
    pub from: Stated<Date>,
    pub to: Stated<Date>,
    pub source: Option<&'n Node>,
    /// Whether it was reported already that the benefit names no source.
    pub excused: bool,
}

impl<'n> Defaults<'n> {
    /// Nothing holds by default.
    pub const NONE: Defaults<'static> =
        Defaults { from: Stated::Absent, to: Stated::Absent, source: None, excused: false };

    /// The same dates with a nearer source, if there is one.
    pub fn nearer(&self, source: Option<&'n Node>) -> Defaults<'n> {
        Defaults { source: source.or(self.source), ..self.clone() }
    }
}

/// Where a parameter stands and what it may refer to.
pub(super) struct Place<'n> {
    /// The path in the pack.
    pub path: String,
    /// What it is called where it does not say.
    pub label: &'static str,
    pub defaults: Defaults<'n>,
    pub values: &'n Values,
}

/// What a table says for all its rows.
struct Common<'n> {
    label: String,
    from: Stated<Date>,
    to: Stated<Date>,
    source: Option<&'n Node>,
    article: Option<String>,
    note: Option<String>,
}

impl Reader<'_> {
    /// The table of a parameter. `fields` are its keys, from which the caller took what is not the table's own.
    pub fn parameter<'n, V>(
        &mut self,
        mut fields: Fields<'n>,
        place: &Place<'n>,
        mut read: impl FnMut(&mut Self, &Node) -> Option<V>,
    ) -> Option<Table<V>> {
        let label = fields.take("label");
        let (from, to) = (fields.take("from"), fields.take("to"));
        let source = fields.take("source");
        let (article, note) = (fields.take("article"), fields.take("note"));
        let (value, unknown, rows) =
            (fields.take_entry("value"), fields.take_entry("unknown"), fields.take_entry("rows"));
        self.done(&fields);
        let label = self.optional_text(label, "label");
        let article = self.optional_text(article, "article");
        let note = self.optional_text(note, "note");
        let from = self.stated_date(from, "from");
        let to = self.stated_date(to, "to");
        let common = Common {
            label: label.clone().flatten().unwrap_or_else(|| place.label.to_owned()),
            from: or(from, &place.defaults.from),
            to: or(to, &place.defaults.to),
            source: source.or(place.defaults.source),
            article: article.clone().flatten(),
            note: note.clone().flatten(),
        };
        let present: Vec<_> = [value, unknown, rows].into_iter().flatten().collect();
        if let [first, second, ..] = present[..] {
            let message = format!("`{}` 与 `{}` 只能写一个", first.key, second.key);
            self.report(
                Diagnostic::new(Code::DuplicateName, message, second.key_span.clone(), "第二个")
                    .and(first.key_span.clone(), "第一个"),
            );
            return None;
        }
        let rows = if let Some(rows) = rows {
            let items = self.list(&rows.node, "rows")?;
            if items.is_empty() {
                let message = format!("{}（{}）一行也没有", common.label, place.path);
                let finding = Diagnostic::new(Code::MissingField, message, rows.node.span.clone(), "空列表");
                self.report(finding.hint("没有资料时写 unknown = \"原因\""));
            }
            let read: Vec<Option<Row<V>>> =
                items.iter().map(|item| self.row(item, &common, place, &mut read)).collect();
            read.into_iter().collect::<Option<Vec<_>>>()?
        } else if value.is_some() || unknown.is_some() {
            let setting =
                self.setting(value.map(|entry| &entry.node), unknown.map(|entry| &entry.node), &mut read);
            let stands = value.or(unknown).map_or(&fields.node.span, |entry| &entry.node.span);
            let source = self.cited(common.source, stands, &common.label, place);
            let interval = self.interval(&common.from, &common.to, stands, &common.label, place);
            let (from, to) = interval?;
            vec![Row {
                when: Vec::new(),
                otherwise: false,
                from,
                to,
                value: setting?,
                source: source?,
                article: common.article,
                note: common.note,
                reason: None,
                span: stands.clone(),
            }]
        } else {
            if fields.node.is_incomplete() {
                return self.fail();
            }
            let message = format!("{}（{}）没有值", common.label, place.path);
            self.report(
                Diagnostic::new(
                    Code::MissingField,
                    message,
                    fields.node.span.clone(),
                    "缺少 `value` 或 `rows`",
                )
                .hint("写 value = …、rows = [ … ]；没有资料时写 unknown = \"原因\""),
            );
            return None;
        };
        // Their findings are made; without them the table is not what was meant.
        if label.is_none() || article.is_none() || note.is_none() || rows.is_empty() {
            return None;
        }
        Some(Table { path: place.path.clone(), label: common.label, rows, span: fields.node.span.clone() })
    }

    fn row<'n, V>(
        &mut self,
        node: &'n Node,
        common: &Common<'n>,
        place: &Place<'n>,
        read: &mut impl FnMut(&mut Self, &Node) -> Option<V>,
    ) -> Option<Row<V>> {
        let mut fields = self.table(node, "rows 的一行")?;
        let (value, unknown) = (fields.take("value"), fields.take("unknown"));
        let (from, to) = (fields.take("from"), fields.take("to"));
        let source = fields.take("source");
        let (article, note, reason) = (fields.take("article"), fields.take("note"), fields.take("reason"));
        let otherwise = fields.take("otherwise");
        let mut conditions = Vec::new();
        for dimension in Dimension::ALL {
            if let Some(node) = fields.take(dimension.name()) {
                conditions.push((dimension, node));
            }
        }
        self.done(&fields);
        let mut when = Some(Vec::with_capacity(conditions.len()));
        for (dimension, node) in conditions {
            match self.constraint(dimension, node, place.values) {
                Some(constraint) => {
                    if let Some(when) = &mut when {
                        when.push((dimension, constraint));
                    }
                }
                None => when = None,
            }
        }
        if let (Some(value), Some(unknown)) = (value, unknown) {
            self.report(
                Diagnostic::new(
                    Code::DuplicateName,
                    "`value` 与 `unknown` 只能写一个",
                    unknown.span.clone(),
                    "unknown",
                )
                .and(value.span.clone(), "value"),
            );
            return None;
        }
        if value.is_none() && unknown.is_none() {
            self.missing(node, "value", "这一行的值；没有资料时写 unknown = \"原因\"");
        }
        let setting = self.setting(value, unknown, read);
        let otherwise = self.optional_flag(otherwise, "otherwise");
        let article = self.optional_text(article, "article");
        let note = self.optional_text(note, "note");
        let reason = self.optional_text(reason, "reason");
        let source = self.cited(source.or(common.source), &node.span, &common.label, place);
        let from = self.stated_date(from, "from");
        let to = self.stated_date(to, "to");
        let interval =
            self.interval(&or(from, &common.from), &or(to, &common.to), &node.span, &common.label, place);
        let (from, to) = interval?;
        Some(Row {
            when: when?,
            otherwise: otherwise?,
            from,
            to,
            value: setting?,
            source: source?,
            article: article?.or_else(|| common.article.clone()),
            note: note?.or_else(|| common.note.clone()),
            reason: reason?,
            span: node.span.clone(),
        })
    }

    fn setting<V>(
        &mut self,
        value: Option<&Node>,
        unknown: Option<&Node>,
        read: &mut impl FnMut(&mut Self, &Node) -> Option<V>,
    ) -> Option<Setting<V>> {
        match (value, unknown) {
            (Some(value), _) => read(self, value).map(Setting::Known),
            (None, Some(unknown)) => {
                let reason = self.text(unknown, "unknown（没有资料的原因）")?;
                Some(Setting::Unknown(reason.to_owned()))
            }
            (None, None) => None,
        }
    }

    /// The source that the row names or inherits; a value without one is refused.
    fn cited(
        &mut self,
        source: Option<&Node>,
        stands: &Span,
        label: &str,
        place: &Place<'_>,
    ) -> Option<usize> {
        if let Some(node) = source {
            return self.source(node);
        }
        if place.defaults.excused {
            return None;
        }
        let message = format!("{label}（{}）没有出处", place.path);
        self.report(
            Diagnostic::new(Code::MissingSource, message, stands.clone(), "这个值没有 `source`")
                .note("每个值都要有出处；凭记忆写的也要在 sources.toml 里登记，grade = \"unverified\"")
                .hint("在这一行、这个表或待遇上写 source = \"名称\""),
        );
        None
    }

    /// The days from–to; a value without a first day is refused.
    fn interval(
        &mut self,
        from: &Stated<Date>,
        to: &Stated<Date>,
        stands: &Span,
        label: &str,
        place: &Place<'_>,
    ) -> Option<(Date, Option<Date>)> {
        match (from, to) {
            (Stated::Broken, _) | (_, Stated::Broken) => None,
            (Stated::Absent, _) => {
                let message = format!("{label}（{}）没有施行日期", place.path);
                self.report(
                    Diagnostic::new(Code::MissingDates, message, stands.clone(), "这个值没有 `from`")
                        .hint("在这一行、这个表或待遇上写 from = \"2022-07-01\"；仍在施行的不写 to"),
                );
                None
            }
            (Stated::Known(from, _), Stated::Absent) => Some((*from, None)),
            (Stated::Known(from, first), Stated::Known(to, last)) => {
                if from > to {
                    let (place, label, other, other_label) = if overlaps(first, stands) {
                        (first, "第一天", last, "最后一天")
                    } else {
                        (last, "最后一天", first, "第一天")
                    };
                    let message = format!("{from} 到 {to}：第一天晚于最后一天");
                    self.report(
                        Diagnostic::new(Code::EmptyInterval, message, place.clone(), label)
                            .and(other.clone(), other_label)
                            .hint("from 是第一天，to 是最后一天（含）；一行没写的由表、再由待遇补上"),
                    );
                    return None;
                }
                Some((*from, Some(*to)))
            }
        }
    }
}

fn overlaps(inner: &Span, outer: &Span) -> bool {
    inner.file == outer.file && inner.bytes.start >= outer.bytes.start && inner.bytes.end <= outer.bytes.end
}

/// What is stated, or else the default.
pub(super) fn or(stated: Stated<Date>, default: &Stated<Date>) -> Stated<Date> {
    match stated {
        Stated::Absent => default.clone(),
        stated => stated,
    }
}
