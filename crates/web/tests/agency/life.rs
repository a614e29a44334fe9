//! One bill from admission to cancellation.

use serde_json::{Value, json};

use crate::kit::told;
use crate::seed::seeded;

#[tokio::test]
async fn a_bill_lives() {
    let agency = seeded().await;
    let mut story = Vec::new();
    let mut tell =
        |what: &str, reply: &crate::common::Reply| story.push(format!("# {what}\n{}", told(reply)));
    let visit = json!({ "visit": { "person": agency.insured, "institution": "H1", "care_type": "inpatient", "date": "2026-03-01" } });
    let opened = agency.give("hospital", "open_visit", "k1", visit).await;
    tell("admission", &opened);
    let id =
        serde_json::from_str::<Value>(&opened.text).unwrap()["result"]["visit"].as_str().unwrap().to_owned();
    let lines = json!({ "visit": id, "lines": [
        { "code": "A1", "quantity": "2", "unit_price": "9000.00", "amount": "18000.00" },
        { "code": "C1", "name": "陪护床", "on": "2026-03-02", "quantity": "1", "unit_price": "500.00", "amount": "500.00" },
    ] });
    tell("lines", &agency.give("hospital", "upload_lines", "k2", lines).await);
    let settle = json!({ "visit": id, "date": "2026-03-05" });
    let mut pre = settle.clone();
    pre["kind"] = json!("settle");
    let presettled = agency.ask("POST", "/api/v1/pre-settlements", "hospital", "", Some(&pre)).await;
    assert_eq!(presettled.status, 200, "{}", presettled.text);
    let presettled: Value = serde_json::from_str(&presettled.text).unwrap();
    assert_eq!(presettled["bill"]["total_charge"], "18500.00");
    let with = |expect: &Value| {
        let mut settle = settle.clone();
        settle["expect"] = expect.clone();
        settle
    };
    tell("a settlement that would differ", &agency.give("hospital", "settle", "k3", with(&json!("x"))).await);
    let settle = with(&presettled["expect"]);
    let settled = agency.give("hospital", "settle", "k4", settle.clone()).await;
    tell("settlement", &settled);
    let booked: Value = serde_json::from_str(&settled.text).unwrap();
    let number = booked["result"]["settlement"].as_str().unwrap().to_owned();
    assert_eq!(booked["result"]["table"], presettled["expect"]);
    let again = agency.give("hospital", "settle", "k4", settle.clone()).await;
    let replayed: Value = serde_json::from_str(&again.text).unwrap();
    assert_eq!((again.status, &replayed["replayed"]), (200, &json!(true)));
    assert_eq!(replayed["result"], booked["result"]);
    tell("the key", &agency.get("hospital", "/api/v1/keys/k4").await);
    tell("the refused key", &agency.get("hospital", "/api/v1/keys/k3").await);
    tell("a key of nobody", &agency.get("hospital", "/api/v1/keys/k5").await);
    tell("visit", &agency.get("hospital", &format!("/api/v1/visits/{id}")).await);
    tell("its lines", &agency.get("resident", &format!("/api/v1/visits/{id}/lines/1")).await);
    let address = format!("/api/v1/settlements/{number}");
    tell("as the institution sees it", &agency.get("hospital", &address).await);
    let clerk: Value = serde_json::from_str(&agency.get("clerk", &address).await.text).unwrap();
    assert_eq!(clerk["entry"].as_array().map(Vec::len), Some(3), "{clerk}");
    let explained = agency.get("resident", &format!("{address}/explanation")).await;
    assert_eq!(explained.status, 200, "{}", explained.text);
    let explained: Value = serde_json::from_str(&explained.text).unwrap();
    assert_eq!((&explained["agrees"], &explained["edition_is_current"]), (&json!(true), &json!(true)));
    assert_eq!(explained["bill"]["cells"], presettled["bill"]["cells"]);
    tell("balances", &agency.get("auditor", "/api/v1/balances?area=990201").await);
    tell("affected", &agency.get("clerk", &format!("{address}/affected")).await);
    let cancel = json!({ "settlement": number, "reason": "录入错误" });
    tell("cancellation", &agency.give("hospital", "cancel_settlement", "k6", cancel.clone()).await);
    tell("twice", &agency.give("hospital", "cancel_settlement", "k7", cancel).await);
    let cancelled: Value = serde_json::from_str(&agency.get("clerk", &address).await.text).unwrap();
    assert_eq!(cancelled["status"], "cancelled");
    tell("balances after", &agency.get("auditor", "/api/v1/balances?area=990201").await);
    let person = format!("/api/v1/people/{}", agency.insured);
    tell("statement of the account", &agency.get("resident", &format!("{person}/statement")).await);
    tell("file", &agency.get("clerk", &format!("{person}/file")).await);
    insta::assert_snapshot!(story.join("\n\n"));
}

#[tokio::test]
async fn a_booked_settlement_is_printed() {
    let agency = seeded().await;
    let bill = json!({
        "visit": { "person": agency.insured, "institution": "H1", "care_type": "inpatient", "date": "2026-03-05" },
        "charges": { "total": "12000.00", "non_covered": "100.00" },
    });
    let booked = agency.book("hospital", "settle_at_once", "k1", bill).await;
    let number = booked["result"]["settlement"].as_str().unwrap();
    let address = format!("/settlements/{number}/print");
    let printed = agency.get("hospital", &address).await;
    assert_eq!((printed.status, printed.kind.as_str()), (200, "text/html; charset=utf-8"));
    let has = |text: &str| assert!(printed.text.contains(text), "{text} is missing in\n{}", printed.text);
    for text in ["已结算", number, "示例医院", "张小明", "12,000.00", "每一格与入账的一致"]
    {
        has(text);
    }
    has(booked["result"]["table"].as_str().unwrap());
    let full = crate::seed::card("001")["number"].as_str().unwrap().to_owned();
    assert!(!printed.text.contains(&full) && !printed.text.contains("试算</span>"), "{}", printed.text);
    // A browser sends the token as the password that it asked for.
    let request = axum::http::Request::get(&address).header("authorization", "Basic eDpob3NwaXRhbA==");
    let by_browser =
        crate::common::send(agency.state.clone(), request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!((by_browser.status, by_browser.text.as_str()), (200, printed.text.as_str()));
    let nobody = agency.get("", &address).await;
    assert!(
        nobody.headers.iter().any(|(name, value)| name == "www-authenticate" && value.starts_with("Basic"))
    );
    assert_eq!((nobody.status, agency.get("other-hospital", &address).await.status), (401, 403));
    let cancel = json!({ "settlement": number, "reason": "录入错误" });
    agency.book("hospital", "cancel_settlement", "k2", cancel).await;
    assert!(agency.get("hospital", &address).await.text.contains("已撤销"));
}

#[tokio::test]
async fn a_bill_settled_under_older_rules_is_explained_by_them() {
    let agency = seeded().await;
    let bill = json!({
        "visit": { "person": agency.insured, "institution": "H1", "care_type": "inpatient", "date": "2026-03-05" },
        "charges": { "total": "12000.00" },
    });
    let booked = agency.book("hospital", "settle_at_once", "k1", bill).await;
    let address =
        format!("/api/v1/settlements/{}/explanation", booked["result"]["settlement"].as_str().unwrap());
    let before: Value = serde_json::from_str(&agency.get("hospital", &address).await.text).unwrap();
    let changed = crate::kit::rules(|text| text.replace("value = 1200 }", "value = 1500 }"));
    let agency = agency.agency.under(changed);
    let after: Value = serde_json::from_str(&agency.get("hospital", &address).await.text).unwrap();
    assert_eq!((&after["agrees"], &after["edition_is_current"]), (&json!(true), &json!(false)));
    assert_eq!(after["bill"]["cells"], before["bill"]["cells"]);
    assert_eq!(after["bill"]["deductible_applied"], "1200.00");
}
