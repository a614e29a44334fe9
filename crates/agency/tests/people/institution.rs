//! Institutions: registration, changes, designation, search.

use gongji_agency::look::{self, InstitutionSearch};
use serde_json::{Value, json};

use crate::kit::{Desktop, HERE, THERE, open, operator, resident};

fn search(desk: &Desktop, asked: &Value) -> Vec<String> {
    let asked: InstitutionSearch = serde_json::from_value(asked.clone()).expect("a search");
    let page = desk
        .look(&resident("P1"), |desk, context| look::institutions(desk, context, &asked, "", 2))
        .expect("a page");
    let mut found: Vec<String> = page.entries.iter().map(|row| row.id.clone()).collect();
    if let Some(after) = page.next {
        let rest = desk
            .look(&resident("P1"), |desk, context| look::institutions(desk, context, &asked, &after, 1_000))
            .expect("a page");
        found.extend(rest.entries.into_iter().map(|row| row.id));
    }
    found
}

#[test]
fn institutions_are_found_by_what_they_are() {
    let desk = open();
    let register = |id: &str, name: &str, area: &str, level: &str, kind: &str| {
        desk.book(
            "register_institution",
            json!({ "id": id, "name": name, "area": area, "from": "2024-01-01",
                    "facts": { "level": level, "facility_type": kind } }),
        );
    };
    register("H1", "云江第一医院", HERE, "3", "hospital");
    register("H2", "云江第二医院", HERE, "2", "hospital");
    register("C1", "云江社区服务中心", HERE, "primary", "community");
    register("P1", "云江大药房", HERE, "ungraded", "pharmacy");
    register("H3", "和平医院", THERE, "2", "hospital");
    desk.book("end_designation", json!({ "institution": "H2", "to": "2025-12-31", "reason": "违规" }));
    assert_eq!(search(&desk, &json!({})), ["C1", "H1", "H2", "P1", "H3"]);
    assert_eq!(search(&desk, &json!({ "area": THERE })), ["H3"]);
    assert_eq!(search(&desk, &json!({ "level": "2" })), ["H2", "H3"]);
    assert_eq!(search(&desk, &json!({ "facility_type": "pharmacy" })), ["P1"]);
    assert_eq!(search(&desk, &json!({ "text": "医院", "area": HERE })), ["H1", "H2"]);
    assert_eq!(search(&desk, &json!({ "text": "医院", "area": HERE, "on": "2026-01-01" })), ["H1"]);
    assert_eq!(search(&desk, &json!({ "text": "没有" })), [""; 0]);
}

#[test]
fn what_does_not_fit_is_refused() {
    let desk = open();
    let good =
        json!({ "id": "H1", "name": "云江医院", "area": HERE, "from": "2024-01-01", "to": "2025-12-31" });
    for (field, value, code) in [
        ("id", json!("H/1"), "malformed_code"),
        ("id", json!(""), "malformed_code"),
        ("name", json!(""), "missing_field"),
        ("area", json!("云江"), "unknown_area"),
        ("to", json!("2023-12-31"), "dates_go_back"),
        ("facts", json!({ "level": "9" }), "unknown_value"),
        ("facts", json!({ "grade": "Z" }), "unknown_value"),
        ("facts", json!({ "admin_level": "royal" }), "unknown_value"),
        ("facts", json!({ "facility_type": "inn" }), "unknown_value"),
    ] {
        let mut asked = good.clone();
        asked[field] = value;
        assert_eq!(desk.refused("register_institution", asked.clone()), code, "{asked}");
    }
    desk.book("register_institution", good.clone());
    assert_eq!(desk.refused("register_institution", good), "institution_exists");
    let renew = |from: &str| json!({ "institution": "H1", "from": from });
    assert_eq!(desk.refused("renew_designation", renew("2025-12-31")), "designation_overlaps");
    desk.book("renew_designation", renew("2026-02-01"));
    let end = |to: &str| json!({ "institution": "H1", "to": to, "reason": "关闭" });
    assert_eq!(desk.refused("end_designation", end("2026-01-31")), "dates_go_back");
    desk.book("end_designation", end("2026-05-31"));
    assert_eq!(desk.refused("end_designation", end("2026-06-30")), "not_designated");
    assert_eq!(
        desk.refused("end_designation", json!({ "institution": "H9", "to": "2026-06-30", "reason": "无" })),
        "no_institution"
    );
    let change = |facts: Value| json!({ "institution": "H1", "facts": facts, "reason": "评级" });
    assert_eq!(desk.refused("change_institution", change(json!({}))), "nothing_changes");
    desk.book("change_institution", change(json!({ "level": "3", "grade": "A" })));
    let seen = desk.look(&operator(), |desk, context| look::institution(desk, context, "H1")).expect("seen");
    assert_eq!((seen.level.as_deref(), seen.grade.as_deref()), (Some("3"), Some("A")));
    let days =
        ["2025-12-31", "2026-01-01", "2026-02-01", "2026-06-01"].map(|day| day.parse().expect("a date"));
    assert_eq!(days.map(|day| seen.is_designated(day)), [true, false, true, false]);
}
