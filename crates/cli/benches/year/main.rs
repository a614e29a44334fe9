//! How fast an employer's month and an area's year are booked, beside their goals. `cargo bench -p gongji-cli --bench year`
//!
//! Makes people of one invented area in a new folder (`GONGJI_BENCH_FOLDER`, or the system's for temporary files), declares their wages, bills, pays, splits
//! and credits a month, and closes the year of their accounts. `GONGJI_BENCH_EMPLOYEES` (10,000) says how many work for the employer,
//! `GONGJI_BENCH_ACCOUNTS` (10,000) how many accounts the year closes, those included.

#![expect(clippy::unwrap_used, reason = "a benchmark stops where its premises fail")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use gongji_agency::actor::Actor;
use gongji_agency::audit::audit;
use gongji_agency::command::Command;
use gongji_agency::job::{Job, Progress, Step, run};
use gongji_agency::long_work::{Split, Steps};
use gongji_agency::office::{Answer, Failure, Office, Rules};
use gongji_agency::port::{FixedClock, Store};
use gongji_money::Fen;
use gongji_packs::PackTexts;
use gongji_policy::read_packs;
use gongji_store::Place;
use serde_json::{Value, json};

const AREA: &str = "990301";
/// Noon of 2026-06-15 in Beijing.
const JUNE: i64 = 1_781_496_000_000;
const DAY: i64 = 86_400_000;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// One line: what, how long and how fast, the goal.
fn line(what: &str, people: u64, took: Duration, goal: &str) {
    let rate = u128::from(people) * 1_000_000 / took.as_micros().max(1);
    println!("{what:<48} {:>9.3} s {rate:>9} people/s   {goal}", took.as_secs_f64());
}

fn read(kind: &str, body: &Value) -> Command {
    Command::read(kind, &body.to_string()).unwrap()
}

struct Bench {
    office: Office,
    actor: Actor,
    keys: u64,
}

impl Bench {
    fn book(&mut self, kind: &str, body: &Value) -> Answer {
        self.keys += 1;
        self.office.book(&self.actor, &format!("bench-{}", self.keys), read(kind, body)).unwrap()
    }

    /// Many commands on their way at once.
    fn all(&mut self, commands: impl Iterator<Item = (&'static str, Value)>) -> Vec<Answer> {
        let mut waiting = Vec::new();
        for (kind, body) in commands {
            self.keys += 1;
            let (tell, told) = channel();
            let reply = Box::new(move |answer| {
                let _ = tell.send(answer);
            });
            self.office.submit(&self.actor, &format!("bench-{}", self.keys), read(kind, &body), reply);
            waiting.push(told);
        }
        waiting.into_iter().map(|told| told.recv().unwrap().unwrap()).collect()
    }

    fn work(&self, job: &mut dyn Job) -> Option<Answer> {
        run(&self.office, &self.actor, job, &mut |_| {}).unwrap()
    }
}

/// The close of a year, and what its steps booked: interest, carried over. Fen.
struct Closing<'work> {
    steps: Steps<'work>,
    sums: [i64; 2],
}

impl Job for Closing<'_> {
    fn next(&mut self, office: &Office, actor: &Actor) -> Result<Option<Step>, Failure> {
        self.steps.next(office, actor)
    }

    fn took(&mut self, answer: &Answer) -> Progress {
        for (sum, name) in self.sums.iter_mut().zip(["interest", "rolled"]) {
            let told: Fen = answer.result[name].as_str().unwrap().parse().unwrap();
            *sum += told.fen();
        }
        self.steps.took(answer)
    }
}

fn timed<T>(what: &str, people: u64, goal: &str, work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let made = work();
    let took = start.elapsed();
    line(what, people, took, goal);
    (made, took)
}

fn rules() -> Rules {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/agency");
    let texts = PackTexts::from_folder(&folder).unwrap();
    let (packs, _) = read_packs(&texts.rules);
    let files = texts.rules.into_iter().map(|text| (text.name, text.text)).collect();
    Rules::new(Vec::leak(packs), files)
}

/// People insured in the area since 2020, the first so many at the employer.
fn people(bench: &mut Bench, employees: u64, all: u64) -> Vec<String> {
    let mut ids = Vec::new();
    for start in (0..all).step_by(5_000) {
        let chunk = start..(start + 5_000).min(all);
        let registered = bench.all(chunk.clone().map(|at| {
            let certificate = json!({ "kind": "passport", "number": format!("PA{at:08}") });
            ("register_person", json!({ "area": AREA, "name": "张三", "certificate": certificate, "sex": "female", "birth_date": "1980-02-03" }))
        }));
        let mut made: Vec<String> =
            registered.iter().map(|answer| answer.result["person"].as_str().unwrap().to_owned()).collect();
        bench.all(made.clone().into_iter().zip(chunk).map(|(person, at)| {
            let employer = (at < employees).then_some("E1");
            let facts = json!({ "category": "employed", "employer": employer });
            ("enrol", json!({ "person": person, "area": AREA, "scheme": "employee", "from": "2020-01-01", "facts": facts, "reason": "新参保" }))
        }));
        ids.append(&mut made);
    }
    ids
}

fn main() {
    let employees = number("GONGJI_BENCH_EMPLOYEES", 10_000);
    let accounts = number("GONGJI_BENCH_ACCOUNTS", 10_000).max(employees);
    let parent = std::env::var_os("GONGJI_BENCH_FOLDER").map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = tempfile::tempdir_in(parent).unwrap();
    let place = Place::Folder(folder.path().join("books"));
    let home = place.open().unwrap();
    let clock = FixedClock::at(JUNE);
    let store: Arc<dyn Store> = home.clone();
    let office = Office::open(store, Arc::new(rules()), Arc::new(clock.clone())).unwrap();
    let mut bench = Bench { office, actor: Actor::operator("bench"), keys: 0 };

    bench.book(
        "register_employer",
        &json!({ "id": "E1", "name": "云江纺织厂", "area": AREA, "from": "2020-01-01" }),
    );
    let (ids, _) =
        timed("people registered and insured", accounts, "", || people(&mut bench, employees, accounts));
    let members = &ids[..usize::try_from(employees).unwrap()];
    timed("wages declared", employees, "", || {
        let wages = members.chunks(500).map(|chunk| {
            let people: Vec<Value> = chunk
                .iter()
                .enumerate()
                .map(|(at, person)| json!({ "person": person, "wage": format!("{}.50", 5_000 + at) }))
                .collect();
            ("declare_wages", json!({ "employer": "E1", "from": "2026-01", "people": people }))
        });
        bench.all(wages.collect::<Vec<_>>().into_iter());
    });
    let month = |after: &str| {
        read("bill_contributions", &json!({ "employer": "E1", "period": "2026-05", "after": after }))
    };
    let (answer, billed) = timed("contributions billed", employees, "", || {
        bench.work(&mut Steps::new("bill/E1/2026-05", month)).unwrap()
    });
    let (_, paid) = timed("payment received", employees, "", || {
        bench.book(
            "receive_payment",
            &json!({ "payer": "E1", "amount": answer.result["owed"], "date": "2026-06-10" }),
        )
    });
    let (_, split) = timed("split into funds and accounts, credited", employees, "", || {
        bench.work(&mut Split::of(answer.result["bill"].as_str().unwrap()))
    });
    line("billed, paid, split and credited", employees, billed + paid + split, "100,000 people in 30 s");

    if accounts > employees {
        let rest = &ids[members.len()..];
        for chunk in rest.chunks(5_000) {
            bench.all(chunk.iter().map(|person| {
                ("credit_account", json!({ "person": person, "sub_account": "current_year", "amount": "1234.56", "period": "2026-05", "source": "opening", "reason": "期初余额" }))
            }));
        }
    }
    // 2027-01-05.
    clock.set(JUNE + 204 * DAY);
    let close =
        |after: &str| read("close_accounts", &json!({ "area": AREA, "year": "2026-06-01", "after": after }));
    let mut closing = Closing { steps: Steps::new(format!("close/{AREA}/2026-12-31"), close), sums: [0; 2] };
    timed("year closed: interest and turn", accounts, "a million people in 300 s", || {
        bench.work(&mut closing)
    });
    let [interest, rolled] = closing.sums.map(Fen::new);
    println!("interest {interest} yuan, {rolled} yuan carried over");
    timed("audit", accounts, "", || {
        let mut differences = None;
        home.read(&mut |view| {
            differences = Some(audit(view, &mut |_, _| {})?.differences);
            Ok(())
        })
        .unwrap();
        assert_eq!(differences, Some(Vec::new()));
    });
}
