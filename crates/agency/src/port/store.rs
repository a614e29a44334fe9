//! The store: a journal that only grows, the keys of callers, and rows derived from the journal.
//!
//! A store knows nothing of insurance. It keeps four things, each under a shard:
//!
//! - the **journal**: records numbered from 1 without gaps, never changed, each with the hash that chains it to the one before;
//! - the **outcomes** of callers' keys: which record a key made, or why it was refused; never changed;
//! - **rows**: the present state by kind and id, each a text (JSON), derived from the journal and checked against it;
//! - the **head**: number, hash and booking time of the last record.
//!
//! One batch of writes is one transaction: all of it is on disk when [`Store::write`] returns `Ok`, and batches of one shard happen one after the
//! other, whichever process they come from.

use gongji_ledger::ChainHash;

/// Where a row lies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId {
    /// What kind of thing: `person`, `purse`, `visit` …
    pub kind: &'static str,
    /// Which one.
    pub id: String,
}

/// The end of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The number of the last record; 0 before the first.
    pub seq: u64,
    /// Its hash.
    pub hash: ChainHash,
    /// When it was booked: milliseconds since 1970. Never goes back from record to record.
    pub booked_at: i64,
}

impl Head {
    /// Before the first record.
    pub const START: Head = Head { seq: 0, hash: ChainHash::START, booked_at: 0 };
}

/// A record as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRecord {
    /// Its number.
    pub seq: u64,
    /// The whole record as JSON. The hash covers exactly these bytes.
    pub body: String,
    /// Hash of the record before and of the body.
    pub hash: ChainHash,
    /// What kind of record, copied from the body for people who look with SQL.
    pub kind: String,
    /// Whom it concerns first, likewise; empty where nobody.
    pub person: String,
    /// The business date, likewise (`YYYY-MM-DD`).
    pub business_date: String,
    /// When it was booked, likewise: milliseconds since 1970.
    pub booked_at: i64,
}

/// What became of a caller's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// SHA-256 of what was asked under the key.
    pub request: [u8; 32],
    /// The record that it made; `None` where it was refused.
    pub seq: Option<u64>,
    /// The refusal as JSON; empty where it made a record.
    pub refusal: String,
}

/// Why a store could not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Nothing was kept: the batch can be tried again.
    #[error("存储暂时不可用，什么也没有记入：{0}")]
    Unavailable(String),
    /// It is not known whether the batch was kept: the connection broke or the disk failed while it was being committed. The same keys tell.
    #[error("提交的结果不明，请用同一个键再问一次：{0}")]
    Unknown(String),
    /// The store must not be written to: read only, wrong version, wrong settings.
    #[error("存储不可写：{0}")]
    Refused(String),
    /// What is kept contradicts itself.
    #[error("存储的内容损坏：{0}")]
    Corrupt(String),
    /// The work on a batch stopped by its own will; nothing was kept.
    #[error("{0}")]
    Stopped(String),
}

/// A consistent view.
pub trait Read {
    /// The end of the journal.
    ///
    /// # Errors
    /// [`StoreError`], as for every method here.
    fn head(&mut self) -> Result<Head, StoreError>;

    /// The rows of these ids, in their order; `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    fn rows(&mut self, ids: &[RowId]) -> Result<Vec<Option<String>>, StoreError>;

    /// Rows of a kind whose ids start with `prefix` and come after `after` (byte order), at most `limit`, in order of id.
    ///
    /// # Errors
    /// [`StoreError`].
    fn page(
        &mut self,
        kind: &'static str,
        prefix: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<(String, String)>, StoreError>;

    /// The outcomes of these keys, in their order; `None` where a key was never used.
    ///
    /// # Errors
    /// [`StoreError`].
    fn outcomes(&mut self, keys: &[String]) -> Result<Vec<Option<Outcome>>, StoreError>;

    /// Outcomes in order of key, after a key (byte order), at most `limit`: for audit and export.
    ///
    /// # Errors
    /// [`StoreError`].
    fn outcome_page(&mut self, after: &str, limit: usize) -> Result<Vec<(String, Outcome)>, StoreError>;

    /// The records of these numbers, in their order; `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    fn records(&mut self, seqs: &[u64]) -> Result<Vec<Option<StoredRecord>>, StoreError>;

    /// Records with a number above `after`, at most `limit`, in order.
    ///
    /// # Errors
    /// [`StoreError`].
    fn records_after(&mut self, after: u64, limit: usize) -> Result<Vec<StoredRecord>, StoreError>;
}

/// A batch under way. Reads see what the batch wrote.
pub trait Write: Read {
    /// Adds records to the journal. They must follow the head without a gap.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where they do not follow.
    fn append(&mut self, records: &[StoredRecord]) -> Result<(), StoreError>;

    /// Writes rows; `None` removes one.
    ///
    /// # Errors
    /// [`StoreError`].
    fn put(&mut self, rows: &[(RowId, Option<String>)]) -> Result<(), StoreError>;

    /// Remembers the outcomes of keys that were never used before.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for a key that was.
    fn remember(&mut self, outcomes: &[(String, Outcome)]) -> Result<(), StoreError>;
}

/// The work of one view, which may live as shortly as its store likes.
pub type ReadWork<'work> = &'work mut dyn FnMut(&mut dyn Read) -> Result<(), StoreError>;

/// The work of one batch.
pub type WriteWork<'work> = &'work mut dyn FnMut(&mut dyn Write) -> Result<(), StoreError>;

/// Where everything is kept.
pub trait Store: Send + Sync {
    /// Runs `work` over a consistent view that later writes do not change. Never waits for a writer.
    ///
    /// # Errors
    /// Those of the work, and of the store.
    fn read(&self, work: ReadWork<'_>) -> Result<(), StoreError>;

    /// Runs `work` and keeps what it wrote, all or nothing. The work may be run again from the start where the store asks for a retry
    /// (serialization, a lost connection before the commit), so it must not have effects outside. When this returns `Ok`, everything is on disk.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] where the commit itself failed; otherwise nothing was kept.
    fn write(&self, work: WriteWork<'_>) -> Result<(), StoreError>;

    /// Whether each call of a view costs a journey to another machine, so that many small ones should be asked together.
    fn is_remote(&self) -> bool;

    /// Its name for people: `sqlite:…`, `postgres:…`, without secrets.
    fn name(&self) -> String;
}
