//! Temporary stores for tests, of this crate and of others.

mod cluster;

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use gongji_agency::port::StoreError;
use tempfile::TempDir;

pub use cluster::Cluster;

use crate::home::Home;
use crate::postgres::{Postgres, PostgresOptions};
use crate::sqlite::{Sqlite, SqliteOptions};

/// Where a store of a test lies. What is there goes when this is dropped.
pub trait Ground: Send + Sync {
    /// A handle on one shard of the store there. Each call gives a handle of its own, as another process has.
    ///
    /// # Errors
    /// As the home's.
    fn open_shard(&self, shard: i64) -> Result<Arc<dyn Home>, StoreError>;

    /// A handle on the first shard.
    ///
    /// # Errors
    /// As the home's.
    fn open(&self) -> Result<Arc<dyn Home>, StoreError> {
        self.open_shard(0)
    }
}

/// A folder with a SQLite file.
#[derive(Debug)]
pub struct TemporarySqlite {
    folder: TempDir,
}

impl TemporarySqlite {
    /// The file.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("gongji.sqlite")
    }
}

impl Ground for TemporarySqlite {
    fn open_shard(&self, shard: i64) -> Result<Arc<dyn Home>, StoreError> {
        let options = SqliteOptions { shard, ..SqliteOptions::default() };
        Ok(Arc::new(Sqlite::open_with(self.file(), options)?))
    }
}

/// An empty place for a SQLite file.
///
/// # Errors
/// Those of making a folder.
pub fn temporary_sqlite() -> io::Result<TemporarySqlite> {
    Ok(TemporarySqlite { folder: tempfile::tempdir()? })
}

/// A database of a server that the tests of one process share.
#[derive(Debug)]
pub struct TemporaryPostgres {
    url: String,
    cluster: Arc<Cluster>,
}

impl TemporaryPostgres {
    /// The URL of the database.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The server.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }
}

impl Ground for TemporaryPostgres {
    fn open_shard(&self, shard: i64) -> Result<Arc<dyn Home>, StoreError> {
        let options = PostgresOptions { shard, ..PostgresOptions::default() };
        Ok(Arc::new(Postgres::connect_with(&self.url, options)?))
    }
}

/// Set where a test that cannot have PostgreSQL must fail instead of passing by.
const REQUIRED: &str = "GONGJI_REQUIRE_POSTGRES";

/// Says that a test goes without PostgreSQL, or fails where that was forbidden (`GONGJI_REQUIRE_POSTGRES=1`).
///
/// # Errors
/// Where it was forbidden.
pub fn without_postgres<T>() -> io::Result<Option<T>> {
    if std::env::var_os(REQUIRED).is_some_and(|value| value != "0") {
        return Err(io::Error::other(format!("{REQUIRED} is set, but PostgreSQL is not installed")));
    }
    eprintln!("PostgreSQL is not installed: this test is skipped ({REQUIRED}=1 forbids that)");
    Ok(None)
}

/// An empty database; `None`, with a notice, where PostgreSQL is not installed.
///
/// # Errors
/// Where the server cannot be set up, or is missing although it was [required](without_postgres).
pub fn temporary_postgres() -> io::Result<Option<TemporaryPostgres>> {
    // It stops with the process.
    static SHARED: Mutex<Option<Arc<Cluster>>> = Mutex::new(None);
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    if shared.is_none() {
        *shared = Cluster::start()?.map(Arc::new);
    }
    let Some(cluster) = shared.clone() else { return without_postgres() };
    Ok(Some(TemporaryPostgres { url: cluster.database()?, cluster }))
}
