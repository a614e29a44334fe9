//! What was answered to a message, read as tolerantly as a client reads.

use gongji_nhsa::wire::Wire;

use crate::client::Raw;
use crate::form;

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The number of the transaction.
    pub number: String,
    /// The message's id.
    pub message: String,
    /// As it came.
    pub raw: Raw,
    /// The envelope; `None` where it is no JSON object.
    pub wire: Option<Wire>,
}

/// A value as text; `None` for what stands for nothing, and for lists and objects.
fn text_of(value: &Wire) -> Option<&str> {
    match value {
        _ if value.is_absent() => None,
        Wire::Text(text) => Some(text.trim()),
        Wire::Number(digits) => Some(digits),
        _ => None,
    }
}

impl Reply {
    pub fn new(number: &str, message: &str, raw: Raw) -> Reply {
        let wire = Wire::read(&raw.text).ok().filter(|wire| matches!(wire, Wire::Object(_)));
        Reply { number: number.to_owned(), message: message.to_owned(), raw, wire }
    }

    /// A member of the envelope.
    pub fn member(&self, name: &str) -> Option<&Wire> {
        self.wire.as_ref()?.get(name)
    }

    /// Whether it reports success.
    pub fn is_success(&self) -> bool {
        self.member("infcode").and_then(text_of) == Some("0")
    }

    /// Whether it reports failure.
    pub fn is_failure(&self) -> bool {
        self.member("infcode").and_then(text_of).is_some_and(|code| code != "0")
    }

    /// What it says of a failure.
    pub fn problem(&self) -> &str {
        self.member("err_msg").and_then(text_of).unwrap_or_default()
    }

    /// What it came to, for people.
    pub fn told(&self) -> String {
        match (&self.wire, self.is_success()) {
            (None, _) => format!("HTTP {}，不是 JSON 对象：{}", self.raw.status, short(&self.raw.text)),
            (Some(_), true) => "infcode 0".to_owned(),
            (Some(_), false) => {
                let code = self
                    .member("infcode")
                    .map_or_else(|| "没有 infcode".to_owned(), |code| format!("infcode {code}"));
                format!("{code}，{}", short(self.problem()))
            }
        }
    }

    /// The content; nothing for a failure.
    pub fn output(&self) -> Option<&Wire> {
        self.member("output").filter(|output| matches!(output, Wire::Object(_)))
    }

    /// The entries of a node: those of a list, or the one object.
    pub fn entries(&self, node: &str) -> Vec<&Wire> {
        match self.output().and_then(|output| output.get(node)) {
            Some(Wire::List(entries)) => entries.iter().collect(),
            Some(Wire::Object(_)) => self.output().and_then(|output| output.get(node)).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// A field of the first entry of a node, as text; empty where it is absent.
    pub fn text(&self, node: &str, field: &str) -> String {
        let found =
            self.entries(node).into_iter().next().and_then(|entry| entry.get(field)).and_then(text_of);
        found.unwrap_or_default().to_owned()
    }

    /// An amount of the first entry of a node, fen; nothing is 0. `None` for what is no amount.
    pub fn fen(&self, node: &str, field: &str) -> Option<i64> {
        self.entries(node).into_iter().next().map_or(Some(0), |entry| amount(entry, field))
    }
}

/// An amount of an object, fen; what is absent is 0. `None` for what is no amount.
pub fn amount(entry: &Wire, field: &str) -> Option<i64> {
    match entry.get(field) {
        None => Some(0),
        Some(value) if value.is_absent() => Some(0),
        Some(value) => text_of(value).and_then(form::fen),
    }
}

/// The beginning of a text.
pub fn short(text: &str) -> String {
    let line = text.trim().replace(['\n', '\r', '\t'], " ");
    if line.is_empty() {
        return "（空）".to_owned();
    }
    let mut letters = line.chars();
    let start: String = letters.by_ref().take(160).collect();
    if letters.next().is_some() { format!("{start}…") } else { start }
}
