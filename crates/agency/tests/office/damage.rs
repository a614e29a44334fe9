//! Each kind of damage, done to a copy of the store behind the office's back: the audit names exactly it.

use std::path::Path;
use std::sync::Arc;

use gongji_agency::port::{Head, Outcome, Store, StoredRecord};
use gongji_store::testing::{TemporaryPostgres, temporary_postgres, temporary_sqlite};
use gongji_store::{Postgres, Sqlite};
use serde_json::{Value, json};

use crate::world::{CLOUD, World, at_once, audited, line, made, text};

/// What was booked before the damage.
struct Booked {
    person: String,
    visit: String,
    /// Two live settlements, and a cancelled one with its cancellation.
    first: u64,
    second: u64,
    cancelled: u64,
    cancellation: u64,
    registered: u64,
}

fn book(world: &World) -> Booked {
    world.hospital("H1", CLOUD);
    world.catalogue(CLOUD);
    let registered = world.audit().records + 1;
    let person = world.saver("甲", CLOUD, "900.00", "0");
    let bill = |care: &str, total: &str| {
        world.at("H1").ok("settle_at_once", at_once(&person, "H1", care, "2026-03-05", total)).seq
    };
    let visit =
        json!({ "person": person, "institution": "H1", "care_type": "outpatient", "date": "2026-03-05" });
    let visit = text(&world.at("H1").ok("open_visit", json!({ "visit": visit })), "visit");
    world.at("H1").ok("upload_lines", json!({ "visit": visit, "lines": [line("A1", 5, 100)] }));
    let first = world.at("H1").ok_as("first", "settle", &json!({ "visit": visit, "date": "2026-03-05" }));
    let first = made(&first).place;
    let cancelled = bill("inpatient", "3000.00");
    let cancellation = world
        .at("H1")
        .ok("cancel_settlement", json!({ "settlement": format!("S{cancelled}"), "reason": "退费" }));
    let second = bill("pharmacy", "10.00");
    world.at("H1").ok("reverse", json!({ "message": "never-came" }));
    bill("pharmacy", "20.00");
    world.assert_sound();
    Booked { person, visit, first, second, cancelled, cancellation: cancellation.seq, registered }
}

/// Statements that both homes understand, and the places that the audit names.
fn damages(of: &Booked) -> Vec<(&'static str, String, Vec<String>)> {
    let Booked { person, visit, first, second, cancelled, cancellation, registered } = of;
    let row = |change: &str, kind: &str, id: &str| {
        format!("UPDATE \"row\" SET body = {change} WHERE kind = '{kind}' AND id = '{id}'")
    };
    let journal = |change: &str, seq: &u64| format!("UPDATE journal SET {change} WHERE seq = {seq}");
    let record = |seq: &u64| format!("第 {seq} 条记录");
    let year = format!("{person}/{CLOUD}/employee/2026-01-01");
    let fund = "990301/fund/employee/pooled";
    vec![
        ("nothing", "UPDATE \"row\" SET body = body".to_owned(), vec![]),
        ("a balance", row("replace(body, '\"fen\":-18000', '\"fen\":-18001')", "balance", fund), vec![format!("balance/{fund}")]),
        ("a balance's last record", row("replace(body, '\"seq\":', '\"seq\":9')", "balance", fund), vec![format!("balance/{fund}")]),
        ("an account", row("replace(body, '\"current_year\":', '\"current_year\":1')", "standing", person), vec![format!("standing/{person}")]),
        ("a tally", row("replace(body, ':18000', ':18001')", "tally", &year), vec![format!("tally/{year}")]),
        ("a visit", row("replace(body, '\"closed\"', '\"open\"')", "visit", visit), vec![format!("visit/{visit}")]),
        ("a visit that is gone", format!("DELETE FROM \"row\" WHERE kind = 'visit' AND id = '{visit}'"), vec![format!("visit/{visit}")]),
        ("an account that is gone", format!("DELETE FROM \"row\" WHERE kind = 'standing' AND id = '{person}'"), vec![format!("standing/{person}")]),
        ("a tally that is gone", format!("DELETE FROM \"row\" WHERE kind = 'tally' AND id = '{year}'"), vec![format!("tally/{year}")]),
        ("a balance that is gone", format!("DELETE FROM \"row\" WHERE kind = 'balance' AND id = '{fund}'"), vec![format!("balance/{fund}")]),
        ("a mark of cancellation that is gone", "DELETE FROM \"row\" WHERE kind = 'reversal'".to_owned(), vec![format!("reversal/{cancelled:020}")]),
        ("a visit too many", "INSERT INTO \"row\" (shard, kind, id, body) VALUES (0, 'visit', 'V999', '{}')".to_owned(), vec!["visit/V999".to_owned()]),
        ("an account too many", "INSERT INTO \"row\" (shard, kind, id, body) VALUES (0, 'standing', 'P999', '{\"current_year\":5,\"carried_over\":0,\"last\":1}')".to_owned(), vec!["standing/P999".to_owned()]),
        ("a byte of a record", journal("body = replace(body, '\"name\":\"test\"', '\"name\":\"tesT\"')", registered), vec![record(registered)]),
        ("a hash", journal(&format!("hash = (SELECT hash FROM journal WHERE seq = {first})"), second), vec![record(second), record(&(second + 1))]),
        ("a time of booking", journal("booked_at = booked_at - 1", second), vec![record(second), format!("{}的摘要列", record(second))]),
        ("a name beside a record", journal("person = 'P0'", first), vec![format!("{}的摘要列", record(first))]),
        ("the key of another record", format!("UPDATE outcome SET seq = {first} WHERE seq = {second}"), vec![
            format!("键 institution:H1/{}", "SECOND"), format!("键 institution:H1/{}", "SECOND"),
        ]),
        ("a key that is gone", "DELETE FROM outcome WHERE key = 'institution:H1/first'".to_owned(), vec!["键 institution:H1/first".to_owned()]),
        ("a reversed key that is gone", "DELETE FROM outcome WHERE key = 'institution:H1/never-came'".to_owned(), vec!["键 institution:H1/never-came".to_owned()]),
        ("a key too many", format!("INSERT INTO outcome SELECT shard, 'zzz', request, seq, refusal FROM outcome WHERE seq = {cancellation}"), vec!["键 zzz".to_owned()]),
    ]
}

/// The places that differ.
fn places(store: &dyn Store) -> Vec<String> {
    audited(store).differences.into_iter().map(|difference| difference.place).collect()
}

fn named(what: &str, expected: Vec<String>, found: Vec<String>, key: &str) {
    let expected: Vec<String> = expected.into_iter().map(|place| place.replace("SECOND", key)).collect();
    assert_eq!(found, expected, "{what}");
}

/// The key under which a record was booked, without its scope.
fn key_of(store: &dyn Store, seq: u64) -> String {
    let mut key = String::new();
    store
        .read(&mut |view| {
            let record = view.records(&[seq])?.remove(0).expect("a record");
            let body: Value = serde_json::from_str(&record.body).expect("JSON");
            key = body["key"].as_str().expect("a key").trim_start_matches("institution:H1/").to_owned();
            Ok(())
        })
        .expect("a view");
    key
}

/// A record that follows the chain and cancels what was cancelled before.
fn cancel_again(store: &dyn Store, of: &Booked) -> u64 {
    let mut made = 0;
    store
        .write(&mut |view| {
            let head = view.head()?;
            let seq = head.seq + 1;
            let body = json!({
                "seq": seq, "kind": "cancellation", "date": "2026-06-15", "booked_at": head.booked_at,
                "actor": { "role": "operator", "name": "x" }, "key": "operator:x/twice", "cancels": of.cancelled,
            })
            .to_string();
            let hash = head.hash.link(body.as_bytes());
            view.append(&[StoredRecord {
                seq,
                body,
                hash,
                kind: "cancellation".to_owned(),
                person: String::new(),
                business_date: "2026-06-15".to_owned(),
                booked_at: head.booked_at,
            }])?;
            made = Head { seq, ..head }.seq;
            let outcome = Outcome { request: [7; 32], seq: Some(seq), refusal: String::new() };
            view.remember(&[("operator:x/twice".to_owned(), outcome)])
        })
        .expect("written");
    made
}

/// A record in the middle is gone: the audit says so, and names what it had made.
fn assert_record_gone(store: &dyn Store, of: &Booked, key: &str) {
    let found = places(store);
    let next = format!("第 {} 条记录", of.second + 1);
    let expected = [
        next.clone(),
        next,
        format!("第 {} 条记录，{} 的档案", of.second + 2, of.person),
        format!("第 {} 条记录，机构当日明细", of.second + 2),
        format!("键 institution:H1/{key}"),
        format!("standing/{}", of.person),
        "balance/990301/payable/H1".to_owned(),
        "clearing_day/H1/2026-03-05/990301/employee/pharmacy".to_owned(),
        "fund_month/990301/accounts/2026-03".to_owned(),
    ];
    let mut missing = expected.iter().filter(|place| !found.contains(place));
    assert_eq!(missing.next(), None, "{found:?}");
    assert!(found.iter().all(|place| expected.contains(place)), "{found:?}");
}

/// A record that cancels once more what is cancelled, and gives nothing back: it is named, and what it fails to take back.
fn assert_cancelled_twice(found: &[String], seq: u64, of: &Booked) {
    let record = format!("第 {seq} 条记录");
    let fails = format!("{record}撤销第 {} 条", of.cancelled);
    assert_eq!(found.first(), Some(&record));
    assert!(found.len() > 1 && found[1..].iter().all(|place| *place == fails), "{found:?}");
}

#[test]
fn in_a_sqlite_file() {
    let ground = Arc::new(temporary_sqlite().expect("a folder"));
    let world = World::on(ground.clone());
    let booked = book(&world);
    drop(world);
    let copies = ground.file().parent().expect("a folder").to_owned();
    let copy = |name: &str| {
        let file = copies.join(name);
        for end in ["", "-wal"] {
            let of = |path: &Path| {
                path.with_file_name(format!("{}{end}", path.file_name().expect("a name").to_string_lossy()))
            };
            if of(&ground.file()).exists() {
                std::fs::copy(of(&ground.file()), of(&file)).expect("copied");
            }
        }
        file
    };
    let whole = Sqlite::open(copy("whole.sqlite")).expect("opens");
    let key = key_of(&whole, booked.second);
    for (at, (what, statement, expected)) in damages(&booked).into_iter().enumerate() {
        let file = copy(&format!("{at}.sqlite"));
        let sql = rusqlite::Connection::open(&file).expect("opens");
        let changed = sql.execute(&statement, []).expect(what);
        assert!(changed > 0, "{what}");
        drop(sql);
        named(what, expected, places(&Sqlite::open(file).expect("opens")), &key);
    }
    let file = copy("gone.sqlite");
    let sql = rusqlite::Connection::open(&file).expect("opens");
    sql.execute("DELETE FROM journal WHERE seq = ?1", [booked.second as i64]).expect("deleted");
    drop(sql);
    assert_record_gone(&Sqlite::open(file).expect("opens"), &booked, &key);
    let twice = Sqlite::open(copy("twice.sqlite")).expect("opens");
    let seq = cancel_again(&twice, &booked);
    assert_cancelled_twice(&places(&twice), seq, &booked);
}

#[test]
fn in_a_postgres_database() {
    let Some(ground) = temporary_postgres().expect("a server") else { return };
    let ground = Arc::new(ground);
    let world = World::on(ground.clone());
    let booked = book(&world);
    drop(world);
    let name = |url: &str| {
        url.split("@/").nth(1).and_then(|rest| rest.split('?').next()).expect("a name").to_owned()
    };
    let original = name(ground.url());
    let copy = |ground: &TemporaryPostgres, at: &str| {
        let copied = format!("{original}_{at}");
        ground
            .cluster()
            .sql("postgres", &format!("CREATE DATABASE {copied} TEMPLATE {original}"))
            .expect("copied");
        copied
    };
    let open = |copied: &str| Postgres::connect(&ground.cluster().url(copied)).expect("opens");
    let key = key_of(&open(&copy(&ground, "whole")), booked.second);
    for (at, (what, statement, expected)) in damages(&booked).into_iter().enumerate() {
        let copied = copy(&ground, &at.to_string());
        ground.cluster().sql(&copied, &statement).expect(what);
        named(what, expected, places(&open(&copied)), &key);
    }
    let copied = copy(&ground, "gone");
    ground
        .cluster()
        .sql(&copied, &format!("DELETE FROM journal WHERE seq = {}", booked.second))
        .expect("deleted");
    assert_record_gone(&open(&copied), &booked, &key);
    let twice = open(&copy(&ground, "twice"));
    let seq = cancel_again(&twice, &booked);
    assert_cancelled_twice(&places(&twice), seq, &booked);
}
