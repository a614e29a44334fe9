//! What is refused, with its code; nothing changes. `Hand::no` compares everything before and after.

use gongji_agency::actor::{Actor, Role};
use serde_json::{Value, json};

use crate::life_of_a_bill::on_both;
use crate::world::{CLOUD, SEA, World, at_once, line, text};

fn refused(world: &World, at: &str, kind: &str, body: Value, code: &str) {
    let refusal = world.at(at).no(kind, body);
    assert_eq!(&*refusal.code, code, "{refusal}");
}

fn bills(world: &World) {
    world.hospital("H1", CLOUD);
    world.hospital("H2", CLOUD);
    world.hospital("GONE", CLOUD);
    world.catalogue(CLOUD);
    world.ok("end_designation", json!({ "institution": "GONE", "to": "2026-01-31", "reason": "违规" }));
    let own = world.saver("甲", CLOUD, "100.00", "0");
    let good = at_once(&own, "H1", "outpatient", "2026-03-05", "500.00");
    let with = |path: &str, value: Value| {
        let mut body = good.clone();
        *body.pointer_mut(path).expect("a field") = value;
        body
    };
    let once = |at: &str, body: Value, code: &str| refused(world, at, "settle_at_once", body, code);
    once("H1", with("/visit/person", json!("P999999")), "no_person");
    once("H1", with("/visit/person", json!("")), "no_person");
    once("H1", with("/visit/date", json!("2026-06-16")), "future_date");
    once("H1", with("/visit/date", json!("2019-12-31")), "not_designated");
    once("H1", with("/visit/date", json!("2026-02-30")), "malformed");
    once("H1", with("/visit/care_type", json!("picnic")), "unknown_value");
    once("H1", with("/visit/institution", json!("H2")), "denied");
    once("H1", with("/charges/total", json!("-1.00")), "malformed");
    once("H1", with("/charges/total", json!("USD 12.00")), "malformed");
    once("H1", with("/charges/total", json!("1.001")), "malformed");
    once("H1", with("/charges/total", json!(12)), "malformed");
    once("H1", with("/charges", json!({ "total": "1.00", "non_covered": "2.00" })), "portions_exceed_total");
    once("GONE", at_once(&own, "GONE", "outpatient", "2026-02-01", "1.00"), "not_designated");
    let lines = |lines: Value| json!({ "visit": good["visit"], "lines": lines });
    once("H1", lines(json!([line("Z9", 1, 1)])), "unknown_item");
    once("H1", lines(json!([line("OLD", 1, 1)])), "item_not_in_force");
    once("H1", lines(json!([])), "missing_field");
    let wrong = json!({ "code": "A1", "quantity": "2", "unit_price": "1.00", "amount": "3.00" });
    once("H1", lines(json!([wrong])), "line_amount");
    let mut differs = good.clone();
    differs["expect"] = json!("0".repeat(64));
    once("H1", differs, "quote_differs");
    world.assert_sound();
}

fn covers_and_the_dead(world: &World) {
    world.hospital("H1", CLOUD);
    let bill = |person: &str, date: &str| at_once(person, "H1", "outpatient", date, "500.00");
    let once = |person: &str, date: &str, code: &str| {
        refused(world, "H1", "settle_at_once", bill(person, date), code)
    };
    let stranger = world.person("未参保");
    once(&stranger, "2026-03-05", "not_covered");
    let ended = world.employee("终止", CLOUD);
    world.ok("end_cover", json!({ "person": ended, "to": "2026-01-31", "reason": "离职" }));
    once(&ended, "2026-02-01", "cover_ended");
    world.at("H1").ok("settle_at_once", bill(&ended, "2026-01-31"));
    let paused = world.employee("暂停", CLOUD);
    world.ok("pause_cover", json!({ "person": paused, "from": "2026-02-01", "reason": "欠费" }));
    once(&paused, "2026-02-01", "cover_paused");
    world.ok("resume_cover", json!({ "person": paused, "from": "2026-03-01", "reason": "补缴" }));
    once(&paused, "2026-02-28", "cover_paused");
    world.at("H1").ok("settle_at_once", bill(&paused, "2026-03-01"));
    let dead = world.employee("亡故", CLOUD);
    world.ok("record_death", json!({ "person": dead, "died_on": "2026-02-10" }));
    once(&dead, "2026-02-11", "person_died");
    world.at("H1").ok("settle_at_once", bill(&dead, "2026-02-10"));
    world.assert_sound();
}

fn visits(world: &World) {
    world.hospital("H1", CLOUD);
    world.hospital("H2", CLOUD);
    world.catalogue(CLOUD);
    let own = world.saver("甲", CLOUD, "100.00", "0");
    let visit = |at: &str, care: &str| json!({ "visit": { "person": own, "institution": at, "care_type": care, "date": "2026-03-05" } });
    let stay = text(&world.at("H1").ok("open_visit", visit("H1", "inpatient")), "visit");
    refused(world, "H2", "open_visit", visit("H2", "inpatient"), "already_admitted");
    refused(world, "H1", "open_visit", visit("H1", "inpatient"), "already_admitted");
    let other = text(&world.at("H2").ok("open_visit", visit("H2", "outpatient")), "visit");
    let mut from_other = visit("H2", "inpatient");
    from_other["visit"]["transfer_from"] = json!(other);
    refused(world, "H2", "open_visit", from_other, "no_visit");
    let lines = json!({ "visit": stay, "lines": [line("A1", 1, 100)] });
    refused(world, "H2", "upload_lines", lines.clone(), "denied");
    refused(world, "H1", "upload_lines", json!({ "visit": "V1", "lines": [] }), "no_visit");
    refused(world, "H1", "upload_lines", json!({ "visit": stay, "lines": [] }), "line_count");
    let early =
        json!({ "code": "A1", "on": "2026-03-04", "quantity": "1", "unit_price": "1.00", "amount": "1.00" });
    refused(world, "H1", "upload_lines", json!({ "visit": stay, "lines": [early] }), "dates_go_back");
    refused(world, "H1", "settle", json!({ "visit": stay, "date": "2026-03-06" }), "no_lines");
    world.at("H1").ok("upload_lines", lines);
    refused(world, "H2", "settle", json!({ "visit": stay, "date": "2026-03-06" }), "denied");
    refused(world, "H1", "settle", json!({ "visit": stay, "date": "2026-06-16" }), "future_date");
    refused(world, "H1", "settle", json!({ "visit": stay, "date": "2026-03-04" }), "dates_go_back");
    let both = json!({ "visit": stay, "date": "2026-03-06", "charges": { "total": "1.00" } });
    refused(world, "H1", "settle", both, "portions_and_lines");
    world.at("H1").ok("settle", json!({ "visit": stay, "date": "2026-03-06" }));
    refused(world, "H1", "cancel_visit", json!({ "visit": stay, "reason": "x" }), "visit_closed");
    refused(world, "H1", "cancel_lines", json!({ "visit": stay }), "visit_closed");
    world.at("H2").ok("cancel_visit", json!({ "visit": other, "reason": "未就诊" }));
    refused(world, "H2", "settle", json!({ "visit": other, "date": "2026-03-06" }), "visit_cancelled");
    world.assert_sound();
}

fn others_ids(world: &World) {
    world.hospital("H1", CLOUD);
    world.hospital("H2", CLOUD);
    let own = world.saver("甲", CLOUD, "100.00", "0");
    let bill = world.at("H1").ok("settle_at_once", at_once(&own, "H1", "outpatient", "2026-03-05", "500.00"));
    let cancel = |id: &str| json!({ "settlement": id, "reason": "x" });
    let id = format!("S{}", bill.seq);
    refused(world, "H2", "cancel_settlement", cancel(&id), "denied");
    refused(world, "H1", "cancel_settlement", cancel("S1"), "no_settlement");
    refused(world, "H1", "cancel_settlement", cancel("S99999"), "no_settlement");
    refused(world, "H1", "cancel_settlement", cancel("S0"), "malformed_id");
    refused(world, "H1", "cancel_settlement", cancel(&format!("S0{}", bill.seq)), "malformed_id");
    refused(world, "H1", "cancel_settlement", json!({ "settlement": id, "reason": " " }), "missing_field");
    refused(world, "H1", "readjudicate", cancel(&id), "denied");
    let clerk = |area: &str| Actor { role: Role::Clerk, name: "c".to_owned(), areas: vec![area.to_owned()] };
    let denied = |kind: &str, body: Value| {
        let refusal = world.by(clerk(SEA)).no(kind, body);
        assert_eq!(&*refusal.code, "denied", "{refusal}");
    };
    denied("cancel_settlement", cancel(&id));
    denied("readjudicate", cancel(&id));
    denied("end_cover", json!({ "person": own, "to": "2026-03-31", "reason": "x" }));
    denied(
        "credit_account",
        json!({ "person": own, "sub_account": "current_year", "amount": "1.00", "period": "2026-03", "source": "bank", "reason": "x" }),
    );
    denied("register_institution", json!({ "id": "X", "name": "x", "area": CLOUD, "from": "2026-01-01" }));
    let second = world.employee("乙", CLOUD);
    let refusal = world.no("open_account", json!({ "person": second, "area": SEA }));
    assert_eq!(&*refusal.code, "other_area");
    let refusal = world.no("enrol", json!({ "person": second, "area": "999999", "scheme": "employee", "from": "2026-01-01", "facts": { "category": "employed" }, "reason": "x" }));
    assert_eq!(&*refusal.code, "unknown_area");
    world.by(clerk(CLOUD)).ok("cancel_settlement", cancel(&id));
    world.assert_sound();
}

on_both! {
    bills,
    covers_and_the_dead,
    visits,
    others_ids,
}
