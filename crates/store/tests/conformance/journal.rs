//! The journal grows, record after record.

use gongji_agency::port::{Head, StoreError};
use gongji_ledger::ChainHash;
use gongji_store::testing::Ground;

use crate::kit::{append, chained, following, head, head_of, look, made, row};

pub fn an_empty_store_stands_at_the_start(ground: &dyn Ground) {
    let store = ground.open().expect("open");
    assert_eq!(head(&*store), Head::START);
    assert!(look(&*store, |view| view.records_after(0, 10)).is_empty());
    assert_eq!(look(&*store, |view| view.records(&[0, 1, u64::MAX])), [None, None, None]);
}

pub fn records_come_back_as_they_were_written(ground: &dyn Ground) {
    let store = ground.open().expect("open");
    let bodies = [r#"{"entry":[]}"#, "", "汉字 \u{1F3E5} ' \" \\ % _ $1 ?1 \n\t", "{\"b\":1, \"a\":2}"];
    let written = append(&*store, &bodies);
    assert_eq!(look(&*store, |view| view.records_after(0, 100)), written);
    let seqs = [4, 1, 9, 4];
    let expected = [Some(written[3].clone()), Some(written[0].clone()), None, Some(written[3].clone())];
    assert_eq!(look(&*store, |view| view.records(&seqs)), expected);
    assert_eq!(head(&*store), head_of(&written[3]));
}

pub fn records_must_follow_the_head(ground: &dyn Ground) {
    let store = ground.open().expect("open");
    let kept = append(&*store, &["a", "b"]);
    let next = following(head_of(&kept[1]), &["c", "d"]);
    let mut wrong = Vec::new();
    wrong.push(vec![next[1].clone()]);
    wrong.push(vec![kept[1].clone()]);
    wrong.push(vec![next[0].clone(), next[0].clone()]);
    let mut torn = next.clone();
    torn[1].hash = ChainHash([9; 32]);
    wrong.push(torn);
    let mut early = next.clone();
    early[0].booked_at = kept[1].booked_at - 1;
    wrong.push(early);
    for records in wrong {
        let error = store.write(&mut |batch| batch.append(&records)).expect_err("does not follow");
        assert!(matches!(error, StoreError::Corrupt(_)), "{error:?}");
        assert_eq!(head(&*store), head_of(&kept[1]), "nothing was kept");
    }
    store.write(&mut |batch| batch.append(&next)).expect("follows");
    assert_eq!(chained(&*store), ["a", "b", "c", "d"]);
}

pub fn records_come_in_order_and_in_parts(ground: &dyn Ground) {
    let store = ground.open().expect("open");
    let bodies: Vec<String> = (0..25).map(|number| format!("{number}")).collect();
    let bodies: Vec<&str> = bodies.iter().map(String::as_str).collect();
    let written = append(&*store, &bodies);
    let mut after = 0;
    let mut seen = Vec::new();
    loop {
        let part = look(&*store, |view| view.records_after(after, 10));
        let Some(last) = part.last() else { break };
        after = last.seq;
        seen.extend(part);
    }
    assert_eq!(seen, written);
    assert!(look(&*store, |view| view.records_after(u64::MAX, 10)).is_empty());
    assert!(look(&*store, |view| view.records_after(0, 0)).is_empty());
}

pub fn bodies_may_be_large(ground: &dyn Ground) {
    let store = ground.open().expect("open");
    let large = "医".repeat(5 << 20 >> 1);
    let written = append(&*store, &[&large, "small"]);
    store
        .write(&mut |batch| {
            batch.put(&[row("file", "large", &large)])?;
            batch.remember(&[(
                "k".to_owned(),
                gongji_agency::port::Outcome { refusal: large.clone(), ..made(1) },
            )])
        })
        .expect("kept");
    assert_eq!(look(&*store, |view| view.records(&[1])), [Some(written[0].clone())]);
    assert_eq!(look(&*store, |view| view.page("file", "", "", 10)), [("large".to_owned(), large.clone())]);
    let outcome = look(&*store, |view| view.outcomes(&["k".to_owned()])).remove(0).expect("outcome");
    assert_eq!(outcome.refusal, large);
}

pub fn one_call_may_bring_ten_thousand(ground: &dyn Ground) {
    const COUNT: usize = 10_000;
    let store = ground.open().expect("open");
    let names: Vec<String> = (0..COUNT).map(|number| format!("n{number:05}")).collect();
    let bodies: Vec<&str> = names.iter().map(String::as_str).collect();
    let rows: Vec<_> = names.iter().map(|name| row("many", name, name)).collect();
    let outcomes: Vec<_> = names.iter().zip(1..).map(|(name, seq)| (name.clone(), made(seq))).collect();
    store
        .write(&mut |batch| {
            let records = following(batch.head()?, &bodies);
            batch.append(&records)?;
            batch.put(&rows)?;
            batch.remember(&outcomes)
        })
        .expect("kept");
    assert_eq!(chained(&*store), names);
    let ids: Vec<_> = rows.iter().rev().map(|(id, _)| id.clone()).collect();
    let found = look(&*store, |view| view.rows(&ids));
    assert!(found.iter().map(Option::as_deref).eq(names.iter().rev().map(|name| Some(name.as_str()))));
    let kept = look(&*store, |view| view.outcomes(&names));
    assert!(kept.into_iter().map(|outcome| outcome.expect("kept")).eq(outcomes.into_iter().map(|(_, o)| o)));
    let seqs: Vec<u64> = (1..=COUNT as u64).rev().collect();
    let records = look(&*store, |view| view.records(&seqs));
    assert!(records.into_iter().map(|record| record.expect("kept").seq).eq(seqs));
}

pub fn shards_do_not_see_each_other(ground: &dyn Ground) {
    let (one, two) = (ground.open().expect("open"), ground.open_shard(7).expect("open"));
    assert_eq!((one.shard(), two.shard()), (0, 7));
    append(&*one, &["a"]);
    append(&*two, &["x", "y"]);
    let key = || vec![("k".to_owned(), made(1))];
    one.write(&mut |batch| batch.remember(&key()).and(batch.put(&[row("r", "1", "one")]))).expect("kept");
    two.write(&mut |batch| batch.remember(&key()).and(batch.put(&[row("r", "1", "two")]))).expect("kept");
    assert_eq!(chained(&*one), ["a"]);
    assert_eq!(chained(&*two), ["x", "y"]);
    assert_eq!(look(&*one, |view| view.page("r", "", "", 9)), [("1".to_owned(), "one".to_owned())]);
    assert_eq!(look(&*two, |view| view.page("r", "", "", 9)), [("1".to_owned(), "two".to_owned())]);
}
