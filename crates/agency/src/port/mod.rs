//! What the agency needs of the world: a place to keep records, and a clock.

mod clock;
mod store;

pub use clock::{Clock, FixedClock, SystemClock};
pub use store::{Head, Outcome, Read, ReadWork, RowId, Store, StoreError, StoredRecord, Write, WriteWork};
