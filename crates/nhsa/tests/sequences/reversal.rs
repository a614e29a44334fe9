//! 冲正: messages whose outcome is not known.

use serde_json::{Value, json};

use crate::kit::{Bench, HOSPITAL, PHARMACY, code, ok, open, text};

fn purchase(person: &str) -> Value {
    json!({
        "druginfo": { "psn_no": person, "begntime": "2026-06-15", "medfee_sumamt": 10, "insutype": "310", "acct_used_flag": "1", "med_type": "41" },
        "drugdetail": { "feedetl_sn": 1, "fee_ocur_time": "2026-06-15", "med_list_codg": "DEMO-D001", "det_item_fee_sumamt": 10, "cnt": 1, "pric": 10 },
    })
}

fn reverse(bench: &Bench, institution: &str, person: &str, message: &str, number: &str) -> String {
    let data = json!({ "psn_no": person, "omsgid": message, "oinfno": number });
    bench.send_of(institution, "2601", json!({ "data": data }))
}

fn balance(bench: &Bench, order: u32) -> Value {
    let card = crate::kit::id_card(order);
    let known = bench.send("1101", json!({ "data": { "mdtrt_cert_type": "02", "mdtrt_cert_no": card } }));
    ok(&known)["insuinfo"][0]["balc"].clone()
}

#[test]
fn a_settlement_is_taken_back_once() {
    let bench = open();
    let person = bench.employee("990301", 1, "100.00");
    let message = bench.message(PHARMACY);
    let body = bench.body(PHARMACY, "2102", &message, &purchase(&person));
    ok(&bench.send_body("2102", &body));
    assert_eq!(balance(&bench, 1), json!(90.0));
    assert_eq!(code(&reverse(&bench, PHARMACY, &person, &message, "2207")), "number_differs");
    assert_eq!(code(&reverse(&bench, PHARMACY, "P9999", &message, "2102")), "person_differs");
    assert_eq!(code(&reverse(&bench, PHARMACY, &person, &message, "2208")), "not_reversible");
    ok(&reverse(&bench, PHARMACY, &person, &message, "2102"));
    assert_eq!(balance(&bench, 1), json!(100.0));
    ok(&reverse(&bench, PHARMACY, &person, &message, "2102"));
    assert_eq!(balance(&bench, 1), json!(100.0), "no second effect");
}

#[test]
fn a_message_that_comes_after_its_reversal_is_refused() {
    let bench = open();
    let person = bench.employee("990301", 1, "100.00");
    let message = bench.message(PHARMACY);
    ok(&reverse(&bench, PHARMACY, &person, &message, "2102"));
    let body = bench.body(PHARMACY, "2102", &message, &purchase(&person));
    assert_eq!(code(&bench.send_body("2102", &body)), "reversed_before");
    assert_eq!(balance(&bench, 1), json!(100.0));
    // Another institution's message of the same id is another message.
    let other = bench.body(HOSPITAL, "2102", &message, &purchase(&person));
    ok(&bench.send_body("2102", &other));
}

#[test]
fn an_admission_is_taken_back() {
    let bench = open();
    let person = bench.employee("990301", 1, "100.00");
    let message = bench.message(HOSPITAL);
    let input = json!({ "mdtrtinfo": { "psn_no": person, "insutype": "310", "begntime": "2026-06-14", "med_type": "21", "ipt_no": "Z1" } });
    let body = bench.body(HOSPITAL, "2401", &message, &input);
    let first = text(&ok(&bench.send_body("2401", &body)), "/result/mdtrt_id");
    ok(&reverse(&bench, HOSPITAL, &person, &message, "2401"));
    ok(&reverse(&bench, HOSPITAL, &person, &message, "2401"));
    let second = text(&ok(&bench.send("2401", input)), "/result/mdtrt_id");
    assert_ne!(first, second);
}
