//! 查询: code tables, entitlement, lines of settlements.

use serde_json::{Value, json};

use crate::kit::{Bench, PHARMACY, code, ok, open, text};

fn table(bench: &Bench, name: &str, valid: &str) -> String {
    let data = json!({ "type": name, "parent_value": "", "admdvs": "990301", "date": "2026-06-15", "Vali_Flag": valid });
    bench.send("1901", json!({ "data": data }))
}

#[test]
fn code_tables_are_told() {
    let bench = open();
    let found = ok(&table(&bench, "GEND", "1"));
    let male =
        found["list"].as_array().expect("rows").iter().find(|row| row["value"] == "1").expect("a code");
    assert_eq!((text(male, "/type"), text(male, "/label")), ("gend".to_owned(), "男".to_owned()));
    assert_eq!(ok(&table(&bench, "insutype", "0"))["list"], json!([]), "none is out of force");
    assert_eq!(code(&table(&bench, "nothing", "1")), "no_table");
    insta::assert_snapshot!(bench.log());
}

#[test]
fn entitlement_is_what_the_rules_would_pay() {
    let bench = open();
    let person = bench.employee("990301", 1, "500.00");
    let check = |med_type: &str, on: &str, insurance: &str| {
        let data = json!({ "psn_no": person, "insutype": insurance, "fixmedins_code": "", "med_type": med_type, "begntime": on });
        bench.send("2001", json!({ "data": data }))
    };
    let rows = |answer: &str| -> Vec<(Value, Value)> {
        let rows = ok(answer)["trtinfo"].as_array().expect("rows").clone();
        rows.iter().map(|row| (row["fund_pay_type"].clone(), row["trt_enjymnt_flag"].clone())).collect()
    };
    let inpatient = check("21", "2026-06-15 08:00:00", "310");
    assert!(rows(&inpatient).contains(&(json!("310100"), json!("1"))), "{inpatient}");
    let drugstore = check("41", "2026-06-15", "310");
    assert_eq!(rows(&drugstore), [(json!("310100"), json!("0"))], "the pool pays nothing there");
    let before = check("21", "2020-06-15", "310");
    assert_eq!(rows(&before), [(json!("310100"), json!("0"))]);
    assert_eq!(code(&check("21", "2026-06-15", "390")), "insurance_differs");
    assert_eq!(code(&check("9x", "2026-06-15", "310")), "unknown_code");
    bench.book("pause_cover", &json!({ "person": person, "from": "2026-06-15", "reason": "停保" }));
    let paused = check("21", "2026-06-15", "310");
    assert!(text(&ok(&paused), "/trtinfo/0/trt_chk_rslt").contains("暂停"), "{paused}");
    insta::assert_snapshot!(bench.log());
}

#[test]
fn lines_of_a_purchase_are_told() {
    let bench = open();
    let person = bench.employee("990301", 1, "500.00");
    let input = json!({
        "druginfo": { "psn_no": person, "begntime": "2026-06-15", "medfee_sumamt": "101.20", "insutype": "310", "acct_used_flag": "1", "med_type": "41" },
        "drugdetail": [
            { "feedetl_sn": 1, "fee_ocur_time": "2026-06-15", "med_list_codg": "DEMO-D001", "det_item_fee_sumamt": "60.00", "cnt": "1.5", "pric": 40 },
            { "feedetl_sn": 2, "fee_ocur_time": "2026-06-15", "med_list_codg": "DEMO-D006", "det_item_fee_sumamt": "41.20", "cnt": 1, "pric": "41.20" },
        ],
    });
    let sold = ok(&bench.send_of(PHARMACY, "2102", input));
    let (id, visit) = (text(&sold, "/setlinfo/setl_id"), text(&sold, "/setlinfo/mdtrt_id"));
    let asked = json!({ "data": { "psn_no": person, "setl_id": id, "mdtrt_id": visit } });
    let rows = ok(&bench.send_of(PHARMACY, "5204", asked.clone()));
    assert_eq!((&rows[0]["cnt"], &rows[0]["mdtrt_id"]), (&json!(1.5), &json!(visit)));
    for (row, sent) in
        rows.as_array().expect("rows").iter().zip(sold["detlcutinfo"].as_array().expect("rows"))
    {
        for field in ["det_item_fee_sumamt", "preselfpay_amt", "inscp_scp_amt", "selfpay_prop", "pric"] {
            assert_eq!(row[field], sent[field], "{field}");
        }
    }
    assert_eq!(code(&bench.send("5204", asked)), "no_settlement", "another institution's");
    let chronic = json!({ "data": { "psn_no": person, "begntime": "2026-01-01", "endtime": "2026-12-31" } });
    assert_eq!(ok(&bench.send("5205", chronic))["feedetail"], json!([]), "no chronic disease");
    insta::assert_snapshot!(bench.log());
}
