//! Connections: their settings, asserted, and the schema of the database.

use std::collections::HashMap;
use std::time::Duration;

use ::postgres::types::ToSql;
use ::postgres::{Client, Config, NoTls, Row, SimpleQueryMessage, Statement};
use gongji_agency::port::{Head, StoreError};
use gongji_ledger::ChainHash;

use super::error::failure;
use crate::{check, schema};

/// The first version of the server that is tested.
const SERVER: i32 = 150_000;

/// For every session. Batches wait for the head's lock so long and no longer, and a process that hangs inside a batch loses it.
/// All looks are by key or along a key, so plans that read a whole table are never right, whatever statistics say.
const SESSION: &str = "SET lock_timeout = '30s'; SET idle_in_transaction_session_timeout = '60s';
    SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off";

const SETTINGS: &str = "SELECT current_setting('server_version_num')::int, current_setting('server_encoding'),
    current_setting('fsync', true), current_setting('full_page_writes', true),
    current_setting('synchronous_commit'), pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'";

/// A client with its prepared statements.
pub struct Connection {
    /// The client.
    pub client: Client,
    prepared: HashMap<&'static str, Statement>,
}

impl Connection {
    /// Connects, for reading.
    pub fn open(config: &Config) -> Result<Connection, ::postgres::Error> {
        let mut client = config.connect(NoTls)?;
        client.batch_execute(SESSION)?;
        Ok(Connection { client, prepared: HashMap::new() })
    }

    fn statement(&mut self, sql: &'static str) -> Result<Statement, ::postgres::Error> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql)?;
        self.prepared.insert(sql, statement.clone());
        Ok(statement)
    }

    /// Runs a prepared statement and gives its rows.
    pub fn query(
        &mut self,
        sql: &'static str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, ::postgres::Error> {
        let statement = self.statement(sql)?;
        self.client.query(&statement, values)
    }

    /// Runs a prepared statement.
    pub fn execute(
        &mut self,
        sql: &'static str,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, ::postgres::Error> {
        let statement = self.statement(sql)?;
        self.client.execute(&statement, values)
    }

    /// Begins a transaction and reads the head, in one journey. For a batch the head's row is locked: whoever holds it is the
    /// only one who writes to the shard, and always the first lock that a batch takes, so that batches cannot lock each other out.
    pub fn begin(&mut self, shard: i64, writes: bool) -> Result<Result<Head, StoreError>, ::postgres::Error> {
        let (mode, lock) = if writes {
            ("READ COMMITTED READ WRITE", "FOR UPDATE")
        } else {
            ("REPEATABLE READ READ ONLY", "")
        };
        let answer = self.client.simple_query(&format!(
            "BEGIN ISOLATION LEVEL {mode}; \
             SELECT seq, encode(hash, 'hex'), booked_at FROM head WHERE shard = {shard} {lock}"
        ))?;
        let row = answer.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let read = |row: &::postgres::SimpleQueryRow| {
            Some(Head {
                seq: row.get(0)?.parse().ok()?,
                hash: row.get(1)?.parse().ok()?,
                booked_at: row.get(2)?.parse().ok()?,
            })
        };
        Ok(row
            .and_then(read)
            .ok_or_else(|| StoreError::Corrupt(format!("分片 {shard} 的 head 行缺失或不成形"))))
    }
}

/// What a URL says, with limits where it is silent.
pub fn config(url: &str) -> Result<Config, StoreError> {
    let mut config: Config = url.parse().map_err(|error: ::postgres::Error| {
        StoreError::Refused(format!("数据库地址应形如 postgres://用户@主机/库名：{error}"))
    })?;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(Duration::from_secs(5));
    }
    if config.get_application_name().is_none() {
        config.application_name("gongji");
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(Duration::from_secs(30));
    }
    config.keepalives_idle(Duration::from_secs(30));
    Ok(config)
}

/// Refuses a server that would not keep what it confirmed.
pub fn assert_settings(connection: &mut Connection) -> Result<(), StoreError> {
    let read = |connection: &mut Connection| -> Result<_, StoreError> {
        let row = connection.client.query_one(SETTINGS, &[]).map_err(|error| failure(&error))?;
        let text = |at: usize| row.get::<_, Option<String>>(at).unwrap_or_default();
        Ok((row.get::<_, i32>(0), text(1), text(2), text(3), text(4), row.get::<_, bool>(5)))
    };
    let waits = |level: &str| ["on", "remote_apply"].contains(&level);
    let mut found = read(connection)?;
    if !waits(&found.4) {
        connection.client.batch_execute("SET synchronous_commit = on").map_err(|error| failure(&error))?;
        found = read(connection)?;
    }
    let (version, encoding, fsync, pages, commit, read_only) = found;
    let wrong = |name: &str, expected: &str, found: &str| {
        Err(StoreError::Refused(format!("PostgreSQL 的 {name} 应为 {expected}，实为 {found}")))
    };
    if version < SERVER {
        return wrong("版本", "15 或更新", &version.to_string());
    }
    if encoding != "UTF8" {
        return wrong("server_encoding", "UTF8", &encoding);
    }
    if fsync == "off" {
        return wrong("fsync", "on", &fsync);
    }
    if pages == "off" {
        return wrong("full_page_writes", "on", &pages);
    }
    if !waits(&commit) {
        return wrong("synchronous_commit", "on", &commit);
    }
    if read_only {
        return Err(StoreError::Refused("数据库只读（备库或只读会话），请连主库".to_owned()));
    }
    Ok(())
}

/// Brings the schema to the newest version in one transaction, and makes the shard's head. Processes that do so at once come one after the other.
pub fn migrate(connection: &mut Connection, shard: i64) -> Result<(), StoreError> {
    let client = &mut connection.client;
    let version = |client: &mut Client| -> Result<i32, ::postgres::Error> {
        let known: bool = client.query_one("SELECT to_regclass('gongji_schema') IS NOT NULL", &[])?.get(0);
        if !known {
            return Ok(0);
        }
        Ok(client.query_one("SELECT coalesce(max(version), 0) FROM gongji_schema", &[])?.get(0))
    };
    let steps = |client: &mut Client| -> Result<i32, ::postgres::Error> {
        client.batch_execute(&format!("BEGIN; SELECT pg_advisory_xact_lock({})", schema::APPLICATION))?;
        let from = version(client)?;
        if from < schema::NEWEST {
            client.batch_execute("CREATE TABLE IF NOT EXISTS gongji_schema (version integer PRIMARY KEY)")?;
        }
        for step in schema::POSTGRES.iter().filter(|step| step.version > from) {
            client.batch_execute(step.sql)?;
            client.execute("INSERT INTO gongji_schema (version) VALUES ($1)", &[&step.version])?;
        }
        client.batch_execute("COMMIT")?;
        Ok(from)
    };
    let found = version(client).and_then(|found| match found {
        schema::NEWEST.. => Ok(found),
        _ => steps(client),
    });
    let found = found.map_err(|error| failure(&error))?;
    if found > schema::NEWEST {
        return Err(StoreError::Refused(schema::newer(found)));
    }
    let start = Head::START.hash.0.as_slice();
    client
        .execute(
            "INSERT INTO head (shard, seq, hash, booked_at) VALUES ($1, 0, $2, 0) ON CONFLICT DO NOTHING",
            &[&shard, &start],
        )
        .map_err(|error| failure(&error))?;
    Ok(())
}

/// Checks that the head is the end of the journal.
pub fn check_end(connection: &mut Connection, shard: i64) -> Result<(), StoreError> {
    let broken = |error: ::postgres::Error| failure(&error);
    let head = connection.begin(shard, false).map_err(broken)??;
    let rows = connection
        .query(
            "SELECT seq, hash, booked_at, body FROM journal WHERE shard = $1 ORDER BY seq DESC LIMIT 2",
            &[&shard],
        )
        .map_err(broken)?;
    connection.client.batch_execute("COMMIT").map_err(broken)?;
    let Some(last) = rows.first() else {
        return check::end(head, Head::START, None, None);
    };
    let end = Head {
        seq: check::counted(last.get(0))?,
        hash: ChainHash(check::hash(last.get(1))?),
        booked_at: last.get(2),
    };
    let before = rows.get(1).filter(|row| row.get::<_, i64>(0) + 1 == last.get::<_, i64>(0));
    check::end(head, end, before.map(|row| row.get(1)), Some(last.get(3)))
}
