//! Computing an answer again from what it carries, and showing every difference.

use gongji_policy::Pack;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{CaseError, ErrorCode};
use crate::request::Case;
use crate::run::QuoteOptions;

/// How many differences are listed.
const MOST_LISTED: usize = 1_000;

/// What computing an answer again shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// Whether every figure and every word is the same, the receipt included.
    pub same: bool,
    /// Receipts that differ: the engine, the packs, the case. Differences elsewhere follow from them, or from a changed
    /// answer where there are none here.
    pub receipt: Vec<Difference>,
    /// Every other place that differs; at most a thousand.
    pub differences: Vec<Difference>,
}

/// One place where the stated answer and the computed one differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Where: `results[0].pooled_paid`.
    pub place: String,
    /// What the answer states; empty where it states nothing.
    pub stated: String,
    /// What was computed; empty where there is nothing.
    pub computed: String,
}

/// Computes an answer again from the case and options that it carries.
///
/// # Errors
/// A [`CaseError`] where the text is no answer, or where its case has no answer under these packs.
pub fn verify(packs: &[Pack], answer: &str) -> Result<Verification, CaseError> {
    let stated: Value = serde_json::from_str(answer).map_err(|error| {
        let place = format!("第 {} 行第 {} 列", error.line(), error.column());
        CaseError::new(ErrorCode::MalformedJson, place, "不是合法的 JSON")
    })?;
    let missing = |name: &str| {
        CaseError::new(ErrorCode::MissingField, name, "缺少这个字段")
            .expected("一份完整的答案，如 gongji quote --format json 的输出")
    };
    let case = Case::read(&stated.get("case").ok_or_else(|| missing("case"))?.to_string())
        .map_err(|error| CaseError { field: format!("case.{}", error.field), ..error })?;
    let options = stated.get("options").ok_or_else(|| missing("options"))?;
    let options = QuoteOptions { on: day(options, "on")?, known_on: day(options, "known_on")? };
    let computed = serde_json::to_value(crate::quote(packs, &case, options)?)
        .map_err(|error| CaseError::new(ErrorCode::Internal, "", error.to_string()))?;
    let mut found = Vec::new();
    differ("", Some(&stated), Some(&computed), &mut found);
    let (receipt, differences): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|difference| difference.place.contains("].receipt."));
    let mut verification =
        Verification { same: receipt.is_empty() && differences.is_empty(), receipt, differences };
    verification.differences.truncate(MOST_LISTED);
    // Every result carries the same receipt: it is told once.
    verification.receipt.retain(|difference| difference.place.starts_with("results[0]."));
    Ok(verification)
}

fn day(options: &Value, name: &str) -> Result<Option<Date>, CaseError> {
    match options.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value.as_str().and_then(|text| text.parse().ok()).map(Some).ok_or_else(|| {
            CaseError::new(ErrorCode::MalformedDate, format!("options.{name}"), "日期写法不对")
                .found(value.to_string())
                .expected("YYYY-MM-DD 或 null")
        }),
    }
}

/// Every leaf at which two values differ.
fn differ(place: &str, stated: Option<&Value>, computed: Option<&Value>, into: &mut Vec<Difference>) {
    if stated == computed {
        return;
    }
    match (stated, computed) {
        (Some(Value::Object(stated)), Some(Value::Object(computed))) => {
            let more = computed.keys().filter(|name| !stated.contains_key(*name));
            for name in stated.keys().chain(more) {
                let place = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
                differ(&place, stated.get(name), computed.get(name), into);
            }
        }
        (Some(Value::Array(stated)), Some(Value::Array(computed))) => {
            for index in 0..stated.len().max(computed.len()) {
                differ(&format!("{place}[{index}]"), stated.get(index), computed.get(index), into);
            }
        }
        _ => {
            let text = |value: Option<&Value>| match value {
                None => String::new(),
                Some(Value::String(text)) => text.clone(),
                Some(value) => value.to_string(),
            };
            into.push(Difference { place: place.to_owned(), stated: text(stated), computed: text(computed) });
        }
    }
}
