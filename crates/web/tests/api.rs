//! Every route of the API, its errors included.

#![expect(clippy::unwrap_used, reason = "a test that meets an error fails")]

mod common;

mod outline;

use axum::body::Body;
use axum::http::Request;
use common::{Reply, get, send, state};
use serde_json::{Value, json};

fn case() -> Value {
    json!({
        "person": {
            "pooling_area": "990201", "scheme": "employee", "category": "employed",
            "assistance": [], "supplements": ["large_sum"]
        },
        "purses": {
            "current_year": "0.00", "carried_over": "2156.30",
            "mutual_aid": [{ "relation": "spouse", "pooling_area": "990201", "current_year": "0.00", "carried_over": "3000.00" }]
        },
        "events": [{
            "kind": "bill", "date": "2026-03-05", "care_type": "inpatient",
            "facility": { "level": "3", "type": "hospital" },
            "charges": {
                "total": "28630.93", "non_covered": "1236.50",
                "over_limit_price": "480.00", "upfront_self_pay": "1927.07"
            }
        }]
    })
}

async fn post(address: &str, kind: Option<&str>, body: String) -> Reply {
    let mut request = Request::post(address);
    if let Some(kind) = kind {
        request = request.header("content-type", kind);
    }
    send(state(1 << 20), request.body(Body::from(body)).unwrap()).await
}

async fn ask(address: &str, body: &Value) -> Reply {
    post(address, Some("application/json"), body.to_string()).await
}

/// Status, type and body; what changes with every release or edit of the test pack is left out.
fn told(reply: &Reply) -> String {
    let mut body: Value = serde_json::from_str(&reply.text).unwrap_or(Value::String(reply.text.clone()));
    strip(&mut body);
    format!("{} {}\n{}", reply.status, reply.kind, serde_json::to_string_pretty(&body).unwrap())
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if ["engine", "packs", "case", "content_hash", "rules"].contains(&name.as_str())
                    && member.is_string()
                {
                    *member = Value::from("…");
                } else {
                    strip(member);
                }
            }
        }
        Value::Array(entries) => entries.iter_mut().for_each(strip),
        _ => {}
    }
}

#[tokio::test]
async fn a_quote_answers_every_fen() {
    let reply = ask("/api/v1/quotes", &case()).await;
    let answer: Value = serde_json::from_str(&reply.text).unwrap();
    let bill = &answer["results"][0];
    // The demonstration bill, as the design of the page works it out.
    assert_eq!(bill["pooled_paid"], "20632.88");
    assert_eq!(bill["personal_burden"], "7998.05");
    assert_eq!(bill["cash_paid"], "2841.75");
    insta::assert_snapshot!(told(&reply));
}

#[tokio::test]
async fn a_quote_under_another_law() {
    let reply = ask("/api/v1/quotes?on=2025-06-30", &case()).await;
    let answer: Value = serde_json::from_str(&reply.text).unwrap();
    assert_eq!(answer["results"][0]["deductible_applied"], "1000.00");
    assert_eq!(answer["options"]["on"], "2025-06-30");
    let hidden = ask("/api/v1/quotes?known_on=2019-01-01", &case()).await;
    insta::assert_snapshot!(told(&hidden));
}

#[tokio::test]
async fn what_ifs_compare_by_the_same_engine() {
    let reply = ask("/api/v1/what-ifs?compare_on=2025-12-31", &case()).await;
    let answer: Value = serde_json::from_str(&reply.text).unwrap();
    let curve = &answer["curve"];
    let own = &curve["points"][curve["own"].as_u64().unwrap() as usize];
    assert_eq!((&own["total"], &own["burden"]), (&json!("28630.93"), &json!("7998.05")));
    insta::assert_snapshot!(told(&reply));
}

#[tokio::test]
async fn verify_finds_a_changed_fen() {
    let answer = ask("/api/v1/quotes", &case()).await;
    let same = post("/api/v1/verify", Some("application/json"), answer.text.clone()).await;
    insta::assert_snapshot!("verify_same", told(&same));
    let changed = answer.text.replacen("\"cash_paid\":\"2841.75\"", "\"cash_paid\":\"2841.76\"", 1);
    assert_ne!(changed, answer.text);
    let differs = post("/api/v1/verify", Some("application/json"), changed).await;
    insta::assert_snapshot!("verify_differs", told(&differs));
}

#[tokio::test]
async fn areas_and_packs() {
    for (name, address) in [
        ("areas", "/api/v1/areas"),
        ("area", "/api/v1/areas/990201"),
        ("packs", "/api/v1/packs"),
        ("parameters", "/api/v1/packs/990201/parameters"),
        ("health", "/healthz"),
    ] {
        insta::assert_snapshot!(name, told(&get(address).await));
    }
}

#[tokio::test]
async fn the_description_names_every_route() {
    let reply = get("/api/v1/openapi.json").await;
    assert_eq!((reply.status, reply.kind.as_str()), (200, "application/json"));
    let description: Value = serde_json::from_str(&reply.text).unwrap();
    let schemas = &description["components"]["schemas"];
    let mut names = std::collections::BTreeSet::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{method} {path}: {name} twice");
        }
    }
    for named in reply.text.split("#/components/schemas/").skip(1) {
        let name = named.split('"').next().unwrap();
        assert!(schemas[name].is_object(), "{name} is not described");
    }
    insta::assert_snapshot!("openapi", outline::of(&description));
}

#[tokio::test]
async fn errors_are_problem_details() {
    let json = Some("application/json");
    let mut gallery = Vec::new();
    let bad = |change: fn(&mut Value)| {
        let mut case = case();
        change(&mut case);
        case.to_string()
    };
    let bodies = [
        ("amount", bad(|case| case["events"][0]["charges"]["total"] = json!("12.345"))),
        ("unknown field", bad(|case| case["person"]["nickname"] = json!("x"))),
        ("negative", bad(|case| case["events"][0]["charges"]["non_covered"] = json!("-1.00"))),
        ("portions", bad(|case| case["events"][0]["charges"]["total"] = json!("1.00"))),
        ("no area", bad(|case| case["person"]["pooling_area"] = json!("990999"))),
        ("no rule that day", bad(|case| case["events"][0]["date"] = json!("1990-01-01"))),
        ("needs an answer", bad(|case| case["events"][0]["facility"] = json!({}))),
        ("outside the domain", bad(|case| case["events"][0]["facility"]["level"] = json!("ungraded"))),
        ("truncated", "{\"person\": {".to_owned()),
        ("empty", String::new()),
        ("not an object", "[]".to_owned()),
    ];
    for (name, body) in bodies {
        let reply = post("/api/v1/quotes", json, body).await;
        assert_eq!(reply.kind, "application/problem+json", "{name}");
        gallery.push(format!("# {name}\n{}", told(&reply)));
    }
    let requests = [
        ("not JSON's type", post("/api/v1/quotes", Some("text/plain"), "{}".to_owned()).await),
        ("no type", post("/api/v1/quotes", None, "{}".to_owned()).await),
        ("option", ask("/api/v1/quotes?on=yesterday", &case()).await),
        ("unknown option", ask("/api/v1/quotes?compare_on=2025-01-01", &case()).await),
        ("no such area", get("/api/v1/areas/990999").await),
        ("no such pack", get("/api/v1/packs/990999/parameters").await),
        ("no such address", get("/api/v2/quotes").await),
        ("no such method", get("/api/v1/quotes").await),
        ("verify: no answer", ask("/api/v1/verify", &json!({})).await),
        ("too large", post("/api/v1/quotes", json, " ".repeat((1 << 20) + 1)).await),
    ];
    for (name, reply) in &requests {
        assert_eq!(reply.kind, "application/problem+json", "{name}");
        gallery.push(format!("# {name}\n{}", told(reply)));
    }
    insta::assert_snapshot!(gallery.join("\n\n"));
}

#[tokio::test]
async fn bytes_that_are_no_text_are_refused() {
    let request = Request::post("/api/v1/quotes").header("content-type", "application/json");
    let reply = send(state(1 << 20), request.body(Body::from(vec![0xff, 0xfe, b'{'])).unwrap()).await;
    assert_eq!((reply.status, reply.kind.as_str()), (400, "application/problem+json"));
}

#[tokio::test]
async fn many_lines_do_not_hold_up_a_small_question() {
    // One thread serves: if the large bill were computed on it, the small answer would have to wait for it.
    let lines: Vec<Value> = (0..5_000)
        .map(|_| json!({ "class": "A", "quantity": "1", "unit_price": "1.00", "amount": "1.00" }))
        .collect();
    let mut large = case();
    large["events"][0]["charges"] = json!({ "lines": lines });
    let request = |body: &Value| {
        let request = Request::post("/api/v1/quotes").header("content-type", "application/json");
        request.body(Body::from(body.to_string())).unwrap()
    };
    let state = state(64 << 20);
    let (large, small) = (request(&large), request(&case()));
    let order = std::sync::Mutex::new(Vec::new());
    let asked = |name: &'static str, request| {
        let (state, order) = (state.clone(), &order);
        async move {
            let reply = send(state, request).await;
            order.lock().unwrap().push(name);
            reply
        }
    };
    let (large, small) = tokio::join!(asked("large", large), asked("small", small));
    assert_eq!((large.status, small.status), (200, 200));
    let answer: Value = serde_json::from_str(&large.text).unwrap();
    assert_eq!(answer["results"][0]["total_charge"], "5000.00");
    assert_eq!(*order.lock().unwrap(), ["small", "large"]);
}

#[tokio::test]
async fn nothing_is_taken_from_elsewhere_or_kept() {
    for address in ["/", "/areas", "/api/v1/areas", "/nowhere", "/api/v1/nowhere"] {
        let reply = get(address).await;
        let header = |name: &str| {
            let found = reply.headers.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.as_str()).unwrap_or_default()
        };
        let policy = header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{address}: {policy}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{address}");
        assert_eq!(header("cache-control"), "no-store", "{address}");
        assert_eq!(header("referrer-policy"), "same-origin", "{address}");
    }
}
