//! 家庭共济: a relative's account pays where it was granted, and only where the message allows it.

use serde_json::{Value, json};

use crate::kit::{Bench, PHARMACY, code, fen, identities, ok, open, text};

fn purchase(person: &str, flag: &str) -> Value {
    json!({
        "druginfo": { "psn_no": person, "begntime": "2026-06-15", "medfee_sumamt": 100, "insutype": "310", "acct_used_flag": flag, "med_type": "41" },
        "drugdetail": { "feedetl_sn": 1, "fee_ocur_time": "2026-06-15", "med_list_codg": "DEMO-D001", "det_item_fee_sumamt": 100, "cnt": 1, "pric": 100 },
    })
}

/// What the account of the person with the card of an order holds, fen.
fn balance(bench: &Bench, order: u32) -> String {
    let data = json!({ "mdtrt_cert_type": "02", "mdtrt_cert_no": crate::kit::id_card(order) });
    ok(&bench.send("1101", json!({ "data": data })))["insuinfo"][0]["balc"].to_string()
}

#[test]
fn a_relatives_account_pays_what_the_own_one_cannot() {
    let bench = open();
    let person = bench.employee("990301", 1, "30.00");
    let spouse = bench.employee("990301", 2, "500.00");
    let sold = |flag: &str| bench.send_of(PHARMACY, "2102", purchase(&person, flag));
    let tried = |flag: &str| bench.send_of(PHARMACY, "2101", purchase(&person, flag));
    let payers = |answer: &str| {
        ["acct_pay", "acct_mulaid_pay", "psn_cash_pay"].map(|field| fen(answer, "setlinfo", field))
    };
    assert_eq!(payers(&tried("2")), [3_000, 0, 7_000], "nobody granted anything");
    let grant =
        json!({ "grantor": spouse, "beneficiary": person, "relation": "spouse", "from": "2026-06-01" });
    bench.book("grant_mutual_aid", &grant);
    assert_eq!(payers(&tried("0")), [0, 0, 10_000]);
    assert_eq!(payers(&tried("1")), [3_000, 0, 7_000]);
    assert_eq!(payers(&tried("2")), [10_000, 7_000, 0], "the account's part includes the relative's");
    assert_eq!(code(&tried("3")), "unknown_code");
    let settled = sold("2");
    identities(&settled);
    assert_eq!(payers(&settled), [10_000, 7_000, 0]);
    assert_eq!(fen(&settled, "setlinfo", "balc"), 0, "of the own account");
    assert_eq!((balance(&bench, 1), balance(&bench, 2)), ("0.0".to_owned(), "430.0".to_owned()));
    let named = |answer: &str| {
        let output = ok(answer);
        json!({ "psn_no": person, "setl_id": text(&output, "/setlinfo/setl_id"), "mdtrt_id": text(&output, "/setlinfo/mdtrt_id") })
    };
    let shown = bench.send_of(PHARMACY, "5203", json!({ "data": named(&settled) }));
    assert_eq!(fen(&shown, "setlinfo", "acct_mulaid_pay"), 7_000);
    let undone = bench.send_of(PHARMACY, "2103", json!({ "data": named(&settled) }));
    identities(&undone);
    assert_eq!(fen(&undone, "setlinfo", "acct_mulaid_pay"), -7_000);
    assert_eq!((balance(&bench, 1), balance(&bench, 2)), ("30.0".to_owned(), "500.0".to_owned()));
    insta::assert_snapshot!(bench.log());
}
