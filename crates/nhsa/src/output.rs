//! Writing the nodes of an answer: every described key, each of its type.

use crate::fields::{Direction, FieldKind, transaction};
use crate::wire::Wire;

/// A named value of a node.
pub type Member = (&'static str, Wire);

/// A node with every described field, in order: what is not given is 0, empty text, or null for a day.
/// Given members that the description does not have are left out, unless they stand in `also`.
pub fn node(number: &str, name: &str, given: &[Member], also: &[&str]) -> Wire {
    let find = |key: &str| given.iter().find(|(known, _)| *known == key).map(|(_, value)| value.clone());
    let described = transaction(number).and_then(|known| known.node(Direction::Out, name));
    let mut members = Vec::new();
    for field in described.map(|node| node.fields.as_slice()).unwrap_or_default() {
        let value = find(field.name).unwrap_or_else(|| match field.kind {
            FieldKind::Number => Wire::Number("0".to_owned()),
            FieldKind::Text => Wire::text(""),
            FieldKind::Date | FieldKind::DateTime | FieldKind::Bytes | FieldKind::Flag | FieldKind::Group => {
                Wire::Null
            }
        });
        members.push((field.name.to_owned(), value));
    }
    for key in also {
        if let Some(value) = find(key).filter(|_| !members.iter().any(|(known, _)| known == key)) {
            members.push(((*key).to_owned(), value));
        }
    }
    Wire::Object(members)
}

/// Text, or empty text.
pub fn text(value: Option<&str>) -> Wire {
    Wire::text(value.unwrap_or_default())
}

/// A day.
pub fn day(date: jiff::civil::Date) -> Wire {
    Wire::text(date.to_string())
}
