//! Killed under load: whatever was answered is there once, whatever was not is settled once when it is asked again.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use gongji_agency::office::{Failure, Office};
use gongji_agency::port::{Store, SystemClock};
use gongji_agency::record::Record;
use gongji_store::Home;
use gongji_store::testing::{Cluster, Ground, temporary_postgres, temporary_sqlite, without_postgres};

use crate::child::{CALLERS, bill, key, listen, start};
use crate::dice::{Dice, setting};
use crate::world::{CLOUD, World, audited, institution, rules};

/// How often processes are killed unless `GONGJI_KILLS` says otherwise.
const KILLS: u64 = 3;

/// Twelve people in six families, with accounts, who share them.
fn people(world: &World) -> Vec<String> {
    world.hospital("H1", CLOUD);
    let people: Vec<String> =
        (0..12).map(|at| world.saver(&format!("人{at}"), CLOUD, "300.00", "700.00")).collect();
    for pair in people.chunks(2) {
        world.grant(&pair[0], &pair[1], "spouse");
    }
    people
}

/// Every record by its key.
fn by_key(store: &dyn Store) -> BTreeMap<String, Vec<u64>> {
    let mut found: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    store
        .read(&mut |view| {
            found.clear();
            let mut after = 0;
            loop {
                let page = view.records_after(after, 2_000)?;
                let Some(last) = page.last() else { return Ok(()) };
                after = last.seq;
                for stored in page {
                    let record = Record::read(stored.seq, &stored.body)?;
                    found.entry(record.key).or_default().push(record.seq);
                }
            }
        })
        .expect("a journal");
    found
}

/// A child with 64 callers, killed in full flight, again and again.
fn kill_children(test: &str, place: &str, ground: Arc<dyn Ground>) {
    let kills = setting("GONGJI_KILLS", KILLS);
    let mut dice = Dice::new(test);
    let world = World::on(ground.clone());
    let people = people(&world);
    drop(world);
    let (mut answered, mut open) = (BTreeMap::new(), 0);
    for run in 0..usize::try_from(kills).expect("few") {
        let mut child = start(place, run, &people);
        let mut said = listen(&mut child);
        let first: Vec<_> = said.by_ref().take(1 + dice.at(6 * CALLERS)).collect();
        child.kill().expect("killed");
        let mut turns = [0_usize; CALLERS];
        for (caller, turn, seq) in first.into_iter().chain(said) {
            assert_eq!(turns[caller], turn, "in order");
            turns[caller] = turn + 1;
            answered.insert(format!("institution:H1/{}", key(run, caller, turn)), seq);
        }
        child.wait().expect("ended");

        let home: Arc<dyn Home> = ground.open().expect("opens after a kill");
        assert_eq!(audited(&*home).differences, [], "after kill {run}");
        let booked = by_key(&*home);
        for (key, seq) in &answered {
            assert_eq!(booked.get(key), Some(&vec![*seq]), "{key} was answered");
        }
        // Each caller had one message under way. Asked again, it is one settlement, whatever had become of it.
        let store: Arc<dyn Store> = home.clone();
        let office = Office::open(store, rules(), Arc::new(SystemClock)).expect("an office");
        for (caller, turn) in turns.into_iter().enumerate() {
            let key = key(run, caller, turn);
            let answer = office.book(&institution("H1"), &key, bill(&people, caller, turn)).expect("booked");
            open += usize::from(answer.replayed);
            answered.insert(format!("institution:H1/{key}"), answer.seq);
        }
    }
    let home = ground.open().expect("opens");
    let report = audited(&*home);
    assert_eq!(report.differences, []);
    assert_eq!(report.live_settlements, answered.len() as u64, "nothing else was settled");
    let booked = by_key(&*home);
    assert!(answered.iter().all(|(key, seq)| booked.get(key) == Some(&vec![*seq])));
    eprintln!("{test}: {kills} kills, {} settlements, {open} kept without an answer", answered.len());
}

#[test]
fn a_process_over_sqlite_is_killed() {
    let ground = Arc::new(temporary_sqlite().expect("a folder"));
    let folder = ground.file().parent().expect("a folder").to_str().expect("plain").to_owned();
    kill_children("a_process_over_sqlite_is_killed", &folder, ground);
}

#[test]
fn a_process_over_postgres_is_killed() {
    if let Some(ground) = temporary_postgres().expect("a server") {
        let url = ground.url().to_owned();
        kill_children("a_process_over_postgres_is_killed", &url, Arc::new(ground));
    }
}

/// A database of a server that is killed.
struct Own(String);

impl Ground for Own {
    fn open_shard(&self, shard: i64) -> Result<Arc<dyn Home>, gongji_agency::port::StoreError> {
        assert_eq!(shard, 0);
        gongji_store::open(&self.0)
    }
}

/// Lets the callers end where the test fails; otherwise they would wait for the server for ever.
struct Freed<'test> {
    over: &'test AtomicBool,
    broken: &'test AtomicBool,
}

impl Drop for Freed<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.broken.store(true, Ordering::Relaxed);
            self.over.store(true, Ordering::Relaxed);
        }
    }
}

/// The server is killed under an office with 64 callers; each asks again by its key until it is answered.
#[test]
fn the_server_under_an_office_is_killed() {
    let Some(mut cluster) = Cluster::start().expect("a server") else {
        return without_postgres::<()>().map(drop).expect("PostgreSQL");
    };
    let kills = setting("GONGJI_KILLS", KILLS);
    let mut dice = Dice::new("the_server_under_an_office_is_killed");
    let world = World::on(Arc::new(Own(cluster.database().expect("a database"))));
    let people = people(&world);
    let answered = Mutex::new(BTreeMap::new());
    let (over, failures) = (AtomicBool::new(false), AtomicU64::new(0));
    let broken = AtomicBool::new(false);
    thread::scope(|scope| {
        for caller in 0..CALLERS {
            let (world, people, answered, over, failures) = (&world, &people, &answered, &over, &failures);
            let broken = &broken;
            scope.spawn(move || {
                for turn in 0.. {
                    if over.load(Ordering::Relaxed) {
                        return;
                    }
                    let key = key(0, caller, turn);
                    let seq = loop {
                        match world.office.book(&institution("H1"), &key, bill(people, caller, turn)) {
                            Ok(answer) => break answer.seq,
                            // The test failed elsewhere: nobody brings the server up again.
                            Err(Failure::Store(_)) if broken.load(Ordering::Relaxed) => return,
                            Err(Failure::Store(_)) => {
                                failures.fetch_add(1, Ordering::Relaxed);
                                thread::sleep(Duration::from_millis(20));
                            }
                            Err(refused) => panic!("{refused}"),
                        }
                    };
                    answered.lock().expect("unpoisoned").insert(format!("institution:H1/{key}"), seq);
                }
            });
        }
        let _callers = Freed { over: &over, broken: &broken };
        for _ in 0..kills {
            thread::sleep(Duration::from_micros(100_000 + dice.below(300_000)));
            cluster.kill().expect("killed");
            cluster.up().expect("up again");
        }
        over.store(true, Ordering::Relaxed);
    });
    let answered = answered.into_inner().expect("unpoisoned");
    let report = world.audit();
    assert_eq!(report.differences, []);
    assert_eq!(report.live_settlements, answered.len() as u64);
    let booked = by_key(&*world.home);
    assert!(answered.iter().all(|(key, seq)| booked.get(key) == Some(&vec![*seq])));
    eprintln!(
        "the server was killed {kills} times: {} settlements, {} calls failed and were asked again",
        answered.len(),
        failures.into_inner()
    );
}
