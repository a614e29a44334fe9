//! How many settlements' worth of writes a second each home keeps, in batches of several sizes, beside the bytes alone, appended to a file and flushed.
//!
//! `cargo bench -p gongji-store --bench batches -- [people] [body bytes]`

#![expect(clippy::expect_used, reason = "a benchmark stops where its premises fail")]

use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};

use gongji_agency::port::{Head, Outcome, RowId, Store, StoredRecord};
use gongji_store::testing::{Ground, temporary_postgres, temporary_sqlite};

const LASTS: Duration = Duration::from_secs(4);

/// The work of one batch: for each settlement a record, a key, three rows read and written.
fn settle(store: &dyn Store, count: usize, people: u64, bytes: usize, turn: u64) {
    store
        .write(&mut |batch| {
            let mut dice = turn;
            let mut next = || {
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (dice >> 33) % people
            };
            let persons: Vec<String> = (0..count).map(|_| format!("P{:09}", next())).collect();
            let keys: Vec<String> = (0..count).map(|number| format!("{turn:08}-{number:05}")).collect();
            let ids: Vec<RowId> = persons
                .iter()
                .flat_map(|person| {
                    [("person", 0), ("balance", 1), ("balance", 2)]
                        .map(|(kind, part)| RowId { kind, id: format!("{person}/{part}") })
                })
                .collect();
            batch.outcomes(&keys)?;
            batch.rows(&ids)?;
            let mut head = batch.head()?;
            let text = "x".repeat(bytes);
            let records: Vec<StoredRecord> = persons
                .iter()
                .map(|person| {
                    let body = format!("{{\"person\":\"{person}\",\"text\":\"{text}\"}}");
                    head = Head { seq: head.seq + 1, hash: head.hash.link(body.as_bytes()), booked_at: 1 };
                    StoredRecord {
                        seq: head.seq,
                        body,
                        hash: head.hash,
                        kind: "settlement".to_owned(),
                        person: person.clone(),
                        business_date: "2026-01-31".to_owned(),
                        booked_at: 1,
                    }
                })
                .collect();
            let outcomes: Vec<(String, Outcome)> = keys
                .into_iter()
                .zip(&records)
                .map(|(key, record)| {
                    (key, Outcome { request: [7; 32], seq: Some(record.seq), refusal: String::new() })
                })
                .collect();
            let rows: Vec<(RowId, Option<String>)> = ids
                .into_iter()
                .map(|id| {
                    let long = if id.kind == "person" { 400 } else { 30 };
                    let body = format!("{{\"fen\":{},\"x\":\"{}\"}}", head.seq, "y".repeat(long));
                    (id, Some(body))
                })
                .collect();
            batch.append(&records)?;
            batch.put(&rows)?;
            batch.remember(&outcomes)
        })
        .expect("kept");
}

/// Batches appended to a file and flushed, of so many bytes each.
fn flushed(bytes: usize) -> u128 {
    let folder = tempfile::tempdir().expect("a folder");
    let mut file = File::create(folder.path().join("log")).expect("a file");
    let block = vec![7_u8; bytes];
    let (start, mut count) = (Instant::now(), 0_u128);
    while start.elapsed() < LASTS / 4 {
        file.write_all(&block).expect("written");
        file.sync_data().expect("flushed");
        count += 1;
    }
    count * 1_000_000 / start.elapsed().as_micros().max(1)
}

/// Microseconds of processor that this process has used, in steps of 10 ms; 0 where the system does not say.
fn processor() -> u128 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<u128>().ok()).sum::<u128>() * 10_000
}

fn main() {
    let numbers: Vec<u64> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let people = numbers.first().copied().unwrap_or(100_000);
    let bytes = usize::try_from(numbers.get(1).copied().unwrap_or(1_200)).expect("small");
    let sqlite = temporary_sqlite().expect("a folder");
    let postgres = temporary_postgres().expect("a server");
    let mut stores = vec![sqlite.open().expect("open")];
    stores.extend(postgres.iter().map(|ground| ground.open().expect("open")));
    for store in stores {
        for turn in 0..people / 1_000 {
            settle(&*store, 1_000, people, 10, turn);
        }
        for count in [1, 16, 64, 256, 1_024] {
            let limit = flushed(count * (bytes + 700));
            let (start, mut turn) = (Instant::now(), 1_000_000 * count as u64);
            let (first, used) = (turn, processor());
            let mut slowest = Duration::ZERO;
            while start.elapsed() < LASTS {
                let one = Instant::now();
                settle(&*store, count, people, bytes, turn);
                slowest = slowest.max(one.elapsed());
                turn += 1;
            }
            let kept = u128::from(turn - first) * count as u128;
            let each = (processor() - used) / kept;
            let rate = kept * 1_000_000 / start.elapsed().as_micros();
            let name = store.name();
            let home = name.split(':').next().unwrap_or_default();
            let physical = limit * count as u128;
            println!(
                "{home:8} batches of {count:5}: {rate:7}/s, {each} µs of this process each, slowest batch {slowest:?}; the bytes alone, flushed: {physical}/s"
            );
        }
    }
}
