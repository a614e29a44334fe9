//! Why deciding a command stopped.

use crate::port::{RowId, StoreError};
use crate::refusal::Refusal;

/// Why deciding stopped before there was a decision.
#[derive(Debug)]
pub enum Stop {
    /// The rules or the state say no.
    Refused(Box<Refusal>),
    /// These rows must be fetched first; then it is decided again.
    NotAtHand(Vec<RowId>),
    /// The store failed.
    Store(StoreError),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Stop {
        Stop::Refused(Box::new(refusal))
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Stop {
        Stop::Store(error)
    }
}

impl From<gongji_cases::CaseError> for Stop {
    fn from(error: gongji_cases::CaseError) -> Stop {
        Stop::Refused(Box::new(error.into()))
    }
}

impl From<gongji_ledger::EntryError> for Stop {
    fn from(error: gongji_ledger::EntryError) -> Stop {
        Refusal::new("unbalanced", error.to_string()).into()
    }
}
