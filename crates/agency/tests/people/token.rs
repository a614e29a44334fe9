//! Tokens: issued, used, expired, revoked.

use gongji_agency::context::end_of;
use gongji_agency::look;
use gongji_agency::secret::{actor_of_token, new_secret};
use serde_json::{Value, json};

use crate::kit::{Desktop, HERE, NOW, open, operator};

fn who(desk: &Desktop, secret: &str, now: i64) -> Result<String, String> {
    let found = desk.office().look(&operator(), |desk, _| actor_of_token(desk, secret, now));
    found.map(|actor| actor.scope()).map_err(|failure| failure.to_string())
}

#[test]
fn a_token_acts_until_it_is_revoked() {
    let desk = open();
    let secret = new_secret().expect("a secret");
    let issue =
        json!({ "hash": secret.hash, "role": "clerk", "name": "张三", "areas": [HERE], "note": "窗口一" });
    let answer = desk.book("issue_token", issue.clone());
    assert_eq!(desk.refused("issue_token", issue), "token_exists");
    assert_eq!(who(&desk, &secret.secret, NOW).as_deref(), Ok("clerk:张三"));
    let wrong = who(&desk, "gongji_wrong", NOW).expect_err("no such token");
    desk.book("revoke_token", json!({ "token": answer["token"] }));
    assert_eq!(who(&desk, &secret.secret, NOW), Err(wrong), "revoked and wrong are told alike");
    assert_eq!(desk.refused("revoke_token", json!({ "token": answer["token"] })), "token_revoked");
    assert_eq!(desk.refused("revoke_token", json!({ "token": "T1" })), "no_token");
    assert_eq!(desk.refused("revoke_token", json!({ "token": "T999" })), "no_token");
    assert_eq!(desk.refused("revoke_token", json!({ "token": "zwölf" })), "malformed_id");
    let listed = desk.look(&operator(), |desk, context| look::tokens(desk, context, "", 10)).expect("tokens");
    assert_eq!(listed.entries.len(), 1);
    assert!(!listed.entries[0].good);
    let text = serde_json::to_string(&listed).expect("JSON");
    assert!(!text.contains(&secret.hash) && !text.contains(&secret.secret));
}

#[test]
fn a_token_ends_with_its_last_day() {
    let desk = open();
    let secret = new_secret().expect("a secret");
    let issue = json!({ "hash": secret.hash, "role": "auditor", "name": "李四", "expires_on": "2026-06-30" });
    desk.book("issue_token", issue);
    let end = end_of("2026-06-30".parse().expect("a date"));
    assert!(who(&desk, &secret.secret, end - 1).is_ok());
    assert_eq!(who(&desk, &secret.secret, end), who(&desk, "gongji_wrong", end));
}

#[test]
fn tokens_that_do_not_fit_are_refused() {
    let desk = open();
    let person = desk.person("王小明", 1);
    let secret = new_secret().expect("a secret");
    let good = json!({ "hash": secret.hash, "role": "resident", "name": person });
    for (field, value, code) in [
        ("hash", json!("abc"), "malformed_hash"),
        ("hash", json!("Z".repeat(64)), "malformed_hash"),
        ("role", json!("operator"), "unknown_value"),
        ("role", json!("king"), "unknown_value"),
        ("role", json!("institution"), "no_institution"),
        ("name", json!("P999"), "no_person"),
        ("name", json!(""), "missing_field"),
        ("areas", json!([HERE]), "contradiction"),
        ("expires_on", json!("2026-06-14"), "dates_go_back"),
        ("secret", json!("x"), "unknown_field"),
    ] {
        let mut asked = good.clone();
        asked[field] = value;
        let refusal = desk.refused_by(&operator(), "issue_token", asked.clone());
        assert_eq!(&*refusal.code, code, "{asked}");
    }
    desk.book("issue_token", good);
    assert_eq!(
        desk.refused("issue_token", json!({ "hash": secret.hash, "role": "clerk", "name": Value::Null })),
        "malformed"
    );
}
