//! 冲正: a message whose outcome its sender does not know.

use gongji_agency::office::Failure;
use serde_json::{Value, json};

use crate::life_of_a_bill::on_both;
use crate::world::{CLOUD, World, at_once, made};

fn set_out(world: &World) -> Value {
    world.hospital("H1", CLOUD);
    world.hospital("H2", CLOUD);
    let own = world.saver("甲", CLOUD, "100.00", "0");
    at_once(&own, "H1", "outpatient", "2026-03-05", "500.00")
}

fn reverse(world: &World, message: &str) -> (String, Value) {
    let answer = world.at("H1").ok("reverse", json!({ "message": message }));
    (answer.kind, answer.result["cancelled"].clone())
}

fn after_it_arrived(world: &World) {
    let bill = set_out(world);
    let before = world.state();
    let id = made(&world.at("H1").ok_as("m", "settle_at_once", &bill)).id.clone();
    assert_eq!(reverse(world, "m"), ("reversal".to_owned(), json!(id)));
    assert_eq!(world.state(), before);
    assert_eq!(reverse(world, "m"), ("reversal".to_owned(), Value::Null), "once");
    let again = world.at("H1").ok_as("m", "settle_at_once", &bill);
    assert!(again.replayed && made(&again).id == id, "the message is still answered as it was");
    assert_eq!(world.state(), before);
    world.assert_sound();
}

fn before_it_arrives(world: &World) {
    let bill = set_out(world);
    let before = world.state();
    assert_eq!(reverse(world, "late"), ("tombstone".to_owned(), Value::Null));
    for _ in 0..2 {
        match world.at("H1").book("late", "settle_at_once", &bill) {
            Err(Failure::Refused(refusal)) => assert_eq!(&*refusal.code, "reversed_before"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(reverse(world, "late"), ("reversal".to_owned(), Value::Null));
    assert_eq!(world.state(), before);
    world.at("H1").ok("settle_at_once", bill);
    world.assert_sound();
}

fn what_was_refused_or_cancelled_leaves_nothing_to_reverse(world: &World) {
    let bill = set_out(world);
    let mut wrong = bill.clone();
    wrong["visit"]["person"] = json!("P999999");
    assert!(world.at("H1").book("refused", "settle_at_once", &wrong).is_err());
    assert_eq!(reverse(world, "refused"), ("reversal".to_owned(), Value::Null));
    let before = world.state();
    let id = made(&world.at("H1").ok_as("m", "settle_at_once", &bill)).id.clone();
    world.at("H1").ok("cancel_settlement", json!({ "settlement": id, "reason": "退费" }));
    assert_eq!(reverse(world, "m"), ("reversal".to_owned(), Value::Null));
    assert_eq!(world.state(), before);
    world.assert_sound();
}

fn what_took_its_place_is_reversed(world: &World) {
    let bill = set_out(world);
    let before = world.state();
    let mut id = made(&world.at("H1").ok_as("m", "settle_at_once", &bill)).id.clone();
    for _ in 0..2 {
        let new = world.ok("readjudicate", json!({ "settlement": id, "reason": "复核" }));
        id.clone_from(&made(&new).id);
    }
    assert_eq!(reverse(world, "m"), ("reversal".to_owned(), json!(id)));
    assert_eq!(world.state(), before, "nothing of it is left");
    assert_eq!(reverse(world, "m"), ("reversal".to_owned(), Value::Null));
    world.assert_sound();
}

fn only_settlements_and_only_ones_own(world: &World) {
    let bill = set_out(world);
    world.at("H1").ok_as("m", "settle_at_once", &bill);
    world.at("H1").ok_as("opened", "open_visit", &json!({ "visit": bill["visit"] }));
    assert_eq!(&*world.at("H1").no("reverse", json!({ "message": "opened" })).code, "not_reversible");
    let live = world.state();
    let other = world.at("H2").ok("reverse", json!({ "message": "m" }));
    assert_eq!(other.kind, "tombstone", "another's messages are not this one's");
    assert_eq!(world.state(), live);
    match world.at("H1").book("myself", "reverse", &json!({ "message": "myself" })) {
        Err(Failure::Refused(refusal)) => assert_eq!(&*refusal.code, "reverses_itself"),
        other => panic!("{other:?}"),
    }
    world.assert_sound();
}

on_both! {
    after_it_arrived,
    before_it_arrives,
    what_was_refused_or_cancelled_leaves_nothing_to_reverse,
    what_took_its_place_is_reversed,
    only_settlements_and_only_ones_own,
}
