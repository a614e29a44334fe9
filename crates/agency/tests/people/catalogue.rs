//! The catalogue: versions, tables in and out.

use gongji_agency::catalogue::{SHIPPED, items_from_csv, items_to_csv};
use gongji_agency::look;
use serde_json::{Value, json};

use crate::kit::{Desktop, HERE, open, operator};

fn table(desk: &Desktop, area: &str) -> String {
    let items = desk.look(&operator(), |desk, context| look::every_item(desk, context, area)).expect("items");
    items_to_csv(&items).expect("a table")
}

#[test]
fn the_shipped_table_comes_out_as_it_went_in() {
    let desk = open();
    let put = items_from_csv("000000", SHIPPED).expect("items");
    let put = serde_json::to_value(&put).expect("a command");
    let answer = desk.book("put_items", put.clone());
    assert!(answer["items"].as_u64() >= Some(60));
    assert_eq!(table(&desk, "000000"), SHIPPED);
    let again = desk.book("put_items", put);
    assert_eq!(again["items"], json!(0), "the same once more changes nothing");
    let page = desk
        .look(&operator(), |desk, context| look::items(desk, context, ("000000", "支架"), "", 10))
        .expect("a page");
    assert_eq!(page.entries.len(), 1);
    assert_eq!(page.entries[0].versions.len(), 2);
}

#[test]
fn versions_follow_each_other() {
    let desk = open();
    let item = |from: &str, to: Value, ratio: &str| {
        json!({ "area": HERE, "items": [{
            "code": "D1", "name": "甲药", "kind": "drug", "class": "B", "upfront_ratio": ratio,
            "price_caps": { "*": "10.00", "3": "12.50" }, "from": from, "to": to,
        }] })
    };
    desk.book("put_items", item("2024-01-01", Value::Null, "10%"));
    desk.book("put_items", item("2025-01-01", json!("2025-12-31"), "20%"));
    assert_eq!(desk.refused("put_items", item("2025-06-01", Value::Null, "30%")), "version_overlaps");
    assert_eq!(desk.refused("put_items", item("2024-06-01", Value::Null, "30%")), "version_overlaps");
    desk.book("put_items", item("2026-03-01", Value::Null, "30%"));
    let items = desk.look(&operator(), |desk, context| look::every_item(desk, context, HERE)).expect("items");
    let ratio = |day: &str| {
        let version = items[0].on(day.parse().expect("a date"));
        version.and_then(|version| version.upfront_ratio.clone()).unwrap_or_default()
    };
    let days = ["2023-12-31", "2024-12-31", "2025-01-01", "2026-01-01", "2026-03-01"];
    assert_eq!(days.map(ratio), ["", "10%", "20%", "", "30%"]);
    let end = |to: &str| json!({ "area": HERE, "code": "D1", "to": to, "reason": "停产" });
    assert_eq!(desk.refused("end_item", end("2026-02-01")), "dates_go_back");
    desk.book("end_item", end("2026-05-31"));
    assert_eq!(desk.refused("end_item", end("2026-05-31")), "item_not_in_force");
    assert_eq!(
        desk.refused("end_item", json!({ "area": HERE, "code": "D9", "to": "2026-05-31", "reason": "无" })),
        "unknown_item"
    );
}

#[test]
fn items_that_do_not_fit_are_refused_all_together() {
    let desk = open();
    let good = json!({ "code": "D1", "name": "甲药", "kind": "drug", "class": "B", "from": "2024-01-01" });
    for (field, value, code) in [
        ("code", json!("D/1"), "malformed_code"),
        ("name", json!(""), "missing_field"),
        ("kind", json!("food"), "unknown_value"),
        ("class", json!("D"), "unknown_value"),
        ("upfront_ratio", json!("101%"), "malformed_number"),
        ("upfront_ratio", json!("-1%"), "malformed_number"),
        ("price_caps", json!({ "9": "1.00" }), "unknown_value"),
        ("to", json!("2023-01-01"), "dates_go_back"),
    ] {
        let mut wrong = good.clone();
        wrong["code"] = json!("D2");
        wrong[field] = value;
        let asked = json!({ "area": HERE, "items": [good, wrong] });
        assert_eq!(desk.refused("put_items", asked.clone()), code, "{asked}");
    }
    assert_eq!(desk.refused("put_items", json!({ "area": HERE, "items": [] })), "item_count");
    assert_eq!(table(&desk, HERE).lines().count(), 1, "only the names of the columns");
}
