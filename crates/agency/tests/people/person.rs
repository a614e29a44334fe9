//! Registration, corrections, certificates, credentials, death.

use gongji_agency::actor::Role;
use gongji_agency::look;
use serde_json::json;

use crate::kit::{HERE, THERE, enrolment, hospital, id_card, open, operator, resident, staff};

#[test]
fn a_certificate_has_one_holder() {
    let desk = open();
    let person = desk.person("王小明", 1);
    let again = json!({
        "area": HERE, "name": "别人", "sex": "male", "birth_date": "1980-02-29",
        "certificate": { "kind": "id_card", "number": id_card("19800229", 1).to_lowercase() },
    });
    let refusal = desk.refused_by(&operator(), "register_person", again);
    assert_eq!(&*refusal.code, "certificate_taken");
    assert!(!refusal.to_string().contains(&id_card("19800229", 1)), "{refusal}");
    assert!(refusal.to_string().contains(&person));
}

#[test]
fn bad_registrations_book_nothing() {
    let desk = open();
    let good = json!({
        "area": HERE, "name": "王小明", "sex": "male", "birth_date": "1980-02-29",
        "certificate": { "kind": "id_card", "number": id_card("19800229", 1) },
    });
    for (field, value, code) in [
        ("name", json!("  "), "missing_field"),
        ("name", json!("王\n小明"), "malformed_text"),
        ("sex", json!("female"), "sex_differs"),
        ("sex", json!("男"), "unknown_value"),
        ("birth_date", json!("1980-02-28"), "birth_date_differs"),
        ("birth_date", json!("2026-06-16"), "future_date"),
        ("birth_date", json!("1800-01-01"), "birth_date"),
        ("area", json!("郑州"), "unknown_area"),
        ("certificate", json!({ "kind": "id_card", "number": "123" }), "malformed_certificate"),
        ("certificate", json!({ "kind": "library_card", "number": "123" }), "unknown_value"),
        ("colour", json!("red"), "unknown_field"),
    ] {
        let mut asked = good.clone();
        asked[field] = value;
        assert_eq!(desk.refused("register_person", asked.clone()), code, "{asked}");
    }
    desk.book("register_person", good);
}

#[test]
fn a_newborn_gets_an_id_card_and_keeps_the_file() {
    let desk = open();
    let answer = desk.book(
        "register_person",
        json!({
            "area": HERE, "name": "新生儿", "sex": "female", "birth_date": "2026-06-01",
            "certificate": { "kind": "birth_certificate", "number": "t990000001" },
        }),
    );
    let person = answer["person"].as_str().expect("a number").to_owned();
    let number = id_card("20260601", 2);
    let card = json!({ "person": person, "certificate": { "kind": "id_card", "number": number } });
    let wrong =
        json!({ "person": person, "certificate": { "kind": "id_card", "number": id_card("20260602", 2) } });
    assert_eq!(desk.refused("replace_certificate", wrong), "birth_date_differs");
    desk.book("replace_certificate", card.clone());
    assert_eq!(desk.refused("replace_certificate", card), "nothing_changes");
    for (kind, number) in [("birth_certificate", "T990000001"), ("id_card", &*number)] {
        let found = desk.look(&operator(), |desk, context| look::find_person(desk, context, kind, number));
        assert_eq!(found.expect("found").person, person, "both numbers find the person");
    }
    let taken = json!({
        "area": HERE, "name": "另一个", "sex": "female", "birth_date": "2026-06-01",
        "certificate": { "kind": "birth_certificate", "number": "T990000001" },
    });
    assert_eq!(desk.refused("register_person", taken), "certificate_taken");
}

#[test]
fn a_correction_frees_the_wrong_number() {
    let desk = open();
    let person = desk.person("王小明", 1);
    let right = json!({
        "person": person, "reason": "录入错误", "name": "王晓明", "birth_date": "1980-03-01",
        "certificate": { "kind": "id_card", "number": id_card("19800301", 1) },
    });
    assert_eq!(
        desk.refused("correct_person", json!({ "person": person, "reason": "无" })),
        "nothing_changes"
    );
    assert_eq!(
        desk.refused("correct_person", json!({ "person": person, "name": "甲", "reason": " " })),
        "missing_field"
    );
    assert_eq!(
        desk.refused(
            "correct_person",
            json!({ "person": person, "birth_date": "1980-03-01", "reason": "错" })
        ),
        "birth_date_differs"
    );
    let answer = desk.book("correct_person", right);
    assert_eq!(answer["changed"], json!(["name", "certificate", "birth_date"]));
    // The number that was wrong belongs to whoever really has it.
    assert_ne!(desk.person("真正的人", 1), person);
    assert_eq!(
        desk.refused("correct_person", json!({ "person": "P999", "name": "甲", "reason": "错" })),
        "no_person"
    );
}

#[test]
fn death_ends_the_cover_and_nothing_else() {
    let desk = open();
    let person = desk.employee("王小明", 1);
    desk.hospital("H1", HERE);
    desk.credit(&person, "current_year", "100.00");
    let bill = desk.bill(&person, "H1", "2026-06-10", "500.00");
    assert_eq!(
        desk.refused("record_death", json!({ "person": person, "died_on": "2026-06-16" })),
        "future_date"
    );
    assert_eq!(
        desk.refused("record_death", json!({ "person": person, "died_on": "1979-01-01" })),
        "dates_go_back"
    );
    let answer = desk.book("record_death", json!({ "person": person, "died_on": "2026-06-01" }));
    assert_eq!(answer["settled_later"], json!([bill["id"]]), "bills after the death are named");
    assert_eq!(
        desk.refused("record_death", json!({ "person": person, "died_on": "2026-06-01" })),
        "person_died"
    );
    let seen = desk.look(&operator(), |desk, context| look::person(desk, context, &person)).expect("seen");
    assert_eq!(seen.covers[0].to.map(|to| to.to_string()).as_deref(), Some("2026-06-01"));
    assert_eq!(seen.account.expect("the account stays").area, HERE);
    assert_eq!(seen.today.state, look::CoverState::Died);
    let mut again = enrolment(&person);
    again["from"] = json!("2026-06-15");
    assert_eq!(desk.refused("enrol", again), "person_died");
}

#[test]
fn credentials_live_and_are_lost() {
    let desk = open();
    let person = desk.person("王小明", 1);
    let other = desk.person("李小红", 2);
    let card = |person: &str, number: &str| json!({ "person": person, "number": number });
    let issue = |person: &str, number: &str| json!({ "person": person, "credential": "social_security_card", "number": number });
    desk.book("issue_credential", issue(&person, "SSC000000001"));
    assert_eq!(desk.refused("issue_credential", issue(&person, "SSC000000002")), "credential_exists");
    assert_eq!(desk.refused("issue_credential", issue(&other, "SSC000000001")), "credential_taken");
    assert_eq!(desk.refused("issue_credential", issue(&other, "SSC 1")), "malformed_code");
    desk.book("activate_credential", card(&person, "SSC000000001"));
    assert_eq!(desk.refused("activate_credential", card(&person, "SSC000000001")), "credential_status");
    assert_eq!(desk.refused("report_credential_lost", card(&person, "SSC000000009")), "no_credential");
    desk.book("report_credential_lost", card(&person, "SSC000000001"));
    desk.book("issue_credential", issue(&person, "SSC000000002"));
    assert_eq!(
        desk.refused("activate_credential", card(&person, "SSC000000001")),
        "credential_exists",
        "the card that was found again stays lost beside the new one"
    );
    let cancel = json!({ "person": person, "number": "SSC000000001", "reason": "补卡" });
    desk.book("cancel_credential", cancel.clone());
    assert_eq!(desk.refused("cancel_credential", cancel), "credential_status");
    let found = desk.look(&operator(), |desk, context| {
        look::find_person(desk, context, "social_security_card", "ssc000000002")
    });
    assert_eq!(found.expect("found").person, person);
    let missing = desk.look(&operator(), |desk, context| {
        look::find_person(desk, context, "social_security_card", "SSC000000001")
    });
    assert_eq!(missing, Err("no_person".to_owned()));
}

#[test]
fn each_sees_what_may_be_seen() {
    let desk = open();
    let person = desk.person("王小明", 1);
    let other = desk.person("李小红", 2);
    let number = id_card("19800229", 1);
    let see = |actor: &gongji_agency::actor::Actor, id: &str| {
        desk.look(actor, |desk, context| look::person(desk, context, id)).map(|seen| seen.certificate.number)
    };
    let masked = "990***********".to_owned() + &number[14..];
    assert_eq!(see(&operator(), &person), Ok(number.clone()));
    assert_eq!(see(&staff(Role::Clerk, &[HERE]), &person), Ok(number.clone()));
    assert_eq!(see(&staff(Role::Auditor, &[HERE]), &person), Ok(masked.clone()));
    assert_eq!(see(&staff(Role::Reviewer, &[]), &person), Ok(masked));
    assert_eq!(see(&resident(&person), &person), Ok(number.clone()));
    assert_eq!(see(&resident(&person), &other), Err("denied".to_owned()));
    assert_eq!(see(&resident(&person), "P999"), Err("denied".to_owned()), "nor whether there is one");
    assert_eq!(see(&staff(Role::Clerk, &[THERE]), &person), Err("denied".to_owned()));
    assert_eq!(see(&hospital("H1"), &person), Err("denied".to_owned()));
    let find = |actor: &gongji_agency::actor::Actor| {
        desk.look(actor, |desk, context| look::find_person(desk, context, "id_card", &number))
            .map(|found| found.name)
    };
    assert_eq!(find(&hospital("H1")), Ok("王**".to_owned()));
    assert_eq!(find(&staff(Role::Clerk, &[HERE])), Ok("王小明".to_owned()));
    assert_eq!(find(&staff(Role::Clerk, &[THERE])), Err("no_person".to_owned()));
    assert_eq!(find(&resident(&other)), Err("no_person".to_owned()));
}

#[test]
fn people_are_listed_by_area_with_masked_numbers() {
    let desk = open();
    for order in 1..=5 {
        desk.person(&format!("王{order}"), order);
    }
    let list = |actor: &gongji_agency::actor::Actor, text: &str, after: &str, limit: usize| {
        desk.look(actor, |desk, context| look::people(desk, context, (HERE, text), after, limit))
    };
    let clerk = staff(Role::Clerk, &[HERE]);
    let first = list(&clerk, "", "", 3).expect("a page");
    assert_eq!(first.entries.len(), 3);
    let second = list(&clerk, "", &first.next.expect("more"), 3).expect("a page");
    assert_eq!((second.entries.len(), second.next), (2, None));
    assert!(second.entries.iter().all(|brief| brief.certificate.contains("****")));
    let named = list(&clerk, "王4", "", 3).expect("a page");
    assert_eq!(named.entries.len(), 1);
    for actor in [staff(Role::Clerk, &[THERE]), resident("P1"), hospital("H1")] {
        assert_eq!(list(&actor, "", "", 3).map(|page| page.entries.len()), Err("denied".to_owned()));
    }
}
