//! Views stand still, and wait for nobody.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use gongji_agency::port::StoreError;
use gongji_store::testing::Ground;

use crate::kit::{append, found, head, id, look, made, row};

/// Long enough for any machine; a test that meets it has failed.
const PATIENCE: Duration = Duration::from_secs(60);

pub fn a_view_does_not_change_while_others_write(ground: &dyn Ground) {
    let store = ground.open().expect("open");
    append(&*store, &["a"]);
    store.write(&mut |batch| batch.put(&[row("r", "1", "before"), row("r", "2", "before")])).expect("kept");
    let other = ground.open().expect("open");
    store
        .read(&mut |view| {
            // Already before its first question the view stands.
            append(&*other, &["b"]);
            assert_eq!(view.head()?.seq, 1);
            for _ in 0..3 {
                other
                    .write(&mut |batch| {
                        batch.put(&[row("r", "1", "after"), (id("r", "2"), None), row("r", "3", "after")])
                    })
                    .expect("kept");
                append(&*store, &["c"]);
                assert_eq!(view.rows(&[id("r", "1"), id("r", "3")])?, [Some("before".to_owned()), None]);
                assert_eq!(view.page("r", "", "", 9)?.len(), 2);
                assert_eq!(view.records_after(0, 9)?.len(), 1);
                assert_eq!(view.head()?.seq, 1);
            }
            other.write(&mut |batch| batch.remember(&[("k".to_owned(), made(1))])).expect("kept");
            assert_eq!(view.outcomes(&["k".to_owned()])?, [None]);
            assert!(view.outcome_page("", 9)?.is_empty());
            Ok(())
        })
        .expect("a view");
    assert_eq!(head(&*store).seq, 5);
    assert_eq!(found(&*store, "r", "1").as_deref(), Some("after"));
}

pub fn readers_do_not_wait_for_a_writer(ground: &dyn Ground) {
    let store = ground.open().expect("open");
    append(&*store, &["a"]);
    let (go, wait) = mpsc::channel();
    let (tell, hear) = mpsc::channel();
    thread::scope(|scope| {
        let store = &*store;
        scope.spawn(move || {
            wait.recv_timeout(PATIENCE).expect("the batch is under way");
            for _ in 0..20 {
                assert_eq!(head(store).seq, 1);
                assert_eq!(look(store, |view| view.records_after(0, 9)).len(), 1);
                assert_eq!(found(store, "r", "1"), None);
            }
            tell.send(()).expect("heard");
        });
        store
            .write(&mut |batch| {
                let records = crate::kit::following(batch.head()?, &["b"]);
                batch.append(&records)?;
                batch.put(&[row("r", "1", "x")])?;
                go.send(()).expect("heard");
                hear.recv_timeout(PATIENCE).expect("readers came through while the batch was open");
                Ok(())
            })
            .expect("kept");
    });
    assert_eq!(head(&*store).seq, 2);
}

pub fn a_view_that_fails_says_so(ground: &dyn Ground) {
    let store = ground.open().expect("open");
    for _ in 0..20 {
        let error = store.read(&mut |_| Err(StoreError::Stopped("enough".to_owned()))).expect_err("stopped");
        assert_eq!(error, StoreError::Stopped("enough".to_owned()));
    }
    assert_eq!(head(&*store).seq, 0);
}
