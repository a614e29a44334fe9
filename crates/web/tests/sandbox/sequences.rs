//! Every request that the sandbox offers, in the documented order.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::common::send;
use crate::kit::Sandbox;

/// Filings and what is asked of them have no ready request yet.
const FILINGS: [&str; 9] = ["2501", "2502", "2503", "2504", "2505", "2506", "5301", "5302", "5304"];

#[tokio::test]
async fn every_request_of_every_sequence_works_in_order() {
    let sandbox = Sandbox::new();
    let stage = sandbox.told("/api/v1/sandbox").await;
    let mut sent = BTreeSet::new();
    for sequence in stage["sequences"].as_array().unwrap() {
        let name = sequence["name"].as_str().unwrap();
        for (at, step) in sequence["steps"].as_array().unwrap().iter().enumerate() {
            let number = step["infno"].as_str().unwrap();
            let reply = sandbox.post(&format!("{name}&step={}", at + 1), number).await;
            assert_eq!(reply.status, 200, "{name} {number}: {}", reply.text);
            if reply.kind != "application/octet-stream" {
                let answer: Value = serde_json::from_str(&reply.text).unwrap();
                assert_eq!(answer["infcode"], 0, "{name} {number}: {}", reply.text);
                if number == "3201" {
                    assert_eq!(
                        answer["output"]["stmtinfo"]["stmt_rslt"], "0",
                        "an honest close: {}",
                        reply.text
                    );
                }
            }
            sent.insert(number.to_owned());
        }
    }
    let silent: Vec<&str> = gongji_nhsa::offered()
        .filter(|number| !sent.contains(*number) && !FILINGS.contains(number))
        .collect();
    assert!(silent.is_empty(), "no request in assets/sequences.json for {silent:?}");
}

#[tokio::test]
async fn people_are_invented_and_told() {
    let sandbox = Sandbox::new();
    let stage = sandbox.told("/api/v1/sandbox").await;
    let people = stage["people"].as_array().unwrap();
    let keys: Vec<&str> = people.iter().filter_map(|person| person["key"].as_str()).collect();
    for key in ["employee", "retiree", "resident", "child", "chronic", "sharer", "away"] {
        assert!(keys.contains(&key), "{key}: {keys:?}");
    }
    for person in people {
        let number = person["certificate"].as_str().unwrap();
        assert!(number.starts_with("99") && number.len() == 18, "an area that nobody is given: {number}");
        let name = person["name"].as_str().unwrap();
        assert!(name.starts_with("沙箱") || name.starts_with("演示"), "{name}");
    }
    let away = people.iter().find(|person| person["key"] == "away").unwrap();
    assert_ne!(away["area"], stage["area"]);
    assert!(stage["items"].as_array().unwrap().len() > 40);
    let other = sandbox.told("/api/v1/sandbox/requests/1101?person=child&institution=pharmacy").await;
    assert_eq!(other["body"]["input"]["data"]["psn_name"], "沙箱儿童");
    assert!(other["body"]["fixmedins_code"].as_str().unwrap().starts_with('P'));
    assert_eq!(sandbox.ask("GET", "/api/v1/sandbox/requests/2207?person=nobody", None).await.status, 404);
}

#[tokio::test]
async fn a_request_says_what_must_come_first() {
    let sandbox = Sandbox::new();
    let told = sandbox.told("/api/v1/sandbox/requests/2203").await;
    assert_eq!(told["missing"], json!([{ "name": "mdtrt_id", "from": ["2201", "2401", "2102"] }]));
    let visit = sandbox.fine("outpatient", "2201").await["data"]["mdtrt_id"].clone();
    let told = sandbox.told("/api/v1/sandbox/requests/2203").await;
    assert_eq!(told["body"]["input"]["mdtrtinfo"]["mdtrt_id"], visit);
}

#[tokio::test]
async fn messages_are_written_down_and_explained() {
    let sandbox = Sandbox::new();
    for number in ["2201", "2203", "2204", "2206", "2207"] {
        sandbox.fine("outpatient", number).await;
    }
    let log = sandbox.told("/api/v1/sandbox/messages?after=0").await;
    let numbers: Vec<&str> =
        log["messages"].as_array().unwrap().iter().map(|one| one["infno"].as_str().unwrap()).collect();
    assert_eq!(numbers, ["2201", "2203", "2204", "2206", "2207"]);
    assert_eq!(
        sandbox.told("/api/v1/sandbox/messages?after=4").await["messages"].as_array().unwrap().len(),
        1
    );
    let one = sandbox.told("/api/v1/sandbox/messages/5").await;
    let field = |of: &str, name: &str| {
        one[of].as_array().unwrap().iter().find(|line| line["name"] == name).cloned().unwrap()
    };
    assert_eq!(field("request_fields", "med_type")["label"], "医疗类别");
    assert!(field("request_fields", "med_type")["meaning"].as_str().unwrap().contains("门诊"));
    assert_eq!(field("answer_fields", "hifp_pay")["form"], "数值 16,2");
    let settlement = one["settlement"].as_str().unwrap();
    let told = sandbox.told(&format!("/api/v1/sandbox/settlements/{settlement}/explanation")).await;
    assert_eq!(told["agrees"], true);
    assert_eq!(told["bill"]["total_charge"], "390.00");
    assert_eq!(sandbox.ask("GET", "/api/v1/sandbox/messages/99", None).await.status, 404);
}

#[tokio::test]
async fn without_a_sandbox_there_is_none() {
    for (method, address) in [
        ("GET", "/api/v1/sandbox"),
        ("GET", "/api/v1/sandbox/messages"),
        ("GET", "/api/v1/sandbox/faults"),
        ("POST", "/api/v1/sandbox/faults"),
        ("GET", "/api/v1/sandbox/settlements/S1/explanation"),
    ] {
        let request = axum::http::Request::builder().method(method).uri(address);
        let request = request.header("content-type", "application/json");
        let body = axum::body::Body::from(r#"{"kind":"down"}"#);
        let reply = send(crate::common::state(1 << 20), request.body(body).unwrap()).await;
        assert_eq!(reply.status, 404, "{method} {address}: {}", reply.text);
    }
}
