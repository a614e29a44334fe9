//! The tree: a value, where it stands, and whose pack it comes from.

use crate::model::Span;

/// A value with its place.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// What stands there.
    pub value: Value,
    /// Where: for a table with a header, the header; otherwise the value itself.
    pub span: Span,
    /// The pack it was written in (an index into the packs being read). Names of sources are looked up there.
    pub origin: usize,
}

/// What may stand in a pack text.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(String),
    Integer(i64),
    /// An integer that 64 bits do not hold.
    HugeInteger,
    Flag(bool),
    /// A number with a fraction or an exponent, as it is written. Kept only to be refused.
    Float(String),
    /// A date without quotation marks, kept only to be refused.
    Moment,
    List(Vec<Node>),
    Table(Vec<Entry>),
}

/// One key of a table, in the order of the text.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub key: String,
    pub key_span: Span,
    pub node: Node,
}

impl Value {
    /// What people call it.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Text(_) => "文本",
            Value::Integer(_) | Value::HugeInteger => "整数",
            Value::Flag(_) => "true/false",
            Value::Float(_) => "小数",
            Value::Moment => "不带引号的日期",
            Value::List(_) => "列表",
            Value::Table(_) => "表",
        }
    }
}

impl Node {
    /// The entries, if it is a table.
    pub fn entries(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Table(entries) => Some(entries),
            _ => None,
        }
    }

    /// What stands under the key, if it is a table that has it; in a list, what stands at that place, counted from 1.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::List(items) => items.get(key.parse::<usize>().ok()?.checked_sub(1)?),
            _ => self.entry(key).map(|entry| &entry.node),
        }
    }

    /// What is declared by name in the table: its entries, but for a reference that could not be filled in.
    pub fn members(&self) -> Vec<&Entry> {
        self.entries().unwrap_or_default().iter().filter(|entry| entry.key != INHERIT).collect()
    }

    /// Whether it inherits from something that could not be found: then what is missing from it means nothing.
    pub fn is_incomplete(&self) -> bool {
        self.entry(INHERIT).is_some()
    }

    /// The entry of that key, if it is a table that has it.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries()?.iter().find(|entry| entry.key == key)
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// How many nodes there are, this one included.
    pub fn size(&self) -> usize {
        match &self.value {
            Value::List(items) => 1 + items.iter().map(Node::size).sum::<usize>(),
            Value::Table(entries) => 1 + entries.iter().map(|entry| entry.node.size()).sum::<usize>(),
            _ => 1,
        }
    }

    /// Whether it is a parameter: a table that holds values of its own.
    pub fn is_parameter(&self) -> bool {
        self.entries().is_some_and(|entries| entries.iter().any(|entry| is_value_key(&entry.key)))
    }
}

/// The key of a reference. Once references are filled in, it stands only where one could not be.
pub(crate) const INHERIT: &str = "inherit";

/// Whether the key gives a parameter its values.
pub(crate) fn is_value_key(key: &str) -> bool {
    matches!(key, "value" | "unknown" | "rows")
}

/// The keys of one table while it is read: remembers what was asked for, so that what nobody asked for is found.
pub(crate) struct Fields<'a> {
    /// The table.
    pub node: &'a Node,
    entries: &'a [Entry],
    asked: Vec<&'static str>,
    /// Keys that must be there and are not, with what they would say.
    pub lacking: Vec<(&'static str, String)>,
}

impl<'a> Fields<'a> {
    /// The keys of a table; `None` where the node is none.
    pub fn of(node: &'a Node) -> Option<Fields<'a>> {
        Some(Fields { node, entries: node.entries()?, asked: vec![INHERIT], lacking: Vec::new() })
    }

    /// What stands under the key.
    pub fn take(&mut self, key: &'static str) -> Option<&'a Node> {
        self.take_entry(key).map(|entry| &entry.node)
    }

    /// The entry of that key.
    pub fn take_entry(&mut self, key: &'static str) -> Option<&'a Entry> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// Every key that may stand here, present or not.
    pub fn asked(&self) -> &[&'static str] {
        &self.asked
    }

    /// The entries nobody asked for.
    pub fn left(&self) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().filter(|entry| !self.asked.contains(&entry.key.as_str()))
    }
}
