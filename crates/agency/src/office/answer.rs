//! What a caller is told.

use serde::Serialize;
use serde_json::Value;

use crate::port::StoreError;
use crate::record::Record;
use crate::refusal::Refusal;

/// A command was booked: it is on disk.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// The number of the record; where the command made several, of the last.
    pub seq: u64,
    /// What kind of record it is.
    pub kind: String,
    /// Whether the same key had booked it before; then this is that answer again.
    pub replayed: bool,
    /// What was decided: ids that were given, the settlement …
    pub result: Value,
}

impl Answer {
    /// The answer that a record stands for.
    ///
    /// # Errors
    /// A settlement that cannot be written as JSON, which never happens.
    pub fn of(record: &Record, replayed: bool) -> Result<Answer, StoreError> {
        let result = match &record.settlement {
            Some(settlement) => serde_json::to_value(settlement)
                .map_err(|error| StoreError::Corrupt(format!("第 {} 条记录：{error}", record.seq)))?,
            None => record.result.clone(),
        };
        Ok(Answer { seq: record.seq, kind: record.kind.clone(), replayed, result })
    }
}

/// Why a command has no answer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// The rules or the state say no; nothing was booked.
    #[error("{0}")]
    Refused(Refusal),
    /// The store failed. Whether it was booked is told by the same key.
    #[error("{0}")]
    Store(#[from] StoreError),
}
