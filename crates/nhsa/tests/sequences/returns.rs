//! 退费 as negative lines, and lines that are cancelled one by one.

use serde_json::{Value, json};

use crate::kit::{Bench, code, fen, identities, ok, open, text};

fn stay(bench: &Bench, person: &str) -> String {
    let input = json!({ "mdtrtinfo": { "psn_no": person, "insutype": "310", "begntime": "2026-06-08 10:00:00", "med_type": "21", "ipt_no": "Z1" } });
    text(&ok(&bench.send("2401", input)), "/result/mdtrt_id")
}

fn line(visit: &str, serial: &str, item: &str, (quantity, price, amount): (&str, &str, &str)) -> Value {
    json!({ "feedetl_sn": serial, "mdtrt_id": visit, "med_type": "21", "fee_ocur_time": "2026-06-09 09:00:00", "med_list_codg": item,
        "medins_list_codg": "Y1", "det_item_fee_sumamt": amount, "cnt": quantity, "pric": price })
}

fn back(mut line: Value, of: &str) -> Value {
    line["init_feedetl_sn"] = of.into();
    line
}

fn upload(bench: &Bench, lines: &[Value]) -> String {
    bench.send("2301", json!({ "feedetail": lines }))
}

fn asked(visit: &str, person: &str, total: &str, middle: &str) -> Value {
    json!({ "data": { "mdtrt_id": visit, "psn_no": person, "medfee_sumamt": total, "insutype": "310", "acct_used_flag": "0",
        "mid_setl_flag": middle, "dscgTime": "2026-06-14" } })
}

#[test]
fn a_return_is_a_line_of_its_own() {
    let bench = open();
    let person = bench.employee("990301", 1, "500.00");
    let visit = stay(&bench, &person);
    let drug = ("30", "90.00", "2700.00");
    ok(&upload(
        &bench,
        &[line(&visit, "1", "DEMO-S007", ("7", "36.00", "252.00")), line(&visit, "2", "DEMO-D005", drug)],
    ));
    let some = ("-5", "90.00", "-450.00");
    let refused = |line: Value| code(&upload(&bench, &[line]));
    assert_eq!(refused(line(&visit, "3", "DEMO-D005", some)), "return_line", "of which line");
    assert_eq!(refused(back(line(&visit, "3", "DEMO-D005", some), "9")), "return_unmatched");
    assert_eq!(refused(back(line(&visit, "3", "DEMO-S007", some), "2")), "return_unmatched", "another item");
    let price = ("-5", "80.00", "-400.00");
    assert_eq!(
        refused(back(line(&visit, "3", "DEMO-D005", price), "2")),
        "return_unmatched",
        "another price"
    );
    let all = ("-31", "90.00", "-2790.00");
    assert_eq!(refused(back(line(&visit, "3", "DEMO-D005", all), "2")), "return_exceeds");
    let told = upload(&bench, &[back(line(&visit, "3", "DEMO-D005", some), "2")]);
    let result = &ok(&told)["result"][0];
    assert_eq!((&result["cnt"], &result["det_item_fee_sumamt"]), (&json!(-5), &json!(-450.0)));
    let more = ("-26", "90.00", "-2340.00");
    assert_eq!(refused(back(line(&visit, "4", "DEMO-D005", more), "2")), "return_exceeds", "25 are left");
    // A line is not cancelled under its return, but with it.
    let cancel = |serials: &[&str]| {
        let data: Vec<Value> = serials
            .iter()
            .map(|no| json!({ "feedetl_sn": no, "mdtrt_id": visit, "psn_no": person }))
            .collect();
        bench.send("2302", json!({ "data": data }))
    };
    assert_eq!(code(&cancel(&["2"])), "return_unmatched");
    ok(&cancel(&["3"]));
    ok(&upload(&bench, &[back(line(&visit, "3", "DEMO-D005", some), "2")]));
    // What is sent and taken back in one message leaves nothing.
    let one = ("1", "36.00", "36.00");
    let none = back(line(&visit, "6", "DEMO-S007", ("-1", "36.00", "-36.00")), "5");
    ok(&upload(&bench, &[line(&visit, "5", "DEMO-S007", one), none]));
    let tried = bench.send("2303", asked(&visit, &person, "2502.00", "0"));
    identities(&tried);
    let settled = bench.send("2304", asked(&visit, &person, "2502.00", "0"));
    identities(&settled);
    assert_eq!(fen(&settled, "setlinfo", "medfee_sumamt"), 250_200);
    let id = text(&ok(&settled), "/setlinfo/setl_id");
    let shown = bench.send("5204", json!({ "data": { "psn_no": person, "setl_id": id, "mdtrt_id": visit } }));
    let rows = ok(&shown);
    let rows: Vec<_> = rows
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| (row["feedetl_sn"].clone(), row["cnt"].clone()))
        .collect();
    assert_eq!(rows, [(json!("1"), json!(7)), (json!("2"), json!(25))], "as they were settled");
    let undone =
        bench.send("2305", json!({ "data": { "psn_no": person, "setl_id": id, "mdtrt_id": visit } }));
    let negative = text(&ok(&undone), "/setlinfo/setl_id");
    let turned =
        ok(&bench
            .send("5204", json!({ "data": { "psn_no": person, "setl_id": negative, "mdtrt_id": visit } })));
    assert_eq!((&turned[1]["cnt"], &turned[1]["det_item_fee_sumamt"]), (&json!(-25), &json!(-2250.0)));
    ok(&cancel(&["1", "2", "3", "5", "6"]));
    assert_eq!(code(&bench.send("2303", asked(&visit, &person, "0", "0"))), "no_lines");
    insta::assert_snapshot!(bench.log());
}

#[test]
fn a_stay_is_settled_in_the_middle_and_at_its_end() {
    let bench = open();
    let person = bench.employee("990301", 1, "500.00");
    let visit = stay(&bench, &person);
    ok(&upload(&bench, &[line(&visit, "1", "DEMO-D005", ("30", "90.00", "2700.00"))]));
    let middle = bench.send("2304", asked(&visit, &person, "2700.00", "1"));
    identities(&middle);
    let taken = fen(&middle, "setlinfo", "act_pay_dedc");
    assert!(taken > 0, "{middle}");
    let settled_line = back(line(&visit, "2", "DEMO-D005", ("-1", "90.00", "-90.00")), "1");
    assert_eq!(code(&upload(&bench, &[settled_line])), "return_unmatched", "settled in the middle");
    ok(&upload(&bench, &[line(&visit, "2", "DEMO-S007", ("7", "36.00", "252.00"))]));
    let end = bench.send("2304", asked(&visit, &person, "252.00", "0"));
    identities(&end);
    assert_eq!(fen(&end, "setlinfo", "act_pay_dedc"), 0, "one deductible a stay");
    let undo = |answer: &str| {
        let id = text(&ok(answer), "/setlinfo/setl_id");
        bench.send("2305", json!({ "data": { "psn_no": person, "setl_id": id, "mdtrt_id": visit } }))
    };
    ok(&undo(&end));
    ok(&undo(&middle));
    ok(&upload(&bench, &[back(line(&visit, "3", "DEMO-D005", ("-1", "90.00", "-90.00")), "1")]));
    let whole = bench.send("2304", asked(&visit, &person, "2862.00", "0"));
    identities(&whole);
    insta::assert_snapshot!(bench.log());
}

#[test]
fn an_outpatient_line_is_taken_back_before_it_is_paid() {
    let bench = open();
    let person = bench.employee("990301", 1, "500.00");
    let data = json!({ "psn_no": person, "insutype": "310", "begntime": "2026-06-15", "ipt_otp_no": "M1" });
    let visit = text(&ok(&bench.send("2201", json!({ "data": data }))), "/data/mdtrt_id");
    let charged = |charge: &str, mut line: Value| {
        line["chrg_bchno"] = charge.into();
        line["fee_ocur_time"] = "2026-06-15".into();
        bench.send("2204", json!({ "feedetail": line }))
    };
    ok(&charged("B1", line(&visit, "1", "DEMO-D001", ("3", "50.00", "150.00"))));
    ok(&charged("B2", back(line(&visit, "2", "DEMO-D001", ("-1", "50.00", "-50.00")), "1")));
    let settle = |charge: &str, total: &str| {
        let data = json!({ "psn_no": person, "mdtrt_id": visit, "chrg_bchno": charge, "medfee_sumamt": total, "acct_used_flag": "1", "insutype": "310" });
        bench.send("2207", json!({ "data": data }))
    };
    // A batch of charges is settled whole: its returns stand in it.
    assert_eq!(code(&settle("B1", "150.00")), "return_elsewhere");
    assert_eq!(code(&settle("B2", "-50.00")), "return_unmatched");
    ok(&bench.send("2205", json!({ "data": { "psn_no": person, "chrg_bchno": "B2", "mdtrt_id": visit } })));
    ok(&charged("B1", back(line(&visit, "2", "DEMO-D001", ("-1", "50.00", "-50.00")), "1")));
    // A price with parts of a fen is taken back whole or not at all.
    ok(&charged("B1", line(&visit, "3", "DEMO-D001", ("3", "0.1234", "0.37"))));
    let part = back(line(&visit, "4", "DEMO-D001", ("-1", "0.1234", "-0.12")), "3");
    assert_eq!(code(&charged("B1", part)), "return_unmatched");
    ok(&charged("B1", back(line(&visit, "4", "DEMO-D001", ("-3", "0.1234", "-0.37")), "3")));
    let settled = settle("B1", "100.00");
    identities(&settled);
    assert_eq!(fen(&settled, "setlinfo", "acct_pay"), 10_000);
    insta::assert_snapshot!(bench.log());
}
