//! Records and rows for the tests, and the places where stores lie.

use gongji_agency::port::{Head, Outcome, Read, RowId, Store, StoreError, StoredRecord};
use gongji_store::testing::{Ground, temporary_postgres, temporary_sqlite};

/// A place for SQLite.
pub fn sqlite() -> Box<dyn Ground> {
    Box::new(temporary_sqlite().expect("a folder"))
}

/// A place for PostgreSQL, where it is installed.
pub fn postgres() -> Option<Box<dyn Ground>> {
    let ground = temporary_postgres().expect("a server");
    ground.map(|ground| Box::new(ground) as Box<dyn Ground>)
}

/// Records with these bodies that follow a head.
pub fn following(mut head: Head, bodies: &[&str]) -> Vec<StoredRecord> {
    let record = |body: &&str| {
        head = Head {
            seq: head.seq + 1,
            hash: head.hash.link(body.as_bytes()),
            booked_at: head.booked_at.max(1_700_000_000_000) + 1,
        };
        StoredRecord {
            seq: head.seq,
            body: (*body).to_owned(),
            hash: head.hash,
            kind: "结算".to_owned(),
            person: "P1".to_owned(),
            business_date: "2026-01-31".to_owned(),
            booked_at: head.booked_at,
        }
    };
    bodies.iter().map(record).collect()
}

/// The head after a record.
pub fn head_of(record: &StoredRecord) -> Head {
    Head { seq: record.seq, hash: record.hash, booked_at: record.booked_at }
}

/// A row's id.
pub fn id(kind: &'static str, id: &str) -> RowId {
    RowId { kind, id: id.to_owned() }
}

/// A row to write.
pub fn row(kind: &'static str, name: &str, body: &str) -> (RowId, Option<String>) {
    (id(kind, name), Some(body.to_owned()))
}

/// An outcome that made a record.
pub fn made(seq: u64) -> Outcome {
    Outcome { request: [7; 32], seq: Some(seq), refusal: String::new() }
}

/// Appends records with these bodies.
pub fn append(store: &dyn Store, bodies: &[&str]) -> Vec<StoredRecord> {
    let mut written = Vec::new();
    store
        .write(&mut |batch| {
            written = following(batch.head()?, bodies);
            batch.append(&written)
        })
        .expect("appended");
    written
}

/// What a view finds.
pub fn look<T>(store: &dyn Store, mut see: impl FnMut(&mut dyn Read) -> Result<T, StoreError>) -> T {
    let mut seen = None;
    store
        .read(&mut |view| {
            seen = Some(see(view)?);
            Ok(())
        })
        .expect("a view");
    seen.expect("the work ran")
}

/// The head of a store.
pub fn head(store: &dyn Store) -> Head {
    look(store, |view| view.head())
}

/// One row of a store.
pub fn found(store: &dyn Store, kind: &'static str, name: &str) -> Option<String> {
    look(store, |view| view.rows(&[id(kind, name)])).remove(0)
}

/// Checks numbers and chain of a whole journal and gives its bodies.
pub fn chained(store: &dyn Store) -> Vec<String> {
    let (records, head) = look(store, |view| Ok((view.records_after(0, usize::MAX)?, view.head()?)));
    let mut last = Head::START;
    for record in &records {
        assert_eq!(record.seq, last.seq + 1);
        assert_eq!(record.hash, last.hash.link(record.body.as_bytes()));
        last = head_of(record);
    }
    assert_eq!(last, head, "the head is the end of the journal");
    records.into_iter().map(|record| record.body).collect()
}
