//! Where the store lies, as people write it.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gongji_agency::port::StoreError;

use crate::home::Home;
use crate::{Backup, DumpError, Postgres, Sqlite, import};

/// The name of the SQLite file in a data folder.
pub const FILE: &str = "gongji.sqlite";

/// A place: a folder with the SQLite file in it, or a PostgreSQL database.
#[derive(Clone, PartialEq, Eq)]
pub enum Place {
    /// A data folder.
    Folder(PathBuf),
    /// The URL of a database. It may hold a password and is never shown.
    Database(String),
}

impl Place {
    /// Reads `postgres://…`, `postgresql://…`, or else a folder's path.
    pub fn read(text: &str) -> Place {
        let is_url = ["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme));
        if is_url { Place::Database(text.to_owned()) } else { Place::Folder(PathBuf::from(text)) }
    }

    /// The SQLite file of a folder; `None` for a database.
    pub fn file(&self) -> Option<PathBuf> {
        match self {
            Place::Folder(folder) => Some(folder.join(FILE)),
            Place::Database(_) => None,
        }
    }

    /// Opens the store there. A missing folder is made, for its owner alone.
    ///
    /// # Errors
    /// As [`Sqlite::open`] and [`Postgres::connect`].
    pub fn open(&self) -> Result<Arc<dyn Home>, StoreError> {
        match self {
            Place::Folder(folder) => {
                make(folder)?;
                Ok(Arc::new(Sqlite::open(folder.join(FILE))?))
            }
            Place::Database(url) => Ok(Arc::new(Postgres::connect(url)?)),
        }
    }
}

/// What the first bytes of a SQLite file say.
const SQLITE: &[u8] = b"SQLite format 3\0";

impl Place {
    /// Copies the store while it is in use. Of a database, the server's own tools make better copies.
    ///
    /// # Errors
    /// As [`Sqlite::backup`]; [`StoreError::Refused`] for a database.
    pub fn backup(&self, to: &Path, report: &mut dyn FnMut(u64, u64)) -> Result<Backup, StoreError> {
        match self {
            Place::Folder(folder) => Sqlite::open(folder.join(FILE))?.backup(to, report),
            Place::Database(_) => Err(StoreError::Refused(
                "PostgreSQL 请用 pg_dump 或 pg_basebackup 备份；要能换到别的存储，请用导出".to_owned(),
            )),
        }
    }

    /// Fills an empty place: from a copy of [`Place::backup`], or from what [`export`](crate::export) wrote. Every record's hash is checked.
    ///
    /// # Errors
    /// [`DumpError`]; the place is as empty as before.
    pub fn restore(&self, from: &Path, report: &mut dyn FnMut(u64, u64)) -> Result<(), DumpError> {
        let mut file = BufReader::new(File::open(from)?);
        let is_sqlite = file.fill_buf()?.starts_with(SQLITE);
        match self {
            Place::Folder(folder) if is_sqlite => {
                make(folder)?;
                Sqlite::restore(from, &folder.join(FILE), report)?;
            }
            Place::Database(_) if is_sqlite => {
                return Err(DumpError::Store(StoreError::Refused(
                    "SQLite 的备份不能直接装进 PostgreSQL：请先还原到数据目录，再导出、导入".to_owned(),
                )));
            }
            _ => drop(import(&*self.open()?, &mut file)?),
        }
        Ok(())
    }
}

/// Opens the store at a place: `postgres://…`, or the path of a data folder.
///
/// # Errors
/// As [`Place::open`].
pub fn open(place: &str) -> Result<Arc<dyn Home>, StoreError> {
    Place::read(place).open()
}

/// Makes a folder that only its owner can enter. One that is there stays as it is.
fn make(folder: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|error| StoreError::Refused(format!("不能建立数据目录 {}：{error}", folder.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_a_database_and_the_rest_a_folder() {
        assert!(Place::read("postgres://u@h/d") == Place::Database("postgres://u@h/d".to_owned()));
        assert!(Place::read("data").file() == Some(PathBuf::from("data/gongji.sqlite")));
    }
}
