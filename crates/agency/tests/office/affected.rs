//! What a cancellation leaves wrong behind it, and how it is put right.

use gongji_agency::settlement::{Affected, affected_by};
use serde_json::{Value, json};

use crate::life_of_a_bill::on_both;
use crate::world::{CLOUD, World, at_once, made, operator, paid};

fn affected(world: &World, person: &str, place: u64) -> Vec<Affected> {
    world.office.look(&operator(), |desk, context| affected_by(desk, context, person, place)).expect("a list")
}

fn cancel(world: &World, id: &str) {
    world.at("H1").ok("cancel_settlement", json!({ "settlement": id, "reason": "退费" }));
}

fn again(world: &World, id: &str) -> [i64; 4] {
    paid(&world.ok("readjudicate", json!({ "settlement": id, "reason": "前一笔已撤销" })))
}

/// 400.00 on the account. Bills of 500.00, 300.00, 100.00:
/// fund 60% of 300.00, account 320.00 | fund 180.00, account 80.00, cash 40.00 | fund 60.00, cash 40.00.
/// Without the first, the second bears the deductible: fund 60% of 100.00 = 60.00, account 240.00; the third: fund 60.00, account 40.00.
fn later_bills_are_listed_and_adjudicated_again(world: &World) {
    world.hospital("H1", CLOUD);
    let own = world.saver("甲", CLOUD, "400.00", "0");
    let bill = |date: &str, total: &str| {
        world.at("H1").ok("settle_at_once", at_once(&own, "H1", "outpatient", date, total))
    };
    let (first, second, third) =
        (bill("2026-03-01", "500.00"), bill("2026-03-02", "300.00"), bill("2026-03-03", "100.00"));
    assert_eq!(
        [paid(&first), paid(&second), paid(&third)],
        [[180_00, 320_00, 0, 0], [180_00, 80_00, 0, 40_00], [60_00, 0, 0, 40_00]]
    );
    assert_eq!(affected(world, &own, first.seq), []);
    cancel(world, &made(&first).id);
    let difference = |of: &Value, fund_paid, account_paid, cash_paid| Affected {
        settlement: of.as_str().expect("an id").to_owned(),
        fund_paid,
        account_paid,
        mutual_aid_paid: 0,
        hospital_borne: 0,
        cash_paid,
    };
    let (two, three) = (json!(made(&second).id), json!(made(&third).id));
    assert_eq!(
        affected(world, &own, first.seq),
        [difference(&two, -120_00, 160_00, -40_00), difference(&three, 0, 40_00, -40_00)]
    );
    assert_eq!(paid(&second), [180_00, 80_00, 0, 40_00], "until then they stay as they are");
    assert_eq!(again(world, &made(&second).id), [60_00, 240_00, 0, 0]);
    assert_eq!(affected(world, &own, first.seq), [difference(&three, 0, 40_00, -40_00)]);
    assert_eq!(again(world, &made(&third).id), [60_00, 40_00, 0, 0]);
    assert_eq!(affected(world, &own, first.seq), []);
    assert_eq!(affected(world, &own, 0), []);
    assert_eq!(world.purse(&own), (120_00, 0));
    assert_eq!(world.balance("990301/fund/employee/pooled"), -120_00);
    let refusal = world.no("readjudicate", json!({ "settlement": made(&second).id, "reason": "再来" }));
    assert_eq!(&*refusal.code, "already_cancelled");
    world.assert_sound();
}

/// Two stays. Without the first, the bills of the second take it for the first admission, one after the other.
fn a_stay_moves_up_bill_by_bill(world: &World) {
    world.hospital("H1", CLOUD);
    let own = world.saver("甲", CLOUD, "0", "0");
    let one = world.at("H1").ok("settle_at_once", at_once(&own, "H1", "inpatient", "2026-03-01", "2000.00"));
    let visit = json!({ "person": own, "institution": "H1", "care_type": "inpatient", "date": "2026-04-01" });
    let stay = crate::world::text(&world.at("H1").ok("open_visit", json!({ "visit": visit })), "visit");
    let bill = |date: &str, mid: bool| {
        let body = json!({ "visit": stay, "date": date, "mid_stay": mid, "charges": { "total": "1000.00" } });
        world.at("H1").ok("settle", body)
    };
    // 400.00 for the second admission: 85% of 600.00, then of 1,000.00.
    let (two, three) = (bill("2026-04-02", true), bill("2026-04-03", false));
    assert_eq!([paid(&two)[0], paid(&three)[0]], [510_00, 850_00]);
    cancel(world, &made(&one).id);
    // 800.00 for the first: 85% of 200.00.
    let listed: Vec<i64> = affected(world, &own, one.seq).iter().map(|later| later.fund_paid).collect();
    assert_eq!(listed, [-340_00]);
    assert_eq!(again(world, &made(&two).id)[0], 170_00);
    world.assert_sound();
    assert_eq!(again(world, &made(&three).id)[0], 850_00);
    assert_eq!(affected(world, &own, one.seq), []);
    let tally = world.row("tally", &format!("{own}/{CLOUD}/employee/2026-01-01")).expect("a tally");
    assert_eq!(tally["counters"]["admissions|2026-01-01"], 1);
    assert_eq!(tally["stays"][0]["ordinal"], 1);
    world.assert_sound();
}

/// Bills of two stays that take turns: whichever is cancelled, the tally is that of what lives.
fn stays_that_take_turns(world: &World) {
    world.hospital("H1", CLOUD);
    let own = world.saver("甲", CLOUD, "0", "0");
    let visit = json!({ "person": own, "institution": "H1", "care_type": "inpatient", "date": "2026-04-01" });
    let stay = crate::world::text(&world.at("H1").ok("open_visit", json!({ "visit": visit })), "visit");
    let bill = |mid: bool| {
        let body = json!({ "visit": stay, "date": "2026-04-02", "mid_stay": mid, "charges": { "total": "1000.00" } });
        world.at("H1").ok("settle", body)
    };
    let first = bill(true);
    let between =
        world.at("H1").ok("settle_at_once", at_once(&own, "H1", "inpatient", "2026-04-02", "900.00"));
    let last = bill(false);
    world.assert_sound();
    for cancelled in [&first, &between, &last] {
        cancel(world, &made(cancelled).id);
        world.assert_sound();
    }
}

on_both! {
    later_bills_are_listed_and_adjudicated_again,
    a_stay_moves_up_bill_by_bill,
    stays_that_take_turns,
}
