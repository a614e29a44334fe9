//! Amounts that were seen on the wire, made again: the same portions, payers and balances, and every identity between them.

use serde_json::{Value, json};

use crate::kit::{Bench, fen, identities, ok, open, text};

/// What was seen, in fen: total, then portions, then payers.
struct Capture {
    /// A level of institution whose rules give these payers.
    level: &'static str,
    /// 全自费, 超限价, 先行自付, 符合范围.
    portions: [i64; 4],
    fund: i64,
    account: i64,
    cash: i64,
    hospital: i64,
    /// 实际支付起付线.
    deductible: i64,
}

fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.abs() / 100, fen.abs() % 100)
}

/// Items that fall whole into one portion each, and one whose price is capped at a fen.
fn items(bench: &Bench) {
    let item = |code: &str, class: &str, ratio: Option<&str>, caps: Value| {
        let mut item = json!({ "code": code, "name": format!("示例{code}"), "kind": "drug", "class": class, "price_caps": caps,
            "from": "2020-01-01" });
        if let Some(ratio) = ratio {
            item["upfront_ratio"] = ratio.into();
        }
        item
    };
    let items = [
        item("SELF", "C", None, json!({})),
        item("CAPPED", "A", None, json!({ "*": "0.00" })),
        item("FIRST", "B", Some("100%"), json!({})),
        item("FIVE", "B", Some("5%"), json!({})),
        item("SCOPE", "A", None, json!({})),
    ];
    bench.book("put_items", &json!({ "area": "990309", "items": items }));
}

fn hospital(bench: &Bench, level: &str) -> String {
    let id = format!("H9903090000{level}");
    let facts = json!({ "level": level, "grade": "A", "facility_type": "hospital" });
    bench.book(
        "register_institution",
        &json!({ "id": id, "name": format!("样例医院{level}"), "area": "990309", "from": "2020-01-01", "facts": facts }),
    );
    id
}

/// A stay with these portions, settled; the answers of 2303 and 2304, and what names it.
fn stay(bench: &Bench, capture: &Capture, balance: &str) -> (String, String, String, Value) {
    items(bench);
    let place = hospital(bench, capture.level);
    let person = bench.employee("990309", 1, balance);
    let admission = json!({ "mdtrtinfo": { "psn_no": person, "insutype": "310", "begntime": "2026-06-08 10:00:00", "mdtrt_cert_type": "02",
        "med_type": "21", "ipt_no": "Z1" } });
    let visit = text(&ok(&bench.send_of(&place, "2401", admission)), "/result/mdtrt_id");
    let lines: Vec<Value> = ["SELF", "CAPPED", "FIRST", "SCOPE"]
        .iter()
        .zip(capture.portions)
        .filter(|(_, fen)| *fen > 0)
        .map(|(code, fen)| {
            json!({ "feedetl_sn": code, "mdtrt_id": visit, "psn_no": person, "med_type": "21", "fee_ocur_time": "2026-06-09 09:00:00",
                "med_list_codg": code, "medins_list_codg": code, "det_item_fee_sumamt": yuan(fen), "cnt": 1, "pric": yuan(fen) })
        })
        .collect();
    ok(&bench.send_of(&place, "2301", json!({ "feedetail": lines })));
    let total: i64 = capture.portions.iter().sum();
    let asked = json!({ "data": { "mdtrt_id": visit, "psn_no": person, "medfee_sumamt": yuan(total), "insutype": "310", "acct_used_flag": "1",
        "mid_setl_flag": "0", "dscgTime": "2026-06-14" } });
    let tried = bench.send_of(&place, "2303", asked.clone());
    let settled = bench.send_of(&place, "2304", asked);
    let named =
        json!({ "psn_no": person, "mdtrt_id": visit, "setl_id": text(&ok(&settled), "/setlinfo/setl_id") });
    (place, tried, settled, named)
}

/// Every amount of a capture, negated for a reversal; every identity; every field that a settlement has on the wire.
fn matches(answer: &str, capture: &Capture, sign: i64) {
    identities(answer);
    let of = |field: &str| fen(answer, "setlinfo", field);
    let [own, over, first, scope] = capture.portions;
    let total: i64 = capture.portions.iter().sum();
    for (field, expected) in [
        ("medfee_sumamt", total),
        ("fulamt_ownpay_amt", own),
        ("overlmt_selfpay", over),
        ("preselfpay_amt", first),
        ("inscp_scp_amt", scope),
        ("hifp_pay", capture.fund),
        ("fund_pay_sumamt", capture.fund),
        ("acct_pay", capture.account),
        ("acct_mulaid_pay", 0),
        ("psn_cash_pay", capture.cash),
        ("psn_part_amt", capture.account + capture.cash),
        ("hosp_part_amt", capture.hospital),
        ("act_pay_dedc", capture.deductible),
    ] {
        assert_eq!(of(field), sign * expected, "{field}: {answer}");
    }
    // The account and the hospital have rows of their own, beside the funds.
    let answer: Value = serde_json::from_str(answer).expect("JSON");
    let rows = answer["output"]["setldetail"].as_array().expect("rows").clone();
    let paid = [capture.fund, capture.account, capture.hospital];
    assert_eq!(rows.len(), paid.iter().filter(|fen| **fen != 0).count(), "{rows:?}");
    for (code, fen) in ["310100", "310200", "999996"].into_iter().zip(paid) {
        let row = rows.iter().find(|row| row["fund_pay_type"] == code);
        assert_eq!(row.is_some(), fen != 0, "{code}");
    }
}

/// The fields of `setlinfo` that every settlement carries.
const FIELDS: [&str; 43] = [
    "mdtrt_id",
    "setl_id",
    "psn_no",
    "psn_name",
    "psn_cert_type",
    "certno",
    "gend",
    "naty",
    "brdy",
    "age",
    "insutype",
    "psn_type",
    "cvlserv_flag",
    "setl_time",
    "mdtrt_cert_type",
    "med_type",
    "medfee_sumamt",
    "fulamt_ownpay_amt",
    "overlmt_selfpay",
    "preselfpay_amt",
    "inscp_scp_amt",
    "act_pay_dedc",
    "hifp_pay",
    "pool_prop_selfpay",
    "cvlserv_pay",
    "hifes_pay",
    "hifmi_pay",
    "hifob_pay",
    "maf_pay",
    "hifdm_pay",
    "oth_pay",
    "fund_pay_sumamt",
    "psn_part_amt",
    "acct_pay",
    "acct_mulaid_pay",
    "psn_cash_pay",
    "hosp_part_amt",
    "balc",
    "medins_setl_id",
    "clr_optins",
    "clr_way",
    "clr_type",
    "exp_content",
];

fn carries_every_field(answer: &str) {
    let info = ok(answer)["setlinfo"].clone();
    for field in FIELDS {
        assert!(info.get(field).is_some_and(|value| !value.is_null()), "{field}: {info}");
    }
}

#[test]
fn a_stay_whose_hospital_bears_nothing() {
    let bench = open();
    let capture = Capture {
        level: "2",
        portions: [29_620, 0, 52_261, 497_372],
        fund: 310_654,
        account: 0,
        cash: 268_599,
        hospital: 0,
        deductible: 80_000,
    };
    let (_, tried, settled, _) = stay(&bench, &capture, "0.00");
    matches(&tried, &capture, 1);
    matches(&settled, &capture, 1);
    carries_every_field(&settled);
}

#[test]
fn a_stay_whose_hospital_bears_a_part() {
    let bench = open();
    let capture = Capture {
        level: "3",
        portions: [253_397, 139_689, 70_344, 1_880_816],
        fund: 1_878_539,
        account: 17_004,
        cash: 398_202,
        hospital: 50_501,
        deductible: 400,
    };
    let (_, tried, settled, _) = stay(&bench, &capture, "170.04");
    matches(&tried, &capture, 1);
    matches(&settled, &capture, 1);
    carries_every_field(&settled);
    for field in ["setl_id", "setl_time", "clr_way", "clr_optins"] {
        assert!(ok(&tried)["setlinfo"][field].is_null(), "{field} is not known before it is settled");
    }
}

#[test]
fn a_stay_that_is_taken_back() {
    let bench = open();
    let capture = Capture {
        level: "1",
        portions: [95_634, 18_631, 19_722, 203_939],
        fund: 203_939,
        account: 0,
        cash: 130_701,
        hospital: 3_286,
        deductible: 0,
    };
    let (place, _, settled, named) = stay(&bench, &capture, "0.00");
    matches(&settled, &capture, 1);
    let undone = bench.send_of(&place, "2305", json!({ "data": named }));
    matches(&undone, &capture, -1);
    let info = &ok(&undone)["setlinfo"];
    assert_eq!(info["setl_type"], "2");
    assert_ne!(info["setl_id"], named["setl_id"], "a settlement of its own");
    assert_ne!(info["medins_setl_id"], ok(&settled)["setlinfo"]["medins_setl_id"]);
}

/// The account pays everything, the first share too; the deductible is what this bill used up of it; the balance is that afterwards in both answers.
#[test]
fn an_outpatient_bill_that_the_account_pays() {
    let bench = open();
    items(&bench);
    let place = hospital(&bench, "2");
    let person = bench.employee("990309", 1, "1378.15");
    let data = json!({ "psn_no": person, "insutype": "310", "begntime": "2026-06-15", "mdtrt_cert_type": "02", "ipt_otp_no": "M1" });
    let visit = text(&ok(&bench.send_of(&place, "2201", json!({ "data": data }))), "/data/mdtrt_id");
    let line = json!({ "feedetl_sn": "1", "mdtrt_id": visit, "psn_no": person, "chrg_bchno": "B1", "fee_ocur_time": "2026-06-15 09:00:00",
        "med_list_codg": "FIVE", "medins_list_codg": "Y1", "det_item_fee_sumamt": "4.52", "cnt": 1, "pric": "4.52" });
    let told = ok(&bench.send_of(&place, "2204", json!({ "feedetail": line })));
    let result = &told["result"][0];
    assert_eq!((&result["preselfpay_amt"], &result["inscp_scp_amt"]), (&json!(0.23), &json!(4.29)));
    assert_eq!((&result["selfpay_prop"], &result["pric_uplmt_amt"]), (&json!(0.05), &json!(999_999)));
    let asked = json!({ "data": { "psn_no": person, "mdtrt_id": visit, "chrg_bchno": "B1", "medfee_sumamt": "4.52", "acct_used_flag": "1",
        "insutype": "310", "med_type": "11" } });
    let capture = Capture {
        level: "2",
        portions: [0, 0, 23, 429],
        fund: 0,
        account: 452,
        cash: 0,
        hospital: 0,
        deductible: 429,
    };
    let tried = bench.send_of(&place, "2206", asked.clone());
    let settled = bench.send_of(&place, "2207", asked);
    for answer in [&tried, &settled] {
        matches(answer, &capture, 1);
        assert_eq!(fen(answer, "setlinfo", "balc"), 137_363);
    }
    carries_every_field(&settled);
    let named =
        json!({ "psn_no": person, "mdtrt_id": visit, "setl_id": text(&ok(&settled), "/setlinfo/setl_id") });
    let undone = bench.send_of(&place, "2208", json!({ "data": named }));
    matches(&undone, &capture, -1);
    assert_eq!(fen(&undone, "setlinfo", "balc"), 137_815);
}
