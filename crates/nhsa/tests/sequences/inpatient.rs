//! 住院, from admission to discharge and back.

use serde_json::{Value, json};

use crate::kit::{ELSEWHERE, HOSPITAL, code, fen, identities, ok, open, text};

fn admission(person: &str) -> Value {
    json!({
        "mdtrtinfo": {
            "psn_no": person, "insutype": "310", "begntime": "2026-06-08 10:00:00", "mdtrt_cert_type": "02", "med_type": "2101",
            "ipt_no": "Z1", "atddr_no": "D2", "chfpdr_name": "赵医生", "adm_diag_dscr": "肺炎", "adm_dept_codg": "A02",
            "adm_dept_name": "呼吸科", "adm_bed": "12", "dscg_maindiag_code": "J18.900", "dscg_maindiag_name": "肺炎",
        },
        "diseinfo": [{ "psn_no": person, "diag_type": "1", "maindiag_flag": "1", "diag_srt_no": "1", "diag_code": "J18.900",
            "diag_name": "肺炎", "diag_dept": "呼吸科", "dise_dor_no": "D2", "dise_dor_name": "赵医生", "diag_time": "2026-06-08 10:05:00" }],
    })
}

fn lines(person: &str, visit: &str, first: u32) -> Value {
    let line = |serial: u32, code: &str, quantity: &str, price: &str, amount: &str| {
        json!({ "feedetl_sn": serial, "mdtrt_id": visit, "psn_no": person, "med_type": "2101", "fee_ocur_time": "2026-06-09 09:00:00",
            "med_list_codg": code, "medins_list_codg": code, "det_item_fee_sumamt": amount, "cnt": quantity, "pric": price })
    };
    json!({ "feedetail": [line(first, "DEMO-S007", "7", "36.00", "252.00"), line(first + 1, "DEMO-D005", "30", "90.00", "2700.00")] })
}

#[test]
fn a_stay_from_admission_to_discharge_and_back() {
    let bench = open();
    let person = bench.employee("990301", 3, "500.00");
    let admitted = ok(&bench.send("2401", admission(&person)));
    let visit = text(&admitted, "/result/mdtrt_id");
    assert_eq!(code(&bench.send("2401", admission(&person))), "already_admitted");
    let named = json!({ "mdtrt_id": visit, "psn_no": person });
    let lying = |bench: &crate::kit::Bench| {
        let asked = json!({ "data": { "psn_no": "", "begntime": "2026-06-01 00:00:00", "endtime": "2026-06-30 23:59:59" } });
        ok(&bench.send("5303", asked))["data"].as_array().expect("a list").len()
    };
    assert_eq!(lying(&bench), 1);
    let period =
        json!({ "psn_no": person, "begntime": "2026-06-01", "endtime": "2026-06-30", "med_type": "21" });
    ok(&bench.send("5201", json!({ "data": period })));
    ok(&bench.send("2403", json!({ "adminfo": { "mdtrt_id": visit, "psn_no": person, "adm_bed": "15" } })));
    ok(&bench.send("2301", lines(&person, &visit, 1)));
    ok(&bench.send("2301", lines(&person, &visit, 11)));
    let cancel = |serials: &[&str]| {
        let data: Vec<Value> = serials
            .iter()
            .map(|no| json!({ "feedetl_sn": no, "mdtrt_id": visit, "psn_no": person }))
            .collect();
        bench.send("2302", json!({ "data": data }))
    };
    ok(&cancel(&["11"]));
    assert_eq!(code(&cancel(&["11"])), "no_lines", "cancelled before");
    ok(&cancel(&["12"]));
    let discharge = json!({ "dscginfo": { "mdtrt_id": visit, "psn_no": person, "endtime": "2026-06-14 11:00:00", "dscg_way": "1" } });
    ok(&bench.send("2402", discharge.clone()));
    ok(&bench.send("2405", json!({ "data": named })));
    assert_eq!(code(&bench.send("2405", json!({ "data": named }))), "not_discharged");
    ok(&bench.send("2402", discharge));
    assert_eq!(lying(&bench), 0);
    let asked = json!({ "data": { "mdtrt_id": visit, "psn_no": person, "mdtrt_cert_type": "02", "medfee_sumamt": "2952.00",
        "psn_setlway": "01", "insutype": "310", "acct_used_flag": "0", "mid_setl_flag": "0" } });
    let tried = bench.send("2303", asked.clone());
    identities(&tried);
    let settled = bench.send("2304", asked);
    identities(&settled);
    for field in ["fund_pay_sumamt", "psn_cash_pay", "act_pay_dedc", "overlmt_selfpay"] {
        assert_eq!(fen(&tried, "setlinfo", field), fen(&settled, "setlinfo", field), "{field}");
    }
    assert_eq!(code(&bench.send("2301", lines(&person, &visit, 21))), "visit_closed");
    let output = ok(&settled);
    let undo = json!({ "data": { "psn_no": person, "setl_id": text(&output, "/setlinfo/setl_id"), "mdtrt_id": visit } });
    let undone = bench.send("2305", undo);
    identities(&undone);
    ok(&bench.send("2405", json!({ "data": named })));
    ok(&cancel(&["0000"]));
    ok(&bench.send("2404", json!({ "data": named })));
    insta::assert_snapshot!(bench.log());
}

/// Where an area's fund total includes the account, the field says so and nothing else changes.
#[test]
fn the_fund_total_is_what_the_area_means_by_it() {
    let bench = open();
    let person = bench.employee("980302", 5, "500.00");
    let admitted = ok(&bench.send_of(ELSEWHERE, "2401", admission(&person)));
    let visit = text(&admitted, "/result/mdtrt_id");
    ok(&bench.send_of(ELSEWHERE, "2301", lines(&person, &visit, 1)));
    let asked = json!({ "data": { "mdtrt_id": visit, "psn_no": person, "acct_used_flag": "1", "mid_setl_flag": "0", "dscgTime": "2026-06-14" } });
    let settled = bench.send_of(ELSEWHERE, "2304A", asked);
    let of = |field: &str| fen(&settled, "setlinfo", field);
    assert!(of("acct_pay") > 0, "{settled}");
    assert_eq!(of("hifp_pay") + of("hifob_pay") + of("acct_pay"), of("fund_pay_sumamt"));
    assert_eq!(of("medfee_sumamt"), of("fund_pay_sumamt") + of("psn_cash_pay") + of("hosp_part_amt"));
    let stranger = bench.send_of(HOSPITAL, "2305", json!({ "data": { "setl_id": "S1", "mdtrt_id": visit } }));
    assert_eq!(code(&stranger), "no_settlement");
}

#[test]
fn the_remark_of_a_line_changes_and_nothing_else() {
    let bench = open();
    let person = bench.employee("990301", 5, "500.00");
    let visit = text(&ok(&bench.send("2401", admission(&person))), "/result/mdtrt_id");
    ok(&bench.send("2301", lines(&person, &visit, 1)));
    ok(&bench.send("2301", lines(&person, &visit, 11)));
    let remark = |serial: &str, item: &str, memo: &str| {
        let data = json!({ "mdtrt_id": visit, "bkkp_sn": serial, "psn_no": person, "memo": memo, "med_list_codg": item });
        bench.send("2306", json!({ "data": data }))
    };
    assert_eq!(ok(&remark("2", "DEMO-D005", "复核过")), Value::Null);
    assert_eq!(code(&remark("3", "DEMO-D005", "")), "no_lines", "no such line");
    assert_eq!(code(&remark("1", "DEMO-D005", "")), "line_differs", "another item");
    let named = json!({ "data": { "feedetl_sn": "11", "mdtrt_id": visit, "psn_no": person } });
    ok(&bench.send("2302", named));
    assert_eq!(code(&remark("11", "DEMO-S007", "")), "no_lines", "cancelled before");
    let asked = json!({ "data": { "mdtrt_id": visit, "psn_no": person, "medfee_sumamt": "5652.00", "acct_used_flag": "0",
        "mid_setl_flag": "0", "dscgTime": "2026-06-14" } });
    let settled = text(&ok(&bench.send("2304", asked)), "/setlinfo/setl_id");
    let memos = |bench: &crate::kit::Bench| -> Vec<Value> {
        let asked = json!({ "data": { "psn_no": person, "setl_id": settled, "mdtrt_id": visit } });
        ok(&bench.send("5204", asked))
            .as_array()
            .expect("rows")
            .iter()
            .map(|row| row["memo"].clone())
            .collect()
    };
    assert_eq!(memos(&bench), ["", "复核过", ""].map(Value::from));
    ok(&remark("12", "DEMO-D005", "结算以后"));
    ok(&remark("2", "DEMO-D005", ""));
    assert_eq!(memos(&bench), ["", "", "结算以后"].map(Value::from));
    insta::assert_snapshot!(bench.log());
}
