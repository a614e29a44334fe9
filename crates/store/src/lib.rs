//! The two homes of the agency's store: SQLite in one file, and PostgreSQL.
//!
//! Both keep the same four tables (`journal`, `outcome`, `row`, `head`), both pass the same tests (`tests/conformance`), and what was
//! [exported](export) from one can be [imported](import) into the other.

mod check;
mod dump;
mod home;
mod place;
mod postgres;
mod schema;
mod sqlite;
#[cfg(feature = "testing")]
pub mod testing;

pub use dump::{DumpError, Summary, export, import};
pub use home::{Home, ReadAll, ReadAllWork, StoredRow, WriteAll, WriteAllWork};
pub use place::{FILE, Place, open};
pub use postgres::{Postgres, PostgresOptions};
pub use sqlite::{Backup, Sqlite, SqliteOptions};
