//! The log is moved into the file beside the writer: a batch that had to move it all would keep its callers waiting.

use std::path::Path;
use std::thread::JoinHandle;

use gongji_agency::port::StoreError;
use rusqlite::Connection;

use super::SqliteOptions;
use super::connection;

/// How often the mover goes over what came in meanwhile.
const ROUNDS: usize = 4;

/// When the log is moved, in pages.
#[derive(Clone, Copy)]
struct Lengths {
    /// From here on: well before SQLite would move it all in a commit.
    long: i64,
    /// So little is left that the writer moves it itself: then all of the log is in the file, and the next batch begins it anew.
    little: i64,
    /// So much comes in before it is tried again where a reader holds the log.
    step: i64,
}

impl From<&SqliteOptions> for Lengths {
    fn from(options: &SqliteOptions) -> Lengths {
        let most = i64::from(options.log_pages);
        Lengths { long: most * 3 / 5, little: most / 20, step: most / 20 }
    }
}

/// Who moves the log.
#[derive(Debug, Default)]
pub struct Mover {
    at_work: Option<JoinHandle<()>>,
    /// Not tried again before the log has so many pages.
    again: i64,
}

/// The length of the log, and how much of it is in the file. `NOOP` looks only, `PASSIVE` moves what nobody reads, waiting for nobody.
fn pages(connection: &Connection, mode: &str) -> rusqlite::Result<(i64, i64)> {
    let mut statement = connection.prepare_cached(&format!("PRAGMA wal_checkpoint({mode})"))?;
    statement.query_row([], |row| Ok((row.get(1)?, row.get(2)?)))
}

impl Mover {
    /// After a batch. What fails here fails no batch: the log stays as it is, and SQLite itself moves it when it is longer still.
    pub fn after_batch(&mut self, connection: &Connection, path: &Path, options: &SqliteOptions) {
        let mut ended = false;
        if let Some(at_work) = self.at_work.take() {
            if !at_work.is_finished() {
                self.at_work = Some(at_work);
                return;
            }
            ended = at_work.join().is_ok();
        }
        let Ok((length, moved)) = pages(connection, "NOOP") else { return };
        let Lengths { long, little, step } = options.into();
        if length < long {
            self.again = 0;
            return;
        }
        if !ended && length < self.again {
            return;
        }
        self.again = length + step;
        if length - moved <= little {
            let _ = pages(connection, "PASSIVE");
        } else if !ended {
            let (path, options) = (path.to_owned(), options.clone());
            let work = move || {
                let _ = move_log(&path, &options);
            };
            self.at_work = std::thread::Builder::new().name("log".to_owned()).spawn(work).ok();
        }
    }

    /// Waits for what is under way.
    pub fn rest(&mut self) {
        if let Some(at_work) = self.at_work.take() {
            let _ = at_work.join();
        }
    }
}

fn move_log(path: &Path, options: &SqliteOptions) -> Result<(), StoreError> {
    let connection = connection::mover(path, options)?;
    let little = Lengths::from(options).little;
    for _ in 0..ROUNDS {
        match pages(&connection, "PASSIVE") {
            Ok((length, moved)) if length - moved > little => {}
            _ => break,
        }
    }
    Ok(())
}
