//! Many callers at once.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use gongji_agency::actor::Actor;
use gongji_agency::command::Command;
use gongji_agency::office::{Answer, Failure, Office};
use gongji_agency::port::RowId;
use gongji_agency::record::Record;
use serde_json::{Value, json};

use crate::life_of_a_bill::on_both;
use crate::world::{CLOUD, DAY, NOON, PEACE, SEA, World, at_once, institution, made, operator, text};

/// A message: who, key, kind, body.
type Message = (Actor, String, &'static str, Value);

/// Sends all at the same moment, each from a thread of its own, to the offices in turn.
fn send(offices: &[&Office], messages: Vec<Message>) -> Vec<Result<Answer, Failure>> {
    let start = Barrier::new(messages.len());
    thread::scope(|scope| {
        let callers: Vec<_> = messages
            .into_iter()
            .enumerate()
            .map(|(at, (actor, key, kind, body))| {
                let (start, office) = (&start, offices[at % offices.len()]);
                scope.spawn(move || {
                    let command = Command::read(kind, &body.to_string()).expect("a command");
                    start.wait();
                    office.book(&actor, &key, command)
                })
            })
            .collect();
        callers.into_iter().map(|caller| caller.join().expect("a caller")).collect()
    })
}

fn at_h1(key: String, kind: &'static str, body: Value) -> Message {
    (institution("H1"), key, kind, body)
}

/// The journal.
fn journal(world: &World) -> Vec<Record> {
    let mut records = Vec::new();
    world
        .home
        .read(&mut |view| {
            records.clear();
            loop {
                let after = records.last().map_or(0, |record: &Record| record.seq);
                let page = view.records_after(after, 1_000)?;
                if page.is_empty() {
                    return Ok(());
                }
                for stored in page {
                    records.push(Record::read(stored.seq, &stored.body)?);
                }
            }
        })
        .expect("a journal");
    records
}

fn fifty(world: &World, offices: &[&Office]) {
    world.hospital("H1", CLOUD);
    let own = world.saver("甲", CLOUD, "500.00", "0");
    let bill = at_once(&own, "H1", "outpatient", "2026-03-05", "150.00");
    let same = |_| at_h1("the-same".to_owned(), "settle_at_once", bill.clone());
    let answers: Vec<Answer> = send(offices, (0..50).map(same).collect())
        .into_iter()
        .map(|answer| answer.expect("an answer"))
        .collect();
    assert_eq!(answers.iter().filter(|answer| !answer.replayed).count(), 1, "booked once");
    let told = |answer: &Answer| serde_json::to_string(made(answer)).expect("text");
    assert!(answers.iter().all(|answer| answer.seq == answers[0].seq && told(answer) == told(&answers[0])));
    assert_eq!(world.purse(&own), (350_00, 0));
    let report = world.audit();
    assert_eq!((report.differences, report.live_settlements), (Vec::new(), 1));
}

fn the_same_message_fifty_times_at_once(world: &World) {
    fifty(world, &[&world.office]);
}

fn the_same_message_fifty_times_at_once_at_two_offices(world: &World) {
    let other = world.another_office();
    fifty(world, &[&world.office, &other]);
}

fn cancelling_races_settling(world: &World) {
    world.hospital("H1", CLOUD);
    let own = world.saver("甲", CLOUD, "100.00", "0");
    let visit = json!({ "person": own, "institution": "H1", "care_type": "inpatient", "date": "2026-03-05" });
    let visit = text(&world.at("H1").ok("open_visit", json!({ "visit": visit })), "visit");
    let settle =
        json!({ "visit": visit, "date": "2026-03-06", "mid_stay": true, "charges": { "total": "1000.00" } });
    for round in 0..8 {
        let before = world.state();
        let first = world.at("H1").ok_as(&format!("first-{round}"), "settle", &settle);
        let cancel = json!({ "settlement": made(&first).id, "reason": "录错" });
        let key = |name: &str| format!("{name}-{round}");
        let answers = send(
            &[&world.office],
            vec![
                at_h1(key("cancel"), "cancel_settlement", cancel.clone()),
                at_h1(key("settle"), "settle", settle.clone()),
                (operator(), key("cancel"), "cancel_settlement", cancel.clone()),
                at_h1(key("reverse"), "reverse", json!({ "message": key("first") })),
                (operator(), key("again"), "readjudicate", cancel),
            ],
        );
        let mut undone = 0;
        for (at, answer) in answers.into_iter().enumerate() {
            match (at, answer) {
                (1, answer) => assert!(answer.is_ok(), "{answer:?}"),
                (3, Ok(answer)) => undone += usize::from(!answer.result["cancelled"].is_null()),
                (4, Ok(_)) => {}
                (_, Ok(_)) => undone += 1,
                (_, Err(Failure::Refused(refusal))) => assert_eq!(&*refusal.code, "already_cancelled"),
                (_, Err(other)) => panic!("{other}"),
            }
        }
        // Where it was adjudicated again first, the reversal of its message came after and undid what took its place.
        assert_eq!(undone, 1, "round {round}");
        let live = |world: &World| world.row("visit", &visit).expect("a visit")["settlements"].clone();
        for seq in live(world).as_array().cloned().unwrap_or_default() {
            world.ok("cancel_settlement", json!({ "settlement": format!("S{seq}"), "reason": "清理" }));
        }
        assert_eq!(world.state(), before, "round {round}");
    }
    world.assert_sound();
}

fn reversing_races_its_message(world: &World) {
    world.hospital("H1", CLOUD);
    let own = world.saver("甲", CLOUD, "100.00", "0");
    let bill = at_once(&own, "H1", "outpatient", "2026-03-05", "150.00");
    let before = world.state();
    let mut early = 0;
    for round in 0..16 {
        let key = format!("m-{round}");
        let mut messages = vec![
            at_h1(key.clone(), "settle_at_once", bill.clone()),
            at_h1(format!("r-{round}"), "reverse", json!({ "message": key })),
        ];
        messages.rotate_left(round % 2);
        for answer in send(&[&world.office], messages) {
            match answer {
                Ok(answer) => early += usize::from(answer.kind == "tombstone"),
                Err(Failure::Refused(refusal)) => assert_eq!(&*refusal.code, "reversed_before"),
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(world.state(), before, "round {round}: nothing is left either way");
    }
    eprintln!("16 rounds, reversed before it arrived: {early}");
    world.assert_sound();
}

fn relatives_race_for_one_account(world: &World) {
    world.hospital("H1", CLOUD);
    let shared = world.saver("父", CLOUD, "0", "100.00");
    let people: Vec<String> = ["子", "女"].iter().map(|name| world.saver(name, CLOUD, "0", "0")).collect();
    people.iter().for_each(|person| drop(world.grant(&shared, person, "parent")));
    let other = world.another_office();
    let bills = (0..20).map(|at| {
        let bill = at_once(&people[at % 2], "H1", "pharmacy", "2026-03-05", "7.00");
        at_h1(format!("bill-{at}"), "settle_at_once", bill)
    });
    let answers = send(&[&world.office, &world.office, &other, &other], bills.collect());
    let bills: Vec<_> = answers.into_iter().map(|answer| answer.expect("an answer")).collect();
    assert_eq!(bills.iter().map(|bill| made(bill).mutual_aid_paid).sum::<i64>(), 100_00);
    assert_eq!(bills.iter().map(|bill| made(bill).cash_paid).sum::<i64>(), 40_00);
    assert_eq!(world.purse(&shared), (0, 0));
    let mut left = 0;
    for record in journal(world) {
        for posting in record.entry.postings() {
            if posting.0.of_person().is_some_and(|(person, _)| person == shared) {
                left += posting.1;
                assert!(left >= 0, "below zero after record {}", record.seq);
            }
        }
    }
    world.assert_sound();
}

/// Whatever moment somebody looks at: what one area owes the other is what the other is owed, and the institutions are owed all of it.
fn clearing_is_never_half_booked(world: &World) {
    world.hospital("S1", SEA);
    let people: Vec<String> = (0..4).map(|n| world.saver(&format!("人{n}"), CLOUD, "500.00", "0")).collect();
    let far = world.saver("远", PEACE, "0", "300.00");
    people.iter().for_each(|person| drop(world.grant(&far, person, "parent")));
    let (done, ready) = (AtomicBool::new(false), Barrier::new(2));
    let codes = [
        "990301/clearing/980302",
        "990301/clearing/980302/account",
        "980302/clearing/990301",
        "990303/clearing/980302/account",
        "980302/clearing/990303",
        "980302/payable/S1",
    ];
    thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let home = world.ground.open().expect("opens");
            let ids = codes.map(|code| RowId { kind: "balance", id: code.to_owned() });
            ready.wait();
            while !done.load(Ordering::Relaxed) {
                let mut fen = Vec::new();
                home.read(&mut |view| {
                    fen.clear();
                    for row in view.rows(&ids)? {
                        let row: Value = serde_json::from_str(row.as_deref().unwrap_or("{}")).expect("JSON");
                        fen.push(row["fen"].as_i64().unwrap_or(0));
                    }
                    Ok(())
                })
                .expect("a view");
                assert_eq!(
                    [fen[0] + fen[1] + fen[2], fen[3] + fen[4], fen[2] + fen[4] + fen[5]],
                    [0, 0, 0],
                    "{fen:?}"
                );
            }
        });
        ready.wait();
        for turn in 0..5 {
            let bills = people.iter().map(|person| {
                let mut bill = at_once(person, "S1", "outpatient", "2026-03-05", "400.00");
                bill["visit"]["filing"] = json!("emergency");
                (institution("S1"), format!("{person}-{turn}"), "settle_at_once", bill)
            });
            for answer in send(&[&world.office], bills.collect()) {
                answer.expect("booked");
            }
        }
        done.store(true, Ordering::Relaxed);
        watcher.join().expect("a watcher");
    });
    assert!(world.balance("990303/clearing/980302/account") > 0, "the relative's area took part");
    world.assert_sound();
}

fn a_clock_that_jumps_back_changes_no_order(world: &World) {
    world.hospital("H1", CLOUD);
    let own = world.saver("甲", CLOUD, "100.00", "0");
    let bill = at_once(&own, "H1", "outpatient", "2026-06-15", "10.00");
    for days in [0, -10, -400, 1, 0, -1] {
        world.clock.set(NOON + days * DAY);
        world.at("H1").ok("settle_at_once", bill.clone());
    }
    let records = journal(world);
    assert!(records.windows(2).all(|pair| pair[0].seq + 1 == pair[1].seq));
    assert!(
        records.windows(2).all(|pair| pair[0].booked_at <= pair[1].booked_at),
        "the time of booking never goes back"
    );
    assert_eq!(records.last().expect("records").booked_at, NOON + DAY);
    world.assert_sound();
}

fn two_offices_keep_one_book(world: &World) {
    world.hospital("H1", CLOUD);
    let people: Vec<String> = (0..3).map(|n| world.saver(&format!("人{n}"), CLOUD, "500.00", "0")).collect();
    let other = world.another_office();
    for turn in 0..6 {
        let bills = (0..9).map(|at| {
            let bill = at_once(&people[at % 3], "H1", "outpatient", "2026-03-05", "50.00");
            at_h1(format!("{turn}-{at}"), "settle_at_once", bill)
        });
        for answer in send(&[&world.office, &other], bills.collect()) {
            answer.expect("booked");
        }
    }
    let report = world.audit();
    assert_eq!((report.differences, report.live_settlements), (Vec::new(), 54));
    // 18 bills of 50.00 each: 200.00 of deductible, 60% of the other 700.00.
    assert_eq!(world.balance("990301/fund/employee/pooled"), -3 * 420_00);
    assert_eq!(people.iter().map(|person| world.purse(person).0).collect::<Vec<_>>(), [20_00; 3]);
}

on_both! {
    the_same_message_fifty_times_at_once,
    the_same_message_fifty_times_at_once_at_two_offices,
    cancelling_races_settling,
    reversing_races_its_message,
    relatives_race_for_one_account,
    clearing_is_never_half_booked,
    a_clock_that_jumps_back_changes_no_order,
    two_offices_keep_one_book,
}
