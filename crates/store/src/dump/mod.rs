//! Everything of a shard as lines of JSON, from one home to another.
//!
//! ```text
//! {"start":{"format":"gongji-dump","version":1,"shard":0}}
//! {"record":{"seq":1,"kind":…,"person":…,"business_date":…,"booked_at":…,"hash":…,"body":…}}   in order of number
//! {"outcome":{"key":…,"request":…,"seq":…,"refusal":…}}                                       in order of key
//! {"row":{"kind":…,"id":…,"body":…}}                                                          in order of kind and id
//! {"end":{"records":…,"outcomes":…,"rows":…,"head":…,"sha256":…}}
//! ```
//!
//! `sha256` is over all bytes before the last line; `head` is the hash of the last record. Bodies are texts inside JSON, byte for byte
//! as they are kept, since the chain covers exactly those bytes.

mod read;
mod write;

use std::io;

use gongji_agency::port::{Outcome, StoreError, StoredRecord};
use gongji_ledger::ChainHash;
use serde::{Deserialize, Serialize};

pub use read::import;
pub use write::export;

/// What the first line says.
const FORMAT: &str = "gongji-dump";

/// The version of the format.
const VERSION: u32 = 1;

/// How many lines go through the store in one call.
const PART: usize = 1_000;

/// What a dump holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Records of the journal.
    pub records: u64,
    /// Keys with their outcomes.
    pub outcomes: u64,
    /// Rows.
    pub rows: u64,
}

/// Why a dump could not be written or read. A store that should have been filled is as empty as before.
#[derive(Debug, thiserror::Error)]
pub enum DumpError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file failed.
    #[error("读写导出文件失败：{0}")]
    File(#[from] io::Error),
    /// A line is not what it should be.
    #[error("导出文件第 {line} 行不对：{reason}")]
    Malformed {
        /// Which line, from 1.
        line: u64,
        /// What was expected and found.
        reason: String,
    },
    /// The store holds something already.
    #[error("只能导入空的存储，{0} 里已有内容：请换一个新的数据目录或数据库")]
    NotEmpty(String),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Line {
    Start { format: String, version: u32, shard: i64 },
    Record(RecordLine),
    Outcome(OutcomeLine),
    Row(RowLine),
    End { records: u64, outcomes: u64, rows: u64, head: String, sha256: String },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordLine {
    seq: u64,
    kind: String,
    person: String,
    business_date: String,
    booked_at: i64,
    hash: String,
    body: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OutcomeLine {
    key: String,
    request: String,
    seq: Option<u64>,
    refusal: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RowLine {
    kind: String,
    id: String,
    body: String,
}

impl From<StoredRecord> for RecordLine {
    fn from(record: StoredRecord) -> RecordLine {
        let StoredRecord { seq, body, hash, kind, person, business_date, booked_at } = record;
        RecordLine { seq, kind, person, business_date, booked_at, hash: hash.to_string(), body }
    }
}

impl RecordLine {
    /// The record; `None` for a hash that is none.
    fn read(self) -> Option<StoredRecord> {
        let RecordLine { seq, kind, person, business_date, booked_at, hash, body } = self;
        Some(StoredRecord { seq, body, hash: hash.parse().ok()?, kind, person, business_date, booked_at })
    }
}

impl From<(String, Outcome)> for OutcomeLine {
    fn from((key, outcome): (String, Outcome)) -> OutcomeLine {
        let Outcome { request, seq, refusal } = outcome;
        OutcomeLine { key, request: ChainHash(request).to_string(), seq, refusal }
    }
}

impl OutcomeLine {
    /// The outcome; `None` for a hash that is none.
    fn read(self) -> Option<(String, Outcome)> {
        let request: ChainHash = self.request.parse().ok()?;
        Some((self.key, Outcome { request: request.0, seq: self.seq, refusal: self.refusal }))
    }
}
