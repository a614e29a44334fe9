//! The registry of parameters: names once each, and every one in both references.

use std::collections::BTreeSet;
use std::path::Path;

use gongji_policy::{PARAMETERS, ParameterKind};

#[test]
fn every_parameter_stands_once_and_in_the_references() {
    let names: Vec<String> = PARAMETERS.iter().map(|it| format!("{}.{}", it.calculation, it.name)).collect();
    let once: BTreeSet<&String> = names.iter().collect();
    assert_eq!(once.len(), names.len());
    for page in ["pack-format.md", "pack-format.zh-CN.md"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(page);
        let text = std::fs::read_to_string(path).unwrap();
        let missing: Vec<_> = PARAMETERS
            .iter()
            .zip(&names)
            .filter(|(it, name)| !text.contains(&format!("| `{name}` | {}", it.label)))
            .map(|(_, name)| name)
            .collect();
        assert!(missing.is_empty(), "{page} lacks {missing:?}");
    }
}

#[test]
fn a_rounding_names_a_rounding() {
    for parameter in PARAMETERS.iter().filter(|it| it.name == "rounding") {
        let ParameterKind::Choice(names) = parameter.kind else { panic!("{parameter:?}") };
        for index in 0..names.len() {
            assert!(gongji_policy::Choice { names, index }.rounding().is_some(), "{}", names[index].0);
        }
    }
}
