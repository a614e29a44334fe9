//! PostgreSQL: batches of a shard one after the other across processes, by a lock on the shard's head.
//!
//! The driver waits inside each call, so calls belong on threads that may wait, not on those of an async runtime.

mod connection;
mod error;
mod readers;
mod view;

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use ::postgres::Config;
use ::postgres::config::Host;
use gongji_agency::port::{Head, ReadWork, Store, StoreError, WriteWork};

use crate::home::{Home, ReadAllWork, WriteAllWork};
use connection::Connection;
use error::{failure, is_passing, is_undone, unknown};
use readers::Readers;
use view::View;

/// The first and the longest pause before work is run again.
const PAUSES: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(500));

/// How a database is used.
#[derive(Clone, Debug)]
pub struct PostgresOptions {
    /// Which shard this handle keeps.
    pub shard: i64,
    /// How long work is run again before it is given up: while the server restarts, or after a serialization failure.
    pub patience: Duration,
    /// How many connections readers may have at once.
    pub readers: usize,
}

impl Default for PostgresOptions {
    fn default() -> PostgresOptions {
        PostgresOptions { shard: 0, patience: Duration::from_secs(10), readers: 16 }
    }
}

/// A store in a PostgreSQL database, version 15 or newer. Several processes may use the same database.
pub struct Postgres {
    config: Config,
    options: PostgresOptions,
    /// Out of its place while a batch runs: a batch that panics drops it, and the server rolls back.
    writer: Mutex<Option<Connection>>,
    readers: Readers,
}

/// Why one try failed.
enum Try {
    /// Nothing kept (or, in a commit, nobody knows), and nothing to gain from another try.
    Failed(StoreError),
    /// Nothing kept; another try may go through.
    Again(StoreError),
}

impl Postgres {
    /// Connects to the database of a URL (`postgres://user@host/database`) and makes the tables where there are none.
    ///
    /// # Errors
    /// [`StoreError::Refused`] for settings under which a confirmed batch could be lost, for a read-only server, a missing right or a
    /// newer schema; [`StoreError::Corrupt`] where the journal's end contradicts itself; [`StoreError::Unavailable`] where nobody answers.
    pub fn connect(url: &str) -> Result<Postgres, StoreError> {
        Postgres::connect_with(url, PostgresOptions::default())
    }

    /// As [`Postgres::connect`], with options.
    ///
    /// # Errors
    /// As [`Postgres::connect`].
    pub fn connect_with(url: &str, options: PostgresOptions) -> Result<Postgres, StoreError> {
        let config = connection::config(url)?;
        let mut writer = Connection::open(&config).map_err(|error| failure(&error))?;
        connection::assert_settings(&mut writer)?;
        connection::migrate(&mut writer, options.shard)?;
        connection::check_end(&mut writer, options.shard)?;
        let readers = Readers::new(options.readers, options.patience);
        Ok(Postgres { config, options, writer: Mutex::new(Some(writer)), readers })
    }

    /// A connection for batches. A new one may lead to another server than the last, so all is asserted again.
    fn writer(&self) -> Result<Connection, Try> {
        let mut connection = Connection::open(&self.config).map_err(|error| sorted(&error))?;
        connection::assert_settings(&mut connection).map_err(|error| match error {
            StoreError::Unavailable(_) => Try::Again(error),
            _ => Try::Failed(error),
        })?;
        Ok(connection)
    }

    fn try_batch(&self, kept: &mut Option<Connection>, work: WriteAllWork<'_>) -> Result<(), Try> {
        let mut connection = kept.take().map_or_else(|| self.writer(), Ok)?;
        let begun = connection.begin(self.options.shard, true).map_err(|error| sorted(&error))?;
        let head = begun.map_err(Try::Failed)?;
        let mut view = View::new(&mut connection, self.options.shard, head);
        let result = work(&mut view);
        // Work that swallowed an error must not commit: the server would roll back and call that a success.
        let ended = match (view.failed.take(), result) {
            (Some(error), _) if view.passing => Try::Again(error),
            (Some(error), _) | (None, Err(error)) => Try::Failed(error),
            (None, Ok(())) => return commit(connection, kept),
        };
        if connection.client.batch_execute("ROLLBACK").is_ok() {
            *kept = Some(connection);
        }
        Err(ended)
    }

    fn begin_read(&self) -> Result<(Connection, Head), Try> {
        let mut connection = match self.readers.take().map_err(Try::Failed)? {
            Some(connection) => connection,
            None => Connection::open(&self.config).map_err(|error| {
                self.readers.lost();
                sorted(&error)
            })?,
        };
        let begun = connection.begin(self.options.shard, false).map_err(|error| sorted(&error));
        match begun.and_then(|head| head.map_err(Try::Failed)) {
            Ok(head) => Ok((connection, head)),
            Err(ended) => {
                self.readers.lost();
                Err(ended)
            }
        }
    }

    /// Tries until it ends, or patience does.
    fn persist<T>(&self, mut attempt: impl FnMut() -> Result<T, Try>) -> Result<T, StoreError> {
        let until = Instant::now() + self.options.patience;
        let (mut pause, longest) = PAUSES;
        loop {
            match attempt() {
                Ok(done) => return Ok(done),
                Err(Try::Again(_)) if Instant::now() + pause < until => {
                    thread::sleep(pause);
                    pause = (2 * pause).min(longest);
                }
                Err(Try::Failed(error)) => return Err(error),
                Err(Try::Again(error)) => {
                    return Err(StoreError::Unavailable(match error {
                        StoreError::Unavailable(text) => text,
                        other => other.to_string(),
                    }));
                }
            }
        }
    }
}

/// Commits. Before the word is sent, a lost connection means that nothing was kept; after it, only the server's answer tells.
fn commit(mut connection: Connection, kept: &mut Option<Connection>) -> Result<(), Try> {
    if connection.client.is_closed() {
        return Err(Try::Again(StoreError::Unavailable("与数据库的连接断了".to_owned())));
    }
    match connection.client.batch_execute("COMMIT") {
        Ok(()) => {
            *kept = Some(connection);
            Ok(())
        }
        Err(error) if is_undone(&error) => Err(Try::Again(failure(&error))),
        Err(error) => Err(Try::Failed(unknown(&error))),
    }
}

fn sorted(error: &::postgres::Error) -> Try {
    if is_passing(error) { Try::Again(failure(error)) } else { Try::Failed(failure(error)) }
}

impl Home for Postgres {
    fn read_all(&self, work: ReadAllWork<'_>) -> Result<(), StoreError> {
        let (mut connection, head) = self.persist(|| self.begin_read())?;
        let place = self.readers.place();
        let result = work(&mut View::new(&mut connection, self.options.shard, head));
        if connection.client.batch_execute("COMMIT").is_ok() {
            place.give_back(connection);
        }
        result
    }

    fn write_all(&self, work: WriteAllWork<'_>) -> Result<(), StoreError> {
        // Nothing behind this lock is half changed by a panic: the connection is taken out before work begins.
        let mut kept = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        self.persist(|| self.try_batch(&mut kept, work))
    }

    fn shard(&self) -> i64 {
        self.options.shard
    }
}

impl Store for Postgres {
    fn read(&self, work: ReadWork<'_>) -> Result<(), StoreError> {
        self.read_all(&mut |view| work(view))
    }

    fn write(&self, work: WriteWork<'_>) -> Result<(), StoreError> {
        self.write_all(&mut |view| work(view))
    }

    fn is_remote(&self) -> bool {
        true
    }

    fn name(&self) -> String {
        let host = match self.config.get_hosts().first() {
            Some(Host::Tcp(host)) => host.clone(),
            #[cfg(unix)]
            Some(Host::Unix(folder)) => folder.display().to_string(),
            None => String::new(),
        };
        let port = self.config.get_ports().first().copied().unwrap_or(5432);
        let user = self.config.get_user().unwrap_or_default();
        format!("postgres:{user}@{host}:{port}/{}", self.config.get_dbname().unwrap_or(user))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Each client carries a small runtime of its own, which must not be dropped on a thread of another runtime.
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        let readers = self.readers.close();
        let _ = thread::spawn(move || drop((writer, readers))).join();
    }
}
