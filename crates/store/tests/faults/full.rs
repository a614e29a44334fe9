//! No room left.

use std::process::{Command, Stdio};

use gongji_agency::port::StoreError;
use gongji_store::testing::{Cluster, Ground, temporary_sqlite, without_postgres};
use gongji_store::{Sqlite, SqliteOptions};

use crate::child::{Said, arguments, listen, prepare, program};
use crate::kit::{Dice, assert_once, audit, book};

#[test]
fn a_full_sqlite_file_keeps_what_it_answered_and_goes_on_when_there_is_room() {
    let ground = temporary_sqlite().expect("a folder");
    let small = SqliteOptions { most_pages: Some(64), ..SqliteOptions::default() };
    let store = Sqlite::open_with(ground.file(), small).expect("open");
    let mut answered = Vec::new();
    let error = loop {
        let key = format!("k{:04}", answered.len());
        match gongji_agency::port::Store::write(&store, &mut |batch| {
            book(batch, std::slice::from_ref(&key), 2_000)
        }) {
            Ok(()) => answered.push(key),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    assert!(answered.len() > 20, "{}", answered.len());
    assert_eq!(audit(&store), answered, "what does not fit leaves no trace");
    drop(store);
    let store = ground.open().expect("open");
    assert_eq!(audit(&*store), answered);
    store.write(&mut |batch| book(batch, &["more".to_owned()], 2_000)).expect("there is room now");
    assert_once(&audit(&*store), &answered);
}

/// Files may not grow over a limit: writes fail in the middle of the log, as on a full disk.
#[test]
fn a_write_that_fails_in_the_log_loses_nothing_answered() {
    for limit in [200, 333, 512] {
        let ground = temporary_sqlite().expect("a folder");
        let folder = ground.file().parent().expect("a folder").to_owned();
        let mut limited = Command::new("sh");
        // In blocks of 512 bytes. The signal is ignored, so that the write itself fails.
        limited.args(["-c", &format!("trap '' XFSZ; ulimit -f {limit}; exec \"$@\""), "sh"]);
        limited.arg(program()).args(arguments()).stderr(Stdio::null());
        prepare(&mut limited, folder.to_str().expect("plain"), "f", 1_000);
        let mut child = limited.spawn().expect("a child");
        let (mut answered, mut stopped) = (Vec::new(), None);
        for word in listen(&mut child) {
            match word {
                Said::Kept(key) => answered.push(key),
                Said::Stopped(reason) => stopped = Some(reason),
            }
        }
        assert!(child.wait().expect("ended").success(), "{stopped:?}");
        let stopped = stopped.expect("it could not go on for ever");
        assert!(stopped.starts_with("unavailable") || stopped.starts_with("unknown"), "{stopped}");
        assert!(!answered.is_empty(), "{stopped}");
        let store = ground.open().expect("open");
        assert_once(&audit(&*store), &answered);
        store.write(&mut |batch| book(batch, &["more".to_owned()], 1_000)).expect("there is room now");
        audit(&*store);
    }
}

/// The server's files may not grow over a limit: the table of the journal cannot take another page, as on a full disk.
#[test]
fn a_postgres_server_without_room_keeps_what_it_answered_and_goes_on_when_there_is_room() {
    let Some(mut cluster) = Cluster::start().expect("a server") else {
        return without_postgres::<()>().map(drop).expect("PostgreSQL");
    };
    let url = cluster.database().expect("a database");
    drop(gongji_store::open(&url).expect("the tables are made"));
    cluster.down().expect("down");
    cluster.limit(Some(17 << 20));
    cluster.up().expect("up");
    let store = gongji_store::open(&url).expect("open");
    let mut dice = Dice::seeded(1);
    let mut answered = Vec::new();
    let error = loop {
        assert!(answered.len() < 40, "no limit was met");
        // Noise, since what repeats itself is kept small.
        let noise: String = (0..65_536).map(|_| format!("{:016x}", dice.any())).collect();
        let key = format!("k{:02}", answered.len());
        let result = store.write(&mut |batch| {
            book(batch, std::slice::from_ref(&key), 10)?;
            let row = gongji_agency::port::RowId { kind: "noise", id: key.clone() };
            batch.put(&[(row, Some(noise.clone()))])
        });
        match result {
            Ok(()) => answered.push(key),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    assert!(answered.len() > 4, "{}", answered.len());
    assert_eq!(audit(&*store), answered, "what does not fit leaves no trace");
    cluster.down().expect("down");
    cluster.limit(None);
    cluster.up().expect("up");
    store.write(&mut |batch| book(batch, &["more".to_owned()], 2_000)).expect("there is room now");
    assert_once(&audit(&*store), &answered);
}
