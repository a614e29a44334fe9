//! What the machine says of this process and of its disk.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

fn field(file: &str, name: &str) -> u64 {
    let text = fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// CPU time of this process, all threads: microseconds, in steps of ten thousand.
pub fn cpu_micros() -> u64 {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name in parentheses: user and system time are the 12th and 13th, in hundredths of a second.
    let after = text.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks = |at: usize| after.split_whitespace().nth(at).and_then(|ticks| ticks.parse::<u64>().ok());
    (ticks(11).unwrap_or(0) + ticks(12).unwrap_or(0)) * 10_000
}

/// Bytes that this process made the disk write.
pub fn bytes_written() -> u64 {
    field("/proc/self/io", "write_bytes:")
}

/// The largest resident size of this process.
pub fn peak_memory_mib() -> u64 {
    field("/proc/self/status", "VmHWM:") / 1_024
}

/// How often a second so many bytes can be appended and flushed.
pub fn group_commits(folder: &Path, bytes: u64) -> u64 {
    let mut file = File::create(folder.join("raw")).unwrap();
    let block = vec![0xA5_u8; usize::try_from(bytes.max(1)).unwrap()];
    let (started, mut times) = (Instant::now(), 0);
    while started.elapsed() < Duration::from_secs(3) {
        file.write_all(&block).unwrap();
        file.sync_data().unwrap();
        times += 1;
    }
    times / 3
}
