//! The homes of the agency's store: so far SQLite, in one file.

mod check;
mod home;
mod schema;
mod sqlite;

pub use home::{Home, ReadAll, ReadAllWork, StoredRow, WriteAll, WriteAllWork};
pub use sqlite::{Backup, Sqlite, SqliteOptions};
#[cfg(feature = "testing")]
pub mod testing;
