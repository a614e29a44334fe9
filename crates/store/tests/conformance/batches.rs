//! A batch is kept whole or not at all, and batches come one after the other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use gongji_agency::port::{Head, Read, Store, StoreError, Write};
use gongji_store::testing::Ground;

use crate::kit::{append, chained, following, found, head, id, look, made, row};

/// Writes something of every sort.
fn some(batch: &mut dyn Write) -> Result<(), StoreError> {
    let records = following(batch.head()?, &["new"]);
    batch.append(&records)?;
    batch.put(&[row("r", "new", "x"), (id("r", "old"), None)])?;
    batch.remember(&[("new".to_owned(), made(records[0].seq))])
}

fn prepared(ground: &dyn Ground) -> Arc<dyn gongji_store::Home> {
    let store = ground.open().expect("open");
    append(&*store, &["old"]);
    store.write(&mut |batch| batch.put(&[row("r", "old", "x")])).expect("kept");
    store
}

fn assert_nothing_new(store: &dyn Store) {
    assert_eq!(chained(store), ["old"]);
    assert_eq!(found(store, "r", "new"), None);
    assert_eq!(found(store, "r", "old").as_deref(), Some("x"));
    assert_eq!(look(store, |view| view.outcomes(&["new".to_owned()])), [None]);
    // And the next batch works.
    store.write(&mut some).expect("kept");
    assert_eq!(chained(store), ["old", "new"]);
}

pub fn a_batch_sees_what_it_wrote(ground: &dyn Ground) {
    let store = prepared(ground);
    store
        .write(&mut |batch| {
            some(batch)?;
            assert_eq!(batch.head()?.seq, 2);
            assert_eq!(batch.rows(&[id("r", "new"), id("r", "old")])?, [Some("x".to_owned()), None]);
            assert_eq!(batch.page("r", "", "", 9)?.len(), 1);
            assert_eq!(batch.outcomes(&["new".to_owned()])?, [Some(made(2))]);
            assert_eq!(batch.outcome_page("", 9)?.len(), 1);
            assert_eq!(batch.records(&[2])?.remove(0).map(|record| record.body).as_deref(), Some("new"));
            assert_eq!(batch.records_after(0, 9)?.len(), 2);
            let records = following(batch.head()?, &["newer"]);
            batch.append(&records)?;
            batch.put(&[row("r", "new", "y")])
        })
        .expect("kept");
    assert_eq!(chained(&*store), ["old", "new", "newer"]);
    assert_eq!(found(&*store, "r", "new").as_deref(), Some("y"));
}

pub fn work_that_fails_keeps_nothing(ground: &dyn Ground) {
    let store = prepared(ground);
    let error = store
        .write(&mut |batch| {
            some(batch)?;
            Err(StoreError::Stopped("changed its mind".to_owned()))
        })
        .expect_err("stopped");
    assert_eq!(error, StoreError::Stopped("changed its mind".to_owned()));
    assert_nothing_new(&*store);
}

pub fn an_error_that_work_swallows_keeps_nothing(ground: &dyn Ground) {
    let store = prepared(ground);
    let error = store
        .write(&mut |batch| {
            some(batch)?;
            let _ = batch.remember(&[("new".to_owned(), made(2))]);
            Ok(())
        })
        .expect_err("a key used twice");
    assert!(matches!(error, StoreError::Corrupt(_)), "{error:?}");
    assert_nothing_new(&*store);
}

pub fn work_that_panics_keeps_nothing(ground: &dyn Ground) {
    let store = prepared(ground);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        store.write(&mut |batch| {
            some(batch)?;
            std::panic::resume_unwind(Box::new("a mistake in the work"))
        })
    }));
    assert!(panicked.is_err());
    // Another handle is not held up by what was left behind.
    let other = ground.open().expect("open");
    assert_nothing_new(&*other);
    assert_eq!(chained(&*store), ["old", "new"]);
    append(&*store, &["newer"]);
}

pub fn a_batch_without_writes_is_fine(ground: &dyn Ground) {
    let store = prepared(ground);
    store.write(&mut |_| Ok(())).expect("nothing to do");
    store
        .write(&mut |batch| {
            batch.append(&[])?;
            batch.put(&[])?;
            batch.remember(&[])
        })
        .expect("nothing to do");
    assert_nothing_new(&*store);
}

pub fn what_was_kept_is_there_after_opening_again(ground: &dyn Ground) {
    let store = prepared(ground);
    store.write(&mut some).expect("kept");
    let before = head(&*store);
    drop(store);
    let store = ground.open().expect("open");
    assert_eq!(head(&*store), before);
    assert_eq!(chained(&*store), ["old", "new"]);
    append(&*store, &["newer"]);
}

pub fn writers_from_threads_and_processes_come_one_after_the_other(ground: &dyn Ground) {
    const EACH: usize = 20;
    let handles = [ground.open().expect("open"), ground.open().expect("open")];
    let count = |view: &mut dyn Read| -> Result<u64, StoreError> {
        let found = view.rows(&[id("counter", "all")])?.remove(0);
        Ok(found.map_or(0, |text| text.parse().expect("a number")))
    };
    thread::scope(|scope| {
        for writer in 0..6 {
            let store = &handles[writer % 2];
            scope.spawn(move || {
                for turn in 0..EACH {
                    let name = format!("{writer}-{turn}");
                    store
                        .write(&mut |batch| {
                            let seen = count(batch)?;
                            let head: Head = batch.head()?;
                            assert_eq!(head.seq, seen, "what is read is what the last batch left");
                            batch.append(&following(head, &[&name]))?;
                            batch.put(&[row("counter", "all", &(seen + 1).to_string())])?;
                            batch.remember(&[(name.clone(), made(head.seq + 1))])
                        })
                        .expect("kept");
                }
            });
        }
    });
    let mut bodies = chained(&*handles[0]);
    assert_eq!(look(&*handles[1], count), 6 * EACH as u64);
    bodies.sort();
    bodies.dedup();
    assert_eq!(bodies.len(), 6 * EACH);
}
