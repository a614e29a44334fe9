//! Every worked example of the shipped packs and of the operators' fixtures comes out as it says.

use std::path::Path;

use gongji_cases::WorkedExample;
use gongji_packs::PackTexts;
use gongji_policy::{Pack, Severity, read_packs};

fn packs(texts: &PackTexts) -> Vec<Pack> {
    let (packs, findings) = read_packs(&texts.rules);
    let errors: Vec<_> =
        findings.iter().filter(|finding| finding.code.severity() == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    packs
}

fn check(texts: &PackTexts) {
    let packs = packs(texts);
    let mut failures = String::new();
    assert!(!texts.cases.is_empty(), "no examples");
    for text in &texts.cases {
        let example =
            WorkedExample::read(&text.text).unwrap_or_else(|error| panic!("{}: {error}", text.name));
        for mismatch in example.check(&packs) {
            failures.push_str(&format!(
                "{} ({}) {}: expected {}, found {}\n",
                text.name, example.title, mismatch.place, mismatch.expected, mismatch.found
            ));
        }
    }
    let count = failures.lines().count();
    assert!(failures.is_empty(), "{count} mismatches in {} examples\n{failures}", texts.cases.len());
}

#[test]
fn shipped_packs() {
    check(&PackTexts::shipped());
}

#[test]
fn fixtures() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/policies");
    check(&PackTexts::from_folder(&root).unwrap());
}
