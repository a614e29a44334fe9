//! Filings: what they need, what bills take from them, who may.

use gongji_agency::actor::{Actor, Role};
use gongji_agency::look::{self, FilingSearch};
use gongji_agency::row::{FilingKind, FilingStatus};
use serde_json::{Value, json};

use crate::kit::assert_books;
use crate::world::{CLOUD, NOON, SEA, World, at_once, institution, made, on_sqlite, paid, text};

fn named(role: Role, name: &str, areas: &[&str]) -> Actor {
    Actor { role, name: name.to_owned(), areas: areas.iter().map(|area| (*area).to_owned()).collect() }
}

fn resident(person: &str) -> Actor {
    named(Role::Resident, person, &[])
}

fn set_out(world: &World) -> String {
    world.hospital("H1", CLOUD);
    world.hospital("H2", CLOUD);
    world.hospital("S1", SEA);
    world.hospital("S2", SEA);
    world.employee("甲", CLOUD)
}

fn away(person: &str, filing: &str, from: &str) -> Value {
    let proof = if filing == "long_stay" { "residence_permit" } else { "referral_letter" };
    json!({
        "person": person, "filing": filing, "area": SEA, "from": from,
        "proofs": [{ "kind": proof, "number": "1" }],
    })
}

/// 2,000.00 in scope as the first stay of the year: 1,200.00 above the deductible.
fn stay(person: &str, at: &str, filing: Option<&str>) -> Value {
    let mut bill = at_once(person, at, "inpatient", "2026-06-15", "2000.00");
    bill["visit"]["filing"] = json!(filing);
    bill
}

#[test]
fn a_bill_away_from_home_takes_the_filing_that_holds() {
    on_sqlite(|world| {
        let person = set_out(world);
        // Nothing filed: 65% of 1,200.00.
        let first = world.at("S1").ok("settle_at_once", stay(&person, "S1", None));
        assert_eq!(made(&first).fund_paid, 780_00);
        let differs = world.at("S1").no("settle_at_once", stay(&person, "S1", Some("referral")));
        assert_eq!((&*differs.code, &*differs.expected), ("filing_differs", "none"));
        let open = json!({ "visit": stay(&person, "S1", Some("referral"))["visit"] });
        assert_eq!(&*world.at("S1").no("open_visit", open).code, "filing_differs");
        world.ok("cancel_settlement", json!({ "settlement": made(&first).id, "reason": "重算" }));
        let filed = world.ok("file_away", away(&person, "referral", "2026-06-15"));
        assert_eq!(filed.result["to"], "2026-12-14");
        // 85% of 1,200.00.
        let second = world.at("S1").ok("settle_at_once", stay(&person, "S1", None));
        assert_eq!(made(&second).fund_paid, 1_020_00);
        let differs = world.at("S1").no("settle_at_once", stay(&person, "S1", Some("none")));
        assert_eq!((&*differs.code, &*differs.expected), ("filing_differs", "referral"));
        // Ended for days that are settled already: the bill stays as it is, and is named.
        let ended = world.ok(
            "cancel_filing",
            json!({ "person": person, "filing": filed.result["filing"], "reason": "办错" }),
        );
        assert_eq!(ended.result["settled"], json!([made(&second).id]));
        // What may be stated where nothing was filed: 85% of 1,600.00 of a second stay.
        let third = world.at("S2").ok("settle_at_once", stay(&person, "S2", Some("emergency")));
        assert_eq!(made(&third).fund_paid, 1_360_00);
        assert_books(world);
    });
}

#[test]
fn a_filing_is_made_up_before_discharge_and_not_after() {
    on_sqlite(|world| {
        let person = set_out(world);
        let visit =
            json!({ "person": person, "institution": "S1", "care_type": "inpatient", "date": "2026-06-10" });
        let visit = text(&world.at("S1").ok("open_visit", json!({ "visit": visit })), "visit");
        let mut late = away(&person, "referral", "2026-06-10");
        assert_eq!(&*world.by(resident(&person)).no("file_away", late.clone()).code, "needs_make_up");
        late["visit"] = json!(visit);
        late["from"] = json!("2026-06-09");
        assert_eq!(&*world.by(resident(&person)).no("file_away", late.clone()).code, "dates_go_back");
        late["from"] = json!("2026-06-10");
        world.by(resident(&person)).ok("file_away", late.clone());
        let settle = json!({ "visit": visit, "date": "2026-06-15", "charges": { "total": "2000.00" } });
        assert_eq!(made(&world.at("S1").ok("settle", settle)).fund_paid, 1_020_00);
        late["filing"] = json!("temporary");
        assert_eq!(&*world.by(resident(&person)).no("file_away", late).code, "visit_closed");
        assert_books(world);
    });
}

#[test]
fn a_filing_says_where_and_how_long_it_holds() {
    on_sqlite(|world| {
        let person = set_out(world);
        let good = away(&person, "long_stay", "2026-06-15");
        for (field, value, code) in [
            ("person", json!("P999"), "no_person"),
            ("filing", json!("chronic"), "unknown_value"),
            ("filing", json!("referral"), "needs_proof"),
            ("area", json!(CLOUD), "contradiction"),
            ("area", json!("98030"), "unknown_area"),
            ("area", Value::Null, "missing_field"),
            ("institution", json!("H1"), "contradiction"),
            ("institution", json!("X"), "no_institution"),
            ("from", json!("2019-12-31"), "not_covered"),
            ("from", json!("2026-06-14"), "needs_make_up"),
            ("from", json!("2027-06-16"), "future_date"),
            ("to", json!("2026-06-14"), "dates_go_back"),
            ("visit", json!("V999"), "no_visit"),
            ("proofs", json!([{ "kind": "gold", "number": "1" }]), "unknown_value"),
        ] {
            let mut asked = good.clone();
            asked[field] = value;
            assert_eq!(&*world.no("file_away", asked.clone()).code, code, "{asked}");
        }
        // To the whole province by its code.
        let mut wide = good.clone();
        wide["area"] = json!("980000");
        let filed = text(&world.ok("file_away", wide), "filing");
        assert_eq!(&*world.no("file_away", good).code, "already_filed");
        assert_eq!(made(&world.at("S2").ok("settle_at_once", stay(&person, "S2", None))).fund_paid, 1_020_00);
        let end = |to: &str| json!({ "person": person, "filing": filed, "to": to, "reason": "返回" });
        assert_eq!(&*world.no("end_filing", end("2026-12-14")).code, "too_early");
        assert_eq!(
            &*world.no("renew_filing", json!({ "person": person, "filing": filed, "to": "2027-01-01" })).code,
            "nothing_changes"
        );
        world.ok("end_filing", end("2026-12-15"));
        assert_eq!(&*world.no("end_filing", end("2026-12-15")).code, "filing_ended");
        world.ok("renew_filing", json!({ "person": person, "filing": filed, "to": "2027-01-01" }));
        let cancel = json!({ "person": person, "filing": filed, "reason": "有误" });
        world.ok("cancel_filing", cancel.clone());
        assert_eq!(&*world.no("cancel_filing", cancel).code, "filing_not_valid");
        assert_eq!(
            &*world.no("cancel_filing", json!({ "person": person, "filing": "F1", "reason": "有误" })).code,
            "no_filing"
        );
        assert_books(world);
    });
}

#[test]
fn a_chronic_disease_opens_its_care_once_a_second_person_approved_it() {
    on_sqlite(|world| {
        let person = set_out(world);
        let bill = at_once(&person, "H1", "chronic_outpatient", "2026-06-15", "100.00");
        assert_eq!(&*world.at("H1").no("settle_at_once", bill.clone()).code, "not_registered");
        let asked = json!({
            "person": person, "disease": "diabetes", "institutions": ["H1"], "from": "2026-06-15",
            "proofs": [{ "kind": "diagnosis", "number": "7" }],
        });
        let mut wrong = asked.clone();
        wrong["disease"] = json!("gout");
        let refusal = world.no("register_chronic", wrong);
        assert_eq!((&*refusal.code, &*refusal.expected), ("unknown_disease", "hypertension、diabetes"));
        let clerk = named(Role::Clerk, "张三", &[CLOUD]);
        let filed = text(&world.by(clerk).ok("register_chronic", asked), "filing");
        assert_eq!(
            &*world.at("H1").no("settle_at_once", bill.clone()).code,
            "not_registered",
            "not yet approved"
        );
        let review = |approve: bool, reason: Option<&str>| json!({ "person": person, "filing": filed, "approve": approve, "reason": reason });
        let same = named(Role::Reviewer, "张三", &[CLOUD]);
        let other = named(Role::Reviewer, "李四", &[CLOUD]);
        let elsewhere = named(Role::Reviewer, "李四", &[SEA]);
        assert_eq!(&*world.by(same).no("review_filing", review(true, None)).code, "same_person");
        assert_eq!(&*world.by(elsewhere).no("review_filing", review(true, None)).code, "denied");
        assert_eq!(&*world.by(other.clone()).no("review_filing", review(false, None)).code, "missing_field");
        assert_eq!(
            &*world.by(other.clone()).no("review_filing", review(false, Some("x"))).code,
            "unknown_value"
        );
        assert_eq!(
            &*world.by(other.clone()).no("review_filing", review(true, Some("not_eligible"))).code,
            "contradiction"
        );
        world.by(other.clone()).ok("review_filing", review(true, None));
        assert_eq!(&*world.by(other).no("review_filing", review(true, None)).code, "already_reviewed");
        // 80% for diabetes, which the bill need not state; at the institution that is named.
        assert_eq!(paid(&world.at("H1").ok("settle_at_once", bill.clone()))[0], 80_00);
        let mut states = bill.clone();
        states["visit"]["conditions"] = json!(["hypertension"]);
        assert_eq!(&*world.at("H1").no("settle_at_once", states).code, "not_registered");
        let elsewhere = at_once(&person, "H2", "chronic_outpatient", "2026-06-15", "100.00");
        assert_eq!(&*world.at("H2").no("settle_at_once", elsewhere).code, "not_registered");
        assert_books(world);
    });
}

#[test]
fn whoever_files_is_the_person_the_staff_or_the_institution_in_its_own_name() {
    on_sqlite(|world| {
        let person = set_out(world);
        let other = world.employee("乙", CLOUD);
        let choose = |person: &str, at: Option<&str>| json!({ "person": person, "filing": "family_doctor", "institution": "H1", "from": "2026-06-15", "at": at });
        assert_eq!(
            &*world.by(resident(&other)).no("choose_institution", choose(&person, None)).code,
            "denied"
        );
        assert_eq!(&*world.at("H1").no("choose_institution", choose(&person, None)).code, "denied");
        assert_eq!(&*world.at("H1").no("choose_institution", choose(&person, Some("H2"))).code, "denied");
        let clerk = named(Role::Clerk, "王五", &[SEA]);
        assert_eq!(&*world.by(clerk).no("choose_institution", choose(&person, None)).code, "denied");
        let filed = text(&world.at("H1").ok("choose_institution", choose(&person, Some("H1"))), "filing");
        let cancel = json!({ "person": person, "filing": filed, "reason": "改签" });
        assert_eq!(&*world.at("H2").no("cancel_filing", cancel.clone()).code, "denied");
        let mut says_no = at_once(&person, "H1", "outpatient", "2026-06-15", "10.00");
        says_no["visit"]["family_doctor"] = json!(false);
        assert_eq!(&*world.at("H1").no("settle_at_once", says_no).code, "family_doctor_differs");
        world.at("H1").ok("cancel_filing", cancel);
        world.by(resident(&other)).ok("choose_institution", choose(&other, None));
        let seen = world.office.look(&resident(&other), |desk, context| look::filings(desk, context, &other));
        let seen = seen.expect("seen").filings;
        assert_eq!(
            (seen[0].kind, seen[0].in_force, seen[0].by.as_deref()),
            (FilingKind::FamilyDoctor, true, None)
        );
        let search = FilingSearch { kind: None, status: Some(FilingStatus::Valid) };
        let clerk = named(Role::Clerk, "张三", &[CLOUD]);
        let page = world
            .office
            .look(&clerk, |desk, context| look::filings_in(desk, context, (CLOUD, search), "", 10))
            .expect("seen");
        let people: Vec<&str> = page.entries.iter().map(|entry| entry.person.as_str()).collect();
        assert_eq!(people, [other.as_str()], "a cancelled one is not valid");
        let denied = world.office.look(&institution("H1"), |desk, context| {
            look::filings_in(desk, context, (CLOUD, search), "", 10)
        });
        assert!(denied.is_err());
        assert_books(world);
    });
}

#[test]
fn a_newborn_is_insured_from_birth_where_the_premium_is_paid_in_time() {
    on_sqlite(|world| {
        let mother = set_out(world);
        let maternity = json!({ "person": mother, "from": "2026-06-15", "to": "2026-12-31" });
        world.ok("register_maternity", maternity.clone());
        assert_eq!(&*world.no("register_maternity", maternity).code, "already_filed");
        let child = |number: &str, born: &str, paid_on: Option<&str>| {
            json!({
                "mother": mother, "name": "小小", "birth_certificate": number, "sex": "female", "birth_date": born, "paid_on": paid_on,
            })
        };
        let late = world.ok("register_newborn", child("M990301001", "2026-06-01", None));
        assert_eq!(late.result["cover_from"], Value::Null);
        let born = world.ok("register_newborn", child("M990301002", "2026-06-01", Some("2026-06-15")));
        assert_eq!(born.result["cover_from"], "2026-06-01");
        let id = text(&born, "person");
        assert_eq!(world.row("person", &id).expect("a person")["mother"], json!(mother));
        // 50% of 100.00 on a day before the premium was paid.
        let bill =
            world.at("H1").ok("settle_at_once", at_once(&id, "H1", "outpatient", "2026-06-02", "100.00"));
        assert_eq!(made(&bill).fund_paid, 50_00);
        // After the days for newborns it waits like everybody who pays late.
        world.clock.set(NOON + 120 * crate::world::DAY);
        let after = world.ok("register_newborn", child("M990301003", "2026-06-01", Some("2026-10-13")));
        assert_eq!(after.result["cover_from"], "2027-01-13");
        assert_books(world);
    });
}
