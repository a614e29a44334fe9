//! A whole outpatient visit over the national interface, beside its goal. `cargo bench -p gongji-cli --bench outpatient`
//!
//! The program serves a store in a process of its own; this one plays a hospital's system: 1101, 2201, 2203, 2204 (three lines), 2206, 2207, over connections that are
//! kept, on the same processors. What is answered is on disk. `GONGJI_BENCH_FOLDER` says on which disk, `GONGJI_BENCH_PEOPLE` (500), `GONGJI_BENCH_SECONDS` (10) and
//! `GONGJI_BENCH_CALLERS` (64) change its size.

#![expect(clippy::unwrap_used, reason = "a benchmark stops where its premises fail")]

#[path = "../line.rs"]
mod connection;
#[path = "../machine.rs"]
mod machine;
mod serving;
mod visit;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use connection::Line;
use serving::{Books, Server};
use visit::{NUMBERS, Played, Visits};

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// One line: what, how much, the goal.
fn line(what: &str, measured: &str, goal: &str) {
    println!("{what:<44} {measured:<70} {goal}");
}

/// Microseconds within which so many in a thousand were answered.
fn within(sorted: &[u64], thousandth: usize) -> u64 {
    let at = (sorted.len() * thousandth / 1_000).min(sorted.len().saturating_sub(1));
    sorted.get(at).copied().unwrap_or(0)
}

fn main() {
    let seconds = Duration::from_secs(number("GONGJI_BENCH_SECONDS", 10));
    let callers = usize::try_from(number("GONGJI_BENCH_CALLERS", 64)).unwrap();
    let parent = std::env::var_os("GONGJI_BENCH_FOLDER").map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = tempfile::tempdir_in(parent).unwrap();
    let data = folder.path().join("books");
    let books = Books::made(&data, number("GONGJI_BENCH_PEOPLE", 500));
    let server = Server::start(&data);
    let visits = Visits::of(&books, AtomicU64::new(0));
    line("what", "measured", "goal");
    // The first calls read rules and rows that later ones find.
    play(&server, &visits, callers, Duration::from_secs(2));

    let (began, before, own) = (Instant::now(), server.cpu_micros(), machine::cpu_micros());
    let played = play(&server, &visits, callers, seconds);
    let micros = u64::try_from(began.elapsed().as_micros()).unwrap().max(1);
    let (cpu, own) = (server.cpu_micros() - before, machine::cpu_micros() - own);
    let all = played.whole.len() as u64;
    let measured = format!(
        "{}/s  p50 {} µs  p99 {} µs",
        all * 1_000_000 / micros,
        within(&played.whole, 500),
        within(&played.whole, 990)
    );
    line(&format!("outpatient sequence, {callers} connections"), &measured, "1,000/s");
    let each = all.max(1);
    let measured = format!(
        "server {} µs a sequence, {} µs a call; client {} µs a sequence",
        cpu / each,
        cpu / each / NUMBERS.len() as u64,
        own / each
    );
    line("CPU", &measured, "");
    let busy = (cpu + own) * 100 / micros;
    line("processors kept busy", &format!("{busy} % of {}00 %", processors()), "");
    for (number, latencies) in NUMBERS.iter().zip(&played.calls) {
        line(number, &format!("p50 {} µs  p99 {} µs", within(latencies, 500), within(latencies, 990)), "");
    }
    line("refused", &played.refused.to_string(), "0");
    if let Some(problem) = &played.problem {
        line("", problem, "");
    }
    line("server's peak memory", &format!("{} MiB", server.peak_memory_mib()), "");
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Lets callers play one visit after the other; sorted by time.
fn play(server: &Server, visits: &Visits<'_>, callers: usize, during: Duration) -> Played {
    let stop = AtomicBool::new(false);
    let one = || {
        let (mut line, mut played) = (Line::new(&server.address), Played::default());
        while !stop.load(Ordering::Relaxed) {
            visits.play(&mut line, &mut played);
        }
        played
    };
    let parts: Vec<Played> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..callers).map(|_| scope.spawn(one)).collect();
        std::thread::sleep(during);
        stop.store(true, Ordering::Relaxed);
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let mut all = Played::default();
    parts.into_iter().for_each(|part| all.add(part));
    all.sort();
    all
}
