//! A cold quote: JSON text in, JSON text out, nothing kept between questions.

use std::time::{Duration, Instant};

use gongji_cases::{Case, QuoteOptions, quote};
use gongji_policy::Pack;

const CASE: &str = include_str!("../../tests/cases/second-admission.json");
const QUOTES: usize = 2_000;
/// What the product promises for one quote.
const GOAL: Duration = Duration::from_micros(100);

/// Times quotes of one case with two bills, explanation and receipt included.
pub fn run(packs: &[Pack]) {
    let ask = || {
        let case = Case::read(CASE).unwrap();
        let answer = quote(packs, &case, QuoteOptions::default()).unwrap();
        serde_json::to_string(&answer).unwrap().len()
    };
    let mut times: Vec<Duration> = (0..QUOTES)
        .map(|_| {
            let start = Instant::now();
            assert!(ask() > 1_000);
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    let (median, late) = (times[QUOTES / 2], times[QUOTES * 99 / 100]);
    let met = if median < GOAL { "met" } else { "NOT met" };
    println!(
        "{:<58} {:>7} µs      goal {:>4} µs       {met}   (p99 {} µs, {} bytes out)",
        "cold quote of two bills, JSON text to JSON text, median",
        median.as_micros(),
        GOAL.as_micros(),
        late.as_micros(),
        ask()
    );
}
