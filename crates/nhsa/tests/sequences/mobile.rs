//! 移动支付 (1162, 6101–6401): a code that is shown, an order that is paid, given back or dropped.

use serde_json::{Value, json};

use crate::kit::{Bench, HOSPITAL, PHARMACY, code, ok, open, text};

const CREDENTIAL: &str = "EC990301000001";

fn holder(bench: &Bench) -> String {
    let person = bench.employee("990301", 1, "100.00");
    bench.book(
        "issue_credential",
        &json!({ "person": person, "credential": "electronic_credential", "number": CREDENTIAL }),
    );
    bench.book("activate_credential", &json!({ "person": person, "number": CREDENTIAL }));
    person
}

fn order(person: &str, total: &str) -> Value {
    json!({ "data": {
        "orgCodg": HOSPITAL, "psnNo": person, "insutype": "310", "medOrgOrd": "M0001", "begntime": "2026-06-15 09:00:00", "ecToken": CREDENTIAL,
        "medType": "11", "feeType": "01", "medfeeSumamt": total, "acctUsedFlag": "1", "chrgBchno": "B1",
        "feedetailList": [{ "feedetlSn": "1", "feeOcurTime": "2026-06-15 09:00:00", "medListCodg": "DEMO-D001", "medinsListCodg": "Y1",
            "detItemFeeSumamt": "300.00", "cnt": 3, "pric": 100 }],
    } })
}

fn named(uploaded: &str) -> Value {
    let output = ok(uploaded);
    json!({ "payOrdId": text(&output, "/data/payOrdId"), "payToken": text(&output, "/data/payToken"), "orgCodg": HOSPITAL })
}

fn amounts(answer: &str) -> [Value; 5] {
    let data = ok(answer)["data"].clone();
    ["ordStas", "feeSumamt", "fundPay", "psnAcctPay", "ownPayAmt"].map(|field| data[field].clone())
}

#[test]
fn an_order_is_paid_and_given_back() {
    let bench = open();
    let person = holder(&bench);
    let shown =
        json!({ "orgId": HOSPITAL, "businessType": "01101", "operatorId": "1", "ecQrCode": CREDENTIAL });
    let decoded = ok(&bench.send("1162", json!({ "data": shown.clone() })));
    assert_eq!(text(&decoded, "/data/ecToken"), CREDENTIAL);
    let known = json!({ "data": { "mdtrt_cert_type": "01", "mdtrt_cert_no": CREDENTIAL } });
    assert_eq!(text(&ok(&bench.send("1101", known)), "/baseinfo/psn_no"), person);
    ok(&bench.send("6101", json!({ "InData": shown })));
    let uploaded = bench.send("6201", order(&person, "300.00"));
    let named = named(&uploaded);
    let before = bench.send("6301", json!({ "data": named }));
    // 60% above the deductible of 200.00; the account has 100.00.
    assert_eq!(amounts(&before), [json!("1"), json!(300.0), json!(60.0), json!(100.0), json!(140.0)]);
    let message = bench.message(HOSPITAL);
    let body = bench.body(HOSPITAL, "6202", &message, &json!({ "data": named }));
    let paid = bench.send_body("6202", &body);
    assert_eq!(amounts(&paid), [json!("6"), json!(300.0), json!(60.0), json!(100.0), json!(140.0)]);
    assert_eq!(ok(&bench.send_body("6202", &body)), ok(&paid), "the same message once more");
    assert_eq!(code(&bench.send("6202", json!({ "data": named }))), "order_state", "paid before");
    assert_eq!(code(&bench.send("6401", json!({ "data": named }))), "order_state");
    assert_eq!(amounts(&bench.send("6301", json!({ "data": named }))), amounts(&paid));
    let mut same = named.clone();
    for (name, value) in [
        ("medOrgOrd", "M0001"),
        ("feeSumamt", "300"),
        ("ownPayAmt", "140"),
        ("psnAcctPay", "100"),
        ("fundPay", "60"),
    ] {
        same[name] = value.into();
    }
    ok(&bench.send("6204", json!({ "data": same })));
    same["fundPay"] = "61".into();
    assert_eq!(code(&bench.send("6204", json!({ "data": same }))), "total_differs");
    let refund = |kind: &str, total: &str| {
        let data = json!({ "payOrdId": named["payOrdId"], "appRefdSn": "T1", "totlRefdAmt": total, "refdType": kind, "ecToken": CREDENTIAL });
        bench.send("6203", json!({ "data": data }))
    };
    assert_eq!(code(&refund("CASH", "300.00")), "unknown_code");
    assert_eq!(code(&refund("ALL", "299.00")), "total_differs");
    assert_eq!(text(&ok(&refund("ALL", "300.00")), "/data/refStatus"), "SUCC");
    assert_eq!(code(&refund("ALL", "300.00")), "already_cancelled");
    assert_eq!(amounts(&bench.send("6301", json!({ "data": named })))[0], json!("7"));
    let data = json!({ "mdtrt_cert_type": "01", "mdtrt_cert_no": CREDENTIAL });
    assert_eq!(ok(&bench.send("1101", json!({ "data": data })))["insuinfo"][0]["balc"], json!(100.0));
    insta::assert_snapshot!(bench.log());
}

#[test]
fn an_order_is_dropped_or_refused() {
    let bench = open();
    let person = holder(&bench);
    assert_eq!(code(&bench.send("6201", order(&person, "299.00"))), "total_differs");
    assert_eq!(code(&bench.send("6201", order("P1", "300.00"))), "person_differs");
    let mut stranger = order(&person, "300.00");
    stranger["data"]["ecToken"] = "EC0".into();
    assert_eq!(code(&bench.send("6201", stranger)), "wrong_code");
    let mut empty = order(&person, "300.00");
    empty["data"]["feedetailList"] = json!([]);
    assert_eq!(code(&bench.send("6201", empty)), "line_count");
    let shown = json!({ "orgId": HOSPITAL, "businessType": "01101", "ecQrCode": "28000000" });
    assert_eq!(code(&bench.send("1162", json!({ "data": shown }))), "wrong_code");
    let named = named(&bench.send("6201", order(&person, "300.00")));
    let mut wrong = named.clone();
    wrong["payToken"] = "x".into();
    assert_eq!(code(&bench.send("6202", json!({ "data": wrong }))), "wrong_token");
    assert_eq!(code(&bench.send_of(PHARMACY, "6301", json!({ "data": named }))), "no_order");
    let unpaid = json!({ "data": { "payOrdId": named["payOrdId"], "refdType": "ALL" } });
    assert_eq!(code(&bench.send("6203", unpaid)), "order_state");
    assert_eq!(ok(&bench.send("6401", json!({ "data": named })))["data"]["success"], json!(true));
    assert_eq!(code(&bench.send("6202", json!({ "data": named }))), "order_state");
    assert_eq!(code(&bench.send("6302", json!({ "data": {} }))), "not_offered", "a message to institutions");
    insta::assert_snapshot!(bench.log());
}
