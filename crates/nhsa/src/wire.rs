//! JSON as it is on the wire: numbers keep their digits, so that an amount is never a binary fraction.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;
use serde_json::value::RawValue;

/// A JSON value whose numbers are text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wire {
    /// null.
    Null,
    /// true or false.
    Bool(bool),
    /// A number by its digits.
    Number(String),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Wire>),
    /// An object; keys in the order in which they are written.
    Object(Vec<(String, Wire)>),
}

/// So deep at most may values lie in each other.
const DEEPEST: usize = 32;

impl Wire {
    /// Reads a text.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn read(text: &str) -> Result<Wire, String> {
        // Some clients begin with the mark of their editor.
        let text = text.trim_start_matches('\u{feff}');
        let broken =
            |error: serde_json::Error| format!("不是 JSON：第 {} 行第 {} 列", error.line(), error.column());
        if text.trim_start().starts_with('{') {
            // All of it is read for the outermost members, and so known to be JSON from there on.
            let members: BTreeMap<String, &RawValue> = serde_json::from_str(text).map_err(broken)?;
            return Wire::members(members, 0);
        }
        let raw: &RawValue = serde_json::from_str(text).map_err(broken)?;
        Wire::of(raw.get(), 0)
    }

    fn members(members: BTreeMap<String, &RawValue>, depth: usize) -> Result<Wire, String> {
        let read = |(key, raw): (String, &RawValue)| Ok((key, Wire::of(raw.get(), depth + 1)?));
        Ok(Wire::Object(members.into_iter().map(read).collect::<Result<_, String>>()?))
    }

    fn of(text: &str, depth: usize) -> Result<Wire, String> {
        let text = text.trim();
        let broken = |_| "不是 JSON".to_owned();
        if depth > DEEPEST {
            return Err(format!("层数超过 {DEEPEST}"));
        }
        Ok(match text.bytes().next() {
            Some(b'{') => {
                let members: BTreeMap<String, &RawValue> = serde_json::from_str(text).map_err(broken)?;
                Wire::members(members, depth)?
            }
            Some(b'[') => {
                let entries: Vec<&RawValue> = serde_json::from_str(text).map_err(broken)?;
                let read = |raw: &RawValue| Wire::of(raw.get(), depth + 1);
                Wire::List(entries.into_iter().map(read).collect::<Result<_, String>>()?)
            }
            Some(b'"') => Wire::Text(serde_json::from_str(text).map_err(broken)?),
            Some(b't') => Wire::Bool(true),
            Some(b'f') => Wire::Bool(false),
            Some(b'n') => Wire::Null,
            Some(_) => Wire::Number(text.to_owned()),
            None => return Err("空的内容".to_owned()),
        })
    }

    /// Text.
    pub fn text(text: impl Into<String>) -> Wire {
        Wire::Text(text.into())
    }

    /// An amount of fen as a number in yuan.
    pub fn fen(fen: i64) -> Wire {
        Wire::Number(gongji_money::Fen::new(fen).to_string())
    }

    /// An object of these members.
    pub fn object<const N: usize>(members: [(&str, Wire); N]) -> Wire {
        Wire::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// The member of a name; `None` where it is no object or has none.
    pub fn get(&self, name: &str) -> Option<&Wire> {
        match self {
            Wire::Object(members) => members.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Takes the member of a name out; `None` where it is no object or has none.
    pub fn take(&mut self, name: &str) -> Option<Wire> {
        let Wire::Object(members) = self else { return None };
        let at = members.iter().position(|(key, _)| key == name)?;
        Some(members.swap_remove(at).1)
    }

    /// Whether it stands for nothing: `""`, `null`, `"null"`.
    pub fn is_absent(&self) -> bool {
        match self {
            Wire::Null => true,
            Wire::Text(text) => {
                let text = text.trim();
                text.is_empty() || text.eq_ignore_ascii_case("null")
            }
            _ => false,
        }
    }

    /// What was asked, in one way of writing: absent members left out, keys sorted, numbers as text. Two messages that mean the same are the same text.
    pub fn canonical(&self) -> String {
        let mut text = String::new();
        self.write_canonical(&mut text);
        text
    }

    fn write_canonical(&self, to: &mut String) {
        match self {
            Wire::Number(text) => quoted(text, to),
            Wire::Text(text) => quoted(text.trim(), to),
            Wire::List(entries) => list(entries, to, Wire::write_canonical),
            Wire::Object(members) => {
                let mut kept: Vec<&(String, Wire)> =
                    members.iter().filter(|(_, value)| !value.is_absent()).collect();
                kept.sort_by(|one, other| one.0.cmp(&other.0));
                object(kept, to, Wire::write_canonical);
            }
            Wire::Null | Wire::Bool(_) => self.write(to),
        }
    }

    /// Adds it as JSON text.
    fn write(&self, to: &mut String) {
        match self {
            Wire::Null => to.push_str("null"),
            Wire::Bool(value) => to.push_str(if *value { "true" } else { "false" }),
            Wire::Number(digits) => to.push_str(digits),
            Wire::Text(text) => quoted(text, to),
            Wire::List(entries) => list(entries, to, Wire::write),
            Wire::Object(members) => object(members, to, Wire::write),
        }
    }
}

fn list(entries: &[Wire], to: &mut String, write: fn(&Wire, &mut String)) {
    to.push('[');
    for (at, entry) in entries.iter().enumerate() {
        to.push_str(if at == 0 { "" } else { "," });
        write(entry, to);
    }
    to.push(']');
}

fn object<'wire>(
    members: impl IntoIterator<Item = &'wire (String, Wire)>,
    to: &mut String,
    write: fn(&Wire, &mut String),
) {
    to.push('{');
    for (at, (key, value)) in members.into_iter().enumerate() {
        to.push_str(if at == 0 { "" } else { "," });
        quoted(key, to);
        to.push(':');
        write(value, to);
    }
    to.push('}');
}

fn quoted(text: &str, to: &mut String) {
    // Most texts need no escape.
    if text.bytes().all(|byte| byte >= 0x20 && !matches!(byte, b'"' | b'\\')) {
        to.push('"');
        to.push_str(text);
        to.push('"');
    } else {
        to.push_str(&Value::from(text).to_string());
    }
}

/// As JSON text.
impl fmt::Display for Wire {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.write(&mut text);
        to.write_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stay_as_they_are() {
        let text = r#"{"a":1234567890123456.78,"b":[0.10,-3,"x\"y"],"c":null,"d":true}"#;
        assert_eq!(Wire::read(text).expect("json").to_string(), text);
    }

    #[test]
    fn the_same_message_is_the_same_text() {
        let one = Wire::read(r#"{"b":"1.50","a":[{"x":""}],"c":"NULL"}"#).expect("json");
        let other = Wire::read(r#" {"a":[{}], "b":1.50, "d":null}"#).expect("json");
        assert_eq!(one.canonical(), other.canonical());
    }

    #[test]
    fn depth_is_bounded() {
        let deep = format!("{}{}", "[".repeat(60), "]".repeat(60));
        assert!(Wire::read(&deep).is_err());
    }
}
