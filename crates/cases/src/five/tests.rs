//! The sayings are data: every name in them is one that there is.

use std::collections::BTreeSet;

use super::corrections::{SAYINGS, Sayings, TEXT};
use super::{FLAGS, TITLES};

fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split('}').next())
}

#[test]
fn the_sayings_can_be_read_and_name_what_there_is() {
    let read: Sayings = toml::from_str(TEXT).unwrap();
    assert_eq!(read.saying.len(), SAYINGS.saying.len());
    let titles: BTreeSet<&str> = TITLES.iter().map(|(name, _)| *name).collect();
    for saying in &read.saying {
        let told = &saying.said;
        assert!(titles.contains(saying.question.as_str()), "{told}: {}", saying.question);
        assert!(saying.when.iter().all(|flag| FLAGS.contains(&flag.as_str())), "{told}: {:?}", saying.when);
        assert!(!saying.rows.is_empty(), "{told}: no statement");
        assert!(!saying.right.ends_with('。'), "{told}: the sentence gets its full stop later");
        for name in saying.rests_on.iter().map(String::as_str).chain(names(&saying.right)) {
            let question = name.split_once('.').map(|(question, _)| question);
            assert!(question.is_some_and(|question| titles.contains(question)), "{told}: {name}");
        }
    }
}

#[test]
fn every_saying_is_a_statement_of_the_coverage() {
    let text = include_str!("../../../../docs/coverage/statements.toml");
    let statements: toml::Table = toml::from_str(text).unwrap();
    let rows = statements["rows"].as_table().unwrap();
    for saying in &SAYINGS.saying {
        for row in &saying.rows {
            assert!(rows.contains_key(row), "{}: {row}", saying.said);
        }
    }
}
