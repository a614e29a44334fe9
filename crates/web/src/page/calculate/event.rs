//! From an address to the case of a calculation: the same JSON that the API takes.

use gongji_policy::DimensionKind;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::kinds::{Field, FieldKind, Kind};
use crate::page::case::{self, Wrong};
use crate::page::inputs::Inputs;
use crate::page::terms;

/// What a field starts with.
pub fn default(field: &Field, today: Date) -> String {
    let last = Date::new(today.year(), 12, 31).unwrap_or(today);
    match field.default.as_str() {
        "today" => today.to_string(),
        "month" => today.strftime("%Y-%m").to_string(),
        "year" => today.year().to_string(),
        "year_first" => format!("{}-01-01", today.year()),
        "year_last" => last.to_string(),
        literal => literal.to_owned(),
    }
}

/// The name of a value that is written by its name or by its term.
fn named(field: &Field, text: &str) -> String {
    let Some(dimension) = field.dimension() else { return text.to_owned() };
    let DimensionKind::Choice(names) = dimension.kind() else { return text.to_owned() };
    let found = names.iter().find(|name| **name == text || terms::value(dimension, name) == text);
    found.map_or_else(|| text.to_owned(), |name| (*name).to_owned())
}

/// An amount as people type it, as the case format writes it.
fn money(text: &str) -> Result<Value, String> {
    case::plain_amount(text).map(Value::from)
}

/// One value as JSON; what the engine checks better is passed on as it stands.
fn value(field: &Field, text: &str) -> Result<Value, String> {
    match field.kind {
        FieldKind::Money => money(text),
        FieldKind::Number | FieldKind::Year => text
            .parse::<i64>()
            .map(Value::from)
            .map_err(|_| format!("“{text}”不是整数。请填 0 或更大的整数，或者留空")),
        FieldKind::Yes => match text {
            "true" | "是" => Ok(Value::from(true)),
            "false" | "否" => Ok(Value::from(false)),
            _ => Err(format!("“{text}”应为 是 或 否")),
        },
        FieldKind::Choice => Ok(Value::from(named(field, text))),
        _ => Ok(Value::from(text)),
    }
}

/// One line of a list.
fn row(columns: &[Field], line: &str) -> Result<Value, String> {
    let mut entry = Map::new();
    let words: Vec<&str> = line.split_whitespace().collect();
    if words.len() > columns.len() {
        return Err(format!("这一行有 {} 项，至多 {} 项", words.len(), columns.len()));
    }
    for (column, word) in columns.iter().zip(words) {
        if column.kind != FieldKind::Signed {
            entry.insert(column.name.clone(), value(column, word)?);
            continue;
        }
        let (name, amount) = match word.strip_prefix(['-', '−']) {
            Some(amount) => ("out", amount),
            None => ("in", word.trim_start_matches('+')),
        };
        entry.insert(name.to_owned(), money(amount)?);
    }
    Ok(Value::Object(entry))
}

fn rows(field: &Field, text: &str) -> Result<Value, String> {
    let lines = text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty());
    lines
        .map(|(number, line)| {
            row(&field.columns, line).map_err(|problem| format!("第 {} 行：{problem}", number + 1))
        })
        .collect::<Result<Vec<Value>, String>>()
        .map(Value::from)
}

/// The day on which the age is counted.
fn day_of(kind: &Kind, inputs: &Inputs) -> Option<Date> {
    let key = kind.field.iter().find(|field| field.name == kind.day).map(Field::key)?;
    let text = inputs.get(&key);
    text.parse().ok().or_else(|| format!("{text}-01").parse().ok())
}

/// The case that an address asks.
///
/// # Errors
/// Every question whose answer cannot be read.
pub fn of(kind: &Kind, scheme: &str, inputs: &Inputs) -> Result<Value, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let mut event = Map::new();
    event.insert("kind".to_owned(), kind.name.as_str().into());
    for field in kind.fields(scheme) {
        let key = field.key();
        let text = inputs.get(&key);
        let read = match field.kind {
            FieldKind::Choices => {
                let list: Vec<&str> = inputs.all(&key).collect();
                (!list.is_empty()).then(|| Ok(json!(list)))
            }
            _ if text.is_empty() => None,
            FieldKind::Rows => Some(rows(field, text)),
            _ => Some(value(field, text)),
        };
        match read {
            Some(Ok(read)) => {
                event.insert(field.name.clone(), read);
            }
            Some(Err(text)) => wrong.push(Wrong { key, text }),
            None => {}
        }
    }
    for key in ["birth", "retired"] {
        wrong.extend(case::day(inputs, key).err());
    }
    let person = case::person(&inputs.with("scheme", scheme), day_of(kind, inputs), &mut wrong);
    let purses = if kind.purses { case::purses(inputs, &mut wrong) } else { json!({}) };
    if wrong.is_empty() {
        Ok(json!({ "person": person, "purses": purses, "events": [event] }))
    } else {
        Err(wrong)
    }
}
