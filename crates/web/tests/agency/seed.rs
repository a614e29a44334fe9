//! Two people, a hospital, items, tokens: all by commands over HTTP.

use gongji_agency::actor::Role;
use gongji_agency::certificate::check_character;
use serde_json::{Value, json};

use crate::kit::Agency;

/// A server where one person is insured and one was, H1 treats, and every role has a token of its name.
pub struct Seeded {
    pub agency: Agency,
    /// Insured, with 2,156.30 carried over in the account.
    pub insured: String,
    /// Insured until the end of 2025.
    pub ended: String,
}

impl std::ops::Deref for Seeded {
    type Target = Agency;

    fn deref(&self) -> &Agency {
        &self.agency
    }
}

/// An ID card that agrees with a man born on 1980-01-01.
pub fn card(order: &str) -> Value {
    let digits = format!("99020119800101{order}");
    let check = check_character(&digits).unwrap();
    json!({ "kind": "id_card", "number": format!("{digits}{check}") })
}

async fn registered(agency: &Agency, order: &str) -> String {
    let person = json!({
        "area": "990201", "name": "张小明", "certificate": card(order), "sex": "male", "birth_date": "1980-01-01",
    });
    let booked = agency.book("clerk", "register_person", &format!("register-{order}"), person).await;
    let id = booked["result"]["person"].as_str().unwrap().to_owned();
    let cover = json!({
        "person": id, "area": "990201", "scheme": "employee", "from": "2020-01-01", "reason": "就业",
        "facts": { "category": "employed", "assistance": [], "supplements": ["large_sum"] },
    });
    agency.book("clerk", "enrol", &format!("enrol-{order}"), cover).await;
    id
}

/// The server.
pub async fn seeded() -> Seeded {
    let agency = Agency::new();
    agency.token("clerk", Role::Clerk, "王", &["990201"]);
    agency.token("foreign-clerk", Role::Clerk, "李", &["990202"]);
    agency.token("reviewer", Role::Reviewer, "赵", &["990201"]);
    agency.token("auditor", Role::Auditor, "钱", &[]);
    let insured = registered(&agency, "001").await;
    let ended = registered(&agency, "003").await;
    let end = json!({ "person": ended, "to": "2025-12-31", "reason": "离职" });
    agency.book("clerk", "end_cover", "end", end).await;
    let account = json!({ "person": insured, "area": "990201" });
    agency.book("clerk", "open_account", "account", account).await;
    let credit = json!({
        "person": insured, "sub_account": "carried_over", "amount": "2156.30", "period": "2026-01",
        "source": "opening", "reason": "期初余额",
    });
    agency.book("clerk", "credit_account", "credit", credit).await;
    for (id, name) in [("H1", "示例医院"), ("H2", "示例二院")] {
        let institution = json!({
            "id": id, "name": name, "area": "990201", "from": "2020-01-01",
            "facts": { "level": "3", "facility_type": "hospital" },
        });
        agency.book("clerk", "register_institution", id, institution).await;
    }
    let item = |code: &str, class: &str| json!({ "code": code, "name": format!("{class} 类项目"), "kind": "service", "class": class, "from": "2020-01-01" });
    let items = json!({ "area": "990201", "items": [item("A1", "A"), item("C1", "C")] });
    agency.book("clerk", "put_items", "items", items).await;
    agency.token("hospital", Role::Institution, "H1", &[]);
    agency.token("other-hospital", Role::Institution, "H2", &[]);
    agency.token("resident", Role::Resident, &insured, &[]);
    agency.token("other-resident", Role::Resident, &ended, &[]);
    Seeded { agency, insured, ended }
}
