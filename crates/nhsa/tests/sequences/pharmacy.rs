//! 药店: visit, lines and settlement in one.

use serde_json::json;

use crate::kit::{PHARMACY, code, fen, identities, ok, open, text};

#[test]
fn a_purchase_and_its_return() {
    let bench = open();
    let person = bench.employee("990301", 2, "100.00");
    let input = json!({
        "druginfo": {
            "psn_no": person, "mdtrt_cert_type": "01", "mdtrt_cert_no": "T", "begntime": "2026-06-15 10:00:00", "medfee_sumamt": "60.50",
            "insutype": "310", "acct_used_flag": "1", "med_type": "41",
        },
        "drugdetail": [
            { "feedetl_sn": "1", "rx_circ_flag": "0", "fee_ocur_time": "2026-06-15 10:00:00", "med_list_codg": "DEMO-D002",
              "medins_list_codg": "Y2", "det_item_fee_sumamt": 40, "cnt": 2, "pric": 20 },
            { "feedetl_sn": "2", "rx_circ_flag": "0", "fee_ocur_time": "2026-06-15 10:00:00", "med_list_codg": "DEMO-D004",
              "medins_list_codg": "Y4", "det_item_fee_sumamt": 20.5, "cnt": 1, "pric": "20.50" },
        ],
    });
    let tried = bench.send_of(PHARMACY, "2101", input.clone());
    identities(&tried);
    let settled = bench.send_of(PHARMACY, "2102", input.clone());
    identities(&settled);
    assert_eq!(fen(&tried, "setlinfo", "acct_pay"), fen(&settled, "setlinfo", "acct_pay"));
    let output = ok(&settled);
    let (settlement, visit) = (text(&output, "/setlinfo/setl_id"), text(&output, "/setlinfo/mdtrt_id"));
    let undo = json!({ "data": { "psn_no": person, "setl_id": settlement, "mdtrt_id": visit } });
    ok(&bench.send_of(PHARMACY, "5203", undo.clone()));
    let stranger = bench.send("2103", undo.clone());
    assert_eq!(code(&stranger), "no_settlement", "another institution's settlement");
    let undone = bench.send_of(PHARMACY, "2103", undo);
    identities(&undone);
    assert_eq!(fen(&undone, "setlinfo", "balc"), 10_000);
    let mut wrong = input;
    wrong["druginfo"]["medfee_sumamt"] = "60.51".into();
    assert_eq!(code(&bench.send_of(PHARMACY, "2102", wrong)), "total_differs");
    insta::assert_snapshot!(bench.log());
}
