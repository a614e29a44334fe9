//! What the disk does.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::machine;

/// Bytes that this process made the disk write.
pub fn bytes_written() -> u64 {
    machine::field("/proc/self/io", "write_bytes:")
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
