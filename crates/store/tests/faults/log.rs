//! The log is moved into the file while writers and readers go on.

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use gongji_agency::port::Store;
use gongji_store::testing::temporary_sqlite;
use gongji_store::{Sqlite, SqliteOptions};

use crate::kit::{audit, book};

/// How many pages the log holds that a reader of this moment would see.
fn length(file: &Path) -> i64 {
    let connection = rusqlite::Connection::open(file).expect("open");
    connection.query_row("PRAGMA wal_checkpoint(NOOP)", [], |row| row.get(1)).expect("a length")
}

#[test]
fn a_long_log_begins_anew_before_a_commit_has_to_move_it() {
    let ground = temporary_sqlite().expect("a folder");
    let options = SqliteOptions { log_pages: 2_000, ..SqliteOptions::default() };
    let store = Sqlite::open_with(ground.file(), options).expect("open");
    let mut keys = Vec::new();
    let mut write = |bulk: usize| {
        let key = format!("k{:05}", keys.len());
        store.write(&mut |batch| book(batch, std::slice::from_ref(&key), bulk)).expect("kept");
        keys.push(key);
    };
    while length(&ground.file()) < 1_300 {
        write(200_000);
    }
    let mut before = length(&ground.file());
    loop {
        assert!(before < 2_000, "nobody moved it");
        sleep(Duration::from_millis(10));
        write(10);
        let now = length(&ground.file());
        if now < before {
            break;
        }
        before = now;
    }
    assert_eq!(audit(&store), keys);
}

#[test]
fn a_reader_who_holds_the_log_is_waited_for_by_nobody() {
    let ground = temporary_sqlite().expect("a folder");
    let options = SqliteOptions { log_pages: 100, ..SqliteOptions::default() };
    let store = Sqlite::open_with(ground.file(), options.clone()).expect("open");
    let reader = Sqlite::open_with(ground.file(), options).expect("open");
    let mut keys = Vec::new();
    let mut write = || {
        let key = format!("k{:05}", keys.len());
        store.write(&mut |batch| book(batch, std::slice::from_ref(&key), 9_000)).expect("kept");
        keys.push(key);
    };
    (0..100).for_each(|_| write());
    reader
        .read(&mut |view| {
            let head = view.head()?;
            (0..200).for_each(|_| write());
            assert_eq!(view.head()?, head);
            assert_eq!(view.records_after(0, 1_000)?.len() as u64, head.seq, "the view is as it was");
            Ok(())
        })
        .expect("read");
    (0..100).for_each(|_| write());
    drop(reader);
    drop(store);
    assert_eq!(audit(&Sqlite::open(ground.file()).expect("open")), keys);
}
