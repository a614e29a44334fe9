//! Every request that the sandbox offers, in the documented order.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::common::send;
use crate::kit::Sandbox;

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
    let silent: Vec<&str> = gongji_nhsa::offered().filter(|number| !sent.contains(*number)).collect();
    assert!(silent.is_empty(), "no request in assets/sequences.json for {silent:?}");
}

#[tokio::test]
async fn people_are_invented_and_told() {
    let sandbox = Sandbox::new();
    let stage = sandbox.told("/api/v1/sandbox").await;
    let people = stage["people"].as_array().unwrap();
    let keys: Vec<&str> = people.iter().filter_map(|person| person["key"].as_str()).collect();
    for key in ["employee", "retiree", "resident", "child", "chronic", "sharer", "away", "applicant"] {
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

/// The explanation of the newest message.
async fn newest_explained(sandbox: &Sandbox) -> Value {
    let last = sandbox.told("/api/v1/sandbox/messages").await["last"].clone();
    sandbox.told(&format!("/api/v1/sandbox/messages/{last}/explanation")).await
}

#[tokio::test]
async fn a_pre_settlement_is_explained_as_it_was_then() {
    let sandbox = Sandbox::new();
    for number in ["2201", "2203", "2204", "2206"] {
        sandbox.fine("outpatient", number).await;
    }
    let tried = newest_explained(&sandbox).await;
    assert_eq!((&tried["status"], &tried["settlement"]), (&json!("tried"), &json!("")));
    assert_eq!((&tried["agrees"], &tried["bill"]["total_charge"]), (&json!(true), &json!("390.00")));
    sandbox.fine("outpatient", "2207").await;
    let booked = newest_explained(&sandbox).await;
    assert_eq!((&booked["status"], &booked["agrees"]), (&json!("booked"), &json!(true)));
    assert_eq!(booked["bill"]["cells"], tried["bill"]["cells"], "settled as it was tried");
    // Once the account is poorer the pre-settlement of before is still told as it was.
    let again = sandbox.told("/api/v1/sandbox/messages/4/explanation").await;
    assert_eq!(again, tried);
    sandbox.fine("outpatient", "2208").await;
    let back = newest_explained(&sandbox).await;
    assert_eq!((&back["status"], &back["settlement"]), (&json!("taken_back"), &booked["settlement"]));
    assert_eq!(back["bill"], booked["bill"]);
    for number in ["2101", "2303"] {
        let sequence = if number == "2101" { "pharmacy" } else { "inpatient" };
        if number == "2303" {
            sandbox.fine("inpatient", "2401").await;
            sandbox.fine("inpatient", "2301").await;
        }
        sandbox.fine(sequence, number).await;
        let told = newest_explained(&sandbox).await;
        assert_eq!((&told["status"], &told["agrees"]), (&json!("tried"), &json!(true)), "{number}");
    }
    sandbox.fine("outpatient", "1101").await;
    let last = sandbox.told("/api/v1/sandbox/messages").await["last"].clone();
    let none = sandbox.ask("GET", &format!("/api/v1/sandbox/messages/{last}/explanation"), None).await;
    assert_eq!(none.status, 404, "{}", none.text);
    let head = sandbox.told("/api/v1/sandbox/messages/4").await;
    assert_eq!((&head["is_trial"], head["settlement"].is_null()), (&json!(true), true));
}

#[tokio::test]
async fn somebody_insured_elsewhere_is_paid_by_the_rules_of_home() {
    let sandbox = Sandbox::new();
    let stage = sandbox.told("/api/v1/sandbox").await;
    let away = stage["people"].as_array().unwrap().iter().find(|one| one["key"] == "away").unwrap().clone();
    for number in ["2401", "2301", "2303", "2402"] {
        sandbox.fine("away_inpatient", number).await;
    }
    let settled = sandbox.fine("away_inpatient", "2304").await;
    assert!(settled["setlinfo"]["hifp_pay"].as_f64().unwrap() > 0.0, "{settled}");
    let shown = sandbox.fine("away", "5203").await;
    assert_eq!(shown["setlinfo"]["insu_optins"], away["area"]);
    assert_ne!(shown["setlinfo"]["pay_loc"], "2", "not at home");
    let told = newest_explained(&sandbox).await;
    assert_eq!(told["agrees"], true);
}

#[tokio::test]
async fn sloppy_messages_are_shown_and_learned_from_like_others() {
    let sandbox = Sandbox::new();
    let (path, mut body) = sandbox.request("outpatient", "2201").await;
    body["infno"] = json!(2201);
    body["fixmedins_code"] = json!(format!(" {} ", body["fixmedins_code"].as_str().unwrap()));
    body["input"] = json!(body["input"].to_string());
    let reply = sandbox.ask("POST", &path, Some(format!("\u{feff}{body}"))).await;
    let answer: Value = serde_json::from_str(&reply.text).unwrap();
    assert_eq!(answer["infcode"], 0, "{}", reply.text);
    let visit = &answer["output"]["data"]["mdtrt_id"];
    let next = sandbox.told("/api/v1/sandbox/requests/2203").await;
    assert_eq!(&next["body"]["input"]["mdtrtinfo"]["mdtrt_id"], visit);
    let one = sandbox.told("/api/v1/sandbox/messages/1").await;
    assert_eq!((&one["infno"], &one["name"]), (&json!("2201"), &json!("门诊挂号")));
    let fields = one["request_fields"].as_array().unwrap();
    let field = fields.iter().find(|line| line["name"] == "psn_no").expect("input in a text is decoded too");
    assert_eq!(field["label"], "人员编号");
}

#[tokio::test]
async fn what_is_not_utf8_is_refused_in_words() {
    let sandbox = Sandbox::new();
    // 沙箱 as GBK writes it.
    let mut body = br#"{"infno":"1101","msgid":"M1","fixmedins_code":"H1","fixmedins_name":""#.to_vec();
    body.extend([0xc9, 0xb3, 0xcf, 0xe4]);
    body.extend(br#"","input":{}}"#);
    let request = axum::http::Request::post("/fsi/api/rsfComIfsService/callService");
    let reply = send(sandbox.state.clone(), request.body(axum::body::Body::from(body)).unwrap()).await;
    let answer: Value = serde_json::from_str(&reply.text).unwrap();
    assert_eq!((reply.status, &answer["infcode"]), (200, &json!(-1)));
    assert!(
        answer["err_msg"].as_str().unwrap().starts_with("[not_utf8] 报文不是 UTF-8：第 72 个字节"),
        "{}",
        reply.text
    );
    assert_eq!(sandbox.told("/api/v1/sandbox/messages/1").await["answered"], true);
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
