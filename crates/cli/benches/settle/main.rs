//! How fast settlements are booked for good, beside the goals and the disk's own limit. `cargo bench -p gongji-cli --bench settle`
//!
//! Makes a population in a new folder (`GONGJI_BENCH_FOLDER`, or the system's for temporary files; put it on the disk that is to be measured), then lets
//! 64 callers settle, in process and over HTTP. With `GONGJI_BENCH_POSTGRES=postgres://…` (an **empty** database) also there.
//! `GONGJI_BENCH_PEOPLE` (20,000), `GONGJI_BENCH_SECONDS` (8) and `GONGJI_BENCH_ENTRIES` (how far the journal grows, 200,000) change its size.

#![expect(clippy::unwrap_used, reason = "a benchmark stops where its premises fail")]

mod books;
mod callers;
#[path = "../line.rs"]
mod connection;
mod disk;
mod file;
mod http;
#[path = "../machine.rs"]
mod machine;

use std::path::PathBuf;
use std::time::Duration;

use books::Books;
use callers::{Callers, Run};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CALLERS: usize = 64;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// One line: what, how much, the goal.
pub fn line(what: &str, measured: &str, goal: &str) {
    println!("{what:<44} {measured:<70} {goal}");
}

fn told(what: &str, run: &Run, goal: &str) {
    let measured = format!(
        "{}/s  p50 {} µs  p99 {} µs  CPU {} µs  {} bytes written",
        run.rate(),
        run.percentile(50),
        run.percentile(99),
        run.cpu_each(),
        run.bytes_each()
    );
    line(what, &measured, goal);
    if run.refused > 0 {
        line("", &format!("{} refused, not counted", run.refused), "");
    }
}

fn main() {
    let people = number("GONGJI_BENCH_PEOPLE", 20_000);
    let seconds = Duration::from_secs(number("GONGJI_BENCH_SECONDS", 8));
    let parent = std::env::var_os("GONGJI_BENCH_FOLDER").map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = tempfile::tempdir_in(parent).unwrap();
    let data = folder.path().join("books");
    line("what", "measured", "goal");

    let (books, loaded) = Books::made(data.to_str().unwrap(), people);
    line(&format!("demo population of {people}"), &loaded, "3,333 people/s (a million in 5 minutes)");
    let mut callers = Callers::of(&books);
    let run = callers.settle(&books, CALLERS, seconds);
    told("settle, SQLite, 64 callers in process", &run, "15,000/s, p99 < 30,000 µs");
    let limit = disk::group_commits(folder.path(), run.bytes_each() * CALLERS as u64);
    line(
        "raw group commit of 64 × the same bytes",
        &format!("{}/s ({} flushes/s)", limit * CALLERS as u64, limit),
        "the disk's limit",
    );
    grow(&books, &mut callers);
    file::ten_years(folder.path());
    line("peak memory", &format!("{} MiB", machine::peak_memory_mib_of("self")), "512 MiB");
    let tokens = callers.tokens(&books);
    drop(books);
    http::measure(&data, &callers, &tokens, seconds);

    match std::env::var("GONGJI_BENCH_POSTGRES") {
        Ok(url) => {
            let (books, loaded) = Books::made(&url, people);
            line(&format!("demo population of {people}, PostgreSQL"), &loaded, "");
            let run = Callers::of(&books).settle(&books, CALLERS, seconds);
            told("settle, PostgreSQL, 64 callers in process", &run, "7,000/s");
        }
        Err(_) => line("settle, PostgreSQL", "not measured: GONGJI_BENCH_POSTGRES is not set", "7,000/s"),
    }
}

/// CPU a settlement as the journal grows tenfold at a time.
fn grow(books: &Books, callers: &mut Callers) {
    let most = number("GONGJI_BENCH_ENTRIES", 200_000);
    let mut first = None;
    let mut at = 10_000_u64;
    while at <= most {
        while books.entries() < at {
            callers.settle(books, CALLERS, Duration::from_secs(1));
        }
        let run = callers.settle(books, CALLERS, Duration::from_secs(3));
        let cpu = run.cpu_each();
        let start = *first.get_or_insert(cpu.max(1));
        let measured = format!("CPU {cpu} µs, {}/s: {} % of the first", run.rate(), cpu * 100 / start);
        line(&format!("settle after {} records", books.entries()), &measured, "≤ 125 %");
        at *= 10;
    }
}
