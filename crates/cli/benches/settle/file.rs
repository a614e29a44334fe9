//! A person's file with ten years in it.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gongji_agency::actor::Actor;
use gongji_agency::look::person_file;
use gongji_demo::{Demo, clock, load};

use crate::books::office;
use crate::line;

/// Reads the longest file of some people with ten years of bills.
pub fn ten_years(folder: &Path) {
    let place = folder.join("years");
    let office = office(place.to_str().unwrap(), Arc::new(clock().unwrap()));
    load(&office, Demo { people: 200, seed: 1, years: 10 }, &mut |_| {}).unwrap();
    let actor = Actor::operator("bench");
    let (mut most, mut longest, mut slowest) = (0, String::new(), Duration::ZERO);
    for seq in 1..1_000 {
        let person = format!("P{seq}");
        if let Ok(file) = office.look(&actor, |desk, context| person_file(desk, context, &person, usize::MAX))
            && file.entries.len() > most
        {
            (most, longest) = (file.entries.len(), person);
        }
    }
    for _ in 0..100 {
        let asked = Instant::now();
        office.look(&actor, |desk, context| person_file(desk, context, &longest, usize::MAX)).unwrap();
        slowest = slowest.max(asked.elapsed());
    }
    line(
        &format!("file of ten years, {most} records"),
        &format!("{} µs, the slowest of 100", slowest.as_micros()),
        "10,000 µs",
    );
}
