//! The table of commands in the documentation.

use std::collections::BTreeMap;
use std::path::Path;

use gongji_agency::command::{COMMANDS, Command};
use serde_json::Value;

/// The example of each command: the JSON block under its heading.
pub fn examples() -> BTreeMap<String, Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/agency.md");
    let text = std::fs::read_to_string(path).expect("the documentation");
    let mut examples = BTreeMap::new();
    for section in text.split("\n### `").skip(1) {
        let (kind, rest) = section.split_once('`').expect("a name in backquotes");
        let json = rest.split("```json\n").nth(1).and_then(|rest| rest.split("```").next());
        let json = json.unwrap_or_else(|| panic!("{kind} has no example"));
        let value = serde_json::from_str(json).unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert!(examples.insert(kind.to_owned(), value).is_none(), "{kind} stands twice");
    }
    examples
}

#[test]
fn every_command_has_an_example_that_reads() {
    let mut examples = examples();
    for (kind, label) in COMMANDS {
        let example = examples.remove(*kind).unwrap_or_else(|| panic!("{kind} {label} is not documented"));
        let command =
            Command::read(kind, &example.to_string()).unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert_eq!(command.kind(), *kind);
    }
    assert!(examples.is_empty(), "no such command: {:?}", examples.keys());
}

#[test]
fn the_overview_names_every_command_with_its_term() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/agency.md");
    let text = std::fs::read_to_string(path).expect("the documentation");
    for (kind, label) in COMMANDS {
        assert!(text.contains(&format!("| `{kind}` | {label} |")), "| `{kind}` | {label} |");
    }
}
