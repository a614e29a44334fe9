//! What became of callers' keys.

use gongji_agency::port::{Outcome, StoreError};
use gongji_store::testing::Ground;

use crate::kit::{append, look, made};

pub fn keys_are_remembered_once(ground: &dyn Ground) {
    let store = ground.open().expect("open");
    append(&*store, &["a"]);
    let refused = Outcome { request: [1; 32], seq: None, refusal: r#"{"code":"no_cover"}"#.to_owned() };
    let first = [("k1".to_owned(), made(1)), ("键 2".to_owned(), refused.clone())];
    store.write(&mut |batch| batch.remember(&first)).expect("kept");
    let asked = ["键 2", "k3", "k1", "K1"].map(str::to_owned);
    let expected = [Some(refused), None, Some(made(1)), None];
    assert_eq!(look(&*store, |view| view.outcomes(&asked)), expected);

    let other = ground.open().expect("open");
    let again = ("k1".to_owned(), made(1));
    let fresh = ("k3".to_owned(), made(1));
    for store in [&store, &other] {
        let batches = [vec![fresh.clone(), again.clone()], vec![fresh.clone(), fresh.clone()]];
        for outcomes in batches {
            let error = store.write(&mut |batch| batch.remember(&outcomes)).expect_err("used twice");
            assert!(matches!(error, StoreError::Corrupt(_)), "{error:?}");
        }
        let error = store
            .write(&mut |batch| {
                batch.remember(std::slice::from_ref(&fresh))?;
                batch.remember(std::slice::from_ref(&fresh))
            })
            .expect_err("used twice");
        assert!(matches!(error, StoreError::Corrupt(_)), "{error:?}");
        assert_eq!(look(&**store, |view| view.outcomes(&asked)), expected, "nothing was kept");
    }
    other.write(&mut |batch| batch.remember(std::slice::from_ref(&fresh))).expect("kept");
    assert_eq!(look(&*store, |view| view.outcomes(&asked))[1], Some(made(1)));
}

pub fn outcomes_come_in_order_of_key(ground: &dyn Ground) {
    let store = ground.open().expect("open");
    let mut keys: Vec<String> =
        ["b", "a", "A", "中", "a%", "a_", "ab", "é", "z", "Z", "\u{1F600}", "\u{FFFD}"]
            .map(str::to_owned)
            .into();
    let outcomes: Vec<_> = keys.iter().map(|key| (key.clone(), made(1))).collect();
    store.write(&mut |batch| batch.remember(&outcomes)).expect("kept");
    keys.sort();
    let mut seen: Vec<String> = Vec::new();
    loop {
        let after = seen.last().cloned().unwrap_or_default();
        let part = look(&*store, |view| view.outcome_page(&after, 5));
        if part.is_empty() {
            break;
        }
        assert!(part.len() <= 5);
        seen.extend(part.into_iter().map(|(key, outcome)| {
            assert_eq!(outcome, made(1));
            key
        }));
    }
    assert_eq!(seen, keys);
}
