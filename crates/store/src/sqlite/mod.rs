//! SQLite: one file, one writer at a time, readers that never wait.

mod backup;
mod connection;
mod error;
mod log;
mod view;

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gongji_agency::port::{Head, ReadWork, Store, StoreError, WriteWork};
use rusqlite::Connection;

pub use backup::Backup;

use crate::home::{Home, ReadAllWork, WriteAllWork};
use error::{Stage, failure};
use log::Mover;
use view::View;

/// How a file is opened.
#[derive(Clone, Debug)]
pub struct SqliteOptions {
    /// Which shard this handle keeps.
    pub shard: i64,
    /// How long a batch waits for another process that writes.
    pub patience: Duration,
    /// How many idle connections for readers are kept open.
    pub readers: usize,
    /// The largest size of the file, in pages of 4,096 bytes; `None` for what the disk holds.
    pub most_pages: Option<u32>,
    /// How many pages of 4,096 bytes the log may hold before a commit moves them into the file; it is moved beside the writer before that.
    pub log_pages: u32,
}

/// 80 MB.
const LOG_PAGES: u32 = 20_000;

impl Default for SqliteOptions {
    fn default() -> SqliteOptions {
        SqliteOptions {
            shard: 0,
            patience: Duration::from_secs(30),
            readers: 64,
            most_pages: None,
            log_pages: LOG_PAGES,
        }
    }
}

/// A store in one SQLite file. Several processes may open the same file.
#[derive(Debug)]
pub struct Sqlite {
    path: PathBuf,
    options: SqliteOptions,
    writer: Mutex<Writer>,
    readers: Mutex<Vec<Connection>>,
}

#[derive(Debug, Default)]
struct Writer {
    /// Out of its place while a batch runs: a batch that panics drops it, and with it the transaction.
    connection: Option<Connection>,
    /// A commit failed. What is visible after it must be brought to the disk before anything is built on it.
    suspect: bool,
    mover: Mover,
}

impl Sqlite {
    /// Opens the file, or makes a new one that only its owner can read.
    ///
    /// # Errors
    /// [`StoreError::Refused`] for a file that is read only, of another program, or of a newer version; [`StoreError::Corrupt`] for one
    /// that is no store or whose end contradicts itself; [`StoreError::Unavailable`] where it cannot be opened.
    pub fn open(path: impl AsRef<Path>) -> Result<Sqlite, StoreError> {
        Sqlite::open_with(path, SqliteOptions::default())
    }

    /// As [`Sqlite::open`], with options.
    ///
    /// # Errors
    /// As [`Sqlite::open`].
    pub fn open_with(path: impl AsRef<Path>, options: SqliteOptions) -> Result<Sqlite, StoreError> {
        let path = path.as_ref().to_owned();
        create(&path)?;
        let connection = connection::writer(&path, &options)?;
        connection::settle(&connection, false)?;
        let head = connection::head(&connection, options.shard)?;
        connection::check_end(&connection, options.shard, head)?;
        let writer = Writer { connection: Some(connection), ..Writer::default() };
        Ok(Sqlite { path, options, writer: Mutex::new(writer), readers: Mutex::default() })
    }

    /// Where the file lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A connection for one reader: a kept one, or a new one.
    fn reader(&self) -> Result<Connection, StoreError> {
        let kept = lock(&self.readers).pop();
        kept.map_or_else(|| connection::reader(&self.path, &self.options), Ok)
    }

    fn keep_reader(&self, connection: Connection) {
        let mut readers = lock(&self.readers);
        if readers.len() < self.options.readers {
            readers.push(connection);
        }
    }

    /// The writer's connection, opened again where the last one was given up.
    fn writer(&self, writer: &mut Writer) -> Result<Connection, StoreError> {
        if let Some(connection) = writer.connection.take() {
            return Ok(connection);
        }
        let connection = connection::writer(&self.path, &self.options)?;
        if writer.suspect {
            // Nobody else is to move the log while it is brought to the disk.
            writer.mover.rest();
            connection::settle(&connection, true)?;
            writer.suspect = false;
        }
        Ok(connection)
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.writer.get_mut().unwrap_or_else(PoisonError::into_inner).mover.rest();
    }
}

impl Home for Sqlite {
    fn read_all(&self, work: ReadAllWork<'_>) -> Result<(), StoreError> {
        let connection = self.reader()?;
        connection::run(&connection, "BEGIN").map_err(|error| failure(&error, Stage::Work))?;
        // The first statement takes the snapshot.
        let head = connection::head(&connection, self.options.shard)?;
        let result = work(&mut View::new(&connection, self.options.shard, head));
        if connection::run(&connection, "ROLLBACK").is_ok() {
            self.keep_reader(connection);
        }
        result
    }

    fn write_all(&self, work: WriteAllWork<'_>) -> Result<(), StoreError> {
        let mut writer = lock(&self.writer);
        let connection = self.writer(&mut writer)?;
        let result = batch(&connection, self.options.shard, work);
        if result.is_ok() {
            writer.mover.after_batch(&connection, &self.path, &self.options);
        }
        match result {
            Ok(()) | Err(StoreError::Stopped(_) | StoreError::Refused(_)) if connection.is_autocommit() => {
                writer.connection = Some(connection);
            }
            Err(StoreError::Unknown(_)) => writer.suspect = true,
            _ => {}
        }
        result
    }

    fn shard(&self) -> i64 {
        self.options.shard
    }
}

impl Store for Sqlite {
    fn read(&self, work: ReadWork<'_>) -> Result<(), StoreError> {
        self.read_all(&mut |view| work(view))
    }

    fn write(&self, work: WriteWork<'_>) -> Result<(), StoreError> {
        self.write_all(&mut |view| work(view))
    }

    fn is_remote(&self) -> bool {
        false
    }

    fn name(&self) -> String {
        format!("sqlite:{}", self.path.display())
    }
}

/// Runs one batch: committed, or nothing kept.
fn batch(connection: &Connection, shard: i64, work: WriteAllWork<'_>) -> Result<(), StoreError> {
    // The lock of the file is taken before the first look, so that nothing read here can have changed when it is written.
    connection::run(connection, "BEGIN IMMEDIATE").map_err(|error| failure(&error, Stage::Work))?;
    let done = (|| {
        let head: Head = connection::head(connection, shard)?;
        let mut view = View::new(connection, shard, head);
        let result = work(&mut view);
        // Work that swallowed the error of a write must not commit the rest of it.
        view.failed().map_or(result, Err)
    })();
    if let Err(error) = done {
        // SQLite may have rolled back by itself; a connection that is still inside is dropped by the caller.
        let _ = connection::run(connection, "ROLLBACK");
        return Err(error);
    }
    connection::run(connection, "COMMIT").map_err(|error| {
        let _ = connection::run(connection, "ROLLBACK");
        failure(&error, Stage::Commit)
    })
}

/// Makes an empty file for its owner alone, where there is none; finds out whether an existing one can be written.
fn create(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|error| error::file(path, &error))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing behind these locks is half changed by a panic: connections are taken out before work begins.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
