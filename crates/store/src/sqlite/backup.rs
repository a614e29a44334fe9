//! A copy of the file while writers go on.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use gongji_agency::port::{Head, StoreError};
use rusqlite::backup::StepResult;
use rusqlite::{Connection, OpenFlags};

use super::error::{Stage, failure};
use super::{Sqlite, SqliteOptions, connection, create, error};

/// How many pages are copied between two reports.
const PAGES: i32 = 2_048;

/// What a copy holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backup {
    /// The end of its journal.
    pub head: Head,
    /// Its size.
    pub bytes: u64,
}

fn work(error: rusqlite::Error) -> StoreError {
    failure(&error, Stage::Work)
}

impl Sqlite {
    /// Copies the store into a new file, as it is at this moment; writers and readers go on. `report` hears of pages done and of all.
    /// The file gets its name only when the copy is whole and checked.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where the file exists; others as for reading, and where the copy is not sound. No file is left then.
    pub fn backup(&self, to: &Path, report: &mut dyn FnMut(u64, u64)) -> Result<Backup, StoreError> {
        let source = self.reader()?;
        // A snapshot that stands for the whole copy: without it every commit would start the copy again.
        connection::run(&source, "BEGIN").map_err(work)?;
        let head = connection::head(&source, self.options.shard)?;
        let backup = place(to, |partial| copy(&source, partial, report), head);
        if connection::run(&source, "ROLLBACK").is_ok() {
            self.keep_reader(source);
        }
        backup
    }

    /// Makes a new store at `to` from a file that [`Sqlite::backup`] made, and checks every record's hash on the way.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where `to` exists or the file is of another program; [`StoreError::Corrupt`] where it is not sound.
    pub fn restore(from: &Path, to: &Path, report: &mut dyn FnMut(u64, u64)) -> Result<Backup, StoreError> {
        fs::metadata(from).map_err(|error| error::file(from, &error))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let source = Connection::open_with_flags(from, flags).map_err(work)?;
        connection::run(&source, "BEGIN").map_err(work)?;
        connection::identify(&source, from)?;
        let head = connection::head(&source, SqliteOptions::default().shard)?;
        place(to, |partial| copy(&source, partial, report), head)
    }
}

/// Fills a file beside its final name, checks it, brings it to the disk and renames it.
fn place(
    to: &Path,
    fill: impl FnOnce(&Path) -> Result<(), StoreError>,
    head: Head,
) -> Result<Backup, StoreError> {
    if fs::symlink_metadata(to).is_ok() {
        return Err(StoreError::Refused(format!("{} 已经存在，不覆盖：请另选文件名", to.display())));
    }
    let partial = beside(to);
    let done = (|| {
        create(&partial)?;
        fill(&partial)?;
        verify(&partial)?;
        let io = |error: std::io::Error| error::file(to, &error);
        let file = File::open(&partial).map_err(io)?;
        file.sync_all().map_err(io)?;
        let bytes = file.metadata().map_err(io)?.len();
        fs::rename(&partial, to).map_err(io)?;
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all()).map_err(io)?;
        Ok(Backup { head, bytes })
    })();
    if done.is_err() {
        for ending in ["", "-wal", "-shm", "-journal"] {
            let _ = fs::remove_file(with_ending(&partial, ending));
        }
    }
    done
}

fn beside(to: &Path) -> PathBuf {
    with_ending(to, &format!(".{}.partial", std::process::id()))
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn copy(source: &Connection, to: &Path, report: &mut dyn FnMut(u64, u64)) -> Result<(), StoreError> {
    let mut target = Connection::open(to).map_err(work)?;
    {
        let backup = rusqlite::backup::Backup::new(source, &mut target).map_err(work)?;
        loop {
            let step = backup.step(PAGES).map_err(work)?;
            let progress = backup.progress();
            let count = |pages: i32| u64::try_from(pages).unwrap_or(0);
            let all = count(progress.pagecount);
            report(all.saturating_sub(count(progress.remaining)), all);
            match step {
                StepResult::Done => break,
                StepResult::More => {}
                other => return Err(StoreError::Unavailable(format!("备份停在 {other:?}"))),
            }
        }
    }
    // One file: the log is folded in, and the copy opens in any tool.
    target.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())).map_err(work)?;
    target.close().map_err(|(_, error)| work(error))
}

/// Reads the copy from end to end: its pages, and the chain of every journal in it.
fn verify(path: &Path) -> Result<(), StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(work)?;
    let pages: String =
        connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(work)?;
    if pages != "ok" {
        return Err(StoreError::Corrupt(format!("备份的页不完整：{pages}")));
    }
    let mut statement = connection.prepare("SELECT shard FROM head ORDER BY shard").map_err(work)?;
    let shards: Vec<i64> =
        statement.query_map([], |row| row.get(0)).and_then(Iterator::collect).map_err(work)?;
    shards.into_iter().try_for_each(|shard| {
        let head = connection::head(&connection, shard)?;
        connection::check_chain(&connection, shard, head)
    })
}
