//! 异地就医: the catalogue of the area of care, the benefit of the area of insurance, and what the two owe each other.

use serde_json::{Value, json};

use crate::kit::{Bench, ELSEWHERE, fen, ok, open, text};

fn visit(bench: &Bench, person: &str) -> String {
    let data = json!({ "psn_no": person, "insutype": "310", "begntime": "2026-06-15", "ipt_otp_no": "M1" });
    text(&ok(&bench.send_of(ELSEWHERE, "2201", json!({ "data": data }))), "/data/mdtrt_id")
}

fn charge(bench: &Bench, visit: &str) -> Value {
    let line = json!({ "feedetl_sn": "1", "mdtrt_id": visit, "chrg_bchno": "B1", "fee_ocur_time": "2026-06-15", "med_list_codg": "LOCAL-1",
        "medins_list_codg": "Y1", "det_item_fee_sumamt": "1000.00", "cnt": 10, "pric": 100 });
    ok(&bench.send_of(ELSEWHERE, "2204", json!({ "feedetail": line })))["result"][0].clone()
}

#[test]
fn care_away_from_home_is_cleared_between_two_areas() {
    let bench = open();
    // An item that only the area of care has; its rules take 20% first, those of the area of insurance would take 10%.
    bench.book(
        "put_items",
        &json!({ "area": "980302", "items": [
            { "code": "LOCAL-1", "name": "本地乙类药", "kind": "drug", "class": "B", "price_caps": { "*": "90.00" }, "from": "2026-01-01" },
        ] }),
    );
    let person = bench.employee("990301", 1, "500.00");
    let visit = visit(&bench, &person);
    let split = charge(&bench, &visit);
    assert_eq!(
        (&split["overlmt_amt"], &split["preselfpay_amt"], &split["inscp_scp_amt"]),
        (&json!(100.0), &json!(180.0), &json!(720.0)),
        "the cap and the first share of the area of care"
    );
    let asked = json!({ "data": { "psn_no": person, "mdtrt_id": visit, "chrg_bchno": "B1", "medfee_sumamt": 1000, "acct_used_flag": "1", "insutype": "310" } });
    let settled = bench.send_of(ELSEWHERE, "2207", asked);
    let of = |field: &str| fen(&settled, "setlinfo", field);
    // 60% above 200.00 is the benefit at home; elsewhere it would be 55% above 300.00.
    assert_eq!(of("hifp_pay"), 31_200);
    assert_eq!(of("act_pay_dedc"), 20_000);
    assert_eq!(of("acct_pay"), 50_000);
    assert_eq!(of("fund_pay_sumamt"), of("hifp_pay") + of("acct_pay"), "as the area of care writes it");
    let id = text(&ok(&settled), "/setlinfo/setl_id");
    let shown = ok(&bench.send_of(
        ELSEWHERE,
        "5203",
        json!({ "data": { "psn_no": person, "setl_id": id, "mdtrt_id": visit } }),
    ));
    assert_eq!(
        (&shown["setlinfo"]["insu_optins"], &shown["setlinfo"]["pay_loc"]),
        (&json!("990301"), &json!("4"))
    );
    // The area of care pays the institution and is owed it by the area of insurance; each area's books close.
    let owed = |sign: i64| {
        let postings = bench.postings();
        let sum = |part: &str| -> i64 {
            postings.iter().filter(|(account, _)| account.contains(part)).map(|(_, fen)| *fen).sum()
        };
        let between: Vec<_> = postings
            .iter()
            .filter(|(account, _)| account.contains("/clearing/"))
            .map(|(account, fen)| (account.as_str(), *fen * sign))
            .collect();
        // The pool's money and the account's are owed apart; the area of care is owed all of it by the pool that pays for it.
        assert!(between.iter().any(|(account, fen)| account.ends_with("/account") && *fen == 50_000));
        assert!(between.iter().any(|(account, fen)| !account.ends_with("/account") && *fen == 31_200));
        let asked: i64 = between.iter().map(|(_, fen)| *fen).filter(|fen| *fen < 0).sum();
        assert_eq!((between.iter().map(|(_, fen)| fen).sum::<i64>(), asked), (0, -81_200), "{postings:?}");
        assert_eq!(sum("payable"), sign * 81_200, "{postings:?}");
    };
    owed(1);
    let undone = bench.send_of(
        ELSEWHERE,
        "2208",
        json!({ "data": { "psn_no": person, "setl_id": id, "mdtrt_id": visit } }),
    );
    assert_eq!(fen(&undone, "setlinfo", "hifp_pay"), -31_200);
    owed(-1);
    insta::assert_snapshot!(bench.log());
}

#[test]
fn a_stay_away_from_home_without_a_filing_is_settled_as_unfiled() {
    let bench = open();
    let person = bench.employee("990301", 1, "500.00");
    let input = json!({ "mdtrtinfo": { "psn_no": person, "insutype": "310", "begntime": "2026-06-08", "med_type": "21", "ipt_no": "Z1" } });
    let visit = text(&ok(&bench.send_of(ELSEWHERE, "2401", input)), "/result/mdtrt_id");
    let line = json!({ "feedetl_sn": "1", "mdtrt_id": visit, "fee_ocur_time": "2026-06-09", "med_list_codg": "DEMO-D001",
        "medins_list_codg": "Y1", "det_item_fee_sumamt": "5000.00", "cnt": 50, "pric": 100 });
    let uploaded = bench.send_of(ELSEWHERE, "2301", json!({ "feedetail": line }));
    ok(&uploaded);
}
