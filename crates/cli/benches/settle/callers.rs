//! Callers who each ask, wait for the answer, and ask again.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use gongji_agency::actor::{Actor, Role};
use gongji_agency::command::{Command, IssueToken};
use gongji_agency::office::Failure;
use gongji_agency::row::Person;
use gongji_agency::secret::new_secret;

use crate::books::Books;
use crate::{disk, machine};

/// What a run showed.
pub struct Run {
    pub booked: u64,
    pub refused: u64,
    pub elapsed: Duration,
    pub cpu: u64,
    pub bytes: u64,
    latencies: Vec<u64>,
}

impl Run {
    /// A run of so many answers.
    pub fn new(mut latencies: Vec<u64>, refused: u64, elapsed: Duration, cpu: u64, bytes: u64) -> Run {
        latencies.sort_unstable();
        Run { booked: latencies.len() as u64, refused, elapsed, cpu, bytes, latencies }
    }

    pub fn rate(&self) -> u64 {
        self.booked * 1_000 / u64::try_from(self.elapsed.as_millis()).unwrap().max(1)
    }

    /// Microseconds within which so many per cent were answered.
    pub fn percentile(&self, percent: usize) -> u64 {
        let at = (self.latencies.len() * percent / 100).min(self.latencies.len().saturating_sub(1));
        self.latencies.get(at).copied().unwrap_or(0)
    }

    pub fn cpu_each(&self) -> u64 {
        self.cpu / self.booked.max(1)
    }

    pub fn bytes_each(&self) -> u64 {
        self.bytes / self.booked.max(1)
    }
}

/// Who can be settled for, and where.
pub struct Callers {
    /// Person and institution.
    pub people: Vec<(String, String)>,
    /// The number of the next bill: no two have the same key.
    pub next: AtomicU64,
}

/// A bill of the case format: an outpatient visit of some hundred yuan.
pub fn bill(person: &str, institution: &str, number: u64) -> String {
    let fen = 6_000 + number * 7_919 % 90_000;
    format!(
        r#"{{"visit":{{"person":"{person}","institution":"{institution}","care_type":"outpatient","date":"2025-12-31","family_doctor":false}},"charges":{{"total":"{}.{:02}","non_covered":"3.10","upfront_self_pay":"5.00"}}}}"#,
        fen / 100,
        fen % 100
    )
}

impl Callers {
    /// Everybody in the books, at the hospital of their area.
    pub fn of(books: &Books) -> Callers {
        let mut people = Vec::new();
        let mut after = String::new();
        books
            .office
            .store()
            .read(&mut |view| {
                loop {
                    let page = view.page("person", "", &after, 2_000)?;
                    let Some((last, _)) = page.last() else { return Ok(()) };
                    after.clone_from(last);
                    for (id, body) in &page {
                        let person: Person = serde_json::from_str(body).unwrap();
                        let area = &person.covers.last().unwrap().area;
                        people.push((id.clone(), format!("H{area}02")));
                    }
                }
            })
            .unwrap();
        Callers { people, next: AtomicU64::new(0) }
    }

    /// Lets callers settle for so long.
    pub fn settle(&mut self, books: &Books, callers: usize, during: Duration) -> Run {
        let stop = AtomicBool::new(false);
        let (cpu, bytes, started) = (machine::cpu_micros(), disk::bytes_written(), Instant::now());
        let this = &*self;
        let parts: Vec<(Vec<u64>, u64)> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..callers).map(|_| scope.spawn(|| this.call(books, &stop))).collect();
            std::thread::sleep(during);
            stop.store(true, Ordering::Relaxed);
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let elapsed = started.elapsed();
        let (cpu, bytes) = (machine::cpu_micros() - cpu, disk::bytes_written() - bytes);
        let refused = parts.iter().map(|(_, refused)| refused).sum();
        Run::new(
            parts.into_iter().flat_map(|(latencies, _)| latencies).collect(),
            refused,
            elapsed,
            cpu,
            bytes,
        )
    }

    fn call(&self, books: &Books, stop: &AtomicBool) -> (Vec<u64>, u64) {
        let (mut latencies, mut refused) = (Vec::new(), 0);
        while !stop.load(Ordering::Relaxed) {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let (person, institution) = self.who(number);
            let actor = Actor { role: Role::Institution, name: institution.clone(), areas: Vec::new() };
            let command = Command::read("settle_at_once", &bill(person, institution, number)).unwrap();
            let asked = Instant::now();
            match books.office.book(&actor, &format!("bench-{number}"), command) {
                Ok(_) => latencies.push(u64::try_from(asked.elapsed().as_micros()).unwrap()),
                Err(Failure::Refused(_)) => refused += 1,
                Err(failure) => panic!("{failure}"),
            }
        }
        (latencies, refused)
    }

    /// Whose bill the number is: everybody in turn, neighbours far from each other.
    pub fn who(&self, number: u64) -> &(String, String) {
        let many = self.people.len() as u64;
        &self.people[usize::try_from(number * 7_919 % many).unwrap()]
    }

    /// A token for each institution.
    pub fn tokens(&self, books: &Books) -> Vec<(String, String)> {
        let mut institutions: Vec<String> = self.people.iter().map(|(_, place)| place.clone()).collect();
        institutions.sort();
        institutions.dedup();
        let issued = institutions.into_iter().map(|name| {
            let secret = new_secret().unwrap();
            let command = IssueToken {
                hash: secret.hash.clone(),
                role: Role::Institution,
                name: name.clone(),
                areas: Vec::new(),
                note: String::new(),
                expires_on: None,
            };
            let key = format!("token-{name}");
            books.office.book(&Actor::operator("bench"), &key, Command::IssueToken(command)).unwrap();
            (name, secret.secret)
        });
        issued.collect()
    }
}
