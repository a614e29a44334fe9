//! Worked examples: a case with what must come out, as packs hold them in `cases/`.

use gongji_policy::Pack;
use serde_json::Value;

use crate::error::{CaseError, ErrorCode};
use crate::request::Case;
use crate::run::QuoteOptions;

/// A worked example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkedExample {
    /// What it shows, for people.
    pub title: String,
    /// Ids of the examples that it proves.
    pub examples: Vec<String>,
    /// A remark: where a page errs, how a figure comes about.
    pub note: String,
    /// The case, as its text.
    pub case: String,
    /// What must come out: a subset of the answer, or `error` with part of a refusal's message.
    pub expect: Value,
}

/// One place where the answer is not what the example expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Where in the answer: `results[0].pooled_paid`.
    pub place: String,
    /// What the example expects.
    pub expected: String,
    /// What came out.
    pub found: String,
}

/// The members of a worked example's file.
const MEMBERS: [&str; 5] = ["title", "examples", "note", "case", "expect"];

impl WorkedExample {
    /// Reads the text of an example's file.
    ///
    /// # Errors
    /// A [`CaseError`] where the text is no JSON or a member is missing or unknown.
    pub fn read(text: &str) -> Result<WorkedExample, CaseError> {
        let value: Value = serde_json::from_str(text).map_err(|error| {
            let place = format!("第 {} 行第 {} 列", error.line(), error.column());
            CaseError::new(ErrorCode::MalformedJson, place, "不是合法的 JSON")
        })?;
        let Value::Object(mut members) = value else {
            return Err(CaseError::new(ErrorCode::WrongType, "", "算例应是一个对象"));
        };
        if let Some(name) = members.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
            return Err(CaseError::new(ErrorCode::UnknownField, name.as_str(), "没有这个字段")
                .expected(MEMBERS.join("、")));
        }
        let mut take = |name: &str| {
            members.remove(name).ok_or_else(|| CaseError::new(ErrorCode::MissingField, name, "缺少这个字段"))
        };
        let text = |value: Value| value.as_str().unwrap_or_default().to_owned();
        let title = text(take("title")?);
        let (case, expect) = (take("case")?.to_string(), take("expect")?);
        let examples = match members.remove("examples") {
            Some(Value::Array(ids)) => ids.into_iter().map(text).collect(),
            _ => Vec::new(),
        };
        let note = members.remove("note").map(text).unwrap_or_default();
        Ok(WorkedExample { title, examples, note, case, expect })
    }

    /// What comes out of the case: the answer as JSON, or the refusal.
    ///
    /// # Errors
    /// The refusal, which may be what the example expects.
    pub fn run(&self, packs: &[Pack]) -> Result<Value, CaseError> {
        let case = Case::read(&self.case)?;
        let answer = crate::quote(packs, &case, QuoteOptions::default())?;
        serde_json::to_value(answer)
            .map_err(|error| CaseError::new(ErrorCode::Internal, "", error.to_string()))
    }

    /// Every place where what comes out is not what must come out; empty where the example holds.
    pub fn check(&self, packs: &[Pack]) -> Vec<Mismatch> {
        let mismatch = |place: &str, expected: String, found: String| {
            vec![Mismatch { place: place.to_owned(), expected, found }]
        };
        match (self.expect.get("error").and_then(Value::as_str), self.run(packs)) {
            (Some(wanted), Err(error)) if error.to_string().contains(wanted) => Vec::new(),
            (Some(wanted), Err(error)) => mismatch("error", format!("含“{wanted}”的拒绝"), error.to_string()),
            (Some(wanted), Ok(_)) => {
                mismatch("error", format!("含“{wanted}”的拒绝"), "算出了结果".to_owned())
            }
            (None, Err(error)) => mismatch("", "一个结果".to_owned(), error.to_string()),
            (None, Ok(answer)) => {
                let mut mismatches = Vec::new();
                compare("", &self.expect, &answer, &mut mismatches);
                mismatches
            }
        }
    }
}

/// Every place where `expected`, a subset, is not in `found`. Lists are compared entry by entry and in length.
pub(crate) fn compare(place: &str, expected: &Value, found: &Value, into: &mut Vec<Mismatch>) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (name, wanted) in expected {
                let place = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
                match found.get(name) {
                    Some(value) => compare(&place, wanted, value, into),
                    None => into.push(Mismatch {
                        place,
                        expected: wanted.to_string(),
                        found: "（没有）".to_owned(),
                    }),
                }
            }
        }
        (Value::Array(expected), Value::Array(found)) => {
            if expected.len() != found.len() {
                into.push(Mismatch {
                    place: place.to_owned(),
                    expected: format!("{} 项", expected.len()),
                    found: format!("{} 项", found.len()),
                });
            }
            for (index, (wanted, value)) in expected.iter().zip(found).enumerate() {
                compare(&format!("{place}[{index}]"), wanted, value, into);
            }
        }
        _ if expected == found => {}
        _ => into.push(Mismatch {
            place: place.to_owned(),
            expected: expected.to_string(),
            found: found.to_string(),
        }),
    }
}
