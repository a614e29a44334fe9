//! Enrolment, changes, pauses, ends, transfers.

use gongji_agency::actor::Role;
use gongji_agency::look::{self, CoverState};
use serde_json::{Value, json};

use crate::kit::{Desktop, HERE, THERE, enrolment, hospital, open, operator, staff};

fn on(desk: &Desktop, person: &str, day: &str) -> (CoverState, String) {
    let day = day.parse().expect("a date");
    let seen = desk.look(&operator(), |desk, context| look::cover(desk, context, person, day)).expect("seen");
    (seen.state, seen.reason)
}

#[test]
fn cover_on_a_day_has_a_reason() {
    let desk = open();
    let person = desk.person("王小明", 1);
    assert_eq!(on(&desk, &person, "2026-06-15"), (CoverState::NotYet, "没有参保登记".to_owned()));
    desk.book("enrol", enrolment(&person));
    desk.book(
        "change_category",
        json!({ "person": person, "from": "2026-03-01", "reason": "退休",
                "facts": { "category": "retired", "retired_on": "2026-03-01" } }),
    );
    desk.book("pause_cover", json!({ "person": person, "from": "2026-04-01", "reason": "欠费" }));
    desk.book("resume_cover", json!({ "person": person, "from": "2026-05-01", "reason": "补缴" }));
    desk.book("end_cover", json!({ "person": person, "to": "2026-05-31", "reason": "出国" }));
    let mut again = enrolment(&person);
    (again["from"], again["reason"]) = (json!("2026-08-01"), json!("续保"));
    desk.book("enrol", again);
    for (day, state, reason) in [
        ("2023-12-31", CoverState::NotYet, "2024-01-01 起参保"),
        ("2024-01-01", CoverState::Covered, "2024-01-01 起：新参保"),
        ("2026-02-28", CoverState::Covered, "2024-01-01 起：新参保"),
        ("2026-03-01", CoverState::Covered, "2026-03-01 起：退休"),
        ("2026-04-01", CoverState::Paused, "2026-04-01 起：欠费"),
        ("2026-04-30", CoverState::Paused, "2026-04-01 起：欠费"),
        ("2026-05-01", CoverState::Covered, "2026-05-01 起：补缴"),
        ("2026-05-31", CoverState::Covered, "2026-05-01 起：补缴"),
        ("2026-06-01", CoverState::Ended, "2026-05-31 终止：出国；2026-08-01 起再参保"),
        ("2026-08-01", CoverState::Covered, "2026-08-01 起：续保"),
    ] {
        assert_eq!(on(&desk, &person, day), (state, reason.to_owned()), "{day}");
    }
    // What was not changed stayed as it was.
    let seen = desk.look(&operator(), |desk, context| look::person(desk, context, &person)).expect("seen");
    assert_eq!(seen.covers.len(), 5);
    assert!(seen.covers.windows(2).all(|pair| pair[0].to.expect("ended") < pair[1].from));
    assert_eq!(seen.covers[3].years.total, Some(20));
    assert_eq!(seen.covers[3].supplements, Some(Vec::new()));
}

#[test]
fn enrolments_that_do_not_fit_are_refused() {
    let desk = open();
    let person = desk.person("王小明", 1);
    let good = enrolment(&person);
    for (path, value, code) in [
        ("/area", json!("990999"), "unknown_area"),
        ("/area", json!("000000"), "unknown_area"),
        ("/scheme", json!("rural"), "unknown_scheme"),
        ("/person", json!("P999"), "no_person"),
        ("/from", json!("1980-02-28"), "dates_go_back"),
        ("/from", json!("2027-06-16"), "future_date"),
        ("/reason", json!(""), "missing_field"),
        ("/facts/category", json!("adult"), "contradiction"),
        ("/facts/category", json!("worker"), "unknown_value"),
        ("/facts/category", Value::Null, "missing_field"),
        ("/facts/account_option", json!("with"), "unknown_value"),
        ("/facts/assistance", json!(["none"]), "contradiction"),
        ("/facts/assistance", json!(["rich"]), "unknown_value"),
        ("/facts/supplements", json!(["gold"]), "unknown_value"),
        ("/facts/premium_tier", json!("gold"), "unknown_value"),
        ("/facts/retired_on", json!("2023-01-01"), "contradiction"),
        ("/facts/years/total", json!(101), "out_of_range"),
        ("/facts/employer", json!("E/1"), "malformed_code"),
    ] {
        let mut asked = good.clone();
        if asked.pointer(path).is_none() {
            let (parent, name) = path.rsplit_once('/').expect("a path");
            asked.pointer_mut(parent).expect("a parent")[name] = Value::Null;
        }
        *asked.pointer_mut(path).expect("a field") = value;
        assert_eq!(desk.refused("enrol", asked.clone()), code, "{asked}");
    }
    desk.book("enrol", good.clone());
    assert_eq!(desk.refused("enrol", good.clone()), "cover_overlaps");
    desk.book("end_cover", json!({ "person": person, "to": "2026-05-31", "reason": "离职" }));
    let mut touching = good.clone();
    touching["from"] = json!("2026-05-31");
    assert_eq!(desk.refused("enrol", touching.clone()), "cover_overlaps");
    touching["from"] = json!("2026-06-01");
    desk.book("enrol", touching);
    let resident = desk.person("李小红", 2);
    let account = json!({
        "person": resident, "area": HERE, "scheme": "resident", "from": "2026-01-01", "reason": "新参保",
        "facts": { "category": "adult", "account_option": "with_account" },
    });
    assert_eq!(desk.refused("enrol", account), "contradiction");
}

#[test]
fn changes_that_do_not_fit_are_refused() {
    let desk = open();
    let person = desk.person("王小明", 1);
    let pause = |from: &str| json!({ "person": person, "from": from, "reason": "欠费" });
    assert_eq!(desk.refused("pause_cover", pause("2026-06-01")), "not_covered");
    desk.book("enrol", enrolment(&person));
    assert_eq!(desk.refused("resume_cover", pause("2026-06-01")), "not_paused");
    assert_eq!(desk.refused("pause_cover", pause("2023-12-31")), "dates_go_back");
    desk.book("pause_cover", pause("2026-06-01"));
    assert_eq!(desk.refused("pause_cover", pause("2026-06-02")), "already_paused");
    let change =
        |facts: Value| json!({ "person": person, "from": "2026-06-10", "facts": facts, "reason": "变更" });
    assert_eq!(desk.refused("change_category", change(json!({}))), "nothing_changes");
    assert_eq!(desk.refused("change_category", change(json!({ "category": "child" }))), "contradiction");
    let end = |to: &str| json!({ "person": person, "to": to, "reason": "离职" });
    assert_eq!(desk.refused("end_cover", end("2026-05-31")), "dates_go_back");
    desk.book("end_cover", end("2026-06-05"));
    assert_eq!(desk.refused("end_cover", end("2026-06-05")), "cover_ended");
    assert_eq!(desk.refused("resume_cover", pause("2026-06-10")), "cover_ended");
    assert_eq!(desk.refused("change_category", change(json!({ "category": "flexible" }))), "cover_ended");
}

#[test]
fn a_change_on_the_first_day_replaces_the_stretch() {
    let desk = open();
    let person = desk.person("王小明", 1);
    desk.book("enrol", enrolment(&person));
    let change = json!({ "person": person, "from": "2024-01-01", "facts": { "category": "flexible" }, "reason": "录错" });
    desk.book("change_category", change);
    let seen = desk.look(&operator(), |desk, context| look::person(desk, context, &person)).expect("seen");
    assert_eq!(seen.covers.len(), 1);
    assert_eq!(seen.covers[0].category, "flexible");
}

#[test]
fn what_was_settled_after_an_end_that_reaches_back_is_named() {
    let desk = open();
    let person = desk.employee("王小明", 1);
    desk.hospital("H1", HERE);
    let bill = desk.bill(&person, "H1", "2026-06-10", "500.00");
    let answer = desk.book("end_cover", json!({ "person": person, "to": "2026-06-09", "reason": "离职" }));
    assert_eq!(answer["settled_later"], json!([bill["id"]]));
    let refused = desk.refused_by(
        &hospital("H1"),
        "settle_at_once",
        json!({
            "visit": { "person": person, "institution": "H1", "care_type": "outpatient", "date": "2026-06-11" },
            "charges": { "total": "10.00" },
        }),
    );
    assert_eq!(&*refused.code, "cover_ended");
}

fn transfer(person: &str, area: &str, from: &str) -> Value {
    json!({ "person": person, "area": area, "from": from, "reason": "工作调动" })
}

#[test]
fn a_transfer_takes_years_and_money_along() {
    let desk = open();
    let person = desk.employee("王小明", 1);
    desk.credit(&person, "current_year", "120.00");
    desk.credit(&person, "carried_over", "880.50");
    assert_eq!(
        desk.refused("transfer_relationship", transfer(&person, HERE, "2026-06-01")),
        "nothing_changes"
    );
    assert_eq!(
        desk.refused("transfer_relationship", transfer(&person, "990999", "2026-06-01")),
        "unknown_area"
    );
    assert_eq!(
        desk.refused("transfer_relationship", transfer(&person, THERE, "2024-01-01")),
        "dates_go_back"
    );
    let answer = desk.book("transfer_relationship", transfer(&person, THERE, "2026-06-01"));
    assert_eq!(answer["money"], json!("1000.50"));
    let seen = desk.look(&operator(), |desk, context| look::person(desk, context, &person)).expect("seen");
    assert_eq!(seen.covers[0].to.map(|to| to.to_string()).as_deref(), Some("2026-05-31"));
    let now = &seen.covers[1];
    assert_eq!((now.area.as_str(), now.scheme.as_str()), (THERE, "employee"));
    assert_eq!((now.years.total, now.years.local_paid, now.years.continuous), (Some(20), Some(0), Some(8)));
    let account = seen.account.expect("an account");
    assert_eq!(account.area, THERE);
    assert_eq!((account.current_year.fen(), account.carried_over.fen()), (12_000, 88_050));
    let statement = desk
        .look(&operator(), |desk, context| look::statement(desk, context, &person, (None, None)))
        .expect("a statement");
    let last = statement.lines.last().expect("lines");
    assert_eq!(
        (last.movement, last.area.as_str(), last.balance.fen()),
        (look::Movement::Transfer, THERE, 88_050)
    );
    // The old area's staff may look, and change nothing any more.
    let old = staff(Role::Clerk, &[HERE]);
    assert!(desk.look(&old, |desk, context| look::person(desk, context, &person)).is_ok());
    let end = json!({ "person": person, "to": "2026-06-10", "reason": "误" });
    assert_eq!(&*desk.refused_by(&old, "end_cover", end).code, "denied");
    // Credits go to the new books, and back again it goes as well.
    desk.credit(&person, "current_year", "1.00");
    let answer = desk.book("transfer_relationship", transfer(&person, HERE, "2026-06-10"));
    assert_eq!(answer["money"], json!("1001.50"));
    let seen = desk.look(&operator(), |desk, context| look::person(desk, context, &person)).expect("seen");
    assert_eq!(seen.covers[2].years.local_paid, None, "what was paid here before is not known to be nothing");
}

#[test]
fn an_empty_account_moves_too_and_may_come_after() {
    let desk = open();
    let person = desk.employee("王小明", 1);
    desk.book("end_cover", json!({ "person": person, "to": "2026-05-31", "reason": "离职" }));
    let mut there = enrolment(&person);
    (there["area"], there["from"]) = (json!(THERE), json!("2026-06-01"));
    desk.book("enrol", there);
    desk.book("transfer_relationship", transfer(&person, THERE, "2026-06-01"));
    let seen = desk.look(&operator(), |desk, context| look::person(desk, context, &person)).expect("seen");
    assert_eq!(seen.account.expect("an account").area, THERE);
    assert_eq!(seen.covers.len(), 2);
    assert_eq!(
        desk.refused("transfer_relationship", transfer(&person, THERE, "2026-06-02")),
        "nothing_changes"
    );
}
