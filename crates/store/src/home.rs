//! A home of the store: the port, and what only upkeep needs.

use gongji_agency::port::{Read, Store, StoreError, Write};

/// A row with where it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRow {
    /// What kind of thing.
    pub kind: String,
    /// Which one.
    pub id: String,
    /// Its text (JSON).
    pub body: String,
}

/// A view that can also walk over rows of every kind.
pub trait ReadAll: Read {
    /// Rows of all kinds after this kind and id (byte order), at most `limit`, in order of kind and id.
    ///
    /// # Errors
    /// [`StoreError`].
    fn rows_after(&mut self, kind: &str, id: &str, limit: usize) -> Result<Vec<StoredRow>, StoreError>;
}

/// A batch that can also write rows of kinds known only by their text.
pub trait WriteAll: Write + ReadAll {
    /// Writes rows.
    ///
    /// # Errors
    /// [`StoreError`].
    fn put_all(&mut self, rows: &[StoredRow]) -> Result<(), StoreError>;
}

/// The work of one view over every kind of row.
pub type ReadAllWork<'work> = &'work mut dyn FnMut(&mut dyn ReadAll) -> Result<(), StoreError>;

/// The work of one batch over every kind of row.
pub type WriteAllWork<'work> = &'work mut dyn FnMut(&mut dyn WriteAll) -> Result<(), StoreError>;

/// A store with upkeep: what [`export`](crate::export) and [`import`](crate::import) go through.
pub trait Home: Store {
    /// As [`Store::read`], over every kind of row.
    ///
    /// # Errors
    /// As [`Store::read`].
    fn read_all(&self, work: ReadAllWork<'_>) -> Result<(), StoreError>;

    /// As [`Store::write`], over every kind of row.
    ///
    /// # Errors
    /// As [`Store::write`].
    fn write_all(&self, work: WriteAllWork<'_>) -> Result<(), StoreError>;

    /// The shard that this handle keeps.
    fn shard(&self) -> i64;
}
