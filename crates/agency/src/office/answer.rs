//! What a caller is told.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::port::StoreError;
use crate::record::Record;
use crate::refusal::Refusal;
use crate::settlement::Settlement;

/// A command was booked: it is on disk. Made on the one thread that writes and therefore made of what is there already; whoever asked turns it into text.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The number of the record; where the command made several, of the last.
    pub seq: u64,
    /// What kind of record it is.
    pub kind: String,
    /// Whether the same key had booked it before; then this is that answer again.
    pub replayed: bool,
    /// The settlement, where the record is one.
    pub settlement: Option<Box<Settlement>>,
    /// What else was decided: ids that were given …; null for a settlement.
    pub result: Value,
}

impl Answer {
    /// The answer that a record stands for.
    pub fn of(record: Record, replayed: bool) -> Answer {
        Answer {
            seq: record.seq,
            kind: record.kind,
            replayed,
            settlement: record.settlement,
            result: record.result,
        }
    }
}

/// As JSON the settlement is the result.
impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut answer = to.serialize_struct("Answer", 4)?;
        answer.serialize_field("seq", &self.seq)?;
        answer.serialize_field("kind", &self.kind)?;
        answer.serialize_field("replayed", &self.replayed)?;
        match &self.settlement {
            Some(settlement) => answer.serialize_field("result", settlement)?,
            None => answer.serialize_field("result", &self.result)?,
        }
        answer.end()
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
