//! 门诊, from signing in to the daily close.

use serde_json::json;

use crate::kit::{HOSPITAL, code, fen, id_card, identities, ok, open, text};

fn line(
    serial: u32,
    visit: &str,
    person: &str,
    code: &str,
    quantity: &str,
    price: &str,
    amount: &str,
) -> serde_json::Value {
    json!({
        "feedetl_sn": serial.to_string(), "mdtrt_id": visit, "psn_no": person, "chrg_bchno": "B1", "rx_circ_flag": "0",
        "fee_ocur_time": "2026-06-15 09:00:00", "med_list_codg": code, "medins_list_codg": "Y1", "det_item_fee_sumamt": amount,
        "cnt": quantity, "pric": price, "bilg_dept_codg": "A01", "bilg_dept_name": "内科", "bilg_dr_codg": "D1",
        "bilg_dr_name": "李医生", "hosp_appr_flag": "0", "exp_content": null,
    })
}

#[test]
fn a_visit_from_door_to_close() {
    let bench = open();
    let person = bench.employee("990301", 1, "300.00");
    let signed =
        ok(&bench.send("9001", json!({ "signIn": { "opter_no": "001", "mac": "00-00", "ip": "10.0.0.1" } })));
    let card = id_card(1);
    let shown = json!({ "data": { "mdtrt_cert_type": "02", "mdtrt_cert_no": card, "psn_cert_type": "01", "certno": card, "psn_name": "王小明" } });
    let known = ok(&bench.send("1101", shown));
    assert_eq!(text(&known, "/baseinfo/psn_no"), person);
    ok(&bench.send("1201", json!({ "medinsinfo": { "fixmedins_type": "1", "fixmedins_code": HOSPITAL } })));
    let registered = ok(&bench.send(
        "2201",
        json!({ "data": {
            "psn_no": person, "insutype": "310", "begntime": "2026-06-15 08:30:00", "mdtrt_cert_type": "02", "mdtrt_cert_no": card,
            "ipt_otp_no": "M0001", "atddr_no": "D1", "dr_name": "李医生", "dept_code": "A01", "dept_name": "内科", "caty": "A03",
        } }),
    ));
    let visit = text(&registered, "/data/mdtrt_id");
    let diagnosis = json!({ "diag_type": "1", "diag_srt_no": 1, "diag_code": "I10.x00", "diag_name": "高血压", "diag_dept": "内科",
        "dise_dor_no": "D1", "dise_dor_name": "李医生", "diag_time": "2026-06-15 08:40:00", "vali_flag": "1" });
    let told =
        json!({ "mdtrt_id": visit, "psn_no": person, "med_type": "11", "begntime": "2026-06-15 08:30:00" });
    // One bare object for the list of diagnoses, as some clients send it.
    ok(&bench.send("2203A", json!({ "mdtrtinfo": told, "diseinfo": diagnosis })));
    ok(&bench.send("5202", json!({ "data": { "mdtrt_id": visit, "psn_no": person } })));
    let lines = json!({ "feedetail": [
        line(1, &visit, &person, "DEMO-D001", "2", "150.00", "300.00"),
        line(2, &visit, &person, "DEMO-D006", "5", "41.20", "206.00"),
        line(3, &visit, &person, "DEMO-D005", "1", "100.00", "100.00"),
        line(4, &visit, &person, "DEMO-C009", "1", "12.34", "12.34"),
    ] });
    ok(&bench.send("2204", lines.clone()));
    assert_eq!(code(&bench.send("2204", lines)), "serial_reused");
    let asked = |charge: &str| {
        json!({ "data": {
            "psn_no": person, "mdtrt_cert_type": "02", "mdtrt_cert_no": card, "med_type": "11", "medfee_sumamt": "618.34",
            "psn_setlway": "01", "mdtrt_id": visit, "chrg_bchno": charge, "acct_used_flag": "1", "insutype": "310",
            "fulamt_ownpay_amt": "0", "overlmt_selfpay": "0", "preselfpay_amt": "0", "inscp_scp_amt": "0", "invono": "F1",
        } })
    };
    assert_eq!(code(&bench.send("2206", asked("B9"))), "no_lines");
    let tried = bench.send("2206", asked("B1"));
    identities(&tried);
    let message = bench.message(HOSPITAL);
    let body = bench.body(HOSPITAL, "2207A", &message, &asked("B1"));
    let settled = bench.send_body("2207A", &body);
    identities(&settled);
    for field in ["medfee_sumamt", "fund_pay_sumamt", "acct_pay", "psn_cash_pay", "balc", "act_pay_dedc"] {
        assert_eq!(
            fen(&tried, "setlinfo", field),
            fen(&settled, "setlinfo", field),
            "{field} as it was shown"
        );
    }
    let settlement = text(&ok(&settled), "/setlinfo/setl_id");
    // The same message once more is the same answer; another content under its id is refused.
    assert_eq!(ok(&bench.send_body("2207A", &body)), ok(&settled));
    assert_eq!(code(&bench.send_body("2207A", &body.replace("\"F1\"", "\"F2\""))), "message_reused");
    let close = |count: u32, total: &str, fund: &str, account: &str| {
        json!({ "data": {
            "insutype": "310", "clr_type": "11", "setl_optins": "990301", "stmt_begndate": "2026-06-15", "stmt_enddate": "2026-06-15 23:59:59",
            "medfee_sumamt": total, "fund_pay_sumamt": fund, "acct_pay": account, "fixmedins_setl_cnt": count, "fixmedins_refd_setl_flag": "0",
        } })
    };
    let fund = fen(&settled, "setlinfo", "fund_pay_sumamt");
    let account = fen(&settled, "setlinfo", "acct_pay");
    let yuan = |fen: i64| format!("{}.{:02}", fen / 100, fen % 100);
    let equal = ok(&bench.send("3201", close(1, "618.34", &yuan(fund), &yuan(account))));
    assert_eq!(text(&equal, "/stmtinfo/stmt_rslt"), "0");
    let differs = ok(&bench.send("3201", close(2, "618.34", &yuan(fund - 1), &yuan(account))));
    assert_eq!(text(&differs, "/stmtinfo/stmt_rslt"), "1");
    ok(&bench
        .send("5203", json!({ "data": { "psn_no": person, "setl_id": settlement, "mdtrt_id": visit } })));
    ok(&bench.send("5206", json!({ "data": { "psn_no": person } })));
    assert_eq!(
        code(
            &bench.send(
                "2202",
                json!({ "data": { "psn_no": person, "mdtrt_id": visit, "ipt_otp_no": "M0001" } })
            )
        ),
        "visit_settled"
    );
    let cancelled =
        bench.send("2208", json!({ "data": { "psn_no": person, "setl_id": settlement, "mdtrt_id": visit } }));
    identities(&cancelled);
    assert_eq!(fen(&cancelled, "setlinfo", "medfee_sumamt"), -61_834);
    assert_eq!(fen(&cancelled, "setlinfo", "balc"), 30_000, "the account has its money back");
    let negative = text(&ok(&cancelled), "/setlinfo/setl_id");
    ok(&bench.send("5203", json!({ "data": { "psn_no": person, "setl_id": negative, "mdtrt_id": visit } })));
    let again =
        bench.send("2208", json!({ "data": { "psn_no": person, "setl_id": settlement, "mdtrt_id": visit } }));
    assert_eq!(code(&again), "already_cancelled");
    let late =
        bench.send("2601", json!({ "data": { "psn_no": person, "omsgid": message, "oinfno": "2207A" } }));
    assert_eq!(code(&late), "already_cancelled");
    let equal = ok(&bench.send("3201", close(2, "0", "0.00", "0")));
    assert_eq!(text(&equal, "/stmtinfo/stmt_rslt"), "0", "the negative counts as a record of its own");
    ok(&bench.send("2205", json!({ "data": { "psn_no": person, "chrg_bchno": "0000", "mdtrt_id": visit } })));
    ok(&bench
        .send("2202", json!({ "data": { "psn_no": person, "mdtrt_id": visit, "ipt_otp_no": "M0001" } })));
    ok(&bench.send("5201", json!({ "data": { "psn_no": person, "begntime": "2026-06-01", "endtime": "2026-06-30", "med_type": "11" } })));
    ok(&bench.send(
        "9002",
        json!({ "signOut": { "sign_no": text(&signed, "/signinoutb/sign_no"), "opter_no": "001" } }),
    ));
    insta::assert_snapshot!(bench.log());
}

#[test]
fn batches_are_settled_one_by_one() {
    let bench = open();
    let person = bench.employee("990301", 1, "50.00");
    let registered = ok(&bench.send(
        "2201",
        json!({ "data": { "psn_no": person, "insutype": "310", "begntime": "2026-06-15", "ipt_otp_no": "M2" } }),
    ));
    let visit = text(&registered, "/data/mdtrt_id");
    for (serial, charge) in [(1, "B1"), (2, "B2")] {
        let mut line = line(serial, &visit, &person, "DEMO-D001", "1", "100.00", "100.00");
        line["chrg_bchno"] = charge.into();
        ok(&bench.send("2204", json!({ "feedetail": line })));
    }
    let settle = |charge: &str| {
        let data = json!({ "psn_no": person, "mdtrt_id": visit, "chrg_bchno": charge, "medfee_sumamt": 100, "acct_used_flag": "1",
            "insutype": "310" });
        bench.send("2207", json!({ "data": data }))
    };
    let first = settle("B1");
    identities(&first);
    assert_eq!(fen(&first, "setlinfo", "balc"), 0);
    let second = settle("B2");
    identities(&second);
    assert_eq!(fen(&second, "setlinfo", "psn_cash_pay"), 10_000, "within the deductible of the year");
    assert_eq!(code(&settle("B2")), "no_lines");
    let wrong = json!({ "psn_no": person, "mdtrt_id": visit, "chrg_bchno": "B2", "insutype": "390", "acct_used_flag": "0" });
    assert_eq!(code(&bench.send("2206", json!({ "data": wrong }))), "insurance_differs");
}
