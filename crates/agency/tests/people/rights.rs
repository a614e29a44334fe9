//! Who may do what: the whole table, and every command by everybody who may not.

use std::fmt::Write as _;

use gongji_agency::access::{Action, Scope, allowed};
use gongji_agency::actor::{Actor, Role};
use gongji_agency::command::COMMANDS;
use serde_json::json;

use crate::documented::examples;
use crate::kit::{HERE, THERE, open};

/// Every role × action × person × area × institution. A letter tells for each of nothing, own and other whether it is allowed.
#[test]
fn the_table_of_rights() {
    let mut table = String::new();
    let scopes: [Option<&str>; 3] = [None, Some("own"), Some("other")];
    for role in Role::ALL {
        for areas in [&[] as &[&str], &["own"]] {
            let actor = Actor {
                role,
                name: "own".to_owned(),
                areas: areas.iter().map(|area| (*area).to_owned()).collect(),
            };
            for action in Action::ALL {
                let mut when = Vec::new();
                for area in scopes {
                    for person in scopes {
                        for institution in scopes {
                            if allowed(&actor, action, Scope { area, person, institution }) {
                                let name = |what: &str, value: Option<&str>| {
                                    format!("{what}:{}", value.unwrap_or("-"))
                                };
                                when.push(
                                    [
                                        name("area", area),
                                        name("person", person),
                                        name("institution", institution),
                                    ]
                                    .join(" "),
                                );
                            }
                        }
                    }
                }
                let told = match when.len() {
                    0 => "never".to_owned(),
                    27 => "always".to_owned(),
                    _ => {
                        // The nine combinations in which one thing alone decides read as one line.
                        let one = ["area:own", "person:own", "institution:own"].into_iter().find(|what| {
                            when.len() == 9
                                && when.iter().all(|line| line.split(' ').any(|part| part == *what))
                        });
                        one.map_or_else(|| when.join("; "), |what| format!("only {what}"))
                    }
                };
                let whose = if areas.is_empty() { "all areas" } else { "one area" };
                writeln!(table, "{:12} {whose}  {:18} {told}", role.name(), format!("{action:?}"))
                    .expect("text");
            }
        }
    }
    insta::assert_snapshot!(table);
}

/// Each command's example, asked by roles that have no right to it: denied, and nothing booked, whatever there is.
#[test]
fn the_wrong_role_books_nothing() {
    let desk = open();
    let examples = examples();
    let actor = |role, name: &str, areas: &[&str]| Actor {
        role,
        name: name.to_owned(),
        areas: areas.iter().map(|area| (*area).to_owned()).collect(),
    };
    // Nobody of these may keep, treat or share anything of the examples.
    let strangers = [
        actor(Role::Auditor, "审计", &[]),
        actor(Role::Auditor, "审计", &[HERE]),
        actor(Role::Resident, "P999", &[]),
        actor(Role::Institution, "H999", &[]),
    ];
    for (kind, _) in COMMANDS {
        let fields = &examples[*kind];
        for stranger in &strangers {
            if *kind == "reverse" && stranger.role == Role::Institution {
                // An institution reverses its own messages only: nobody else's can be meant.
                continue;
            }
            let refusal = desk.refused_by(stranger, kind, fields.clone());
            let codes: &[&str] = match *kind {
                // What does not exist cannot be somebody else's: looked up before it is known whose it is.
                "cancel_settlement" | "readjudicate" => &["denied", "no_settlement"],
                "upload_lines" | "cancel_lines" | "cancel_visit" | "settle" => &["denied", "no_visit"],
                _ if stranger.role == Role::Resident => {
                    &["denied", "no_grant", "no_claim", "no_filing", "no_transfer", "no_payment"]
                }
                _ => &["denied"],
            };
            assert!(codes.contains(&&*refusal.code), "{kind} by {}: {refusal}", stranger.role.name());
        }
    }
}

#[test]
fn staff_of_another_area_changes_nothing_here() {
    let desk = open();
    let person = desk.employee("王小明", 1);
    desk.hospital("H1", HERE);
    let clerk = Actor { role: Role::Clerk, name: "李四".to_owned(), areas: vec![THERE.to_owned()] };
    let spouse = desk.employee("李小红", 2);
    for (kind, fields) in [
        (
            "register_person",
            json!({ "area": HERE, "name": "甲", "sex": "male", "birth_date": "1990-01-01",
            "certificate": { "kind": "passport", "number": "E12345678" } }),
        ),
        ("correct_person", json!({ "person": person, "name": "甲", "reason": "错" })),
        (
            "replace_certificate",
            json!({ "person": person, "certificate": { "kind": "passport", "number": "E12345678" } }),
        ),
        ("record_death", json!({ "person": person, "died_on": "2026-06-01" })),
        ("enrol", crate::kit::enrolment(&person)),
        (
            "change_category",
            json!({ "person": person, "from": "2026-06-01", "facts": { "category": "flexible" }, "reason": "错" }),
        ),
        ("pause_cover", json!({ "person": person, "from": "2026-06-01", "reason": "错" })),
        ("end_cover", json!({ "person": person, "to": "2026-06-01", "reason": "错" })),
        (
            "issue_credential",
            json!({ "person": person, "credential": "social_security_card", "number": "S1" }),
        ),
        ("register_institution", json!({ "id": "H2", "name": "甲", "area": HERE, "from": "2026-01-01" })),
        ("change_institution", json!({ "institution": "H1", "name": "甲", "reason": "错" })),
        ("end_designation", json!({ "institution": "H1", "to": "2026-06-01", "reason": "错" })),
        ("put_items", json!({ "area": HERE, "items": [] })),
        ("put_items", json!({ "area": "000000", "items": [] })),
        (
            "credit_account",
            json!({ "person": person, "sub_account": "current_year", "amount": "1.00",
            "period": "2026-05", "source": "bank", "reason": "错" }),
        ),
        (
            "grant_mutual_aid",
            json!({ "grantor": person, "beneficiary": spouse, "relation": "spouse", "from": "2026-06-01" }),
        ),
    ] {
        assert_eq!(&*desk.refused_by(&clerk, kind, fields).code, "denied", "{kind}");
    }
}
