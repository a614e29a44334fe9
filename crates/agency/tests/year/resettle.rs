//! A retroactive change of rules: what comes out otherwise is found, released by a second person, taken back; nothing else moves.
//!
//! `GONGJI_RESETTLE` says how many settlements the great run has.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use gongji_agency::actor::{Actor, Role};
use gongji_agency::command::Command;
use gongji_agency::corrections::{CorrectionJob, Work};
use gongji_agency::job::{Job, Progress, run};
use gongji_agency::look;
use gongji_agency::office::{Answer, Failure, Office, Rules};
use gongji_agency::port::Store;
use gongji_agency::settlement::explained;
use gongji_packs::PackTexts;
use gongji_policy::read_packs;
use serde_json::{Value, json};

use crate::claims::staff;
use crate::crowd::{savers, together};
use crate::kit::{assert_books, books};
use crate::world::{CLOUD, PEACE, World, at_once, made, on_postgres, on_sqlite, paid, text};

/// The first area's outpatient fund pays `ratio` from March 2026 on, and the second admission of a year has `deductible`.
pub fn edition(ratio: &str, deductible: &str) -> Arc<Rules> {
    static READ: OnceLock<std::sync::Mutex<BTreeMap<String, Arc<Rules>>>> = OnceLock::new();
    let mut read = READ.get_or_init(Default::default).lock().expect("a lock");
    let read_once = || {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/agency");
        let mut texts = PackTexts::from_folder(&folder).expect("the fixtures");
        let changed = texts
            .rules
            .iter_mut()
            .find(|text| text.name.contains(CLOUD) && text.name.ends_with("/employee.toml"));
        let text = &mut changed.expect("the scheme").text;
        let once = |text: &str, old: &str, new: &str| {
            assert_eq!(text.matches(old).count(), 1, "{old}");
            text.replace(old, new)
        };
        let rows = format!(
            "{{ category = \"retired\", value = \"70%\" }},\n  {{ otherwise = true, to = \"2026-02-28\", value = \"60%\" }},\n  {{ otherwise = true, from = \"2026-03-01\", value = \"{ratio}\" }},"
        );
        *text = once(
            text,
            "{ category = \"retired\", value = \"70%\" },\n  { otherwise = true, value = \"60%\" },",
            &rows,
        );
        let rows = format!(
            "{{ ordinal = \"2..\", to = \"2026-02-28\", value = 400 }},\n  {{ ordinal = \"2..\", from = \"2026-03-01\", value = {deductible} }},"
        );
        *text = once(text, "{ ordinal = \"2..\", value = 400 },", &rows);
        let (packs, findings) = read_packs(&texts.rules);
        assert!(findings.is_empty(), "{findings:?}");
        let files = texts.rules.into_iter().map(|text| (text.name, text.text)).collect();
        Arc::new(Rules::new(Vec::leak(packs), files))
    };
    Arc::clone(read.entry(format!("{ratio} {deductible}")).or_insert_with(read_once))
}

/// An office over the same store under other rules.
pub fn office_under(world: &World, rules: Arc<Rules>) -> Office {
    let store: Arc<dyn Store> = world.ground.open().expect("opens");
    Office::open(store, rules, Arc::new(world.clock.clone())).expect("an office")
}

fn clerk() -> Actor {
    staff(Role::Clerk, "经办甲")
}

fn reviewer() -> Actor {
    staff(Role::Reviewer, "复核乙")
}

fn book(office: &Office, actor: &Actor, key: &str, kind: &str, body: Value) -> Result<Answer, String> {
    let command = Command::read(kind, &body.to_string()).expect("a command");
    office.book(actor, key, command).map_err(|failure| match failure {
        Failure::Refused(refusal) => refusal.code.to_string(),
        other => panic!("{other}"),
    })
}

fn proposed(office: &Office, key: &str, from: &str) -> String {
    let body = json!({ "area": CLOUD, "from": from, "reason": "示例文件追溯" });
    let batch =
        text(&book(office, &clerk(), key, "propose_correction_batch", body).expect("booked"), "batch");
    let mut seen = Vec::new();
    let mut job = CorrectionJob::new(&batch, Work::Find);
    run(office, &clerk(), &mut job, &mut |progress| seen.push(progress)).expect("found");
    assert!(seen.is_sorted_by_key(|progress: &Progress| progress.done) && !seen.is_empty());
    batch
}

fn done(office: &Office, batch: &str, work: Work) -> Result<Option<Answer>, Failure> {
    run(office, &reviewer(), &mut CorrectionJob::new(batch, work), &mut |_| {})
}

fn cancelled() -> Work {
    Work::Cancel { reason: "文件撤销".to_owned() }
}

/// Rows as they stand, but the batch itself, rules, and what counts how often something was booked; settlements by their place instead of their number.
fn standing(world: &World) -> BTreeMap<String, Value> {
    let places = places(world);
    let place = |seq: &Value| json!(places.get(&seq.as_u64().expect("a number")).copied().unwrap_or(0));
    let mut rows = BTreeMap::new();
    for (id, text) in world.state() {
        let kind = id.split('/').next().unwrap_or_default();
        if matches!(kind, "correction" | "correction_in" | "correction_part" | "edition" | "clearing_day") {
            continue;
        }
        let mut body: Value = serde_json::from_str(&text).expect("JSON");
        if kind == "visit" {
            for seq in body["settlements"].as_array_mut().into_iter().flatten() {
                *seq = place(seq);
            }
            for batch in body["batches"].as_array_mut().into_iter().flatten() {
                if batch["settled"].is_u64() {
                    batch["settled"] = place(&batch["settled"]);
                }
            }
        }
        if kind == "claim" {
            let body = body.as_object_mut().expect("an object");
            body.remove("history");
            let seq =
                body.remove("settlement").and_then(|id| id.as_str().and_then(|id| id[1..].parse().ok()));
            body.insert("settlement".to_owned(), seq.map_or(Value::Null, |seq: u64| place(&json!(seq))));
        }
        rows.insert(id, body);
    }
    rows
}

/// The place of every settlement by its number.
fn places(world: &World) -> BTreeMap<u64, u64> {
    let mut places = BTreeMap::new();
    records(world, |record| {
        if let Some(made) = &record.settlement {
            places.insert(record.seq, made.place);
        }
    });
    places
}

fn records(world: &World, mut each: impl FnMut(&gongji_agency::record::Record)) {
    let mut after = 0;
    loop {
        let mut page = Vec::new();
        world
            .home
            .read(&mut |view| {
                page = view.records_after(after, 1_000)?;
                Ok(())
            })
            .expect("a view");
        let Some(last) = page.last() else { return };
        after = last.seq;
        for stored in page {
            each(&gongji_agency::record::Record::read(stored.seq, &stored.body).expect("a record"));
        }
    }
}

/// The live settlements of a person: funds, own account, relatives, cash, and what the institution collected.
fn live(world: &World, person: &str) -> Vec<[i64; 5]> {
    let (mut found, mut gone) = (BTreeMap::new(), BTreeSet::new());
    records(world, |record| {
        gone.extend(record.cancels);
        if let Some(made) = record.settlement.as_ref().filter(|made| made.person == person) {
            let collected = made.collected.unwrap_or(made.cash_paid);
            let amounts =
                [made.fund_paid, made.account_paid, made.mutual_aid_paid, made.cash_paid, collected];
            found.insert((made.place, record.seq), amounts);
        }
    });
    found.into_iter().filter(|((_, seq), _)| !gone.contains(seq)).map(|(_, amounts)| amounts).collect()
}

fn owed(world: &World, person: &str) -> (i64, i64) {
    let of = |kind: &str| world.balance(&format!("{CLOUD}/{kind}/{person}"));
    (of("payable_person"), of("receivable_person"))
}

/// 200.00 before March, 700.00 and 500.00 after it. The fund pays 70% instead of 60% from March on: 70.00 and 50.00 more; the own account, which
/// paid of the first bill of March, gets 70.00 back; the second was cash, and 50.00 are owed to the person. The hospital keeps what it has.
fn worked_by_hand(world: &World) {
    world.hospital("H1", CLOUD);
    let own = world.saver("甲", CLOUD, "500.00", "0");
    let other = world.saver("乙", CLOUD, "0", "0");
    let bill = |person: &str, date: &str, total: &str| {
        world.at("H1").ok("settle_at_once", at_once(person, "H1", "outpatient", date, total))
    };
    let (first, second, third) = (
        bill(&own, "2026-02-10", "200.00"),
        bill(&own, "2026-03-10", "700.00"),
        bill(&own, "2026-04-10", "500.00"),
    );
    assert_eq!(
        [paid(&first), paid(&second), paid(&third)],
        [[0, 200_00, 0, 0], [420_00, 280_00, 0, 0], [300_00, 20_00, 0, 180_00]]
    );
    let alone = bill(&other, "2026-05-10", "300.00");
    assert_eq!(paid(&alone), [60_00, 0, 0, 240_00]);
    let (before, before_books) = (standing(world), books(world));

    let office = office_under(world, edition("70%", "400"));
    let batch = proposed(&office, "k", "2026-03-01");
    assert_eq!(standing(world), before, "finding books nothing");
    let seen =
        office.look(&reviewer(), |desk, context| look::correction(desk, context, &batch)).expect("seen");
    assert_eq!((seen.people, seen.computed, seen.lines, seen.affected), (2, 3, 3, 2));
    let purses: Vec<(&str, i64)> =
        seen.purses.iter().map(|purse| (purse.payer.as_str(), purse.amount.fen())).collect();
    assert_eq!(purses, [("cash", -60_00), ("current_year", -70_00), ("pooled_fund", 130_00)]);
    assert_eq!((seen.refunds.fen(), seen.claims.fen()), (60_00, 0));
    assert_eq!(
        (seen.worst[0].settlement.as_str(), seen.worst[0].to_person.fen()),
        (made(&third).id.as_str(), 50_00)
    );
    let lines = office
        .look(&reviewer(), |desk, context| look::correction_lines(desk, context, (&batch, &other), ""))
        .expect("lines");
    assert_eq!(lines.lines.len(), 1);
    assert_eq!(lines.lines[0].to_person.fen(), 10_00);

    // Not the one who proposed, not a clerk, not under the old rules.
    let release = json!({ "batch": batch, "part": 1 });
    let refused = |office: &Office, actor: Actor, key: &str| {
        book(office, &actor, key, "release_correction_batch", release.clone()).expect_err("refused")
    };
    assert_eq!(refused(&office, clerk(), "r1"), "denied");
    assert_eq!(refused(&office, staff(Role::Reviewer, "经办甲"), "r2"), "same_person");
    assert_eq!(refused(&world.office, reviewer(), "r3"), "edition_differs");
    let wrong = json!({ "batch": batch, "part": 2 });
    let out_of_order =
        book(&office, &reviewer(), "r4", "release_correction_batch", wrong).expect_err("refused");
    assert_eq!(out_of_order, "out_of_order");

    done(&office, &batch, Work::Release).expect("released");
    // Settled again: the table is the new one, the cash is the hospital's as it was.
    assert_eq!(
        live(world, &own),
        [[0, 200_00, 0, 0, 0], [490_00, 210_00, 0, 0, 0], [350_00, 20_00, 0, 130_00, 180_00]]
    );
    assert_eq!(live(world, &other), [[70_00, 0, 0, 230_00, 240_00]]);
    assert_eq!((owed(world, &own), owed(world, &other)), ((50_00, 0), (10_00, 0)));
    assert_eq!(world.purse(&own), (70_00, 0));
    assert_eq!(
        world.balance("990301/payable/H1"),
        before_books["990301/payable/H1"],
        "nothing changes at the hospital"
    );
    let tally = world.row("tally", &format!("{own}/{CLOUD}/employee/2026-01-01")).expect("a tally");
    assert_eq!(tally["counters"]["outpatient_paid|2026-01-01"], 840_00);
    assert_books(world);
    // Each is explained under the rules it was settled by.
    records(world, |record| {
        let Some(made) = record.settlement.as_deref() else { return };
        let rules =
            if made.edition == office.rules().edition() { office.rules() } else { world.office.rules() };
        assert!(explained(rules.book(), made).expect("explained").agrees(made), "{}", made.id);
    });
    // Found again, nothing is left to do.
    let nothing = proposed(&office, "again", "2026-03-01");
    let seen =
        office.look(&reviewer(), |desk, context| look::correction(desk, context, &nothing)).expect("seen");
    assert_eq!((seen.lines, seen.computed), (0, 3));
    done(&office, &nothing, Work::Release).expect("nothing to release");

    done(&office, &batch, cancelled()).expect("cancelled");
    assert_eq!(
        books(world).into_iter().filter(|(_, fen)| *fen != 0).collect::<Vec<_>>(),
        before_books.into_iter().filter(|(_, fen)| *fen != 0).collect::<Vec<_>>()
    );
    assert_eq!(standing(world), before);
    assert!(done(&office, &batch, cancelled()).expect("done before").is_none());
    assert!(done(&office, &batch, Work::Release).is_err(), "what was cancelled is not released again");
    assert_books(world);
}

/// The fund pays less: what was paid too much is owed by the person, who gives it back; then the batch is cancelled, and that is owed again.
fn what_was_paid_too_much_is_owed_back(world: &World) {
    world.hospital("H1", CLOUD);
    world.hospital("P1", PEACE);
    let own = world.saver("甲", CLOUD, "0", "100.00");
    let spouse = world.saver("乙", PEACE, "0", "1000.00");
    world.grant(&spouse, &own, "spouse");
    // 60% of 300.00; of 320.00 the account pays 100.00 and the spouse 220.00.
    let mut away = at_once(&own, "P1", "outpatient", "2026-03-10", "500.00");
    away["visit"]["filing"] = json!("emergency");
    let bill = world.at("P1").ok("settle_at_once", away);
    assert_eq!(paid(&bill), [180_00, 100_00, 220_00, 0]);
    let (before, before_books) = (standing(world), books(world));
    let office = office_under(world, edition("50%", "400"));
    let batch = proposed(&office, "k", "2026-03-01");
    done(&office, &batch, Work::Release).expect("released");
    // 30.00 less from the fund: no account is drawn on afterwards, the person owes it.
    assert_eq!(live(world, &own), [[150_00, 100_00, 220_00, 30_00, 0]]);
    assert_eq!((owed(world, &own), world.purse(&spouse)), ((0, -30_00), (0, 780_00)));
    assert_eq!(world.balance("990303/payable/P1"), before_books["990303/payable/P1"]);
    assert_books(world);
    let back = json!({ "person": own, "area": CLOUD, "amount": "30.00" });
    world.by(clerk()).ok("recover_from_person", back);
    assert_eq!(owed(world, &own), (0, 0));
    done(&office, &batch, cancelled()).expect("cancelled");
    assert_eq!(owed(world, &own), (30_00, 0), "what was given back is owed again");
    let to = json!({ "bank": { "holder": "甲", "bank": "示例银行", "number": "1234567890" } });
    world.by(clerk()).ok("pay_person", json!({ "person": own, "area": CLOUD, "to": to }));
    assert_eq!(
        standing(world)
            .into_iter()
            .filter(|(id, _)| !id.starts_with("payment") && !id.starts_with("fund_month"))
            .collect::<Vec<_>>(),
        before
            .into_iter()
            .filter(|(id, _)| !id.starts_with("payment") && !id.starts_with("fund_month"))
            .collect::<Vec<_>>()
    );
    assert_books(world);
}

/// A settlement was cancelled after the batch was proposed, another person spent what would have to come back: both are told, the rest goes on.
fn what_changed_meanwhile_is_told(world: &World) {
    world.hospital("H1", CLOUD);
    let people: Vec<String> = ["甲", "乙", "丙"].map(|name| world.saver(name, CLOUD, "400.00", "0")).into();
    let bill = |person: &str, date: &str, total: &str| {
        world.at("H1").ok("settle_at_once", at_once(person, "H1", "outpatient", date, total))
    };
    let bills: Vec<Answer> = people.iter().map(|person| bill(person, "2026-03-10", "700.00")).collect();
    let office = office_under(world, edition("70%", "400"));
    let batch = proposed(&office, "k", "2026-03-01");
    world.at("H1").ok("cancel_settlement", json!({ "settlement": made(&bills[0]).id, "reason": "退费" }));
    let answer = done(&office, &batch, Work::Release).expect("released").expect("a step");
    assert_eq!((&answer.result["released"], &answer.result["not_released"]), (&json!(2), &json!(1)));
    assert_eq!(answer.result["stale"][0]["person"], json!(people[0]));
    assert!(answer.result["stale"][0]["why"].as_str().expect("words").contains("已经撤销"));
    assert_eq!(live(world, &people[0]), [[0_i64; 5]; 0]);
    assert_books(world);
    // The account got 50.00 back, and they are spent.
    assert_eq!(world.purse(&people[1]), (50_00, 0));
    let spent = bill(&people[1], "2026-06-01", "100.00");
    assert_eq!(paid(&spent)[1], 40_00);
    let answer = done(&office, &batch, cancelled()).expect("cancelled").expect("a step");
    assert_eq!((&answer.result["restored"], &answer.result["not_restored"]), (&json!(1), &json!(1)));
    assert_eq!(answer.result["kept"][0]["person"], json!(people[1]));
    assert_eq!(live(world, &people[2]), [[300_00, 400_00, 0, 0, 0]]);
    let refused = book(
        &office,
        &reviewer(),
        "w",
        "withdraw_correction_batch",
        json!({ "batch": batch, "reason": "x" }),
    );
    assert!(refused.is_err());
    assert_books(world);
}

/// Many people with two bills and a claim here and there; released, killed half-way, gone on with; cancelled. Nothing else moved.
fn many(world: &World) {
    let settlements: usize =
        std::env::var("GONGJI_RESETTLE").ok().and_then(|n| n.parse().ok()).unwrap_or(600);
    world.hospital("H1", CLOUD);
    world.catalogue(CLOUD);
    let setting_out = std::time::Instant::now();
    let people = savers(world, settlements / 2);
    // Every fourth has nothing under the law of March and later.
    let bills = people.iter().enumerate().flat_map(|(at, person)| {
        let days = if at % 4 == 3 { ["2026-01-10", "2026-02-10"] } else { ["2026-02-10", "2026-03-10"] };
        days.into_iter()
            .zip(["300.00", "900.00"])
            .map(|(day, total)| ("settle_at_once", at_once(person, "H1", "outpatient", day, total)))
    });
    together(world, &crate::world::institution("H1"), bills);
    let set_out = setting_out.elapsed();
    let (before, before_books) = (standing(world), books(world));
    let began = std::time::Instant::now();
    let office = office_under(world, edition("70%", "400"));
    let batch = proposed(&office, "k", "2026-03-01");
    let found = began.elapsed();
    let seen =
        office.look(&reviewer(), |desk, context| look::correction(desk, context, &batch)).expect("seen");
    let changed = people.len() - people.len() / 4;
    assert_eq!((seen.lines, seen.affected), (changed as u64, changed as u64));
    // 60% of 900.00 is 540.00, 70% is 630.00.
    let purses: BTreeMap<&str, i64> =
        seen.purses.iter().map(|purse| (purse.payer.as_str(), purse.amount.fen())).collect();
    assert_eq!(purses["pooled_fund"], 90_00 * i64::try_from(changed).expect("small"));
    assert_eq!(purses.values().sum::<i64>(), 0);
    assert_eq!(seen.refunds.fen(), -purses["cash"]);

    // Killed after its first step, and once more after the second, begun by another office.
    let mut job = CorrectionJob::new(&batch, Work::Release);
    let step = job.next(&office, &reviewer()).expect("a step").expect("a step");
    office.book(&reviewer(), &step.key, step.command.clone()).expect("booked");
    let again = office.book(&reviewer(), &step.key, step.command).expect("booked before");
    assert!(again.replayed);
    drop(office);
    assert_books(world);
    let office = office_under(world, edition("70%", "400"));
    done(&office, &batch, Work::Release).expect("released");
    let released = began.elapsed();
    let seen =
        office.look(&reviewer(), |desk, context| look::correction(desk, context, &batch)).expect("seen");
    assert_eq!((seen.released, seen.not_released), (changed as u64, 0));
    let after = standing(world);
    let unmoved =
        |person: &&String| before[&format!("standing/{person}")] == after[&format!("standing/{person}")];
    for person in people.iter().skip(3).step_by(4) {
        assert!(unmoved(&person), "{person} had nothing under the new rules");
        assert_eq!(owed(world, person), (0, 0));
    }
    assert_books(world);

    done(&office, &batch, cancelled()).expect("cancelled");
    eprintln!(
        "{settlements} settlements: set out in {set_out:?}, found in {found:?}, released by {released:?}, all in {:?}",
        began.elapsed()
    );
    let nonzero =
        |books: BTreeMap<String, i64>| books.into_iter().filter(|(_, fen)| *fen != 0).collect::<Vec<_>>();
    assert_eq!(nonzero(books(world)), nonzero(before_books));
    let after = standing(world);
    for (id, row) in &before {
        assert_eq!(after.get(id), Some(row), "{id}");
    }
    assert_eq!(after.len(), before.len(), "nothing is there besides");
    assert_books(world);
}

/// Under the law that changed, and the same all the same: what is below the deductible, and what is paid by nobody but the person.
#[test]
fn what_comes_out_the_same_is_left_alone() {
    on_sqlite(|world| {
        world.hospital("H1", CLOUD);
        let person = world.saver("甲", CLOUD, "500.00", "0");
        let bill = |care: &str, total: &str| {
            world.at("H1").ok("settle_at_once", at_once(&person, "H1", care, "2026-03-10", total))
        };
        bill("outpatient", "150.00");
        bill("pharmacy", "40.00");
        let before = standing(world);
        let office = office_under(world, edition("70%", "400"));
        let batch = proposed(&office, "k", "2026-03-01");
        let seen =
            office.look(&reviewer(), |desk, context| look::correction(desk, context, &batch)).expect("seen");
        assert_eq!((seen.computed, seen.lines), (2, 0), "{seen:?}");
        done(&office, &batch, Work::Release).expect("nothing to release");
        assert_eq!(standing(world), before);
        assert_books(world);
    });
}

#[test]
fn a_batch_worked_by_hand() {
    on_sqlite(worked_by_hand);
    on_postgres(worked_by_hand);
}

#[test]
fn debts_and_changes() {
    on_sqlite(what_was_paid_too_much_is_owed_back);
    on_sqlite(what_changed_meanwhile_is_told);
    on_postgres(what_was_paid_too_much_is_owed_back);
}

#[test]
fn a_retroactive_change_over_many_settlements() {
    on_sqlite(many);
}
