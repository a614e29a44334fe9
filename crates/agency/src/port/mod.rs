//! What the agency needs of the world: a place to keep records, and a clock.

mod clock;
mod store;

pub use clock::{Clock, FixedClock, SystemClock};
pub use store::{Head, Outcome, Read, RowId, Store, StoreError, StoredRecord, Work, Write};
