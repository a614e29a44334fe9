//! Whatever comes in, an answer goes out: a well-formed success, or a well-formed failure with a code in brackets.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::kit::{Bench, HOSPITAL, open};

/// Values that clients send by mistake, or on purpose.
const STRANGE: [&str; 30] = [
    "null",
    "\"\"",
    "\"null\"",
    "true",
    "0",
    "-1",
    "1e400",
    "-1e-400",
    "99999999999999999999999999",
    "0.000000000000000000001",
    "\"1e9\"",
    "\"-0.005\"",
    "[]",
    "{}",
    "[[[[[[]]]]]]",
    "[null]",
    "[{}]",
    "{\"\":\"\"}",
    "{\"data\":{\"data\":1}}",
    "\"2026-02-30\"",
    "\"0000-00-00 00:00:00\"",
    "\"9999-12-31\"",
    "\"2026-06-15T08:00:00+08:00\"",
    "\"\\u0000\\ud83d\\ude00\\u202e\"",
    "\"../../x\"",
    "\"S0\"",
    "\"S18446744073709551616\"",
    "\"V1\"",
    "\"P6\"",
    "\"一二三四五六七八九十一二三四五六七八九十\"",
];

/// One request of each kind, good as far as it can be without an answer to another.
fn requests(person: &str) -> Vec<(&'static str, Value)> {
    let of = |extra: &[(&str, &str)]| {
        let mut data = json!({ "psn_no": person, "mdtrt_id": "V7", "setl_id": "S12", "insutype": "310", "med_type": "11",
            "begntime": "2026-06-15 08:00:00", "endtime": "2026-06-30", "mdtrt_cert_type": "02", "mdtrt_cert_no": crate::kit::id_card(1) });
        for (name, value) in extra {
            data[*name] = (*value).into();
        }
        data
    };
    let line = json!({ "feedetl_sn": "1", "mdtrt_id": "V7", "psn_no": person, "chrg_bchno": "B1", "fee_ocur_time": "2026-06-15 09:00:00",
        "med_list_codg": "DEMO-D001", "medins_list_codg": "Y1", "det_item_fee_sumamt": "30.00", "cnt": 3, "pric": "10.00", "med_type": "11" });
    let statement = [
        ("stmt_begndate", "2026-06-15"),
        ("stmt_enddate", "2026-06-15"),
        ("clr_type", "11"),
        ("file_qury_no", "F8"),
    ];
    let page =
        [("updt_time", "2020-01-01"), ("page_num", "1"), ("page_size", "3"), ("hilist_code", "DEMO-D001")];
    let data = |extra: &[(&str, &str)]| json!({ "data": of(extra) });
    let info = |name: &str, list: &str, extra: &[(&str, &str)]| json!({ name: of(extra), list: [{ "diag_type": "1", "diag_srt_no": 1, "diag_code": "I10", "vali_flag": "1" }] });
    vec![
        ("1101", data(&[])),
        ("1201", json!({ "medinsinfo": { "fixmedins_code": HOSPITAL } })),
        ("1301", data(&[("ver", "v0000")])),
        ("1312", data(&page)),
        ("1318", data(&page)),
        ("1319", data(&page)),
        ("1901", data(&[("type", "gend")])),
        ("2001", data(&[])),
        (
            "2101",
            json!({ "druginfo": of(&[("medfee_sumamt", "30.00"), ("acct_used_flag", "2")]), "drugdetail": [line.clone()] }),
        ),
        (
            "2102",
            json!({ "druginfo": of(&[("medfee_sumamt", "30.00"), ("acct_used_flag", "2")]), "drugdetail": line.clone() }),
        ),
        ("2103", data(&[])),
        ("2201", data(&[("ipt_otp_no", "M1")])),
        ("2203", info("mdtrtinfo", "diseinfo", &[])),
        ("2204", json!({ "feedetail": [line.clone(), line.clone()] })),
        ("2205", data(&[("chrg_bchno", "0000")])),
        ("2206", data(&[("chrg_bchno", "B1"), ("medfee_sumamt", "30.00")])),
        ("2207", data(&[("chrg_bchno", "B1"), ("medfee_sumamt", "30.00")])),
        ("2208", data(&[])),
        ("2301", json!({ "feedetail": [line] })),
        ("2302", data(&[("feedetl_sn", "0000")])),
        ("2304A", data(&[("mid_setl_flag", "1"), ("dscgTime", "2026-06-15")])),
        ("2401", info("mdtrtinfo", "diseinfo", &[("med_type", "21"), ("ipt_no", "Z1")])),
        ("2402", info("dscginfo", "diseinfo", &[])),
        ("2601", data(&[("omsgid", "X1"), ("oinfno", "2207")])),
        ("3201", data(&statement)),
        ("3202", data(&statement)),
        ("5201", data(&[])),
        ("5203", data(&[])),
        ("5204", data(&[])),
        ("5206", data(&[("cum_ym", "202606")])),
        ("9001", json!({ "signIn": { "opter_no": "1", "mac": "m", "ip": "i" } })),
        (
            "9101",
            json!({ "fsUploadIn": { "in": [80, 75, 3, 4], "filename": "a.zip", "fixmedins_code": HOSPITAL } }),
        ),
        (
            "9102",
            json!({ "fsDownloadIn": { "file_qury_no": "F8", "filename": "a", "fixmedins_code": "plc" } }),
        ),
    ]
}

/// Every place in a value.
fn places(value: &Value, at: &str, into: &mut Vec<String>) {
    into.push(at.to_owned());
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, inside)| places(inside, &format!("{at}/{name}"), into));
        }
        Value::Array(entries) => {
            entries.iter().enumerate().for_each(|(no, inside)| places(inside, &format!("{at}/{no}"), into));
        }
        _ => {}
    }
}

/// What is done to a request: places overwritten with strange values, as text, then bytes cut and overwritten.
#[derive(Clone, Debug)]
struct Damage {
    request: prop::sample::Index,
    overwritten: Vec<(prop::sample::Index, prop::sample::Index)>,
    bytes: Vec<(prop::sample::Index, u8)>,
    end: Option<prop::sample::Index>,
}

fn damage() -> impl Strategy<Value = Damage> {
    let index = any::<prop::sample::Index>;
    let overwritten = prop::collection::vec((index(), index()), 0..4);
    // Most messages stay JSON: those are the ones that reach a transaction.
    let bytes = prop_oneof![4 => Just(Vec::new()), 1 => prop::collection::vec((index(), any::<u8>()), 1..4)];
    (index(), overwritten, bytes, prop::option::weighted(0.05, index()))
        .prop_map(|(request, overwritten, bytes, end)| Damage { request, overwritten, bytes, end })
}

fn damaged(bench: &Bench, person: &str, damage: &Damage) -> (&'static str, String) {
    let requests = requests(person);
    let (number, input) = damage.request.get(&requests);
    let body = bench.body(HOSPITAL, number, &bench.message(HOSPITAL), input);
    let mut envelope: Value = serde_json::from_str(&body).expect("JSON");
    let mut marks = Vec::new();
    for (place, strange) in &damage.overwritten {
        let mut all = Vec::new();
        places(&envelope, "", &mut all);
        let place = place.get(&all);
        if let Some(value) = envelope.pointer_mut(place) {
            // Put in as text afterwards, since not all of it is a value that this JSON library holds.
            let mark = format!("@@{}@@", marks.len());
            *value = Value::String(mark.clone());
            marks.push((format!("\"{mark}\""), *strange.get(&STRANGE)));
        }
    }
    let mut text = envelope.to_string();
    for (mark, strange) in &marks {
        text = text.replace(mark, strange);
    }
    let mut bytes = text.into_bytes();
    for (place, byte) in &damage.bytes {
        let at = place.index(bytes.len().max(1));
        if let Some(place) = bytes.get_mut(at) {
            *place = *byte;
        }
    }
    if let Some(end) = &damage.end {
        bytes.truncate(end.index(bytes.len().max(1)));
    }
    (number, String::from_utf8_lossy(&bytes).into_owned())
}

fn well_formed(number: &str, body: &str, answer: &str) {
    let told: Value = serde_json::from_str(answer).expect("JSON");
    let infcode = told["infcode"].as_i64().expect("a number");
    let asked = serde_json::from_str::<Value>(body).ok();
    // A number that was overwritten may be that of another transaction.
    let same = asked.is_some_and(|asked| asked["infno"] == number);
    match infcode {
        0 if same => crate::schema::check(number, answer),
        0 => assert!(told["inf_refmsgid"].is_string(), "{answer}"),
        _ => {
            crate::schema::check(number, answer);
            let text = told["err_msg"].as_str().expect("text");
            let (code, words) =
                text.strip_prefix('[').and_then(|text| text.split_once("] ")).expect("a code");
            assert!(code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{text}");
            assert!(!words.is_empty() && code != "internal", "{body}\n{answer}");
        }
    }
}

#[test]
fn every_message_is_answered_whatever_is_wrong_with_it() {
    let bench = open();
    let person = bench.employee("990301", 1, "100.00");
    // Whole requests in order, so that visits, lines and settlements are there to be referred to.
    for (number, input) in requests(&person) {
        let body = bench.body(HOSPITAL, number, &bench.message(HOSPITAL), &input);
        well_formed(number, &body, &bench.platform().answer(&body));
    }
    let mut runner = TestRunner::new(Config { cases: 600, failure_persistence: None, ..Config::default() });
    let codes = std::cell::RefCell::new(std::collections::BTreeMap::<String, u32>::new());
    let run = runner.run(&damage(), |damage| {
        let (number, body) = damaged(&bench, &person, &damage);
        let answer = bench.platform().answer(&body);
        well_formed(number, &body, &answer);
        let code = answer.split_once("\"err_msg\":\"[").and_then(|(_, rest)| rest.split_once(']'));
        let code = code.map_or("success", |(code, _)| code).to_owned();
        *codes.borrow_mut().entry(code).or_default() += 1;
        Ok(())
    });
    run.unwrap_or_else(|failure| panic!("{failure}"));
    // Not all of it ends at the door.
    let codes = codes.into_inner();
    assert!(codes["success"] > 50 && codes.len() > 15, "{codes:?}");
    assert!(codes["malformed_json"] < 300, "{codes:?}");
}
