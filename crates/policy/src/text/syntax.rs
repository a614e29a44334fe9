//! From text to nodes: TOML, with every syntax error of the text at once.

use std::collections::HashSet;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Entry, Node, Value};
use crate::model::Span;
use crate::{Code, Diagnostic};

/// The tree of one text, as far as it could be read, and what is wrong with it.
pub(super) fn parse(text: &str, file: usize, origin: usize) -> (Node, Vec<Diagnostic>) {
    let (root, errors) = DeTable::parse_recoverable(text);
    let place = Place { file, origin, length: text.len() };
    let lines: Vec<usize> = text.match_indices('\n').map(|(position, _)| position).collect();
    let mut stumbled = HashSet::new();
    let mut findings: Vec<Diagnostic> = Vec::new();
    for error in errors {
        let span = place.span(error.span().unwrap_or(0..text.len().min(1)));
        let finding = explain(error.message(), span, text);
        // One slip makes the parser stumble several times on its line; the first stumble is the one to read.
        let start = finding.primary.0.bytes.start;
        if stumbled.insert(lines.partition_point(|&line| line < start)) {
            findings.push(finding);
        }
    }
    let entries = place.entries(root.get_ref());
    (Node { value: Value::Table(entries), span: place.span(0..0), origin }, findings)
}

struct Place {
    file: usize,
    origin: usize,
    length: usize,
}

impl Place {
    fn span(&self, bytes: std::ops::Range<usize>) -> Span {
        let start = bytes.start.min(self.length);
        Span { file: self.file, bytes: start..bytes.end.clamp(start, self.length) }
    }

    /// The parser keeps keys sorted; people read them in the order of the text.
    fn entries(&self, table: &DeTable<'_>) -> Vec<Entry> {
        let mut entries: Vec<Entry> = table
            .iter()
            .map(|(key, value)| Entry {
                key: key.get_ref().to_string(),
                key_span: self.span(key.span()),
                node: self.node(value),
            })
            .collect();
        entries.sort_by_key(|entry| entry.key_span.bytes.start);
        entries
    }

    fn node(&self, value: &Spanned<DeValue<'_>>) -> Node {
        let inner = match value.get_ref() {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Integer(integer) => match i64::from_str_radix(integer.as_str(), integer.radix()) {
                Ok(integer) => Value::Integer(integer),
                Err(_) => Value::HugeInteger,
            },
            DeValue::Float(float) => Value::Float(float.as_str().to_owned()),
            DeValue::Boolean(flag) => Value::Flag(*flag),
            DeValue::Datetime(_) => Value::Moment,
            DeValue::Array(items) => Value::List(items.iter().map(|item| self.node(item)).collect()),
            DeValue::Table(table) => Value::Table(self.entries(table)),
        };
        Node { value: inner, span: self.span(value.span()), origin: self.origin }
    }
}

/// The parser's words in the reader's language. What is not listed is passed on as it is.
fn explain(message: &str, span: Span, text: &str) -> Diagnostic {
    let what = message.split(", expected").next().unwrap_or(message);
    let found = text.get(span.bytes.clone()).unwrap_or("").trim();
    if what == "duplicate key" {
        return Diagnostic::new(
            Code::DuplicateName,
            format!("`{found}` 在同一处写了两次"),
            span,
            "第二次出现",
        )
        .hint("删去一处，或改名；同一个键只能出现一次");
    }
    let chinese = match what {
        "string values must be quoted" => "文本要加引号",
        "missing value" | "missing value for key" | "key with no value" => "键后面没有值",
        "missing assignment between key-value pairs" => "键与值之间缺 `=`",
        "extra assignment between key-value pairs" | "extra `=`" => "多了一个 `=`",
        "missing comma between array elements" => "列表的两项之间缺逗号",
        "missing comma between key-value pairs" => "行内表的两个键之间缺逗号",
        "extra comma in array" | "extra comma in inline table" => "多了一个逗号",
        "unclosed array" => "列表没有收尾的 `]`",
        "unclosed inline table" => "行内表没有收尾的 `}`",
        "unclosed table" => "表头没有收尾的 `]`",
        "unclosed array table" => "表头没有收尾的 `]]`",
        "invalid basic string" | "invalid multi-line basic string" => "文本没有收尾的引号",
        "missing opening quote" => "文本缺开头的引号",
        "unquoted keys cannot be empty" | "invalid unquoted key" => "键名只能用字母、数字、`_`、`-`",
        "missing key for inline table element" | "invalid inline table element" => "行内表里要写 `键 = 值`",
        "invalid key-value pair" | "unexpected key or value" | "unexpected content" => {
            "这里应是 `键 = 值` 或 `[表头]`"
        }
        "unexpected `=` in array" => "列表里不能有 `=`；要写 `{ 键 = 值 }`",
        "unexpected content between comment and newline" => "注释后面还有内容",
        "invalid comment character" => "注释里有不允许的字符",
        "unexpected leading zero" => "数字不能以 0 开头",
        "invalid value" => "这不是一个值",
        "cannot recurse further; max recursion depth met" | "recursion limit" => "嵌套太深",
        _ => "不合 TOML 语法",
    };
    let finding = Diagnostic::new(Code::Syntax, chinese, span, "读到这里读不下去");
    finding.note(format!("解析器原话：{message}"))
}
