//! Killed without warning, again and again.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use gongji_store::testing::{Cluster, Ground, temporary_postgres, temporary_sqlite, without_postgres};

use crate::child::{Said, command, listen, program, short_log};
use crate::kit::{Dice, assert_once, audit, book_surely};

/// How often writers are killed.
const KILLS: usize = 20;

/// How often the server is killed, which takes it seconds to come back from; `GONGJI_KILLS` says otherwise.
const SERVER_KILLS: usize = 4;

/// Writers in a process of their own, killed in full flight; after each kill everything that was answered is there, once.
fn kill_writers(test: &str, place: &str, ground: &dyn Ground, log: Option<u32>) {
    let mut dice = Dice::new(test);
    let mut answered: Vec<String> = Vec::new();
    for kill in 0..KILLS {
        let mut writer = command(&program(), place, &format!("k{kill:02}"), 300);
        if let Some(pages) = log {
            short_log(&mut writer, pages);
        }
        let mut child = writer.spawn().expect("a child");
        let pause = Duration::from_micros(dice.below(60_000));
        let mut said = listen(&mut child);
        let first = said.next();
        thread::sleep(pause);
        child.kill().expect("killed");
        for word in first.into_iter().chain(said) {
            match word {
                Said::Kept(key) => answered.push(key),
                Said::Stopped(reason) => panic!("{reason}"),
            }
        }
        child.wait().expect("ended");
        let store = ground.open().expect("opens after a kill");
        assert_once(&audit(&*store), &answered);
        book_surely(&*store, &[format!("between-{kill}")], 0);
        answered.push(format!("between-{kill}"));
    }
    let store = ground.open().expect("open");
    let booked = audit(&*store);
    assert_once(&booked, &answered);
    eprintln!("{test}: {KILLS} kills, {} answered, {} booked", answered.len(), booked.len());
    assert!(answered.len() > 2 * KILLS, "the writers came to write");
}

#[test]
fn sqlite_writers_are_killed() {
    let ground = temporary_sqlite().expect("a folder");
    let folder = ground.file().parent().expect("a folder").to_str().expect("plain").to_owned();
    kill_writers("sqlite_writers_are_killed", &folder, &ground, None);
}

/// The log is moved into the file all the time, beside the writer and by it.
#[test]
fn sqlite_writers_are_killed_while_the_log_is_moved() {
    let ground = temporary_sqlite().expect("a folder");
    let folder = ground.file().parent().expect("a folder").to_str().expect("plain").to_owned();
    kill_writers("sqlite_writers_are_killed_while_the_log_is_moved", &folder, &ground, Some(60));
}

#[test]
fn postgres_writers_are_killed() {
    if let Some(ground) = temporary_postgres().expect("a server") {
        kill_writers("postgres_writers_are_killed", ground.url(), &ground, None);
    }
}

/// The server is killed while four threads write; each asks again by its keys until it has an answer.
#[test]
fn the_postgres_server_is_killed() {
    let Some(mut cluster) = Cluster::start().expect("a server") else {
        return without_postgres::<()>().map(drop).expect("PostgreSQL");
    };
    let mut dice = Dice::new("the_postgres_server_is_killed");
    let kills = std::env::var("GONGJI_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(SERVER_KILLS);
    let url = cluster.database().expect("a database");
    let store = gongji_store::open(&url).expect("open");
    let answered = Mutex::new(Vec::new());
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        for writer in 0..4 {
            let (store, answered, over) = (&*store, &answered, &over);
            scope.spawn(move || {
                for turn in 0.. {
                    if over.load(Ordering::Relaxed) {
                        break;
                    }
                    let keys = [format!("w{writer}-{turn:05}-a"), format!("w{writer}-{turn:05}-b")];
                    book_surely(store, &keys, 300);
                    answered.lock().expect("unpoisoned").extend(keys);
                }
            });
        }
        for _ in 0..kills {
            thread::sleep(Duration::from_micros(20_000 + dice.below(60_000)));
            cluster.kill().expect("killed");
            cluster.up().expect("up again");
        }
        over.store(true, Ordering::Relaxed);
    });
    let answered = answered.into_inner().expect("unpoisoned");
    let booked = audit(&*store);
    assert_once(&booked, &answered);
    assert_eq!(booked.len(), answered.len(), "and nothing else");
    eprintln!("the server was killed {kills} times, {} answered", answered.len());
    assert!(answered.len() > kills);
}
