//! A view or batch inside a transaction.

use gongji_agency::port::{Head, Outcome, Read, RowId, StoreError, StoredRecord, Write};
use gongji_ledger::ChainHash;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Row};

use super::error::{Stage, failure};
use crate::check;
use crate::home::{ReadAll, StoredRow, WriteAll};

const ROW: &str = r#"SELECT body FROM "row" WHERE shard = ?1 AND kind = ?2 AND id = ?3"#;
const PAGE: &str = r#"SELECT id, body FROM "row"
    WHERE shard = ?1 AND kind = ?2 AND id > ?3 AND id >= ?4 ORDER BY id LIMIT ?5"#;
const PAGE_BELOW: &str = r#"SELECT id, body FROM "row"
    WHERE shard = ?1 AND kind = ?2 AND id > ?3 AND id >= ?4 AND id < ?6 ORDER BY id LIMIT ?5"#;
const ROWS_AFTER: &str = r#"SELECT kind, id, body FROM "row"
    WHERE shard = ?1 AND (kind, id) > (?2, ?3) ORDER BY kind, id LIMIT ?4"#;
const OUTCOME: &str = "SELECT request, seq, refusal FROM outcome WHERE shard = ?1 AND key = ?2";
const OUTCOME_PAGE: &str = "SELECT request, seq, refusal, key FROM outcome
    WHERE shard = ?1 AND key > ?2 ORDER BY key LIMIT ?3";
const RECORD: &str = "SELECT seq, body, hash, kind, person, business_date, booked_at FROM journal
    WHERE shard = ?1 AND seq = ?2";
const RECORDS_AFTER: &str = "SELECT seq, body, hash, kind, person, business_date, booked_at FROM journal
    WHERE shard = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
const APPEND: &str = "INSERT INTO journal (shard, seq, body, hash, kind, person, business_date, booked_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const MOVE_HEAD: &str = "UPDATE head SET seq = ?2, hash = ?3, booked_at = ?4 WHERE shard = ?1";
// The key is the whole table, and nothing hangs on a row: it is written over where it lies, without being looked for first.
const PUT: &str = r#"INSERT OR REPLACE INTO "row" (shard, kind, id, body) VALUES (?1, ?2, ?3, ?4)"#;
const REMOVE: &str = r#"DELETE FROM "row" WHERE shard = ?1 AND kind = ?2 AND id = ?3"#;
const REMEMBER: &str = "INSERT INTO outcome (shard, key, request, seq, refusal) VALUES (?1, ?2, ?3, ?4, ?5)";

/// What one transaction sees and does.
pub struct View<'connection> {
    connection: &'connection Connection,
    shard: i64,
    head: Head,
    failed: Option<StoreError>,
}

impl<'connection> View<'connection> {
    /// Inside the transaction that is open on this connection, with the head that it saw.
    pub fn new(connection: &'connection Connection, shard: i64, head: Head) -> View<'connection> {
        View { connection, shard, head, failed: None }
    }

    /// The first error of any call.
    pub fn failed(self) -> Option<StoreError> {
        self.failed
    }

    fn noting<T>(
        &mut self,
        call: impl FnOnce(&mut View<'connection>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let result = call(self);
        if let Err(error) = &result {
            self.failed.get_or_insert_with(|| error.clone());
        }
        result
    }

    fn put_one(&self, kind: &str, id: &str, body: Option<&str>) -> Result<(), StoreError> {
        check::identifier(kind)?;
        check::identifier(id)?;
        let done = match body {
            Some(body) => {
                check::plain(body)?;
                self.connection
                    .prepare_cached(PUT)
                    .and_then(|mut statement| statement.execute((self.shard, kind, id, body)))
            }
            None => self
                .connection
                .prepare_cached(REMOVE)
                .and_then(|mut statement| statement.execute((self.shard, kind, id))),
        };
        done.map(drop).map_err(work)
    }
}

fn work(error: rusqlite::Error) -> StoreError {
    failure(&error, Stage::Work)
}

type Fields<T> = rusqlite::Result<T>;

fn outcome(row: &Row<'_>) -> Fields<(Vec<u8>, Option<i64>, String)> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn to_outcome((request, seq, refusal): (Vec<u8>, Option<i64>, String)) -> Result<Outcome, StoreError> {
    Ok(Outcome { request: check::hash(&request)?, seq: seq.map(check::counted).transpose()?, refusal })
}

fn record(row: &Row<'_>) -> Fields<(i64, Vec<u8>, StoredRecord)> {
    let record = StoredRecord {
        seq: 0,
        body: row.get(1)?,
        hash: ChainHash::START,
        kind: row.get(3)?,
        person: row.get(4)?,
        business_date: row.get(5)?,
        booked_at: row.get(6)?,
    };
    Ok((row.get(0)?, row.get(2)?, record))
}

fn to_record((seq, hash, record): (i64, Vec<u8>, StoredRecord)) -> Result<StoredRecord, StoreError> {
    Ok(StoredRecord { seq: check::counted(seq)?, hash: ChainHash(check::hash(&hash)?), ..record })
}

impl Read for View<'_> {
    fn head(&mut self) -> Result<Head, StoreError> {
        Ok(self.head)
    }

    fn rows(&mut self, ids: &[RowId]) -> Result<Vec<Option<String>>, StoreError> {
        self.noting(|view| {
            let mut statement = view.connection.prepare_cached(ROW).map_err(work)?;
            let one = |id: &RowId| {
                statement.query_row((view.shard, id.kind, &id.id), |row| row.get(0)).optional().map_err(work)
            };
            ids.iter().map(one).collect()
        })
    }

    fn page(
        &mut self,
        kind: &'static str,
        prefix: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<(String, String)>, StoreError> {
        self.noting(|view| {
            let pair = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
            let limit = check::limit(limit);
            match check::above(prefix) {
                None => view
                    .connection
                    .prepare_cached(PAGE)
                    .map_err(work)?
                    .query_map((view.shard, kind, after, prefix, limit), pair)
                    .and_then(Iterator::collect),
                Some(above) => view
                    .connection
                    .prepare_cached(PAGE_BELOW)
                    .map_err(work)?
                    .query_map((view.shard, kind, after, prefix, limit, above), pair)
                    .and_then(Iterator::collect),
            }
            .map_err(work)
        })
    }

    fn outcomes(&mut self, keys: &[String]) -> Result<Vec<Option<Outcome>>, StoreError> {
        self.noting(|view| {
            let mut statement = view.connection.prepare_cached(OUTCOME).map_err(work)?;
            let one = |key: &String| {
                let found = statement.query_row((view.shard, key), outcome).optional().map_err(work)?;
                found.map(to_outcome).transpose()
            };
            keys.iter().map(one).collect()
        })
    }

    fn outcome_page(&mut self, after: &str, limit: usize) -> Result<Vec<(String, Outcome)>, StoreError> {
        self.noting(|view| {
            let mut statement = view.connection.prepare_cached(OUTCOME_PAGE).map_err(work)?;
            let found = statement
                .query_map((view.shard, after, check::limit(limit)), |row| Ok((row.get(3)?, outcome(row)?)))
                .map_err(work)?;
            found
                .map(|found| {
                    let (key, outcome) = found.map_err(work)?;
                    Ok((key, to_outcome(outcome)?))
                })
                .collect()
        })
    }

    fn records(&mut self, seqs: &[u64]) -> Result<Vec<Option<StoredRecord>>, StoreError> {
        self.noting(|view| {
            let mut statement = view.connection.prepare_cached(RECORD).map_err(work)?;
            let one = |seq: &u64| {
                // A number that no database can keep names no record.
                let Ok(seq) = i64::try_from(*seq) else { return Ok(None) };
                let found = statement.query_row((view.shard, seq), record).optional().map_err(work)?;
                found.map(to_record).transpose()
            };
            seqs.iter().map(one).collect()
        })
    }

    fn records_after(&mut self, after: u64, limit: usize) -> Result<Vec<StoredRecord>, StoreError> {
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        self.noting(|view| {
            let mut statement = view.connection.prepare_cached(RECORDS_AFTER).map_err(work)?;
            let found =
                statement.query_map((view.shard, after, check::limit(limit)), record).map_err(work)?;
            found.map(|found| to_record(found.map_err(work)?)).collect()
        })
    }
}

impl ReadAll for View<'_> {
    fn rows_after(&mut self, kind: &str, id: &str, limit: usize) -> Result<Vec<StoredRow>, StoreError> {
        self.noting(|view| {
            let mut statement = view.connection.prepare_cached(ROWS_AFTER).map_err(work)?;
            let row = |row: &Row<'_>| Ok(StoredRow { kind: row.get(0)?, id: row.get(1)?, body: row.get(2)? });
            statement
                .query_map((view.shard, kind, id, check::limit(limit)), row)
                .and_then(Iterator::collect)
                .map_err(work)
        })
    }
}

impl Write for View<'_> {
    fn append(&mut self, records: &[StoredRecord]) -> Result<(), StoreError> {
        self.noting(|view| {
            let head = check::follow(view.head, records)?;
            let mut statement = view.connection.prepare_cached(APPEND).map_err(work)?;
            for record in records {
                check::plain(&record.body)?;
                let StoredRecord { seq, body, hash, kind, person, business_date, booked_at } = record;
                let seq = check::number(*seq)?;
                let hash = hash.0.as_slice();
                statement
                    .execute((view.shard, seq, body, hash, kind, person, business_date, booked_at))
                    .map_err(work)?;
            }
            let mut statement = view.connection.prepare_cached(MOVE_HEAD).map_err(work)?;
            statement
                .execute((view.shard, check::number(head.seq)?, head.hash.0.as_slice(), head.booked_at))
                .map_err(work)?;
            view.head = head;
            Ok(())
        })
    }

    fn put(&mut self, rows: &[(RowId, Option<String>)]) -> Result<(), StoreError> {
        self.noting(|view| {
            rows.iter().try_for_each(|(id, body)| view.put_one(id.kind, &id.id, body.as_deref()))
        })
    }

    fn remember(&mut self, outcomes: &[(String, Outcome)]) -> Result<(), StoreError> {
        self.noting(|view| {
            let mut statement = view.connection.prepare_cached(REMEMBER).map_err(work)?;
            for (key, outcome) in outcomes {
                check::identifier(key)?;
                check::plain(&outcome.refusal)?;
                let seq = outcome.seq.map(check::number).transpose()?;
                statement
                    .execute((view.shard, key, outcome.request.as_slice(), seq, &outcome.refusal))
                    .map_err(|error| match error.sqlite_error_code() {
                        Some(ErrorCode::ConstraintViolation) => check::used(key),
                        _ => work(error),
                    })?;
            }
            Ok(())
        })
    }
}

impl WriteAll for View<'_> {
    fn put_all(&mut self, rows: &[StoredRow]) -> Result<(), StoreError> {
        self.noting(|view| rows.iter().try_for_each(|row| view.put_one(&row.kind, &row.id, Some(&row.body))))
    }
}
