//! A forms: the same content under another number; and that every number offered is kept somewhere as request and answer.

use std::path::Path;

use serde_json::{Value, json};

use crate::kit::{Bench, HOSPITAL, PHARMACY, code, fen, identities, ok, open, text};

fn reverse(bench: &Bench, institution: &str, person: &str, message: &str, number: &str) -> String {
    let data = json!({ "psn_no": person, "omsgid": message, "oinfno": number });
    bench.send_of(institution, "2601", json!({ "data": data }))
}

/// Settles under an A form what the plain form and the A form try out alike, and takes it back under the number that settled it; its visit.
fn settled(
    bench: &Bench,
    institution: &str,
    [trial, trial_a, settle_a]: [&str; 3],
    person: &str,
    input: &Value,
) -> String {
    let plain = bench.send_of(institution, trial, input.clone());
    let tried = bench.send_of(institution, trial_a, input.clone());
    let message = bench.message(institution);
    let body = bench.body(institution, settle_a, &message, input);
    let made = bench.send_body(settle_a, &body);
    for field in ["medfee_sumamt", "fund_pay_sumamt", "acct_pay", "psn_cash_pay", "balc"] {
        let found = [&plain, &tried, &made].map(|answer| fen(answer, "setlinfo", field));
        assert!(found.iter().all(|fen| *fen == found[0]), "{settle_a} {field}: {found:?}");
    }
    identities(&made);
    let reused = bench.body(institution, &settle_a[..4], &message, input);
    assert_eq!(
        code(&bench.send_body(&settle_a[..4], &reused)),
        "message_reused",
        "another number is another message"
    );
    ok(&reverse(bench, institution, person, &message, settle_a));
    text(&ok(&made), "/setlinfo/mdtrt_id")
}

#[test]
fn a_forms_are_the_plain_ones_by_another_number() {
    let bench = open();
    let person = bench.employee("990301", 1, "500.00");
    let data = json!({ "psn_no": person, "insutype": "310", "begntime": "2026-06-15", "ipt_otp_no": "M1" });
    let visit = text(&ok(&bench.send("2201", json!({ "data": data }))), "/data/mdtrt_id");
    let about = json!({ "mdtrt_id": visit, "psn_no": person, "med_type": "11", "begntime": "2026-06-15" });
    let disease = json!({ "diag_type": "1", "diag_srt_no": "1", "diag_code": "I10.x00", "diag_name": "高血压", "diag_dept": "内科",
        "dise_dor_no": "D1", "dise_dor_name": "李医生", "diag_time": "2026-06-15 08:40:00", "vali_flag": "1" });
    assert_eq!(ok(&bench.send("2203", json!({ "mdtrtinfo": about, "diseinfo": [disease] }))), Value::Null);
    let line = json!({ "feedetl_sn": "1", "mdtrt_id": visit, "psn_no": person, "chrg_bchno": "B1", "fee_ocur_time": "2026-06-15",
        "med_list_codg": "DEMO-D001", "medins_list_codg": "Y1", "det_item_fee_sumamt": "400.00", "cnt": 4, "pric": 100 });
    ok(&bench.send("2204", json!({ "feedetail": line })));
    let asked = json!({ "data": { "psn_no": person, "mdtrt_id": visit, "chrg_bchno": "B1", "medfee_sumamt": 400, "med_type": "11",
        "acct_used_flag": "1", "insutype": "310" } });
    let of = settled(&bench, HOSPITAL, ["2206", "2206A", "2207A"], &person, &asked);
    assert_eq!(of, visit);

    let input = json!({ "mdtrtinfo": { "psn_no": person, "insutype": "310", "begntime": "2026-06-12", "med_type": "21", "ipt_no": "Z1" } });
    let stay = text(&ok(&bench.send("2401", input)), "/result/mdtrt_id");
    let line = json!({ "feedetl_sn": "1", "mdtrt_id": stay, "fee_ocur_time": "2026-06-13", "med_list_codg": "DEMO-D001",
        "medins_list_codg": "Y1", "det_item_fee_sumamt": "5000.00", "cnt": 50, "pric": 100 });
    ok(&bench.send("2301", json!({ "feedetail": line })));
    let asked = json!({ "data": { "mdtrt_id": stay, "psn_no": person, "med_type": "21", "medfee_sumamt": 5000, "acct_used_flag": "1",
        "mid_setl_flag": "0", "dscgTime": "2026-06-15", "invono": "F1" } });
    assert_eq!(settled(&bench, HOSPITAL, ["2303", "2303A", "2304A"], &person, &asked), stay);

    let bought = json!({
        "druginfo": { "psn_no": person, "begntime": "2026-06-15", "medfee_sumamt": 10, "insutype": "310", "acct_used_flag": "1", "med_type": "41" },
        "drugdetail": [{ "feedetl_sn": 1, "fee_ocur_time": "2026-06-15", "med_list_codg": "DEMO-D001", "det_item_fee_sumamt": 10, "cnt": 1, "pric": 10 }],
    });
    // The visit of a purchase is there once it is settled.
    let message = bench.message(PHARMACY);
    let made = bench.send_body("2102A", &bench.body(PHARMACY, "2102A", &message, &bought));
    identities(&made);
    ok(&reverse(&bench, PHARMACY, &person, &message, "2102A"));
    insta::assert_snapshot!(bench.log());
}

/// What the snapshots hold of requests with a successful answer.
#[test]
fn every_number_is_kept_as_request_and_answer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sequences/snapshots");
    let mut kept = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(folder).expect("snapshots") {
        let text = std::fs::read_to_string(entry.expect("a file").path()).expect("text");
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            let number = line.strip_prefix("→ ").and_then(|rest| rest.split(' ').next());
            let answered = lines.peek().is_some_and(|next| next.starts_with("← {\"infcode\":0,"));
            kept.extend(number.filter(|_| answered).map(str::to_owned));
        }
    }
    let a_forms = ["2102A", "2206A", "2207A", "2303A", "2304A"];
    let without: Vec<&str> =
        gongji_nhsa::offered().chain(a_forms).filter(|number| !kept.contains(*number)).collect();
    assert!(without.is_empty(), "no snapshot of request and answer for {without:?}");
}
