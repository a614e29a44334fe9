//! What is wrong with a message is said, whatever it is.

use serde_json::json;

use crate::kit::{HOSPITAL, code, ok, open};

#[test]
fn strange_messages_are_refused_in_words() {
    let bench = open();
    assert_eq!(code(&bench.send_body("1101", "{\"infno\":")), "malformed_json");
    assert_eq!(code(&bench.send_body("1101", "[]")), "malformed_json");
    assert_eq!(code(&bench.send("0000", json!({}))), "unknown_transaction");
    assert_eq!(code(&bench.send("7101", json!({}))), "not_offered");
    assert_eq!(code(&bench.send_of("H00000000000", "1201", json!({}))), "no_institution");
    assert_eq!(code(&bench.send("2201", json!({}))), "missing_node");
    assert_eq!(code(&bench.send("2201", json!({ "data": { "psn_no": "P1" } }))), "missing_field");
    assert_eq!(code(&bench.send("2201", json!({ "data": "x" }))), "malformed_node");
    assert_eq!(
        code(&bench.send("1101", json!({ "data": { "mdtrt_cert_type": "02", "mdtrt_cert_no": "1" } }))),
        "no_person"
    );
    assert_eq!(
        code(&bench.send("9002", json!({ "signOut": { "sign_no": "1", "opter_no": "1" } }))),
        "no_sign_in"
    );
    insta::assert_snapshot!(bench.log());
}

#[test]
fn the_content_may_be_text() {
    let bench = open();
    let input = json!(
        json!({ "medinsinfo": [{ "fixmedins_type": 1, "fixmedins_code": HOSPITAL, "x": 1 }] }).to_string()
    );
    let message = bench.message(HOSPITAL);
    ok(&bench.send_body("1201", &bench.body(HOSPITAL, "1201", &message, &input)));
}
