//! Files of which the end, or something in the middle, is not what was written.

use std::fs;
use std::path::Path;

use gongji_agency::port::{Store, StoreError};
use gongji_store::testing::{Ground, temporary_sqlite};
use gongji_store::{FILE, Sqlite, open};

use crate::kit::{Dice, audit, book};

/// How many batches lie in the log.
const BATCHES: usize = 60;

/// A store whose log was never folded in, with the log's length after each batch.
fn with_log(folder: &Path) -> (Vec<u8>, Vec<u8>, Vec<u64>) {
    let file = folder.join(FILE);
    let store = Sqlite::open(&file).expect("open");
    let log = folder.join(format!("{FILE}-wal"));
    let mut lengths = Vec::new();
    for batch in 0..BATCHES {
        let keys: Vec<String> = (0..=batch % 4).map(|number| format!("k{batch:03}-{number}")).collect();
        store.write(&mut |view| book(view, &keys, 900)).expect("kept");
        lengths.push(fs::metadata(&log).expect("a log").len());
    }
    let bytes = (fs::read(&file).expect("the file"), fs::read(&log).expect("the log"));
    (bytes.0, bytes.1, lengths)
}

/// How many records the first batches hold.
fn records(batches: usize) -> usize {
    (0..batches).map(|batch| batch % 4 + 1).sum()
}

#[test]
fn a_torn_log_gives_back_whole_batches_up_to_the_tear() {
    let mut dice = Dice::new("a_torn_log_gives_back_whole_batches_up_to_the_tear");
    let source = tempfile::tempdir().expect("a folder");
    let (file, log, lengths) = with_log(source.path());
    // The log starts over once at the beginning, so the first lengths tell nothing.
    let (safe, end) = (lengths[9], *lengths.last().expect("batches"));
    assert!(lengths[9..].windows(2).all(|pair| pair[0] < pair[1]), "{lengths:?}");
    assert_eq!(end, log.len() as u64);
    for round in 0..60 {
        let place = tempfile::tempdir().expect("a folder");
        let at = safe + dice.below(end - safe);
        let cut = usize::try_from(at).expect("small");
        let mut torn = log.clone();
        match round % 3 {
            0 => torn.truncate(cut),
            // A sector that never reached the disk.
            1 => torn[cut..(cut + 512).min(log.len())].fill(0),
            _ => torn[cut] ^= 1 << dice.below(8),
        }
        fs::write(place.path().join(FILE), &file).expect("written");
        fs::write(place.path().join(format!("{FILE}-wal")), &torn).expect("written");
        let whole = lengths.iter().filter(|length| **length <= at).count();
        let store = open(place.path().to_str().expect("plain")).expect("opens");
        let booked = audit(&*store);
        // A zeroed sector may have been zero before.
        let unharmed = round % 3 == 1 && torn == log;
        let expected = if unharmed { records(BATCHES) } else { records(whole) };
        assert_eq!(booked.len(), expected, "round {round}: torn at {at} of {end}, {whole} whole batches");
        store.write(&mut |view| book(view, &["after".to_owned()], 10)).expect("goes on");
        assert_eq!(audit(&*store).len(), expected + 1);
    }
}

#[test]
fn what_is_no_store_is_said_to_be_damaged_or_foreign() {
    let place = tempfile::tempdir().expect("a folder");
    let file = place.path().join(FILE);
    fs::write(&file, "Dear diary, this is not a database, however long this text may go on.".repeat(99))
        .expect("written");
    let error = Sqlite::open(&file).expect_err("no database");
    assert!(matches!(error, StoreError::Corrupt(_)), "{error:?}");

    fs::remove_file(&file).expect("removed");
    let other = rusqlite::Connection::open(&file).expect("open");
    other.execute_batch("CREATE TABLE diary (day TEXT)").expect("made");
    drop(other);
    let before = fs::read(&file).expect("read");
    let error = Sqlite::open(&file).expect_err("another program's");
    assert!(matches!(error, StoreError::Refused(_)), "{error:?}");
    assert_eq!(fs::read(&file).expect("read"), before, "nothing in it was touched");

    fs::remove_file(&file).expect("removed");
    drop(Sqlite::open(&file).expect("a new one"));
    let later = rusqlite::Connection::open(&file).expect("open");
    later.execute_batch("PRAGMA user_version = 99").expect("set");
    drop(later);
    let error = Sqlite::open(&file).expect_err("newer");
    assert!(matches!(&error, StoreError::Refused(text) if text.contains("99")), "{error:?}");

    fs::remove_file(&file).expect("removed");
    fs::create_dir(&file).expect("a folder");
    let error = Sqlite::open(&file).expect_err("a folder");
    assert!(matches!(error, StoreError::Refused(_)), "{error:?}");
}

fn filled(ground: &dyn Ground) -> Vec<String> {
    let store = ground.open().expect("open");
    let keys: Vec<String> = (0..500).map(|number| format!("k{number:03}")).collect();
    store.write(&mut |batch| book(batch, &keys, 400)).expect("kept");
    keys
}

#[test]
fn a_head_that_is_not_the_journals_end_is_damage() {
    let changes = [
        "UPDATE head SET seq = seq - 1",
        "UPDATE head SET seq = seq + 1",
        "UPDATE head SET hash = zeroblob(32)",
        "DELETE FROM journal WHERE seq = 500",
        "DELETE FROM journal WHERE seq = 499",
        "UPDATE journal SET body = body || ' ' WHERE seq = 500",
    ];
    for change in changes {
        let ground = temporary_sqlite().expect("a folder");
        filled(&ground);
        rusqlite::Connection::open(ground.file()).expect("open").execute_batch(change).expect("changed");
        let error = Sqlite::open(ground.file()).expect_err(change);
        assert!(matches!(error, StoreError::Corrupt(_)), "{change}: {error:?}");
    }
}

#[test]
fn a_backup_is_whole_while_writers_go_on_and_a_flipped_bit_is_found() {
    let ground = temporary_sqlite().expect("a folder");
    let keys = filled(&ground);
    let store = Sqlite::open(ground.file()).expect("open");
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join("copy");
    let mut more = 0;
    let backup = store
        .backup(&copy, &mut |_, _| {
            // Between two parts of the copy.
            more += 1;
            store.write(&mut |batch| book(batch, &[format!("more{more}")], 10)).expect("writers go on");
        })
        .expect("a copy");
    assert!(more > 0);
    assert_eq!(backup.head.seq, keys.len() as u64, "as it was when the copy began");
    assert_eq!(audit(&store).len(), keys.len() + more);
    let error = store.backup(&copy, &mut |_, _| ()).expect_err("exists");
    assert!(matches!(error, StoreError::Refused(_)), "{error:?}");

    let restored = folder.path().join("restored");
    Sqlite::restore(&copy, &restored, &mut |_, _| ()).expect("restored");
    assert_eq!(audit(&Sqlite::open(&restored).expect("open")), keys);
    let error = Sqlite::restore(&copy, &restored, &mut |_, _| ()).expect_err("exists");
    assert!(matches!(error, StoreError::Refused(_)), "{error:?}");

    let mut bytes = fs::read(&copy).expect("read");
    let at = bytes.windows(8).position(|text| text == b"\"k250\",\"").expect("a record") + 3;
    bytes[at] ^= 1;
    let spoilt = folder.path().join("spoilt");
    fs::write(&spoilt, &bytes).expect("written");
    let target = folder.path().join("target");
    let error = Sqlite::restore(&spoilt, &target, &mut |_, _| ()).expect_err("a flipped bit");
    assert!(matches!(error, StoreError::Corrupt(_)), "{error:?}");
    let left: Vec<_> =
        fs::read_dir(folder.path()).expect("listed").map(|entry| entry.expect("entry").file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with("target")), "{left:?}");
}
