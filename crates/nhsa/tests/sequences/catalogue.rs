//! 目录 (1301–1319): files and pages.

use serde_json::{Value, json};

use crate::files::download;
use crate::kit::{Bench, code, ok, open, text};

fn asked(bench: &Bench, number: &str, version: &str) -> Value {
    ok(&bench.send(number, json!({ "data": { "ver": version } })))
}

fn fetched(bench: &Bench, told: &Value) -> Vec<Vec<String>> {
    let (name, rows) = download(bench, &text(told, "/file_qury_no"), "plc");
    assert_eq!(name, text(told, "/filename"));
    let rows: Vec<_> =
        rows.lines().map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>()).collect();
    assert_eq!(told["data_cnt"], rows.len(), "{told}");
    rows
}

#[test]
fn catalogues_are_fetched_by_version() {
    let bench = open();
    let drugs = asked(&bench, "1301", "v0000");
    let rows = fetched(&bench, &drugs);
    assert!(rows.iter().any(|row| row[0] == "DEMO-D001" && row[1] == "示例青霉素片"), "{rows:?}");
    assert!(rows.iter().all(|row| row[0].starts_with("DEMO-D")));
    let version = rows[0].last().expect("a version").clone();
    let again = asked(&bench, "1301", &version);
    assert_eq!(fetched(&bench, &again).len(), 0, "nothing new");
    let stents = fetched(&bench, &asked(&bench, "1306", "v0000"));
    let stents: Vec<_> = stents.iter().filter(|row| row[0] == "DEMO-C005").collect();
    assert_eq!(stents.len(), 2, "a row for each version of an item");
    assert!(!fetched(&bench, &asked(&bench, "1305", "v0000")).is_empty());
    // The diseases of the area's rules.
    assert!(!fetched(&bench, &asked(&bench, "1309", "v0000")).is_empty());
    // What the agency does not keep is empty and well formed.
    for number in ["1302", "1303", "1307", "1308", "1310", "1311", "1313", "1314", "1315"] {
        assert!(fetched(&bench, &asked(&bench, number, "v0000")).is_empty(), "{number}");
    }
    // An area's own item comes before the national one of its code, and makes another version.
    bench.book(
        "put_items",
        &json!({ "area": "990301", "items": [
            { "code": "DEMO-D001", "name": "本地青霉素片", "kind": "drug", "class": "B", "upfront_ratio": "12.5%", "price_caps": {}, "from": "2026-01-01" },
        ] }),
    );
    let stale = json!({ "fsDownloadIn": { "file_qury_no": text(&drugs, "/file_qury_no"), "filename": "x", "fixmedins_code": "plc" } });
    assert_eq!(code(&bench.send("9102", stale)), "file_expired");
    let newer = fetched(&bench, &asked(&bench, "1301", &version));
    assert!(newer.iter().any(|row| row[1] == "本地青霉素片") && newer.len() == rows.len());
    assert_eq!(code(&bench.send("1301", json!({ "data": { "ver": "" } }))), "missing_field");
    insta::assert_snapshot!(bench.log());
}

fn page(bench: &Bench, number: &str, number_of_page: u32, more: &[(&str, &str)]) -> Value {
    let mut data = json!({ "updt_time": "2020-01-01", "page_num": number_of_page, "page_size": 5 });
    for (name, value) in more {
        data[*name] = (*value).into();
    }
    ok(&bench.send(number, json!({ "data": data })))
}

#[test]
fn catalogues_are_asked_page_by_page() {
    let bench = open();
    let first = page(&bench, "1312", 1, &[("chrgitm_lv", "02"), ("list_type", "101")]);
    let count = first["recordCounts"].as_u64().expect("a number");
    assert!(count > 5, "{first}");
    let mut codes = Vec::new();
    for number in 1..=first["pages"].as_u64().expect("pages") {
        let number = u32::try_from(number).expect("few");
        let rows = page(&bench, "1312", number, &[("chrgitm_lv", "02"), ("list_type", "101")]);
        codes.extend(rows["data"].as_array().expect("rows").iter().map(|row| row["hilist_code"].clone()));
    }
    assert_eq!(codes.len() as u64, count);
    let beyond = page(&bench, "1312", 99, &[]);
    assert_eq!((beyond["data"].as_array().map(Vec::len), &beyond["lastPage"]), (Some(0), &json!(true)));
    let on = |day: &str| {
        let found = page(&bench, "1318", 1, &[("hilist_code", "DEMO-C005"), ("query_date", day)]);
        found["data"][0]["hilist_pric_uplmt_amt"].clone()
    };
    assert_eq!((on("2025-06-01"), on("2026-06-01")), (json!(798.0), json!(698.0)));
    let shares = page(&bench, "1319", 1, &[("hilist_code", "DEMO-D006"), ("selfpay_prop_psn_type", "310")]);
    assert_eq!(shares["data"][0]["selfpay_prop"], json!(0.05));
    let matched = page(&bench, "1316", 1, &[("med_list_codg", "DEMO-D006")]);
    assert_eq!(matched["data"][0]["hilist_code"], "DEMO-D006");
    assert_eq!(page(&bench, "1304", 1, &[])["recordCounts"], 0);
    let wrong =
        |page: Value| {
            code(&bench.send(
                "1312",
                json!({ "data": { "updt_time": "2020-01-01", "page_num": page, "page_size": 5 } }),
            ))
        };
    assert_eq!(
        (wrong(json!(0)), wrong(json!("x")), wrong(json!(""))),
        ("page".into(), "malformed_number".into(), "missing_field".into())
    );
    let by_name = page(&bench, "1312", 1, &[("hilist_name", "起搏器"), ("insu_admdvs", "990303")]);
    assert_eq!(by_name["data"][0]["insu_admdvs"], "990303");
    insta::assert_snapshot!(bench.log());
}
