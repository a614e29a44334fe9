//! A process of its own that settles with 64 callers until it is killed: this test program, called again.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;

use gongji_agency::command::Command as Asked;
use gongji_agency::office::Office;
use gongji_agency::port::{Store, SystemClock};

use crate::world::{at_once, institution, rules};

const PLACE: &str = "GONGJI_CHILD_PLACE";
const RUN: &str = "GONGJI_CHILD_RUN";
const PEOPLE: &str = "GONGJI_CHILD_PEOPLE";

/// How many callers settle at once.
pub const CALLERS: usize = 64;

/// The key of a caller's message.
pub fn key(run: usize, caller: usize, turn: usize) -> String {
    format!("r{run:02}-c{caller:02}-{turn:05}")
}

/// What a caller asks: every third bill in the pharmacy, the others of a doctor.
pub fn bill(people: &[String], caller: usize, turn: usize) -> Asked {
    let care = if turn % 3 == 2 { "pharmacy" } else { "outpatient" };
    let person = &people[(caller * 7 + turn) % people.len()];
    let body = at_once(person, "H1", care, "2026-03-05", &format!("{}.{:02}", 3 + turn % 40, caller));
    Asked::read("settle_at_once", &body.to_string()).expect("a command")
}

/// Starts the child.
pub fn start(place: &str, run: usize, people: &[String]) -> Child {
    Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "child::settles_until_it_is_killed", "--ignored", "--nocapture"])
        .env(PLACE, place)
        .env(RUN, run.to_string())
        .env(PEOPLE, people.join(" "))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a child")
}

/// What the child says: caller, turn, record. Half a line that a kill left is not said.
pub fn listen(child: &mut Child) -> impl Iterator<Item = (usize, usize, u64)> + use<> {
    let mut lines = BufReader::new(child.stdout.take().expect("piped"));
    std::iter::from_fn(move || {
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line).expect("readable") == 0 {
                return None;
            }
            let Some(said) = line.strip_suffix('\n').and_then(|line| line.strip_prefix("kept ")) else {
                continue;
            };
            let mut words = said.split(' ');
            let mut next = || words.next().expect("a word").parse::<u64>().expect("a number");
            let (caller, turn, seq) = (next(), next(), next());
            return Some((
                usize::try_from(caller).expect("small"),
                usize::try_from(turn).expect("small"),
                seq,
            ));
        }
    })
}

fn say(text: &str) {
    // One call a line: a kill leaves whole lines and at most one half.
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).expect("said");
    out.flush().expect("said");
}

#[test]
#[ignore = "is run by the other tests, in a process of its own"]
fn settles_until_it_is_killed() {
    let Ok(place) = std::env::var(PLACE) else { return };
    let run: usize = std::env::var(RUN).expect("a run").parse().expect("a number");
    let people: Vec<String> = std::env::var(PEOPLE).expect("people").split(' ').map(str::to_owned).collect();
    let store: Arc<dyn Store> = gongji_store::open(&place).expect("opens");
    let office = Office::open(store, rules(), Arc::new(SystemClock)).expect("an office");
    // Behind the harness's own half line.
    say("\n");
    thread::scope(|scope| {
        for caller in 0..CALLERS {
            let (office, people) = (&office, &people);
            scope.spawn(move || {
                let actor = institution("H1");
                for turn in 0.. {
                    let answer = office.book(&actor, &key(run, caller, turn), bill(people, caller, turn));
                    say(&format!("kept {caller} {turn} {}\n", answer.expect("booked").seq));
                }
            });
        }
    });
}
