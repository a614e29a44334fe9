//! What earlier messages of a sequence gave: visits, settlements, numbers of signing in.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::sequence::lessons;
use crate::transaction::plain;

/// A message and its answer, as they were on the wire.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'log> {
    /// The request's body.
    pub request: &'log str,
    /// The answer's body.
    pub answer: &'log str,
}

/// What is known of a person at an institution, by the name that requests give it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Learned(pub BTreeMap<String, String>);

/// The first value of a key, however deep it lies.
fn first<'value>(value: &'value Value, key: &str) -> Option<&'value str> {
    match value {
        Value::Object(members) => members
            .get(key)
            .and_then(Value::as_str)
            .or_else(|| members.values().find_map(|member| first(member, key))),
        Value::Array(entries) => entries.iter().find_map(|entry| first(entry, key)),
        _ => None,
    }
}

fn shown(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

impl Learned {
    /// Learns from messages, the oldest first.
    pub fn from_log<'log>(log: impl Iterator<Item = Seen<'log>>, institution: &str, person: &str) -> Learned {
        let mut learned = Learned::default();
        for seen in log {
            // What does not name the institution is not its message; most of a busy log ends here.
            if seen.request.contains(institution) {
                learned.hear(seen, institution, person);
            }
        }
        learned
    }

    fn hear(&mut self, seen: Seen<'_>, institution: &str, person: &str) {
        let read = |text: &str| serde_json::from_str::<Value>(text).ok();
        let (Some(request), Some(answer)) = (read(seen.request), read(seen.answer)) else { return };
        let sender = shown(&request["fixmedins_code"]).unwrap_or_default();
        if sender.trim() != institution || answer["infcode"] != 0 {
            return;
        }
        let input = match &request["input"] {
            Value::String(text) => read(text).unwrap_or_default(),
            input => input.clone(),
        };
        let Some(number) = shown(&request["infno"]) else { return };
        let number = plain(number.trim()).to_owned();
        let of_person = first(&input, "psn_no") == Some(person);
        let exchange = json!({
            "infno": number, "msgid": request["msgid"], "input": input, "output": answer["output"],
        });
        for lesson in lessons().iter().filter(|lesson| lesson.from.contains(&number)) {
            if of_person || lesson.of == "institution" {
                let found = lesson.at.iter().find_map(|at| exchange.pointer(at).and_then(shown));
                if let Some(value) = found {
                    self.0.insert(lesson.name.clone(), value);
                }
            }
        }
    }
}
