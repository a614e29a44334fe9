//! A process of its own that writes until it is killed or cannot go on: this test program, called again.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use gongji_agency::port::StoreError;
use gongji_store::{FILE, Home, Sqlite, SqliteOptions};

use crate::kit::{Dice, book};

const PLACE: &str = "GONGJI_FAULT_PLACE";
const NAME: &str = "GONGJI_FAULT_NAME";
const BULK: &str = "GONGJI_FAULT_BULK";
const LOG: &str = "GONGJI_FAULT_LOG";

/// What a child said.
#[derive(Debug, PartialEq, Eq)]
pub enum Said {
    /// A key is on disk.
    Kept(String),
    /// The last thing: why it stopped.
    Stopped(String),
}

/// The command that writes to a place, in lines of `program` after its own arguments.
pub fn command(program: &Path, place: &str, name: &str, bulk: usize) -> Command {
    let mut command = Command::new(program);
    prepare(&mut command, place, name, bulk);
    command.args(arguments());
    command
}

/// The arguments that make this test program a writer.
pub fn arguments() -> [&'static str; 4] {
    ["--exact", "child::writes_until_it_cannot", "--ignored", "--nocapture"]
}

/// Tells a process what to write, and where.
pub fn prepare(command: &mut Command, place: &str, name: &str, bulk: usize) {
    command.env(PLACE, place).env(NAME, name).env(BULK, bulk.to_string());
    command.stdin(Stdio::null()).stdout(Stdio::piped());
}

/// Lets the log of a SQLite file hold no more than so many pages.
pub fn short_log(command: &mut Command, pages: u32) {
    command.env(LOG, pages.to_string());
}

/// This test program.
pub fn program() -> std::path::PathBuf {
    std::env::current_exe().expect("this program")
}

/// What the child says, line by line, until it ends. Half a line that a kill left is not said.
pub fn listen(child: &mut Child) -> impl Iterator<Item = Said> + use<> {
    let mut lines = BufReader::new(child.stdout.take().expect("piped"));
    std::iter::from_fn(move || {
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line).expect("readable") == 0 {
                return None;
            }
            let line = line.strip_suffix('\n')?;
            if let Some(key) = line.strip_prefix("kept ") {
                return Some(Said::Kept(key.to_owned()));
            }
            if let Some(reason) = line.strip_prefix("stopped ") {
                return Some(Said::Stopped(reason.to_owned()));
            }
        }
    })
}

fn say(text: &str) {
    // One call a line: a kill leaves whole lines and at most one half.
    std::io::stdout().write_all(text.as_bytes()).expect("said");
    std::io::stdout().flush().expect("said");
}

#[test]
#[ignore = "is run by the other tests, in a process of its own"]
fn writes_until_it_cannot() {
    let Ok(place) = std::env::var(PLACE) else { return };
    let name = std::env::var(NAME).expect("a name");
    let bulk: usize = std::env::var(BULK).expect("bulk").parse().expect("a number");
    // Behind the harness's own half line.
    say("\n");
    let opened = match std::env::var(LOG) {
        Ok(pages) => {
            let log_pages = pages.parse().expect("a number");
            let options = SqliteOptions { log_pages, ..SqliteOptions::default() };
            Sqlite::open_with(Path::new(&place).join(FILE), options)
                .map(|store| Arc::new(store) as Arc<dyn Home>)
        }
        Err(_) => gongji_store::open(&place),
    };
    let store = match opened {
        Ok(store) => store,
        Err(error) => return say(&format!("stopped {error:?}\n")),
    };
    let mut dice = Dice::seeded(name.bytes().fold(0, |sum, byte| 31 * sum + u64::from(byte)));
    for turn in 0_u64.. {
        let keys: Vec<String> =
            (0..=dice.below(12)).map(|number| format!("{name}-{turn:05}-{number:02}")).collect();
        match store.write(&mut |batch| book(batch, &keys, bulk)) {
            Ok(()) => say(&keys.iter().map(|key| format!("kept {key}\n")).collect::<String>()),
            Err(error) => {
                let reads = store.read(&mut |view| view.records_after(0, 5).map(drop));
                assert_eq!(reads, Ok(()), "what is there can still be read");
                let kind = match error {
                    StoreError::Unavailable(_) => "unavailable",
                    StoreError::Unknown(_) => "unknown",
                    _ => "otherwise",
                };
                return say(&format!("stopped {kind}: {error:?}\n"));
            }
        }
    }
}
