//! Everything out of one home and into another.

use std::io::Cursor;

use gongji_agency::port::{Outcome, StoreError};
use gongji_store::testing::Ground;
use gongji_store::{DumpError, Home, Summary, export, import};

use crate::kit::{append, chained, found, head, look, made, row, sqlite};

fn filled(store: &dyn Home) {
    let bodies: Vec<String> =
        (0..2_500).map(|number| format!("{{\"n\":{number},\"字\":\"医\\n\"}}")).collect();
    append(store, &bodies.iter().map(String::as_str).collect::<Vec<_>>());
    let outcomes: Vec<_> = (1..=1_200).map(|number| (format!("键{number}"), made(number))).collect();
    let refused = Outcome { request: [255; 32], seq: None, refusal: "{\"code\":\"no\"}".to_owned() };
    let rows: Vec<_> = (0..1_100).map(|number| row("person", &format!("P{number}"), "甲\u{1F3E5}")).collect();
    store
        .write(&mut |batch| {
            batch.remember(&outcomes)?;
            batch.remember(&[("refused".to_owned(), refused.clone())])?;
            batch.put(&rows)?;
            batch.put(&[row("visit", "P1", "")])
        })
        .expect("kept");
}

fn exported(store: &dyn Home) -> Vec<u8> {
    let mut bytes = Vec::new();
    let summary = export(store, &mut bytes).expect("exported");
    assert_eq!(summary, Summary { records: 2_500, outcomes: 1_201, rows: 1_101 });
    bytes
}

pub fn a_dump_goes_to_the_other_home_and_back(ground: &dyn Ground) {
    let store = ground.open().expect("open");
    filled(&*store);
    let bytes = exported(&*store);
    let middle_ground = sqlite();
    let middle = middle_ground.open().expect("open");
    import(&*middle, &mut Cursor::new(&bytes)).expect("imported");
    assert_eq!(chained(&*middle), chained(&*store));
    assert_eq!(exported(&*middle), bytes, "to the byte");
    let back = ground.open_shard(5).expect("open");
    import(&*back, &mut Cursor::new(&bytes)).expect("imported");
    assert_eq!(head(&*back), head(&*store));
    assert_eq!(found(&*back, "person", "P77").as_deref(), Some("甲\u{1F3E5}"));
    assert_eq!(
        look(&*back, |view| view.outcomes(&["refused".to_owned()])).remove(0).expect("kept").seq,
        None
    );
    append(&*back, &["and on"]);
    let error = import(&*back, &mut Cursor::new(&bytes)).expect_err("not empty");
    assert!(matches!(error, DumpError::NotEmpty(_)), "{error}");
}

pub fn a_dump_that_was_changed_is_not_taken(ground: &dyn Ground) {
    let source_ground = sqlite();
    let source = source_ground.open().expect("open");
    filled(&*source);
    let text = String::from_utf8(exported(&*source)).expect("text");
    let lines: Vec<&str> = text.lines().collect();
    let without = |at: usize| -> String {
        lines
            .iter()
            .enumerate()
            .filter(|(number, _)| *number != at)
            .map(|(_, line)| format!("{line}\n"))
            .collect()
    };
    let last = lines.len() - 1;
    let spoilt = [
        ("cut off", without(last)),
        ("cut in a line", text[..text.len() - 10].to_owned()),
        ("no start", without(0)),
        ("a record missing", without(1_500)),
        ("the last record missing", without(2_500)),
        ("an outcome missing", without(3_000)),
        ("a row missing", without(last - 1)),
        ("a body changed", text.replacen("\\\"n\\\":700,", "\\\"n\\\":701,", 1)),
        ("a row changed", text.replacen("甲\u{1F3E5}", "乙\u{1F3E5}", 1)),
        ("an outcome changed", text.replacen("\"seq\":1200,", "\"seq\":1199,", 1)),
        ("something after", format!("{text}{}\n", lines[last])),
        ("another version", text.replacen("\"version\":1", "\"version\":2", 1)),
        ("not JSON", text.replacen("{\"row\"", "{row", 1)),
        ("nothing", String::new()),
    ];
    let store = ground.open().expect("open");
    for (what, spoilt) in spoilt {
        assert_ne!(spoilt, text, "{what}");
        let error = import(&*store, &mut Cursor::new(spoilt.as_bytes())).expect_err(what);
        assert!(
            matches!(error, DumpError::Malformed { .. } | DumpError::Store(StoreError::Corrupt(_))),
            "{what}: {error:?}"
        );
        assert_eq!(head(&*store).seq, 0, "{what}");
        assert!(look(&*store, |view| view.outcome_page("", 1)).is_empty(), "{what}");
        assert!(look(&*store, |view| view.page("person", "", "", 1)).is_empty(), "{what}");
    }
    import(&*store, &mut Cursor::new(text.as_bytes())).expect("the whole one is taken");
}
