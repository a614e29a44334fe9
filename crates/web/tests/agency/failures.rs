//! What is refused, and how.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::common::{self, get, send};
use crate::kit::told;
use crate::seed::{Seeded, seeded};

fn bill(agency: &Seeded, change: impl Fn(&mut Value)) -> Value {
    let mut bill = json!({
        "visit": { "person": agency.insured, "institution": "H1", "care_type": "inpatient", "date": "2026-03-05" },
        "charges": { "total": "12000.00" },
    });
    change(&mut bill);
    bill
}

#[tokio::test]
async fn commands_that_are_refused_say_why() {
    let agency = seeded().await;
    let mut gallery = Vec::new();
    let mut tell = |what: &str, reply: &common::Reply| {
        assert_eq!(reply.kind, "application/problem+json", "{what}: {}", reply.text);
        gallery.push(format!("# {what}\n{}", told(reply)));
    };
    let fine = bill(&agency, |_| {});
    tell("no token", &agency.give("", "settle_at_once", "k", fine.clone()).await);
    tell("wrong token", &agency.give("guessed", "settle_at_once", "k", fine.clone()).await);
    tell("wrong role", &agency.give("clerk", "settle_at_once", "k", fine.clone()).await);
    tell("another institution", &agency.give("other-hospital", "settle_at_once", "k", fine.clone()).await);
    tell("no key", &agency.give("hospital", "settle_at_once", "", fine.clone()).await);
    tell("a key too long", &agency.give("hospital", "settle_at_once", &"k".repeat(201), fine.clone()).await);
    tell("no such command", &agency.give("hospital", "steal", "k", fine.clone()).await);
    tell("an internal command", &agency.give("hospital", "keep_edition", "k", json!({})).await);
    let settled = agency.give("hospital", "settle_at_once", "k", fine.clone()).await;
    assert_eq!(settled.status, 201, "{}", settled.text);
    let other = bill(&agency, |bill| bill["charges"]["total"] = json!("1.00"));
    tell("a key used for something else", &agency.give("hospital", "settle_at_once", "k", other).await);
    let bodies = [
        ("unknown person", bill(&agency, |bill| bill["visit"]["person"] = json!("P9"))),
        ("ended cover", bill(&agency, |bill| bill["visit"]["person"] = json!(agency.ended))),
        ("future date", bill(&agency, |bill| bill["visit"]["date"] = json!("2026-03-06"))),
        ("negative amount", bill(&agency, |bill| bill["charges"]["total"] = json!("-1.00"))),
        ("foreign currency", bill(&agency, |bill| bill["charges"]["total"] = json!("USD 12.00"))),
        ("an amount that is no text", bill(&agency, |bill| bill["charges"]["total"] = json!(12))),
        ("unknown field", bill(&agency, |bill| bill["total"] = json!("1.00"))),
        ("no such day", bill(&agency, |bill| bill["visit"]["date"] = json!("2026-02-30"))),
        ("portions", bill(&agency, |bill| bill["charges"]["non_covered"] = json!("12000.01"))),
        (
            "a line that is not quantity × price",
            bill(&agency, |bill| {
                bill["charges"] = Value::Null;
                bill["lines"] =
                    json!([{ "code": "A1", "quantity": "2", "unit_price": "1.00", "amount": "1.00" }]);
            }),
        ),
        (
            "no quantity",
            bill(&agency, |bill| {
                bill["charges"] = Value::Null;
                bill["lines"] =
                    json!([{ "code": "A1", "quantity": "0", "unit_price": "1.00", "amount": "0.00" }]);
            }),
        ),
        ("a condition of no name", bill(&agency, |bill| bill["visit"]["conditions"] = json!([""]))),
        (
            "unknown item",
            bill(&agency, |bill| {
                bill["charges"] = Value::Null;
                bill["lines"] =
                    json!([{ "code": "Z9", "quantity": "1", "unit_price": "1.00", "amount": "1.00" }]);
            }),
        ),
    ];
    for (at, (what, body)) in bodies.into_iter().enumerate() {
        tell(what, &agency.give("hospital", "settle_at_once", &format!("f{at}"), body).await);
    }
    let request = Request::post("/api/v1/commands/settle_at_once")
        .header("authorization", "Bearer hospital")
        .header("idempotency-key", "j")
        .header("content-type", "application/json");
    let truncated = request.body(Body::from("{\"visit\":")).unwrap();
    tell("truncated", &send(agency.state.clone(), truncated).await);
    let admission = json!({ "visit": { "person": agency.insured, "institution": "H1", "care_type": "inpatient", "date": "2026-03-01" } });
    agency.book("hospital", "open_visit", "v1", admission.clone()).await;
    tell("double admission", &agency.give("hospital", "open_visit", "v2", admission).await);
    tell(
        "pre-settlement of no settlement",
        &agency
            .ask(
                "POST",
                "/api/v1/pre-settlements",
                "hospital",
                "",
                Some(&json!({ "kind": "reverse", "message": "k" })),
            )
            .await,
    );
    insta::assert_snapshot!(gallery.join("\n\n"));
}

#[tokio::test]
async fn what_may_not_be_seen_is_not_shown() {
    let agency = seeded().await;
    let booked = agency.book("hospital", "settle_at_once", "k", bill(&agency, |_| {})).await;
    let (seq, number) = (booked["seq"].as_u64().unwrap(), booked["result"]["settlement"].as_str().unwrap());
    let settlement = format!("/api/v1/settlements/{number}");
    let person = format!("/api/v1/people/{}", agency.insured);
    let mut seen = Vec::new();
    let addresses = [
        settlement.clone(),
        format!("{settlement}/explanation"),
        format!("{settlement}/affected"),
        format!("/settlements/{number}/print"),
        format!("/api/v1/records/{seq}"),
        person.clone(),
        format!("{person}/file"),
        format!("{person}/cover"),
        format!("{person}/statement"),
        "/api/v1/people?area=990201".to_owned(),
        "/api/v1/institutions".to_owned(),
        "/api/v1/items?area=990201".to_owned(),
        "/api/v1/balances?area=990201".to_owned(),
        "/api/v1/keys/k".to_owned(),
    ];
    let tokens = [
        "",
        "hospital",
        "other-hospital",
        "clerk",
        "foreign-clerk",
        "reviewer",
        "auditor",
        "resident",
        "other-resident",
    ];
    for address in &addresses {
        let mut row = format!("{address:<40}");
        for token in tokens {
            row += &format!(
                " {}:{}",
                if token.is_empty() { "nobody" } else { token },
                agency.get(token, address).await.status
            );
        }
        seen.push(row);
    }
    insta::assert_snapshot!(seen.join("\n"));
    for missing in [
        "/api/v1/settlements/S999",
        "/api/v1/settlements/x",
        "/api/v1/visits/V999",
        "/api/v1/records/999",
        "/api/v1/records/x",
    ] {
        let reply = agency.get("auditor", missing).await;
        assert!(reply.status == 404 || reply.status == 422, "{missing}: {}", reply.text);
        assert_eq!(reply.kind, "application/problem+json", "{missing}");
    }
    let unknown = agency.get("auditor", "/api/v1/balances?area=990201&sort=up").await;
    assert_eq!(unknown.status, 400, "{}", unknown.text);
}

#[tokio::test]
async fn a_page_from_elsewhere_changes_nothing() {
    let agency = seeded().await;
    let ask = |host: &str, origin: &str| {
        let request = Request::post("/api/v1/commands/settle_at_once")
            .header("host", host)
            .header("origin", origin)
            .header("authorization", "Bearer hospital")
            .header("idempotency-key", "k")
            .header("content-type", "application/json");
        send(agency.state.clone(), request.body(Body::from(bill(&agency, |_| {}).to_string())).unwrap())
    };
    assert_eq!(ask("127.0.0.1:8080", "http://elsewhere.example").await.status, 403);
    assert_eq!(ask("elsewhere.example", "http://elsewhere.example").await.status, 403);
    assert_eq!(ask("127.0.0.1:8080", "http://127.0.0.1:8080").await.status, 201);
}

#[tokio::test]
async fn without_a_store_only_trials_are_served() {
    let reply = get("/api/v1/settlements/S1").await;
    assert_eq!((reply.status, reply.kind.as_str()), (503, "application/problem+json"));
    assert!(reply.text.contains("没有打开存储：gongji serve --data 目录"), "{}", reply.text);
    assert!(reply.headers.iter().any(|(name, _)| name == "retry-after"));
    assert_eq!(get("/api/v1/commands").await.status, 200);
}

#[tokio::test]
async fn a_token_is_asked_for_in_its_header() {
    let reply = seeded().await.get("", "/api/v1/settlements/S1").await;
    let asked = reply.headers.iter().find(|(name, _)| name == "www-authenticate");
    assert_eq!(
        (reply.status, asked.map(|(_, value)| value.as_str())),
        (401, Some("Bearer realm=\"gongji\""))
    );
}
