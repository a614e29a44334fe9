//! The same over HTTP: this process asks, the program serves in one of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::callers::{Callers, Run, bill};
use crate::connection::Line;
use crate::{CALLERS, line};

const QUOTE: &str = include_str!("../../../../docs/examples/inpatient.json");

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // Where it has ended already, there is nothing to end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Settles and quotes over HTTP.
pub fn measure(data: &Path, callers: &Callers, tokens: &[(String, String)], during: Duration) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gongji"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .env_remove("GONGJI_POLICIES")
        .env_remove("GONGJI_STORE")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let server = Server(child);
    let address = first.split("http://").nth(1).unwrap().split('/').next().unwrap().to_owned();

    let run = settle(&address, callers, tokens, during);
    let measured = format!("{}/s  p50 {} µs  p99 {} µs", run.rate(), run.percentile(50), run.percentile(99));
    line("settle over HTTP, 64 connections", &measured, "8,000/s, then 16,000/s");
    if run.refused > 0 {
        line("", &format!("{} refused, not counted", run.refused), "");
    }
    let run = quote(&address, during);
    let measured = format!("{}/s  p50 {} µs  p99 {} µs", run.rate(), run.percentile(50), run.percentile(99));
    line("explained quotes over HTTP, asked 2,000/s", &measured, "2,000/s, p99 < 5,000 µs");
    drop(server);
}

fn settle(address: &str, callers: &Callers, tokens: &[(String, String)], during: Duration) -> Run {
    let stop = AtomicBool::new(false);
    let started = Instant::now();
    let call = || {
        let (mut line, mut latencies, mut refused) = (Line::new(address), Vec::new(), 0);
        while !stop.load(Ordering::Relaxed) {
            let number = callers.next.fetch_add(1, Ordering::Relaxed);
            let (person, institution) = callers.who(number);
            let token = &tokens.iter().find(|(name, _)| name == institution).unwrap().1;
            let headers = format!("Authorization: Bearer {token}\r\nIdempotency-Key: http-{number}\r\n");
            let body = bill(person, institution, number);
            let asked = Instant::now();
            if line.post("/api/v1/commands/settle_at_once", &headers, &body).0 < 300 {
                latencies.push(u64::try_from(asked.elapsed().as_micros()).unwrap());
            } else {
                refused += 1;
            }
        }
        (latencies, refused)
    };
    let parts = parallel(CALLERS, &stop, during, call);
    let refused = parts.iter().map(|(_, refused)| refused).sum();
    let latencies = parts.into_iter().flat_map(|(latencies, _)| latencies).collect();
    Run::new(latencies, refused, started.elapsed(), 0, 0)
}

/// Sixteen connections, each asking on its own clock; late answers count from when they should have been asked for.
fn quote(address: &str, during: Duration) -> Run {
    const LINES: u32 = 16;
    const EACH: Duration = Duration::from_micros(500 * LINES as u64);
    let stop = AtomicBool::new(false);
    let started = Instant::now();
    let call = || {
        let (mut line, mut latencies, mut refused) = (Line::new(address), Vec::new(), 0);
        let mut due = Instant::now();
        while !stop.load(Ordering::Relaxed) {
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            if line.post("/api/v1/quotes", "", QUOTE).0 == 200 {
                latencies.push(u64::try_from(due.elapsed().as_micros()).unwrap());
            } else {
                refused += 1;
            }
            due += EACH;
        }
        (latencies, refused)
    };
    let parts = parallel(LINES as usize, &stop, during, call);
    let refused = parts.iter().map(|(_, refused)| refused).sum();
    let latencies = parts.into_iter().flat_map(|(latencies, _)| latencies).collect();
    Run::new(latencies, refused, started.elapsed(), 0, 0)
}

fn parallel<T: Send>(
    threads: usize,
    stop: &AtomicBool,
    during: Duration,
    call: impl Fn() -> T + Sync,
) -> Vec<T> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(&call)).collect();
        std::thread::sleep(during);
        stop.store(true, Ordering::Relaxed);
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}
