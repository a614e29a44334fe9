//! Temporary stores for tests, of this crate and of others.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use gongji_agency::port::StoreError;
use tempfile::TempDir;

use crate::home::Home;
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
