//! 目录对照 (3301, 3302, 1317).

use serde_json::{Value, json};

use crate::kit::{Bench, HOSPITAL, PHARMACY, code, ok, open};

fn row(own: &str, item: &str, kind: &str) -> Value {
    json!({ "fixmedins_hilist_id": own, "fixmedins_hilist_name": "本院药", "list_type": kind, "med_list_codg": item,
        "begndate": "2026-01-01", "enddate": "2026-12-31", "spec": "10片" })
}

fn page(bench: &Bench, institution: &str, extra: &[(&str, &str)]) -> Vec<Value> {
    let mut data = json!({ "updt_time": "2020-01-01", "page_num": 1, "page_size": 10 });
    for (name, value) in extra {
        data[*name] = (*value).into();
    }
    ok(&bench.send_of(institution, "1317", json!({ "data": data })))["data"].as_array().expect("rows").clone()
}

#[test]
fn own_items_are_matched_and_found_again() {
    let bench = open();
    ok(&bench
        .send("3301", json!({ "data": [row("Y1", "DEMO-D001", "101"), row("Y2", "DEMO-S007", "201")] })));
    ok(&bench.send("3301", json!({ "data": row("Y3", "DEMO-D006", "102") })));
    let all = page(&bench, HOSPITAL, &[]);
    assert_eq!(all.len(), 3);
    assert_eq!((&all[0]["medins_list_codg"], &all[0]["spec"]), (&json!("Y1"), &json!("10片")));
    assert_eq!(page(&bench, HOSPITAL, &[("med_list_codg", "DEMO-S007")]).len(), 1);
    assert_eq!(page(&bench, HOSPITAL, &[("query_date", "2027-01-01")]).len(), 0);
    assert_eq!(page(&bench, PHARMACY, &[]).len(), 0, "of the institution that asks");
    let cancel = |item: &str| {
        let data = json!({ "fixmedins_code": HOSPITAL, "fixmedins_hilist_id": "Y1", "list_type": "101", "med_list_codg": item });
        bench.send("3302", json!({ "data": data }))
    };
    assert_eq!(code(&cancel("DEMO-D006")), "no_match");
    ok(&cancel("DEMO-D001"));
    assert_eq!(code(&cancel("DEMO-D001")), "no_match", "cancelled before");
    assert_eq!(page(&bench, HOSPITAL, &[("vali_flag", "1")]).len(), 2);
    let refused = |row: Value| code(&bench.send("3301", json!({ "data": row })));
    assert_eq!(refused(row("Y4", "NONE", "101")), "unknown_item");
    assert_eq!(refused(row("Y4", "DEMO-D001", "201")), "kind_differs");
    assert_eq!(refused(row("a/b", "DEMO-D001", "101")), "malformed_text");
    assert_eq!(refused(json!(vec![row("Y4", "DEMO-D001", "101"); 101])), "line_count");
    let mut back = row("Y4", "DEMO-D001", "101");
    back["enddate"] = "2025-01-01".into();
    assert_eq!(refused(back), "dates_go_back");
    let foreign = json!({ "data": { "fixmedins_code": PHARMACY, "updt_time": "2020-01-01", "page_num": 1, "page_size": 10 } });
    assert_eq!(code(&bench.send("1317", foreign)), "denied");
    insta::assert_snapshot!(bench.log());
}
