//! 备案 (2501–2506, 5301, 5302, 5304), and what it changes in a bill.

use serde_json::{Value, json};

use crate::kit::{Bench, ELSEWHERE, HOSPITAL, code, fen, identities, ok, open, text};

fn number(answer: &str) -> String {
    text(&ok(answer), "/result/trt_dcla_detl_sn")
}

fn referral(person: &str, to: &str) -> Value {
    json!({ "refmedin": {
        "psn_no": person, "insutype": "310", "tel": "0000", "diag_code": "J18.900", "diag_name": "肺炎", "dise_cond_dscr": "重",
        "reflin_medins_no": to, "reflin_medins_name": "示例机构", "mdtrtarea_admdvs": "980302", "hosp_agre_refl_flag": "1",
        "refl_type": "3", "refl_date": "2026-06-15", "refl_rea": "本地不能治", "refl_opnn": "同意", "begndate": "2026-06-15",
    } })
}

fn undo(bench: &Bench, number: &str, person: &str, filing: &str) -> String {
    bench.send(number, json!({ "data": { "psn_no": person, "trt_dcla_detl_sn": filing, "memo": "办错了" } }))
}

/// What a stay elsewhere would be paid by the pooled fund, fen.
fn stay(bench: &Bench, person: &str) -> i64 {
    let input = json!({ "mdtrtinfo": { "psn_no": person, "insutype": "310", "begntime": "2026-06-15", "med_type": "21", "ipt_no": "Z1" } });
    let visit = text(&ok(&bench.send_of(ELSEWHERE, "2401", input)), "/result/mdtrt_id");
    let line = json!({ "feedetl_sn": "1", "mdtrt_id": visit, "fee_ocur_time": "2026-06-15", "med_list_codg": "DEMO-D001",
        "medins_list_codg": "Y1", "det_item_fee_sumamt": "5000.00", "cnt": 50, "pric": 100 });
    ok(&bench.send_of(ELSEWHERE, "2301", json!({ "feedetail": line })));
    let asked = json!({ "data": { "mdtrt_id": visit, "psn_no": person, "acct_used_flag": "0", "mid_setl_flag": "0", "dscgTime": "2026-06-15" } });
    let tried = bench.send_of(ELSEWHERE, "2303", asked);
    identities(&tried);
    let named = json!({ "data": { "mdtrt_id": visit, "psn_no": person } });
    ok(&bench.send_of(ELSEWHERE, "2404", named));
    fen(&tried, "setlinfo", "hifp_pay")
}

#[test]
fn a_referral_changes_what_care_away_is_paid() {
    let bench = open();
    let person = bench.employee("990301", 1, "500.00");
    // 5,000.00 less the deductible of 800.00: 65% where nothing is filed, 85% with a referral.
    assert_eq!(stay(&bench, &person), 273_000);
    let told = referral(&person, ELSEWHERE);
    let message = bench.message(HOSPITAL);
    let body = bench.body(HOSPITAL, "2501", &message, &told);
    let filed = bench.send_body("2501", &body);
    assert_eq!(number(&bench.send_body("2501", &body)), number(&filed), "the same message once more");
    assert_eq!(stay(&bench, &person), 357_000);
    let asked = json!({ "data": { "psn_no": person, "begntime": "2026-06-01", "endtime": "2026-06-30" } });
    let shown = ok(&bench.send("5304", asked.clone()));
    assert_eq!(
        (&shown["refmedin"][0]["diag_code"], &shown["refmedin"][0]["out_flag"]),
        (&json!("J18.900"), &json!("2"))
    );
    assert_eq!(
        code(&undo(&bench, "2504", &person, &number(&filed))),
        "no_filing",
        "a referral is undone by 2502"
    );
    assert_eq!(code(&undo(&bench, "2502", &person, "F1")), "no_filing");
    ok(&undo(&bench, "2502", &person, &number(&filed)));
    assert_eq!(ok(&bench.send("5304", asked))["refmedin"], json!([]));
    assert_eq!(stay(&bench, &person), 273_000);
    let mut home = referral(&person, HOSPITAL);
    home["refmedin"]["mdtrtarea_admdvs"] = "990301".into();
    assert_eq!(code(&bench.send("2501", home)), "contradiction", "nothing is filed at home");
    insta::assert_snapshot!(bench.log());
}

#[test]
fn a_chronic_disease_holds_once_it_is_reviewed() {
    let bench = open();
    let person = bench.employee("990301", 1, "500.00");
    let told = json!({ "data": {
        "psn_no": person, "insutype": "310", "opsp_dise_code": "hypertension", "opsp_dise_name": "高血压", "insu_optins": "990301",
        "ide_fixmedins_no": HOSPITAL, "ide_fixmedins_name": "示例机构", "hosp_ide_date": "2026-06-14", "diag_dr_codg": "D1",
        "diag_dr_name": "李医生", "begndate": "2026-06-15",
    } });
    let held =
        |bench: &Bench| ok(&bench.send("5301", json!({ "data": { "psn_no": person } })))["feedetail"].clone();
    let first = number(&bench.send("2503", told.clone()));
    assert_eq!(held(&bench), json!([]), "not yet reviewed");
    ok(&undo(&bench, "2504", &person, &first));
    let second = number(&bench.send("2503", told));
    bench.book_as("复核", "review_filing", &json!({ "person": person, "filing": second, "approve": true }));
    assert_eq!(held(&bench)[0]["opsp_dise_name"], "高血压");
    assert_eq!(code(&undo(&bench, "2504", &person, &second)), "filing_reviewed");
    insta::assert_snapshot!(bench.log());
}

#[test]
fn institutions_are_chosen() {
    let bench = open();
    let person = bench.employee("990301", 2, "500.00");
    let choose = |kind: &str, institution: &str| {
        let data = json!({ "psn_no": person, "biz_appy_type": kind, "begndate": "2026-06-15", "enddate": "2026-12-31", "fix_srt_no": "1",
            "fixmedins_code": institution, "fixmedins_name": "示例机构" });
        bench.send("2505", json!({ "data": data }))
    };
    let chosen = |kind: &str| {
        let answer = bench.send("5302", json!({ "data": { "psn_no": person, "biz_appy_type": kind } }));
        ok(&answer)["psnfixmedin"].clone()
    };
    let hospital = number(&choose("03", HOSPITAL));
    let family = number(&choose("05", HOSPITAL));
    assert_eq!(chosen("03")[0]["fixmedins_code"], HOSPITAL);
    assert_eq!(code(&choose("14", HOSPITAL)), "unknown_code");
    assert_eq!(code(&choose("03", "H00000000000")), "no_institution");
    ok(&undo(&bench, "2506", &person, &hospital));
    assert_eq!((chosen("03"), chosen("05").as_array().map(Vec::len)), (json!([]), Some(1)));
    ok(&undo(&bench, "2506", &person, &family));
    ok(&choose("13", HOSPITAL));
    let emergency = number(&choose("07", ELSEWHERE));
    ok(&undo(&bench, "2502", &person, &emergency));
    insta::assert_snapshot!(bench.log());
}
