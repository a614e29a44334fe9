//! The national interface over HTTP: addresses, types, who sends.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::common::{Reply, send};
use crate::seed::{Seeded, seeded};

const ONE: &str = "/fsi/api/rsfComIfsService/callService";

fn body(number: &str, institution: &str, input: &Value) -> String {
    json!({
        "infno": number, "msgid": format!("{institution}202603051200000001"), "mdtrtarea_admvs": "990201", "recer_sys_code": "HIS",
        "infver": "V1.0", "opter_type": "1", "opter": "001", "opter_name": "收费员", "inf_time": "2026-03-05 12:00:00",
        "fixmedins_code": institution, "fixmedins_name": "示例医院", "input": input,
    })
    .to_string()
}

async fn post(seeded: &Seeded, path: &str, token: &str, kind: &str, body: String) -> Reply {
    let mut request = Request::post(path);
    if !token.is_empty() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if !kind.is_empty() {
        request = request.header("content-type", kind);
    }
    send(seeded.agency.state.clone(), request.body(Body::from(body)).unwrap()).await
}

fn found(institution: &str) -> String {
    body("1201", institution, &json!({ "medinsinfo": { "fixmedins_code": institution } }))
}

#[tokio::test]
async fn a_message_may_come_to_every_address_that_takes_it() {
    let seeded = seeded().await;
    for path in [
        ONE,
        "/mbs/fmi/fsi/api/callFsiService/callService",
        "/mss/web/api/fsi/callService",
        "/isp/ebus/gzyth/any",
        "/ebus/rio_fsi/fsi/api/fsiFixMedInsService/queryFixMedIns",
        "/fsi/api/fsiFixMedInsService/queryFixMedIns",
    ] {
        for kind in ["text/plain", "application/json; charset=GBK", "application/x-www-form-urlencoded", ""] {
            let reply = post(&seeded, path, "hospital", kind, found("H1")).await;
            assert_eq!(
                (reply.status, reply.kind.as_str()),
                (200, "application/json;charset=UTF-8"),
                "{path}"
            );
            let answer: Value = serde_json::from_str(&reply.text).unwrap();
            assert_eq!(answer["infcode"], 0, "{path} {kind}: {}", reply.text);
            assert_eq!(answer["output"]["medinsinfo"]["fixmedins_name"], "示例医院");
        }
    }
}

#[tokio::test]
async fn what_is_wrong_is_told_as_the_platform_does() {
    let seeded = seeded().await;
    let mut told = String::new();
    for (what, path, token, text) in [
        ("another address", "/fsi/api/outpatientSettleService/saveSettletmentV2", "hospital", found("H1")),
        ("unknown number", ONE, "hospital", body("9876", "H1", &json!({}))),
        ("not JSON", ONE, "hospital", "infno=1201".to_owned()),
        ("another's name", ONE, "other-hospital", found("H1")),
        ("no token", ONE, "", found("H1")),
        ("a wrong token", ONE, "wrong", found("H1")),
        ("a clerk's token", ONE, "clerk", found("H1")),
        ("no such address", "/fsi/api/any/other", "hospital", found("H1")),
        ("too large", ONE, "hospital", " ".repeat((1 << 20) + 1)),
    ] {
        let reply = post(&seeded, path, token, "text/plain", text).await;
        told.push_str(&format!("{what}: {} {}\n", reply.status, reply.text));
    }
    let request = Request::get(ONE).body(Body::empty()).unwrap();
    let reply = send(seeded.agency.state.clone(), request).await;
    told.push_str(&format!("GET: {} {}\n", reply.status, reply.text));
    let without = send(crate::common::state(1 << 20), Request::post(ONE).body(Body::empty()).unwrap()).await;
    told.push_str(&format!("no store: {} {}\n", without.status, without.text));
    insta::assert_snapshot!(told);
}
