//! The document and the checks name the same.

use std::path::Path;

use gongji_conformance::{CHECKS, Level, SEQUENCES};

#[test]
fn every_check_is_documented() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/conformance.md");
    let text = std::fs::read_to_string(path).expect("docs/conformance.md");
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| `") && line.contains('.')).collect();
    for check in CHECKS {
        let named = format!("`{}`", check.id);
        let row = rows.iter().find(|row| row.split('|').nth(1).is_some_and(|ids| ids.contains(&named)));
        let row = row.unwrap_or_else(|| panic!("docs/conformance.md says nothing of {named}"));
        assert_eq!(row.contains("(should)"), check.level == Level::Should, "{row}");
    }
    for sequence in SEQUENCES {
        assert!(text.contains(&format!("`{sequence}`")), "docs/conformance.md does not name {sequence}");
    }
}
