//! One bill from the counter to the books, worked by hand to the fen.

use gongji_agency::command::Command;
use gongji_agency::settlement::{explained, file_after, presettle};
use serde_json::{Value, json};

use crate::world::{CLOUD, PEACE, SEA, World, at_once, institution, line, made, paid, text};

/// Somebody with 100.00 of this year and 200.00 carried over, whose spouse has 1,000.00 carried over.
fn couple(world: &World) -> (String, String) {
    world.hospital("H1", CLOUD);
    world.catalogue(CLOUD);
    let own = world.saver("甲", CLOUD, "100.00", "200.00");
    let spouse = world.saver("乙", CLOUD, "0", "1000.00");
    world.grant(&spouse, &own, "spouse");
    (own, spouse)
}

fn open(world: &World, at: &str, mut visit: Value, date: &str) -> String {
    visit["institution"] = json!(at);
    visit["date"] = json!(date);
    text(&world.at(at).ok("open_visit", json!({ "visit": visit })), "visit")
}

fn stay(world: &World, person: &str, at: &str, date: &str) -> String {
    open(world, at, json!({ "person": person, "care_type": "inpatient" }), date)
}

fn upload(world: &World, at: &str, visit: &str, lines: &[Value]) {
    world.at(at).ok("upload_lines", json!({ "visit": visit, "lines": lines }));
}

/// 500.00 甲, 200.00 乙 with a tenth upfront, 50.00 丙: in scope 500.00 + 180.00.
/// Deductible 200.00; the fund pays 60% of 480.00 = 288.00. Of 20.00 + 200.00 + 192.00 the own account pays 300.00, the spouse 112.00; 50.00 is cash.
fn from_the_counter_to_the_books(world: &World) {
    let (own, spouse) = couple(world);
    let visit = open(world, "H1", json!({ "person": own, "care_type": "outpatient" }), "2026-03-05");
    upload(world, "H1", &visit, &[line("A1", 5, 100), line("C1", 1, 50)]);
    upload(world, "H1", &visit, &[line("A1", 9, 900)]);
    world.at("H1").ok("cancel_lines", json!({ "visit": visit, "batch": 2 }));
    upload(world, "H1", &visit, &[line("B1", 1, 200)]);

    let before = (world.audit().head, world.state());
    let mut settle = json!({ "visit": visit, "date": "2026-03-05" });
    let command = Command::read("settle", &settle.to_string()).expect("a command");
    let quoted = world.office.look(&institution("H1"), |desk, context| presettle(desk, context, &command));
    let quoted = quoted.expect("quoted");
    assert_eq!(quoted.quoted.settled.fields.fund_paid_total.fen(), 288_00);
    assert_eq!((world.audit().head, world.state()), before, "a pre-settlement books nothing");

    settle["expect"] = json!(quoted.expect);
    let answer = world.at("H1").ok("settle", settle);
    let bill = made(&answer);
    assert_eq!(paid(&answer), [288_00, 300_00, 112_00, 50_00]);
    assert_eq!(
        [bill.total, bill.non_covered, bill.upfront_self_pay, bill.in_scope],
        [750_00, 50_00, 20_00, 680_00]
    );
    assert_eq!(bill.batches, [1, 3]);
    assert_eq!(bill.table, quoted.expect);
    assert_eq!((world.purse(&own), world.purse(&spouse)), ((0, 0), (0, 888_00)));
    assert_eq!(world.balance("990301/fund/employee/pooled"), -288_00);
    assert_eq!(world.balance("990301/payable/H1"), 700_00);
    let tally = world.row("tally", &format!("{own}/{CLOUD}/employee/2026-01-01")).expect("a tally");
    assert_eq!(
        tally["counters"],
        json!({ "outpatient_deductible|2026-01-01": 200_00, "outpatient_paid|2026-01-01": 288_00 })
    );
    let again = explained(world.office.rules().book(), bill).expect("explained");
    assert!(again.agrees(bill), "{:?}", again.deviations);

    let kinds = |person: &str| -> Vec<String> {
        let file = world.office.look(&institution("H1"), |desk, _| file_after(desk, person, 0, 100));
        file.expect("a file").into_iter().rev().map(|record| record.kind).collect()
    };
    assert_eq!(
        kinds(&own),
        "register_person enrol open_account credit_account credit_account grant_mutual_aid open_visit upload_lines upload_lines cancel_lines upload_lines settlement"
            .split(' ').collect::<Vec<_>>()
    );
    assert_eq!(
        kinds(&spouse),
        "register_person enrol open_account credit_account grant_mutual_aid settlement"
            .split(' ')
            .collect::<Vec<_>>(),
        "whose account paid finds it in the own file"
    );
    assert_eq!(
        &*world.at("H1").no("settle", json!({ "visit": visit, "date": "2026-03-05" })).code,
        "visit_closed"
    );
    world.assert_sound();
}

/// The deductible of 800.00 is due once a stay: 85% of 4,200.00, then 85% of 3,000.00.
fn a_stay_is_settled_on_the_way(world: &World) {
    let (own, _) = couple(world);
    let visit = stay(world, &own, "H1", "2026-04-01");
    let settle = |date: &str, mid: bool| json!({ "visit": visit, "date": date, "mid_stay": mid, "use_account": false, "use_mutual_aid": false });
    upload(world, "H1", &visit, &[line("A1", 50, 100)]);
    let first = world.at("H1").ok("settle", settle("2026-04-10", true));
    assert_eq!(paid(&first), [3_570_00, 0, 0, 1_430_00]);
    assert_eq!(&*world.at("H1").no("settle", settle("2026-04-11", true)).code, "no_lines");
    assert_eq!(world.row("admitted", &own).expect("lies there")["visit"], visit);
    upload(world, "H1", &visit, &[line("A1", 30, 100)]);
    let last = world.at("H1").ok("settle", settle("2026-04-20", false));
    assert_eq!(paid(&last), [2_550_00, 0, 0, 450_00]);
    assert_eq!(world.row("admitted", &own), None);
    assert_eq!(world.purse(&own), (100_00, 200_00), "no account was to be used");
    world.assert_sound();
}

/// Two hospitals, one stay, one deductible; the next stay is the second of the year and has 400.00.
fn a_transfer_between_hospitals_is_one_stay(world: &World) {
    let (own, _) = couple(world);
    world.hospital("H2", CLOUD);
    let first = stay(world, &own, "H1", "2026-04-01");
    let transfer = json!({ "person": own, "care_type": "inpatient", "transfer_from": first, "institution": "H2", "date": "2026-04-05" });
    let refusal = world.at("H2").no("open_visit", json!({ "visit": transfer }));
    assert_eq!(&*refusal.code, "already_admitted", "first the one has to let go");
    let settle = |visit: &str, date: &str, total: &str| json!({ "visit": visit, "date": date, "charges": { "total": total }, "use_account": false, "use_mutual_aid": false });
    let one = world.at("H1").ok("settle", settle(&first, "2026-04-05", "5000.00"));
    assert_eq!(paid(&one), [3_570_00, 0, 0, 1_430_00]);
    let second = text(&world.at("H2").ok("open_visit", json!({ "visit": transfer })), "visit");
    let two = world.at("H2").ok("settle", settle(&second, "2026-04-20", "2000.00"));
    assert_eq!(paid(&two), [1_700_00, 0, 0, 300_00]);
    let third = stay(world, &own, "H1", "2026-05-01");
    let three = world.at("H1").ok("settle", settle(&third, "2026-05-03", "1000.00"));
    assert_eq!(paid(&three), [510_00, 0, 0, 490_00]);
    let tally = world.row("tally", &format!("{own}/{CLOUD}/employee/2026-01-01")).expect("a tally");
    assert_eq!(tally["counters"]["admissions|2026-01-01"], 2);
    world.assert_sound();
}

/// A pharmacy: the accounts pay, first the own one.
fn a_pharmacy_settles_at_once(world: &World) {
    let (own, spouse) = couple(world);
    let visit = json!({ "person": own, "institution": "H1", "care_type": "pharmacy", "date": "2026-03-05" });
    let answer = world.at("H1").ok("settle_at_once", json!({ "visit": visit, "lines": [line("A1", 4, 80)] }));
    assert_eq!(paid(&answer), [0, 300_00, 20_00, 0]);
    assert_eq!((world.purse(&own), world.purse(&spouse)), ((0, 0), (0, 980_00)));
    assert_eq!(world.balance("990301/payable/H1"), 320_00);
    let alone = json!({ "visit": visit, "lines": [line("A1", 1, 10)], "use_mutual_aid": false });
    assert_eq!(paid(&world.at("H1").ok("settle_at_once", alone)), [0, 0, 0, 10_00]);
    world.assert_sound();
}

/// Care in another area, and a relative's account in a third: the books of each balance through clearing.
fn other_areas_clear(world: &World) {
    let (own, _) = couple(world);
    world.hospital("S1", SEA);
    let far = world.saver("丙", PEACE, "0", "5000.00");
    world.grant(&far, &own, "child");
    // 2,000.00 away without a filing: 65% of 1,200.00 = 780.00. Of 1,220.00 the own account pays 300.00, the spouse 920.00.
    let bill = at_once(&own, "S1", "inpatient", "2026-03-05", "2000.00");
    let mut away = bill.clone();
    away["visit"]["filing"] = json!("none");
    let answer = world.at("S1").ok("settle_at_once", away.clone());
    assert_eq!(paid(&answer), [780_00, 300_00, 920_00, 0]);
    assert_eq!(world.balance("990301/clearing/980302"), 780_00);
    assert_eq!(world.balance("990301/clearing/980302/account"), 1_220_00);
    assert_eq!(world.balance("980302/clearing/990301"), -2_000_00);
    assert_eq!(world.balance("980302/payable/S1"), 2_000_00);
    // The second stay of the year: 65% of 600.00 = 390.00. The spouse has 80.00 left; the rest is the child's, or cash.
    away["charges"]["total"] = json!("1000.00");
    let answer = world.at("S1").ok("settle_at_once", away);
    let [fund, account, aid, cash] = paid(&answer);
    assert_eq!((fund, account, aid + cash), (390_00, 0, 610_00));
    assert_eq!(aid, 80_00 + 5_000_00 - world.purse(&far).1);
    assert_eq!(world.balance("980302/clearing/990303"), -(5_000_00 - world.purse(&far).1));
    assert_eq!(world.balance("990303/clearing/980302/account"), 5_000_00 - world.purse(&far).1);
    world.assert_sound();
}

/// Whatever a settlement moved, its cancellation moves back; the visit is as it was.
fn a_cancellation_restores_everything(world: &World) {
    let (own, _) = couple(world);
    let visit = stay(world, &own, "H1", "2026-04-01");
    upload(world, "H1", &visit, &[line("A1", 50, 100), line("B1", 3, 70)]);
    let before = world.state();
    let settle = json!({ "visit": visit, "date": "2026-04-10" });
    let first = world.at("H1").ok("settle", settle.clone());
    assert_ne!(world.state(), before);
    let id = &made(&first).id;
    let cancelled = world.at("H1").ok("cancel_settlement", json!({ "settlement": id, "reason": "录错" }));
    assert_eq!(cancelled.result["cancelled"], json!(id));
    assert_eq!(world.state(), before);
    let refusal = world.at("H1").no("cancel_settlement", json!({ "settlement": id, "reason": "再撤" }));
    assert_eq!(&*refusal.code, "already_cancelled");
    let second = world.at("H1").ok("settle", settle);
    assert_eq!(made(&second).table, made(&first).table, "the same once more");
    world.assert_sound();
}

/// A stay that a cancellation opened again does not let somebody out who lies elsewhere by now.
fn a_reopened_stay_leaves_the_next_alone(world: &World) {
    let (own, _) = couple(world);
    world.hospital("H2", CLOUD);
    let first = stay(world, &own, "H1", "2026-04-01");
    let bill = json!({ "visit": first, "date": "2026-04-10", "charges": { "total": "1000.00" } });
    let settled = world.at("H1").ok("settle", bill.clone());
    let second = stay(world, &own, "H2", "2026-04-20");
    world.at("H1").ok("cancel_settlement", json!({ "settlement": made(&settled).id, "reason": "录错" }));
    for turn in 0..2 {
        let admitted = world.row("admitted", &own).expect("lies in the second");
        assert_eq!(admitted["visit"], second, "turn {turn}");
        match turn {
            0 => drop(world.at("H1").ok("settle", bill.clone())),
            _ => {
                let again = stay_of(world, &first);
                world.at("H1").ok("cancel_settlement", json!({ "settlement": again, "reason": "录错" }));
                world.at("H1").ok("cancel_visit", json!({ "visit": first, "reason": "未就诊" }));
            }
        }
    }
    let admitted = world.row("admitted", &own).expect("lies in the second");
    assert_eq!(admitted["visit"], second);
    world.assert_sound();
}

/// The settlement of a visit.
fn stay_of(world: &World, visit: &str) -> String {
    format!("S{}", world.row("visit", visit).expect("a visit")["settlements"][0])
}

macro_rules! on_both {
    ($($name:ident,)*) => {
        mod sqlite {
            $(#[test] fn $name() { crate::world::on_sqlite(super::$name); })*
        }
        mod postgres {
            $(#[test] fn $name() { crate::world::on_postgres(super::$name); })*
        }
    };
}
pub(crate) use on_both;

on_both! {
    from_the_counter_to_the_books,
    a_stay_is_settled_on_the_way,
    a_transfer_between_hospitals_is_one_stay,
    a_pharmacy_settles_at_once,
    other_areas_clear,
    a_cancellation_restores_everything,
    a_reopened_stay_leaves_the_next_alone,
}
