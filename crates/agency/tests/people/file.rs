//! One person, one file.

use gongji_agency::actor::Role;
use gongji_agency::look;
use serde_json::json;

use crate::kit::{HERE, THERE, open, operator, resident, staff};

#[test]
fn a_file_tells_everything_in_order_and_nothing_of_others() {
    let desk = open();
    desk.hospital("H1", HERE);
    let (owner, spouse) = (desk.employee("王小明", 1), desk.employee("李小红", 2));
    desk.credit(&owner, "carried_over", "1000.00");
    desk.book(
        "grant_mutual_aid",
        json!({ "grantor": owner, "beneficiary": spouse, "relation": "spouse", "from": "2026-06-01" }),
    );
    let own = desk.bill(&owner, "H1", "2026-06-10", "150.00");
    desk.bill(&spouse, "H1", "2026-06-11", "120.00");
    desk.book("cancel_settlement", json!({ "settlement": own["id"], "reason": "录错" }));
    let file = |actor: &gongji_agency::actor::Actor, limit: usize| {
        desk.look(actor, |desk, context| look::person_file(desk, context, &owner, limit))
    };
    let whole = file(&resident(&owner), 100).expect("a file");
    let told: Vec<(&str, i64, bool)> =
        whole.entries.iter().map(|entry| (entry.label, entry.moved.fen(), entry.cancelled)).collect();
    assert_eq!(
        told,
        [
            ("人员登记", 0, false),
            ("参保登记", 0, false),
            ("个人账户开户", 0, false),
            ("个人账户划入", 100_000, false),
            ("家庭共济授权", 0, false),
            ("结算", -15_000, true),
            ("结算", -12_000, false),
            ("撤销结算", 15_000, false),
        ]
    );
    let (mine, of_spouse) = (&whole.entries[5], &whole.entries[6]);
    assert_eq!(mine.settlement.as_ref().map(|brief| brief.total.fen()), Some(15_000));
    assert_eq!(of_spouse.about, spouse);
    assert!(
        of_spouse.settlement.is_none() && of_spouse.result.is_null(),
        "of a relative's bill only what it drew"
    );
    assert!(
        whole.entries.iter().all(|entry| entry.actor.is_none()),
        "residents are not told who sat at the desk"
    );
    assert!(!whole.more);
    let newest = file(&operator(), 3).expect("a file");
    assert!(newest.more);
    assert_eq!(newest.entries[..], desk_entries(&file(&operator(), 100).expect("a file"))[5..]);
    assert_eq!(file(&resident(&spouse), 9), Err("denied".to_owned()));
    assert_eq!(file(&staff(Role::Clerk, &[THERE]), 9), Err("denied".to_owned()));
    // What relatives granted is all that the other sees.
    let other = desk
        .look(&resident(&spouse), |desk, context| look::person_file(desk, context, &spouse, 100))
        .expect("a file");
    assert_eq!(other.person.granted_to.len(), 1);
    let text = serde_json::to_string(&other).expect("JSON");
    assert!(!text.contains("王小明") && !text.contains("100000") && !text.contains("1000.00"), "{text}");
}

fn desk_entries(file: &look::PersonFile) -> &[look::FileEntry] {
    &file.entries
}
