//! Connections: their settings, asserted, and the schema of the file.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use gongji_agency::port::{Head, StoreError};
use gongji_ledger::ChainHash;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, TransactionBehavior};

use super::SqliteOptions;
use super::error::{Stage, failure};
use crate::{check, schema};

/// The first version of the library without the error that could reset a log in use.
const LIBRARY: i32 = 3_051_003;

/// How much memory pages may take, in KiB (negative for SQLite): the writer, and each reader.
const WRITER_CACHE: i64 = -65_536;
const READER_CACHE: i64 = -2_048;

/// How many prepared statements a connection keeps.
const STATEMENTS: usize = 32;

/// How long to wait before asking again for what cannot be waited for otherwise.
const PAUSE: Duration = Duration::from_millis(5);

fn work(error: rusqlite::Error) -> StoreError {
    failure(&error, Stage::Work)
}

/// Runs a statement without parameters from the cache.
pub fn run(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(drop)
}

/// The one that writes: settings asserted, schema brought up to date.
pub fn writer(path: &Path, options: &SqliteOptions) -> Result<Connection, StoreError> {
    if rusqlite::version_number() < LIBRARY {
        return Err(StoreError::Refused(format!("SQLite 应不低于 3.51.3，实为 {}", rusqlite::version())));
    }
    let mut connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE, options)?;
    if connection.is_readonly("main").map_err(work)? {
        return Err(StoreError::Refused(format!("数据文件 {} 只读，请检查文件和目录的权限", path.display())));
    }
    identify(&connection, path)?;
    keep_log(&connection, options.patience)?;
    set(&connection, "synchronous", 2, "FULL")?;
    set(&connection, "wal_autocheckpoint", i64::from(options.log_pages), &options.log_pages.to_string())?;
    connection.pragma_update(None, "cache_size", WRITER_CACHE).map_err(work)?;
    flush_fully(&connection)?;
    connection.pragma_update(None, "cell_size_check", true).map_err(work)?;
    if let Some(pages) = options.most_pages {
        connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).map_err(work)?;
    }
    migrate(&mut connection)?;
    let start = Head::START;
    connection
        .execute(
            "INSERT INTO head (shard, seq, hash, booked_at) VALUES (?1, 0, ?2, 0) ON CONFLICT DO NOTHING",
            (options.shard, start.hash.0.as_slice()),
        )
        .map_err(work)?;
    Ok(connection)
}

/// For systems whose fsync does not reach the disk.
fn flush_fully(connection: &Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "fullfsync", true).map_err(work)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true).map_err(work)
}

/// One that moves the log into the file.
pub fn mover(path: &Path, options: &SqliteOptions) -> Result<Connection, StoreError> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE, options)?;
    set(&connection, "synchronous", 2, "FULL")?;
    flush_fully(&connection)?;
    Ok(connection)
}

/// One that reads.
pub fn reader(path: &Path, options: &SqliteOptions) -> Result<Connection, StoreError> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_ONLY, options)?;
    connection.pragma_update(None, "cache_size", READER_CACHE).map_err(work)?;
    Ok(connection)
}

fn open(path: &Path, mode: OpenFlags, options: &SqliteOptions) -> Result<Connection, StoreError> {
    let connection =
        Connection::open_with_flags(path, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(work)?;
    connection.busy_timeout(options.patience).map_err(work)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "trusted_schema", false).map_err(work)?;
    connection.pragma_update(None, "temp_store", "MEMORY").map_err(work)?;
    Ok(connection)
}

fn pragma(connection: &Connection, name: &str) -> Result<i64, StoreError> {
    connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0)).map_err(work)
}

/// Sets a setting and looks whether it took.
fn set(connection: &Connection, name: &str, value: i64, word: &str) -> Result<(), StoreError> {
    // Some answer with the new value, some with nothing.
    connection.pragma_update(None, name, value).map_err(work)?;
    let found = pragma(connection, name)?;
    if found != value {
        return Err(StoreError::Refused(format!("SQLite 的 {name} 应为 {word}，实为 {found}")));
    }
    Ok(())
}

/// Refuses a file of another program, or of a newer version of this one, before anything in it is touched.
pub fn identify(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let path = path.display();
    let application = pragma(connection, "application_id")?;
    let version = pragma(connection, "user_version")?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(work)?;
    let is_new = application == 0 && version == 0 && tables == 0;
    if !is_new && application != i64::from(schema::APPLICATION) {
        return Err(StoreError::Refused(format!(
            "{path} 是另一个程序的 SQLite 文件（application_id {application}），不动它"
        )));
    }
    if version > i64::from(schema::NEWEST) {
        return Err(StoreError::Refused(format!("{path}：{}", schema::newer(saturated(version)))));
    }
    Ok(())
}

fn saturated(version: i64) -> i32 {
    i32::try_from(version).unwrap_or(i32::MAX)
}

/// Write-ahead log, set and asserted. Another process that does the same at this moment is waited for.
fn keep_log(connection: &Connection, patience: Duration) -> Result<(), StoreError> {
    let until = Instant::now() + patience;
    loop {
        let mode = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get::<_, String>(0));
        match mode {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(mode) => {
                return Err(StoreError::Refused(format!("SQLite 的 journal_mode 应为 wal，实为 {mode}")));
            }
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && Instant::now() < until =>
            {
                sleep(PAUSE);
            }
            Err(error) => return Err(work(error)),
        }
    }
}

/// Brings the schema to the newest version, step by step in one transaction. Two processes that open a new file at once
/// come one after the other.
fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    if pragma(connection, "user_version")? == i64::from(schema::NEWEST) {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(work)?;
    let version = pragma(&transaction, "user_version")?;
    if version > i64::from(schema::NEWEST) {
        return Err(StoreError::Refused(schema::newer(saturated(version))));
    }
    for step in schema::SQLITE.iter().filter(|step| i64::from(step.version) > version) {
        transaction.execute_batch(step.sql).map_err(work)?;
    }
    transaction.pragma_update(None, "application_id", schema::APPLICATION).map_err(work)?;
    transaction.pragma_update(None, "user_version", schema::NEWEST).map_err(work)?;
    transaction.commit().map_err(work)
}

/// Brings what the log shows to the disk: after a crash or a failed commit it may be in memory alone. `fully` waits for
/// readers and insists.
pub fn settle(connection: &Connection, fully: bool) -> Result<(), StoreError> {
    let mode = if fully { "FULL" } else { "PASSIVE" };
    let held: i64 = connection
        .query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |row| row.get(0))
        .map_err(work)?;
    if fully && held != 0 {
        return Err(StoreError::Unavailable("上次提交结果不明，要等读者读完才能核实".to_owned()));
    }
    Ok(())
}

/// The head of a shard.
pub fn head(connection: &Connection, shard: i64) -> Result<Head, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT seq, hash, booked_at FROM head WHERE shard = ?1").map_err(work)?;
    let found = statement
        .query_row([shard], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?, row.get(2)?)))
        .optional()
        .map_err(work)?;
    let (seq, hash, booked_at) =
        found.ok_or_else(|| StoreError::Corrupt(format!("分片 {shard} 没有 head 行")))?;
    Ok(Head { seq: check::counted(seq)?, hash: ChainHash(check::hash(&hash)?), booked_at })
}

/// Checks that the head is the end of the journal.
pub fn check_end(connection: &Connection, shard: i64, head: Head) -> Result<(), StoreError> {
    let last = connection
        .query_row(
            "SELECT seq, hash, booked_at, body FROM journal WHERE shard = ?1 ORDER BY seq DESC LIMIT 1",
            [shard],
            |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?, row.get(2)?, row.get::<_, String>(3)?))
            },
        )
        .optional()
        .map_err(work)?;
    let end = match &last {
        None => Head::START,
        Some((seq, hash, booked_at, _)) => {
            Head { seq: check::counted(*seq)?, hash: ChainHash(check::hash(hash)?), booked_at: *booked_at }
        }
    };
    let before = connection
        .query_row(
            "SELECT hash FROM journal WHERE shard = ?1 AND seq = ?2 - 1",
            (shard, check::number(end.seq)?),
            |row| row.get::<_, Vec<u8>>(0),
        )
        .optional()
        .map_err(work)?;
    check::end(head, end, before.as_deref(), last.as_ref().map(|(.., body)| body.as_str()))
}

/// Checks every record of the journal against the one before, and the last against the head.
pub fn check_chain(connection: &Connection, shard: i64, head: Head) -> Result<(), StoreError> {
    let mut statement = connection
        .prepare("SELECT seq, body, hash FROM journal WHERE shard = ?1 ORDER BY seq")
        .map_err(work)?;
    let mut rows = statement.query([shard]).map_err(work)?;
    let (mut seq, mut hash) = (0_i64, ChainHash::START);
    while let Some(row) = rows.next().map_err(work)? {
        let found: i64 = row.get(0).map_err(work)?;
        let body = row.get_ref(1).and_then(|body| Ok(body.as_str()?)).map_err(work)?;
        let linked = hash.link(body.as_bytes());
        let kept: [u8; 32] = row.get(2).map_err(work)?;
        if found != seq + 1 || kept != linked.0 {
            return Err(StoreError::Corrupt(format!("流水在第 {} 号断开", seq + 1)));
        }
        (seq, hash) = (found, linked);
    }
    if check::counted(seq)? != head.seq || hash != head.hash {
        return Err(StoreError::Corrupt(format!("head 是第 {} 号，流水的末尾是第 {seq} 号", head.seq)));
    }
    Ok(())
}
