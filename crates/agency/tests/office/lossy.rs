//! A store whose connection breaks around COMMIT: the office's callers learn by their keys what became of them.
//!
//! That a cut wire is told as [`StoreError::Unknown`] is tested with the stores.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use gongji_agency::command::Command;
use gongji_agency::office::{Failure, Office};
use gongji_agency::port::{ReadWork, Store, StoreError, WriteWork};
use gongji_store::Home;

use crate::dice::Dice;
use crate::life_of_a_bill::on_both;
use crate::world::{CLOUD, World, at_once, institution, made, rules};

/// What happens to the next calls.
const NOTHING: usize = 0;
/// COMMIT reaches the store, its answer nobody.
const ANSWER: usize = 1;
/// The same, and what became of it cannot be read either.
const ANSWER_AND_READ: usize = 2;
/// COMMIT does not reach the store.
const COMMIT: usize = 3;

struct Lossy {
    home: Arc<dyn Home>,
    next: AtomicUsize,
    deaf: AtomicUsize,
}

fn unknown() -> StoreError {
    StoreError::Unknown("连接中断".to_owned())
}

impl Store for Lossy {
    fn read(&self, work: ReadWork<'_>) -> Result<(), StoreError> {
        if self.deaf.swap(0, Ordering::SeqCst) > 0 {
            return Err(StoreError::Unavailable("连接中断".to_owned()));
        }
        self.home.read(work)
    }

    fn write(&self, work: WriteWork<'_>) -> Result<(), StoreError> {
        let fault = self.next.swap(NOTHING, Ordering::SeqCst);
        match fault {
            NOTHING => return self.home.write(work),
            COMMIT => {
                let lost = self.home.write(&mut |view| {
                    work(view)?;
                    Err(StoreError::Stopped("连接中断".to_owned()))
                });
                assert!(lost.is_err());
            }
            _ => self.home.write(work)?,
        }
        self.deaf.store(usize::from(fault == ANSWER_AND_READ), Ordering::SeqCst);
        Err(unknown())
    }

    fn is_remote(&self) -> bool {
        self.home.is_remote()
    }

    fn name(&self) -> String {
        self.home.name()
    }
}

fn lossy(world: &World) -> (Arc<Lossy>, Office) {
    let home = world.ground.open().expect("opens");
    let store = Arc::new(Lossy { home, next: AtomicUsize::new(NOTHING), deaf: AtomicUsize::new(0) });
    let office = Office::open(store.clone(), rules(), Arc::new(world.clock.clone())).expect("an office");
    (store, office)
}

fn bill(person: &str) -> Command {
    let body = at_once(person, "H1", "outpatient", "2026-03-05", "30.00").to_string();
    Command::read("settle_at_once", &body).expect("a command")
}

fn a_key_settles_what_became_of_it(world: &World) {
    world.hospital("H1", CLOUD);
    let own = world.saver("甲", CLOUD, "500.00", "0");
    let (store, office) = lossy(world);
    let actor = institution("H1");
    for (turn, fault) in [ANSWER, ANSWER_AND_READ, COMMIT].into_iter().enumerate() {
        let key = format!("lost-{fault}");
        let before = world.purse(&own).0;
        store.next.store(fault, Ordering::SeqCst);
        match (fault, office.book(&actor, &key, bill(&own))) {
            (ANSWER, Ok(answer)) => assert!(answer.replayed, "the office asked by the key itself"),
            (ANSWER_AND_READ | COMMIT, Err(Failure::Store(StoreError::Unknown(_)))) => {}
            (_, other) => panic!("{fault}: {other:?}"),
        }
        let kept = fault != COMMIT;
        assert_eq!(world.purse(&own).0, before - if kept { 30_00 } else { 0 });
        let first = office.book(&actor, &key, bill(&own)).expect("booked");
        assert_eq!(first.replayed, kept);
        let again = office.book(&actor, &key, bill(&own)).expect("booked");
        assert_eq!((again.seq, again.replayed), (first.seq, true));
        assert_eq!(world.purse(&own).0, 500_00 - 30_00 * (turn as i64 + 1), "once each");
    }
    store.next.store(ANSWER, Ordering::SeqCst);
    let other = Command::read("reverse", r#"{"message":"lost-1"}"#).expect("a command");
    match office.book(&actor, "lost-1", other) {
        Err(Failure::Refused(refusal)) => assert_eq!(&*refusal.code, "key_reused"),
        other => panic!("{other:?}"),
    }
    world.assert_sound();
}

fn sixteen_callers_over_a_bad_line(world: &World) {
    world.hospital("H1", CLOUD);
    let people: Vec<String> = (0..4).map(|n| world.saver(&format!("人{n}"), CLOUD, "500.00", "0")).collect();
    let (store, office) = lossy(world);
    let seqs: Vec<u64> = thread::scope(|scope| {
        let callers: Vec<_> = (0..16)
            .map(|caller| {
                let (store, office, person) = (&store, &office, &people[caller % 4]);
                scope.spawn(move || {
                    let mut dice = Dice::new(&format!("caller {caller}"));
                    let mut seqs = Vec::new();
                    for turn in 0..4 {
                        store.next.store(dice.at(4), Ordering::SeqCst);
                        let key = format!("c{caller}-{turn}");
                        seqs.push(loop {
                            match office.book(&institution("H1"), &key, bill(person)) {
                                Ok(answer) => break made(&answer).place,
                                Err(Failure::Store(_)) => {}
                                Err(other) => panic!("{other}"),
                            }
                        });
                    }
                    seqs
                })
            })
            .collect();
        callers.into_iter().flat_map(|caller| caller.join().expect("a caller")).collect()
    });
    let mut different = seqs.clone();
    different.sort_unstable();
    different.dedup();
    assert_eq!(different.len(), 64, "each its own settlement");
    let report = world.audit();
    assert_eq!((report.differences, report.live_settlements), (Vec::new(), 64));
}

on_both! {
    a_key_settles_what_became_of_it,
    sixteen_callers_over_a_bad_line,
}
