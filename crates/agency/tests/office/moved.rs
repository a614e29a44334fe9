//! What is undone after an account moved to another area.

use serde_json::json;

use crate::life_of_a_bill::on_both;
use crate::world::{CLOUD, SEA, World, at_once, made};

/// A visit of 500 yuan at home, over 200 at 60 %: the fund pays 180, the account 320 of its 1,000. Then person and account move.
fn set_out(world: &World) -> (String, String) {
    world.hospital("H1", CLOUD);
    let own = world.saver("甲", CLOUD, "0", "1000.00");
    let bill = at_once(&own, "H1", "outpatient", "2026-03-05", "500.00");
    let settled = world.at("H1").ok("settle_at_once", bill);
    assert_eq!((made(&settled).fund_paid, made(&settled).account_paid), (180_00, 320_00));
    let id = made(&settled).id.clone();
    world.ok(
        "transfer_relationship",
        json!({ "person": own, "area": SEA, "from": "2026-05-01", "reason": "工作调动" }),
    );
    assert_eq!(world.purse(&own), (0, 680_00));
    (own, id)
}

fn the_money_goes_where_the_account_is(world: &World) {
    let (own, id) = set_out(world);
    world.at("H1").ok("cancel_settlement", json!({ "settlement": id, "reason": "退费" }));
    assert_eq!(world.purse(&own), (0, 1_000_00), "all of it, in the books of the new area");
    assert_eq!(world.balance(&format!("{CLOUD}/payable/H1")), 0);
    assert_eq!(world.balance(&format!("{CLOUD}/fund/employee/pooled")), 0);
    // The old area owes the new one the whole account, by the transfer and by the cancellation.
    assert_eq!(world.balance(&format!("{CLOUD}/clearing/{SEA}/account")), 1_000_00);
    assert_eq!(world.balance(&format!("{SEA}/clearing/{CLOUD}/account")), -1_000_00);
    world.assert_sound();
}

fn adjudicated_again_the_account_pays_from_there(world: &World) {
    let (own, id) = set_out(world);
    let again = world.ok("readjudicate", json!({ "settlement": id, "reason": "复核" }));
    assert_eq!((made(&again).fund_paid, made(&again).account_paid), (180_00, 320_00));
    assert_eq!(world.purse(&own), (0, 680_00));
    assert_eq!(world.balance(&format!("{CLOUD}/payable/H1")), 500_00);
    // What the old area's accounts owe since the account left stays; the new area's account owes the old area's pool, which pays the hospital.
    assert_eq!(world.balance(&format!("{CLOUD}/clearing/{SEA}/account")), 1_000_00);
    assert_eq!(world.balance(&format!("{CLOUD}/clearing/{SEA}")), -320_00);
    assert_eq!(world.balance(&format!("{SEA}/clearing/{CLOUD}/account")), -680_00);
    world.assert_sound();
}

on_both! {
    the_money_goes_where_the_account_is,
    adjudicated_again_the_account_pays_from_there,
}
