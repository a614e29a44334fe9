//! What a wire interface keeps beside the agency's rows: visit numbers of the hospital, diagnoses, serial numbers of lines.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::desk::Row;

/// An object whose meaning is the interface's own; nothing is decided by it here. The row's id begins with the actor's scope, so that
/// nobody touches another's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Note(pub Map<String, Value>);

impl Row for Note {
    const KIND: &'static str = "note";
}

impl Note {
    /// Puts a patch into it: members replace members, objects are merged, null removes.
    pub fn merge(&mut self, patch: &Map<String, Value>) {
        merge(&mut self.0, patch);
    }
}

fn merge(into: &mut Map<String, Value>, patch: &Map<String, Value>) {
    for (key, value) in patch {
        match value {
            Value::Null => {
                into.remove(key);
            }
            Value::Object(inner) => {
                let place = into.entry(key.clone()).or_insert_with(|| Value::Object(Map::new()));
                if !place.is_object() {
                    *place = Value::Object(Map::new());
                }
                if let Value::Object(place) = place {
                    merge(place, inner);
                }
            }
            other => {
                into.insert(key.clone(), other.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn patches_merge() {
        let object = |value: Value| value.as_object().expect("an object").clone();
        let mut note = Note::default();
        note.merge(&object(json!({ "a": "1", "b": { "x": "1", "y": "2" } })));
        note.merge(&object(json!({ "a": null, "b": { "x": null, "z": "3" }, "c": ["1"] })));
        assert_eq!(Value::Object(note.0), json!({ "b": { "y": "2", "z": "3" }, "c": ["1"] }));
    }
}
