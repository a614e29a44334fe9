//! Every statement is accounted for, and the page says so.

use std::fs;

use xtask::coverage::{PAGE, check, load, render};
use xtask::root;

#[test]
fn every_statement_is_carried_as_it_says() {
    let root = root();
    let lists = load(&root).expect("the lists");
    let findings = check(&root, &lists).expect("packs and cases");
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

#[test]
fn the_page_is_fresh() {
    let root = root();
    let lists = load(&root).expect("the lists");
    let page = fs::read_to_string(root.join(PAGE)).expect("the page");
    assert!(page == render(&lists), "{PAGE} is stale: run `cargo run -p xtask -- coverage`");
}

/// A check that finds nothing where something is wrong would be worth nothing.
#[test]
fn what_is_not_there_is_found() {
    let root = root();
    let spoilt = [
        ("targets = [\"policies/", "targets = [\"policies/no-such/", "no case"),
        ("kind = \"case\"", "kind = \"not_modelled\"", "what is not modelled says why"),
        ("F01 = ", "F00 = ", "no worked example `F01`"),
    ];
    let text = fs::read_to_string(root.join("docs/coverage/worked-examples.toml")).expect("the list");
    for (from, to, expected) in spoilt {
        assert!(text.contains(from), "{from}");
        let list = toml::from_str(&text.replacen(from, to, 1)).expect("still a list");
        let findings = check(&root, &[list]).expect("packs and cases");
        assert!(findings.iter().any(|finding| finding.contains(expected)), "{expected}: {findings:?}");
    }
}
