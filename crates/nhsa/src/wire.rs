//! JSON as it is on the wire: numbers keep their digits, so that an amount is never a binary fraction.

use std::collections::BTreeMap;
use std::fmt;

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
        let raw: &RawValue = serde_json::from_str(text)
            .map_err(|error| format!("不是 JSON：第 {} 行第 {} 列", error.line(), error.column()))?;
        Wire::of(raw.get(), 0)
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
                let read = |(key, raw): (String, &RawValue)| Ok((key, Wire::of(raw.get(), depth + 1)?));
                Wire::Object(members.into_iter().map(read).collect::<Result<_, String>>()?)
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
        self.cleaned().to_string()
    }

    fn cleaned(&self) -> Wire {
        match self {
            Wire::Number(digits) => Wire::Text(digits.clone()),
            Wire::Text(text) => Wire::text(text.trim()),
            Wire::List(entries) => Wire::List(entries.iter().map(Wire::cleaned).collect()),
            Wire::Object(members) => {
                let mut kept: Vec<(String, Wire)> = members
                    .iter()
                    .filter(|(_, value)| !value.is_absent())
                    .map(|(key, value)| (key.clone(), value.cleaned()))
                    .collect();
                kept.sort_by(|one, other| one.0.cmp(&other.0));
                Wire::Object(kept)
            }
            other => other.clone(),
        }
    }
}

fn quoted(text: &str, to: &mut fmt::Formatter<'_>) -> fmt::Result {
    // Most texts need no escape, and then no copy.
    if text.bytes().all(|byte| byte >= 0x20 && !matches!(byte, b'"' | b'\\')) {
        to.write_str("\"")?;
        to.write_str(text)?;
        return to.write_str("\"");
    }
    to.write_str(&serde_json::to_string(text).map_err(|_| fmt::Error)?)
}

/// As JSON text.
impl fmt::Display for Wire {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wire::Null => to.write_str("null"),
            Wire::Bool(value) => write!(to, "{value}"),
            Wire::Number(digits) => to.write_str(digits),
            Wire::Text(text) => quoted(text, to),
            Wire::List(entries) => {
                to.write_str("[")?;
                for (at, entry) in entries.iter().enumerate() {
                    write!(to, "{}{entry}", if at == 0 { "" } else { "," })?;
                }
                to.write_str("]")
            }
            Wire::Object(members) => {
                to.write_str("{")?;
                for (at, (key, value)) in members.iter().enumerate() {
                    to.write_str(if at == 0 { "" } else { "," })?;
                    quoted(key, to)?;
                    write!(to, ":{value}")?;
                }
                to.write_str("}")
            }
        }
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
