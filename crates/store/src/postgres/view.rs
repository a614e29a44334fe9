//! A view or batch inside a transaction.

use std::collections::BTreeMap;

use ::postgres::Row;
use ::postgres::error::SqlState;
use gongji_agency::port::{Head, Outcome, Read, RowId, StoreError, StoredRecord, Write};
use gongji_ledger::ChainHash;

use super::connection::Connection;
use super::error::{failure, is_passing};
use crate::check;
use crate::home::{ReadAll, StoredRow, WriteAll};

const ROWS: &str = r#"SELECT r.body FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS asked (kind, id, place)
    LEFT JOIN "row" AS r ON r.shard = $1 AND r.kind = asked.kind AND r.id = asked.id ORDER BY asked.place"#;
const PAGE: &str = r#"SELECT id, body FROM "row"
    WHERE shard = $1 AND kind = $2 AND id > $3 AND id >= $4 ORDER BY id LIMIT $5"#;
const PAGE_BELOW: &str = r#"SELECT id, body FROM "row"
    WHERE shard = $1 AND kind = $2 AND id > $3 AND id >= $4 AND id < $6 ORDER BY id LIMIT $5"#;
const ROWS_AFTER: &str = r#"SELECT kind, id, body FROM "row"
    WHERE shard = $1 AND (kind, id) > ($2, $3) ORDER BY kind, id LIMIT $4"#;
const OUTCOMES: &str = "SELECT o.key, o.request, o.seq, o.refusal
    FROM unnest($2::text[]) WITH ORDINALITY AS asked (key, place)
    LEFT JOIN outcome AS o ON o.shard = $1 AND o.key = asked.key ORDER BY asked.place";
const OUTCOME_PAGE: &str = "SELECT key, request, seq, refusal FROM outcome
    WHERE shard = $1 AND key > $2 ORDER BY key LIMIT $3";
const RECORDS: &str = "SELECT j.seq, j.body, j.hash, j.kind, j.person, j.business_date, j.booked_at
    FROM unnest($2::bigint[]) WITH ORDINALITY AS asked (seq, place)
    LEFT JOIN journal AS j ON j.shard = $1 AND j.seq = asked.seq ORDER BY asked.place";
const RECORDS_AFTER: &str = "SELECT seq, body, hash, kind, person, business_date, booked_at FROM journal
    WHERE shard = $1 AND seq > $2 ORDER BY seq LIMIT $3";
const APPEND: &str = "INSERT INTO journal (shard, seq, body, hash, kind, person, business_date, booked_at)
    SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::text[], $8::bigint[])";
const MOVE_HEAD: &str = "UPDATE head SET seq = $2, hash = $3, booked_at = $4 WHERE shard = $1";
const PUT: &str = r#"INSERT INTO "row" (shard, kind, id, body)
    SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[])
    ON CONFLICT (shard, kind, id) DO UPDATE SET body = excluded.body"#;
const REMOVE: &str = r#"DELETE FROM "row" AS r USING unnest($2::text[], $3::text[]) AS gone (kind, id)
    WHERE r.shard = $1 AND r.kind = gone.kind AND r.id = gone.id"#;
const REMEMBER: &str = "INSERT INTO outcome (shard, key, request, seq, refusal)
    SELECT $1, * FROM unnest($2::text[], $3::bytea[], $4::bigint[], $5::text[])";

/// What one transaction sees and does.
pub struct View<'connection> {
    connection: &'connection mut Connection,
    shard: i64,
    head: Head,
    /// The first error of any call: after it PostgreSQL refuses everything until the end of the transaction.
    pub failed: Option<StoreError>,
    /// Whether that error may pass when the work is run again.
    pub passing: bool,
}

impl<'connection> View<'connection> {
    /// Inside the transaction that is open on this connection, with the head that it saw.
    pub fn new(connection: &'connection mut Connection, shard: i64, head: Head) -> View<'connection> {
        View { connection, shard, head, failed: None, passing: false }
    }

    fn noting<T>(
        &mut self,
        call: impl FnOnce(&mut View<'connection>) -> Result<T, Failure>,
    ) -> Result<T, StoreError> {
        // The connection is of no use after an error; asking again would only hide the first one.
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        call(self).map_err(|failed| {
            let (error, passing) = match failed {
                Failure::Own(error) => (error, false),
                Failure::Server(error) => (failure(&error), is_passing(&error)),
            };
            self.passing = passing;
            self.failed = Some(error.clone());
            error
        })
    }

    fn put_texts(&mut self, rows: BTreeMap<(&str, &str), Option<&str>>) -> Result<(), Failure> {
        let (mut kept, mut gone) = (Rows::default(), Rows::default());
        for ((kind, id), body) in rows {
            check::identifier(kind)?;
            check::identifier(id)?;
            check::plain(body.unwrap_or_default())?;
            let rows = if body.is_some() { &mut kept } else { &mut gone };
            rows.kinds.push(kind);
            rows.ids.push(id);
            rows.bodies.extend(body);
        }
        if !kept.ids.is_empty() {
            self.connection.execute(PUT, &[&self.shard, &kept.kinds, &kept.ids, &kept.bodies])?;
        }
        if !gone.ids.is_empty() {
            self.connection.execute(REMOVE, &[&self.shard, &gone.kinds, &gone.ids])?;
        }
        Ok(())
    }
}

/// Columns of rows.
#[derive(Default)]
struct Rows<'text> {
    kinds: Vec<&'text str>,
    ids: Vec<&'text str>,
    bodies: Vec<&'text str>,
}

enum Failure {
    Own(StoreError),
    Server(::postgres::Error),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        Failure::Own(error)
    }
}

impl From<::postgres::Error> for Failure {
    fn from(error: ::postgres::Error) -> Failure {
        Failure::Server(error)
    }
}

/// A text to look for; PostgreSQL cannot even ask for one with NUL, and keeps none.
fn sought(text: &str) -> Option<&str> {
    (!text.contains('\0')).then_some(text)
}

fn outcome(row: &Row) -> Result<Outcome, Failure> {
    let seq: Option<i64> = row.try_get(2)?;
    Ok(Outcome {
        request: check::hash(row.try_get(1)?)?,
        seq: seq.map(check::counted).transpose()?,
        refusal: row.try_get(3)?,
    })
}

fn record(row: &Row) -> Result<StoredRecord, Failure> {
    Ok(StoredRecord {
        seq: check::counted(row.try_get(0)?)?,
        body: row.try_get(1)?,
        hash: ChainHash(check::hash(row.try_get(2)?)?),
        kind: row.try_get(3)?,
        person: row.try_get(4)?,
        business_date: row.try_get(5)?,
        booked_at: row.try_get(6)?,
    })
}

impl Read for View<'_> {
    fn head(&mut self) -> Result<Head, StoreError> {
        Ok(self.head)
    }

    fn rows(&mut self, ids: &[RowId]) -> Result<Vec<Option<String>>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        self.noting(|view| {
            let kinds: Vec<&str> = ids.iter().map(|id| id.kind).collect();
            let names: Vec<Option<&str>> = ids.iter().map(|id| sought(&id.id)).collect();
            let found = view.connection.query(ROWS, &[&view.shard, &kinds, &names])?;
            Ok(found.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?)
        })
    }

    fn page(
        &mut self,
        kind: &'static str,
        prefix: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<(String, String)>, StoreError> {
        if sought(prefix).is_none() {
            return Ok(Vec::new());
        }
        self.noting(|view| {
            check::plain(after)?;
            let limit = check::limit(limit);
            let found = match check::above(prefix) {
                None => view.connection.query(PAGE, &[&view.shard, &kind, &after, &prefix, &limit])?,
                Some(above) => view
                    .connection
                    .query(PAGE_BELOW, &[&view.shard, &kind, &after, &prefix, &limit, &above])?,
            };
            Ok(found
                .iter()
                .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
                .collect::<Result<_, ::postgres::Error>>()?)
        })
    }

    fn outcomes(&mut self, keys: &[String]) -> Result<Vec<Option<Outcome>>, StoreError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        self.noting(|view| {
            let keys: Vec<Option<&str>> = keys.iter().map(|key| sought(key)).collect();
            let found = view.connection.query(OUTCOMES, &[&view.shard, &keys])?;
            let one = |row: &Row| match row.try_get::<_, Option<&str>>(0)? {
                Some(_) => outcome(row).map(Some),
                None => Ok(None),
            };
            found.iter().map(one).collect()
        })
    }

    fn outcome_page(&mut self, after: &str, limit: usize) -> Result<Vec<(String, Outcome)>, StoreError> {
        self.noting(|view| {
            check::plain(after)?;
            let found = view.connection.query(OUTCOME_PAGE, &[&view.shard, &after, &check::limit(limit)])?;
            found.iter().map(|row| Ok((row.try_get(0)?, outcome(row)?))).collect()
        })
    }

    fn records(&mut self, seqs: &[u64]) -> Result<Vec<Option<StoredRecord>>, StoreError> {
        if seqs.is_empty() {
            return Ok(Vec::new());
        }
        self.noting(|view| {
            // A number that no database can keep names no record.
            let seqs: Vec<Option<i64>> = seqs.iter().map(|seq| i64::try_from(*seq).ok()).collect();
            let found = view.connection.query(RECORDS, &[&view.shard, &seqs])?;
            let one = |row: &Row| match row.try_get::<_, Option<i64>>(0)? {
                Some(_) => record(row).map(Some),
                None => Ok(None),
            };
            found.iter().map(one).collect()
        })
    }

    fn records_after(&mut self, after: u64, limit: usize) -> Result<Vec<StoredRecord>, StoreError> {
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        self.noting(|view| {
            let found = view.connection.query(RECORDS_AFTER, &[&view.shard, &after, &check::limit(limit)])?;
            found.iter().map(record).collect()
        })
    }
}

impl ReadAll for View<'_> {
    fn rows_after(&mut self, kind: &str, id: &str, limit: usize) -> Result<Vec<StoredRow>, StoreError> {
        self.noting(|view| {
            let found =
                view.connection.query(ROWS_AFTER, &[&view.shard, &kind, &id, &check::limit(limit)])?;
            let row = |row: &Row| {
                Ok(StoredRow { kind: row.try_get(0)?, id: row.try_get(1)?, body: row.try_get(2)? })
            };
            Ok(found.iter().map(row).collect::<Result<_, ::postgres::Error>>()?)
        })
    }
}

impl Write for View<'_> {
    fn append(&mut self, records: &[StoredRecord]) -> Result<(), StoreError> {
        if records.is_empty() {
            return Ok(());
        }
        self.noting(|view| {
            let head = check::follow(view.head, records)?;
            let column = |of: fn(&StoredRecord) -> &str| records.iter().map(of).collect::<Vec<&str>>();
            let numbers =
                records.iter().map(|record| check::number(record.seq)).collect::<Result<Vec<i64>, _>>()?;
            let bodies = column(|record| &record.body);
            bodies.iter().try_for_each(|body| check::plain(body))?;
            let hashes: Vec<&[u8]> = records.iter().map(|record| record.hash.0.as_slice()).collect();
            let (kinds, persons) = (column(|record| &record.kind), column(|record| &record.person));
            let dates = column(|record| &record.business_date);
            let times: Vec<i64> = records.iter().map(|record| record.booked_at).collect();
            view.connection.execute(
                APPEND,
                &[&view.shard, &numbers, &bodies, &hashes, &kinds, &persons, &dates, &times],
            )?;
            let (seq, hash) = (check::number(head.seq)?, head.hash.0.as_slice());
            view.connection.execute(MOVE_HEAD, &[&view.shard, &seq, &hash, &head.booked_at])?;
            view.head = head;
            Ok(())
        })
    }

    fn put(&mut self, rows: &[(RowId, Option<String>)]) -> Result<(), StoreError> {
        self.noting(|view| {
            // One statement must not touch a row twice; the last word holds.
            let rows = rows.iter().map(|(id, body)| ((id.kind, id.id.as_str()), body.as_deref()));
            view.put_texts(rows.collect())
        })
    }

    fn remember(&mut self, outcomes: &[(String, Outcome)]) -> Result<(), StoreError> {
        if outcomes.is_empty() {
            return Ok(());
        }
        self.noting(|view| {
            for (key, outcome) in outcomes {
                check::identifier(key)?;
                check::plain(&outcome.refusal)?;
            }
            let keys: Vec<&str> = outcomes.iter().map(|(key, _)| key.as_str()).collect();
            let requests: Vec<&[u8]> = outcomes.iter().map(|(_, made)| made.request.as_slice()).collect();
            let seqs = outcomes
                .iter()
                .map(|(_, made)| made.seq.map(check::number).transpose())
                .collect::<Result<Vec<Option<i64>>, _>>()?;
            let refusals: Vec<&str> = outcomes.iter().map(|(_, made)| made.refusal.as_str()).collect();
            view.connection
                .execute(REMEMBER, &[&view.shard, &keys, &requests, &seqs, &refusals])
                .map(drop)
                .map_err(|error| match error.as_db_error() {
                    Some(told) if *told.code() == SqlState::UNIQUE_VIOLATION => {
                        Failure::Own(check::used(told.detail().unwrap_or_default()))
                    }
                    _ => Failure::Server(error),
                })
        })
    }
}

impl WriteAll for View<'_> {
    fn put_all(&mut self, rows: &[StoredRow]) -> Result<(), StoreError> {
        self.noting(|view| {
            let rows = rows.iter().map(|row| ((row.kind.as_str(), row.id.as_str()), Some(row.body.as_str())));
            view.put_texts(rows.collect())
        })
    }
}
