//! What the machine says of processes.

use std::fs;

/// A number in a file of the machine.
pub fn field(file: &str, name: &str) -> u64 {
    let text = fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// CPU time of this process, all threads: microseconds, in steps of ten thousand.
pub fn cpu_micros() -> u64 {
    cpu_micros_of("self")
}

/// The same of a process by its number.
pub fn cpu_micros_of(process: &str) -> u64 {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // After the name in parentheses: user and system time are the 12th and 13th, in hundredths of a second.
    let after = text.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks = |at: usize| after.split_whitespace().nth(at).and_then(|ticks| ticks.parse::<u64>().ok());
    (ticks(11).unwrap_or(0) + ticks(12).unwrap_or(0)) * 10_000
}

/// The largest resident size of a process by its number.
pub fn peak_memory_mib_of(process: &str) -> u64 {
    field(&format!("/proc/{process}/status"), "VmHWM:") / 1_024
}
