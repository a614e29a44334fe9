//! What is shown of people, institutions and items, and to whom in full.

use serde_json::{Value, json};

use crate::kit::told;
use crate::seed::{card, seeded};

#[tokio::test]
async fn people_institutions_and_items_are_found() {
    let agency = seeded().await;
    let person = format!("/api/v1/people/{}", agency.insured);
    let asked = [
        ("resident", person.clone()),
        ("clerk", "/api/v1/people?area=990201&limit=1".to_owned()),
        ("clerk", format!("/api/v1/people/{}/cover?on=2026-03-05", agency.ended)),
        ("hospital", format!("{person}/cover")),
        (
            "hospital",
            "/api/v1/institutions?area=990201&level=3&kind=hospital&text=%E4%BA%8C%E9%99%A2".to_owned(),
        ),
        ("hospital", "/api/v1/institutions/H1".to_owned()),
        ("hospital", "/api/v1/items?area=990201&text=C1".to_owned()),
    ];
    let mut story = Vec::new();
    for (token, address) in asked {
        story.push(format!("# {token} {address}\n{}", told(&agency.get(token, &address).await)));
    }
    insta::assert_snapshot!(story.join("\n\n"));
}

#[tokio::test]
async fn certificate_numbers_are_masked_but_for_those_who_keep_them() {
    let agency = seeded().await;
    let number = card("001")["number"].as_str().unwrap().to_owned();
    let mut registered = 0;
    for seq in 1..20 {
        let record = agency.get("auditor", &format!("/api/v1/records/{seq}")).await;
        assert!(!record.text.contains(&number), "{}", record.text);
        registered += usize::from(record.text.contains("register_person"));
    }
    assert_eq!(registered, 2);
    let person = format!("/api/v1/people/{}", agency.insured);
    for (token, full) in [("clerk", true), ("resident", true), ("reviewer", false), ("auditor", false)] {
        let shown = agency.get(token, &person).await;
        assert_eq!((shown.status, shown.text.contains(&number)), (200, full), "{token}: {}", shown.text);
        let file = agency.get(token, &format!("{person}/file")).await;
        assert_eq!((file.status, file.text.contains(&number)), (200, full), "{token}: {}", file.text);
    }
    let list = agency.get("clerk", "/api/v1/people?area=990201").await;
    assert!(!list.text.contains(&number), "{}", list.text);
    let find = |token: &'static str, body: Value| {
        let agency = &agency;
        async move { agency.ask("POST", "/api/v1/people/find", token, "", Some(&body)).await }
    };
    let found = find("hospital", card("001")).await;
    assert!(found.text.contains(&agency.insured) && !found.text.contains(&number), "{}", found.text);
    let missing = find("hospital", card("009")).await;
    let hidden = card("009")["number"].as_str().unwrap().to_owned();
    assert!(missing.status == 404 && !missing.text.contains(&hidden), "{}", missing.text);
    let taken = json!({
        "area": "990201", "name": "李四", "certificate": card("001"), "sex": "male", "birth_date": "1980-01-01",
    });
    let refused = agency.give("clerk", "register_person", "taken", taken).await;
    assert!(refused.status == 422 && !refused.text.contains(&number), "{}", refused.text);
}

#[tokio::test]
async fn a_token_revoked_elsewhere_ends_within_a_second() {
    let agency = seeded().await;
    assert_eq!(agency.get("reviewer", "/api/v1/balances?area=990201").await.status, 200);
    agency.token("admin", gongji_agency::actor::Role::Auditor, "无权", &[]);
    assert_eq!(agency.give("admin", "revoke_token", "r", json!({ "token": "T4" })).await.status, 403);
    let tokens = agency
        .office
        .look(&gongji_agency::actor::Actor::operator("test"), |desk, context| {
            gongji_agency::look::tokens(desk, context, "", 100)
        })
        .unwrap();
    let reviewer = tokens.entries.iter().find(|token| token.actor.name == "赵").unwrap();
    let command = gongji_agency::command::RevokeToken { token: reviewer.id.clone() };
    agency.operate("revoke", gongji_agency::command::Command::RevokeToken(command));
    // Revoked past this server, as by the command line: within a second it is believed no more.
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    assert_eq!(agency.get("reviewer", "/api/v1/balances?area=990201").await.status, 401);
}
