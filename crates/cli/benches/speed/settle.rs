//! Settling bill by bill as an agency does: person, purses and history in, every fen out, one core.

use std::time::{Duration, Instant};

use gongji_cases::Case;
use gongji_cases::request::{Charges, Event};
use gongji_cases::settle::{History, Rulebook};
use gongji_money::Fen;
use gongji_policy::Pack;

const CASE: &str = include_str!("../../tests/cases/second-admission.json");
const BILLS: usize = 20_000;
const ROUNDS: usize = 5;
/// What a bill may take, once its combination of facts was seen.
const GOAL: Duration = Duration::from_micros(15);

/// Times the second admission of the case with many totals, after the history that the first one left.
pub fn run(packs: &'static [Pack]) {
    let rules = Rulebook::new(packs);
    let case = Case::read(CASE).unwrap();
    let stay = |index: usize| Some(format!("stay-{index}"));
    let first = Event { stay: stay(1), ..case.events[0].clone() };
    let mut history = History::default();
    let settled = rules.settle(&case.person, &case.purses, &first, &history).unwrap();
    history.apply(&settled);

    let bills: Vec<Event> = (0..BILLS)
        .map(|number| Event {
            stay: stay(2),
            charges: Some(Charges::in_scope(Fen::new(100_000 + 7_919 * number as i64))),
            ..case.events[1].clone()
        })
        .collect();
    let settle = |event: &Event| rules.settle(&case.person, &case.purses, event, &history).unwrap();
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let cells: usize = bills.iter().map(|event| settle(event).cells.len()).sum();
        best = best.min(start.elapsed());
        assert!(cells > BILLS, "bills have several cells");
    }
    let each = best / BILLS as u32;
    let met = if each <= GOAL { "met" } else { "NOT met" };
    println!(
        "{:<58} {:>7}.{:02} µs   goal {:>4} µs       {met}   ({} counters moved, {} cells)",
        "settle one bill, no words, warm",
        each.as_nanos() / 1_000,
        each.as_nanos() % 1_000 / 10,
        GOAL.as_micros(),
        settle(&bills[0]).counted.len(),
        settle(&bills[0]).cells.len()
    );
    let start = Instant::now();
    let hashed: usize = bills.iter().map(|event| settle(event).table_hash().len()).sum();
    let each = start.elapsed() / BILLS as u32;
    assert_eq!(hashed, 64 * BILLS);
    println!(
        "{:<58} {:>7}.{:02} µs",
        "  the same with the hash of its table",
        each.as_nanos() / 1_000,
        each.as_nanos() % 1_000 / 10
    );
}
