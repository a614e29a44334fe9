//! Rows: the present state.

use gongji_agency::port::StoreError;
use gongji_store::StoredRow;
use gongji_store::testing::Ground;

use crate::kit::{append, following, found, head, head_of, id, look, made, row};

pub fn rows_are_written_over_and_removed(ground: &dyn Ground) {
    let store = ground.open().expect("open");
    let first = [row("person", "甲", "1"), row("person", "乙", "1"), row("visit", "甲", "v")];
    store.write(&mut |batch| batch.put(&first)).expect("kept");
    let second = [row("person", "甲", "2"), (id("person", "乙"), None), (id("person", "丙"), None)];
    store.write(&mut |batch| batch.put(&second)).expect("kept");
    let ids =
        [id("visit", "甲"), id("person", "甲"), id("person", "乙"), id("person", "甲"), id("person", "丙")];
    let expected = [Some("v"), Some("2"), None, Some("2"), None].map(|body| body.map(str::to_owned));
    assert_eq!(look(&*store, |view| view.rows(&ids)), expected);
    assert!(look(&*store, |view| view.rows(&[])).is_empty());
    store.write(&mut |batch| batch.put(&[row("person", "乙", "again")])).expect("kept");
    assert_eq!(found(&*store, "person", "乙").as_deref(), Some("again"));
}

pub fn the_last_word_in_a_call_holds(ground: &dyn Ground) {
    let store = ground.open().expect("open");
    let (gone, back) = ((id("r", "gone"), None), (id("r", "back"), None));
    let rows =
        [row("r", "x", "1"), row("r", "gone", "1"), back, row("r", "x", "2"), gone, row("r", "back", "3")];
    store.write(&mut |batch| batch.put(&rows)).expect("kept");
    let kept = look(&*store, |view| view.page("r", "", "", 9));
    assert_eq!(kept, [("back", "3"), ("x", "2")].map(|(id, body)| (id.to_owned(), body.to_owned())));
}

pub fn pages_keep_to_prefix_and_byte_order(ground: &dyn Ground) {
    let store = ground.open().expect("open");
    let mut ids: Vec<String> = [
        "A",
        "B",
        "Z",
        "a",
        "a%",
        "a%b",
        "a_",
        "a_b",
        "ab",
        "aé",
        "az",
        "a中",
        "a中1",
        "a丮",
        "b",
        "é",
        "中国",
        "中",
        "丮",
        "一",
        "\u{D7FF}",
        "\u{E000}",
        "\u{FFFF}",
        "\u{10FFFF}",
        "\u{10FFFF}x",
        "a\u{10FFFF}",
        " ",
        "a b",
        "a\nb",
        "a'b",
        "a\\b",
        "a*",
        "a?",
    ]
    .map(str::to_owned)
    .into();
    let rows: Vec<_> = ids.iter().map(|name| row("p", name, name)).collect();
    let near = [row("o", "a", "other"), row("q", "a", "other"), row("p2", "a", "other")];
    store.write(&mut |batch| batch.put(&rows).and(batch.put(&near))).expect("kept");
    // Texts of Rust sort by their bytes.
    ids.sort();
    for prefix in
        ["", "a", "a%", "a_", "中", "a中", "\u{D7FF}", "\u{10FFFF}", "a\u{10FFFF}", "é", "none", "a\\"]
    {
        let expected: Vec<&String> = ids.iter().filter(|id| id.starts_with(prefix)).collect();
        for limit in [1, 3, 1_000] {
            let mut seen: Vec<String> = Vec::new();
            loop {
                let after = seen.last().cloned().unwrap_or_default();
                let page = look(&*store, |view| view.page("p", prefix, &after, limit));
                assert!(page.len() <= limit);
                if page.is_empty() {
                    break;
                }
                seen.extend(page.into_iter().map(|(id, body)| {
                    assert_eq!(id, body);
                    id
                }));
            }
            assert!(seen.iter().eq(expected.iter().copied()), "{prefix:?}: {seen:?} {expected:?}");
        }
    }
    let past: Vec<_> = look(&*store, |view| view.page("p", "a", "b", 10));
    assert!(past.is_empty(), "nothing with this prefix comes after: {past:?}");
    let from = look(&*store, |view| view.page("p", "b", "A", 10));
    assert_eq!(from, [("b".to_owned(), "b".to_owned())]);
    assert!(look(&*store, |view| view.page("p", "", "", 0)).is_empty());
}

pub fn rows_of_all_kinds_come_in_order(ground: &dyn Ground) {
    let store = ground.open().expect("open");
    let rows = [row("b", "2", "x"), row("a", "9", "x"), row("b", "1", "x"), row("B", "1", "x")];
    store.write(&mut |batch| batch.put(&rows)).expect("kept");
    let mut seen: Vec<StoredRow> = Vec::new();
    loop {
        let (kind, id) = seen.last().map(|row| (row.kind.clone(), row.id.clone())).unwrap_or_default();
        let mut part = Vec::new();
        store
            .read_all(&mut |view| {
                part = view.rows_after(&kind, &id, 3)?;
                Ok(())
            })
            .expect("a view");
        if part.is_empty() {
            break;
        }
        seen.extend(part);
    }
    let places: Vec<_> = seen.iter().map(|row| (row.kind.as_str(), row.id.as_str())).collect();
    assert_eq!(places, [("B", "1"), ("a", "9"), ("b", "1"), ("b", "2")]);
    store
        .write_all(&mut |batch| batch.put_all(&[StoredRow { body: "new".to_owned(), ..seen[1].clone() }]))
        .expect("kept");
    assert_eq!(found(&*store, "a", "9").as_deref(), Some("new"));
}

pub fn what_cannot_be_kept_is_refused_and_never_found(ground: &dyn Ground) {
    let store = ground.open().expect("open");
    let kept = append(&*store, &["a"]);
    let (long, longest) = ("x".repeat(1_001), "x".repeat(1_000));
    store.write(&mut |batch| batch.put(&[row("r", &longest, "x")])).expect("kept");
    let bad_rows = [row("r", "", "x"), row("r", &long, "x"), row("r", "a\0b", "x"), row("r", "id", "x\0")];
    for bad in bad_rows {
        let error = store.write(&mut |batch| batch.put(std::slice::from_ref(&bad))).expect_err("refused");
        assert!(matches!(error, StoreError::Refused(_)), "{error:?}");
    }
    for key in ["", "a\0b"] {
        let bad = [(key.to_owned(), made(1))];
        let error = store.write(&mut |batch| batch.remember(&bad)).expect_err("refused");
        assert!(matches!(error, StoreError::Refused(_)), "{error:?}");
    }
    let error = store
        .write(&mut |batch| batch.append(&following(head_of(&kept[0]), &["nul \0"])))
        .expect_err("refused");
    assert!(matches!(error, StoreError::Refused(_)), "{error:?}");
    assert_eq!(head(&*store).seq, kept[0].seq);
    assert_eq!(
        look(&*store, |view| view.rows(&[id("r", ""), id("r", "a\0b"), id("r", "id")])),
        [None, None, None]
    );
    assert_eq!(look(&*store, |view| view.outcomes(&[String::new(), "a\0b".to_owned()])), [None, None]);
}
