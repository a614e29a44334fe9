//! Families: applications, scope and limits, order, pauses; both sides' cover; draws as both see them; unusual use.

use std::sync::Barrier;

use gongji_agency::actor::{Actor, Role};
use gongji_agency::command::Command;
use gongji_agency::look::{self, FlagSeen};
use gongji_agency::office::Failure;
use serde_json::{Value, json};

use crate::kit::assert_books;
use crate::world::{CLOUD, DAY, NOON, World, at_once, made, on_postgres, on_sqlite, operator, paid, text};

fn named(role: Role, name: &str) -> Actor {
    Actor { role, name: name.to_owned(), areas: vec![CLOUD.to_owned()] }
}

fn resident(person: &str) -> Actor {
    Actor { role: Role::Resident, name: person.to_owned(), areas: Vec::new() }
}

fn outpatient(world: &World, person: &str, total: &str) -> [i64; 4] {
    paid(&world.at("H1").ok("settle_at_once", at_once(person, "H1", "outpatient", "2026-06-15", total)))
}

#[test]
fn an_application_draws_nothing_until_a_second_person_approves_it() {
    on_sqlite(|world| {
        world.hospital("H1", CLOUD);
        let (owner, child) = (world.saver("甲", CLOUD, "0", "1000.00"), world.employee("乙", CLOUD));
        let asked = json!({
            "grantor": owner, "beneficiary": child, "relation": "parent", "from": "2026-06-15",
            "proof": { "kind": "household_register", "number": "1" },
        });
        let mut wrong = asked.clone();
        wrong["proof"]["kind"] = json!("letter");
        assert_eq!(&*world.no("apply_mutual_aid", wrong).code, "unknown_value");
        assert_eq!(&*world.by(resident(&child)).no("apply_mutual_aid", asked.clone()).code, "denied");
        let grant =
            text(&world.by(named(Role::Clerk, "张三")).ok("apply_mutual_aid", asked.clone()), "grant");
        assert_eq!(&*world.no("apply_mutual_aid", asked.clone()).code, "already_granted");
        assert_eq!(outpatient(world, &child, "100.00"), [0, 0, 0, 100_00]);
        let review = |approve: bool, reason: Option<&str>| json!({ "beneficiary": child, "grant": grant, "approve": approve, "reason": reason });
        assert_eq!(
            &*world.by(named(Role::Clerk, "李四")).no("review_grant", review(true, None)).code,
            "denied"
        );
        let same = world.by(named(Role::Reviewer, "张三")).no("review_grant", review(true, None));
        assert_eq!((&*same.code, &*same.found), ("same_person", "张三"));
        let other = named(Role::Reviewer, "李四");
        assert_eq!(&*world.by(other.clone()).no("review_grant", review(false, None)).code, "missing_field");
        world.by(other.clone()).ok("review_grant", review(false, Some("proof_missing")));
        assert_eq!(outpatient(world, &child, "100.00"), [0, 0, 0, 100_00]);
        assert_eq!(&*world.by(other.clone()).no("review_grant", review(true, None)).code, "already_reviewed");
        // Applied for once more.
        let again = text(&world.by(resident(&owner)).ok("apply_mutual_aid", asked), "grant");
        world.by(other).ok("review_grant", json!({ "beneficiary": child, "grant": again, "approve": true }));
        // 60% of what is above 200.00 of the year, all of which the two bills used up.
        assert_eq!(outpatient(world, &child, "100.00"), [60_00, 0, 40_00, 0]);
        assert_books(world);
    });
}

#[test]
fn a_grant_has_a_scope_and_limits_to_the_fen() {
    on_sqlite(|world| {
        world.hospital("H1", CLOUD);
        let (owner, child) = (world.saver("甲", CLOUD, "30.00", "1000.00"), world.employee("乙", CLOUD));
        let grant = |limits: Value, purposes: Value| {
            json!({
                "grantor": owner, "beneficiary": child, "relation": "parent", "from": "2026-06-15",
                "purposes": purposes, "limits": limits,
            })
        };
        for (limits, purposes, code) in [
            (json!({ "per_draw": "0" }), json!([]), "no_amount"),
            (json!({ "per_week": "1.00" }), json!([]), "unknown_field"),
            (json!({}), json!(["gold"]), "unknown_value"),
            (json!({}), json!(["pharmacy", "pharmacy"]), "unknown_value"),
        ] {
            assert_eq!(&*world.no("grant_mutual_aid", grant(limits, purposes)).code, code);
        }
        let limits =
            json!({ "per_draw": "50.00", "per_day": "80.01", "per_month": "100.00", "total": "120.00" });
        world.by(resident(&owner)).ok("grant_mutual_aid", grant(limits, json!(["outpatient"])));
        let pharmacy = at_once(&child, "H1", "pharmacy", "2026-06-15", "40.00");
        assert_eq!(paid(&world.at("H1").ok("settle_at_once", pharmacy))[2], 0, "not for the pharmacy");
        // The limit is on both parts of the account together: 30.00 of the current year, 20.00 of what is carried over.
        let first =
            world.at("H1").ok("settle_at_once", at_once(&child, "H1", "outpatient", "2026-06-15", "60.00"));
        assert_eq!(paid(&first), [0, 0, 50_00, 10_00]);
        assert_eq!(world.purse(&owner), (0, 980_00));
        assert_eq!(outpatient(world, &child, "60.00"), [0, 0, 30_01, 29_99], "so much is left of the day");
        assert_eq!(outpatient(world, &child, "10.00"), [0, 0, 0, 10_00]);
        // Given back with the settlement, and drawn again.
        world.ok("cancel_settlement", json!({ "settlement": made(&first).id, "reason": "退费" }));
        assert_eq!(outpatient(world, &child, "60.00"), [0, 0, 50_00, 10_00]);
        world.clock.set(NOON + DAY);
        let next = at_once(&child, "H1", "outpatient", "2026-06-16", "10.00");
        assert_eq!(paid(&world.at("H1").ok("settle_at_once", next.clone()))[2], 10_00);
        let more = at_once(&child, "H1", "outpatient", "2026-06-16", "40.00");
        let third = world.at("H1").ok("settle_at_once", more);
        assert_eq!(made(&third).mutual_aid_paid, 9_99, "so much is left of the month");
        world.ok("readjudicate", json!({ "settlement": made(&third).id, "reason": "重算" }));
        world.clock.set(NOON + 30 * DAY);
        let july = at_once(&child, "H1", "outpatient", "2026-07-15", "90.00");
        assert_eq!(
            made(&world.at("H1").ok("settle_at_once", july)).mutual_aid_paid,
            20_00,
            "and so much of all"
        );
        let seen = world.office.look(&resident(&child), |desk, context| look::person(desk, context, &child));
        let seen = seen.expect("seen").granted_to[0].limits.expect("limits");
        assert_eq!((seen.total.map(|fen| fen.fen()), seen.drawn.fen()), (Some(120_00), 120_00));
        assert_books(world);
    });
}

#[test]
fn accounts_are_drawn_on_in_the_beneficiarys_order_and_not_while_paused() {
    on_sqlite(|world| {
        world.hospital("H1", CLOUD);
        let (one, two) = (world.saver("甲", CLOUD, "0", "500.00"), world.saver("乙", CLOUD, "0", "500.00"));
        let child = world.employee("丙", CLOUD);
        let (first, second) = (world.grant(&one, &child, "parent"), world.grant(&two, &child, "spouse"));
        let order = |list: &[&str]| json!({ "beneficiary": child, "grants": list });
        assert_eq!(&*world.by(resident(&one)).no("order_grants", order(&[&second, &first])).code, "denied");
        for wrong in [vec![second.as_str()], vec![&first, &first], vec![&first, "G1"]] {
            assert_eq!(&*world.no("order_grants", order(&wrong)).code, "order_differs");
        }
        world.by(resident(&child)).ok("order_grants", order(&[&second, &first]));
        outpatient(world, &child, "10.00");
        assert_eq!((world.purse(&one).1, world.purse(&two).1), (500_00, 490_00));
        let pause = json!({ "beneficiary": child, "grant": second });
        assert_eq!(&*world.by(resident(&child)).no("pause_grant", pause.clone()).code, "denied");
        assert_eq!(&*world.no("resume_grant", pause.clone()).code, "not_paused");
        world.by(resident(&two)).ok("pause_grant", pause.clone());
        assert_eq!(&*world.no("pause_grant", pause.clone()).code, "already_paused");
        outpatient(world, &child, "10.00");
        assert_eq!((world.purse(&one).1, world.purse(&two).1), (490_00, 490_00));
        let mut back = pause.clone();
        back["from"] = json!("2026-06-14");
        assert_eq!(&*world.no("resume_grant", back).code, "past_date");
        world.by(resident(&two)).ok("resume_grant", pause);
        outpatient(world, &child, "10.00");
        assert_eq!((world.purse(&one).1, world.purse(&two).1), (490_00, 480_00));
        // Whoever is no longer insured is not drawn on.
        world.ok("pause_cover", json!({ "person": two, "from": "2026-06-15", "reason": "欠费" }));
        outpatient(world, &child, "10.00");
        assert_eq!((world.purse(&one).1, world.purse(&two).1), (480_00, 480_00));
        let draws = world
            .office
            .look(&resident(&two), |desk, context| look::draws(desk, context, &two))
            .expect("seen");
        let given: Vec<(&str, i64, &str)> = draws
            .given
            .iter()
            .map(|draw| (draw.beneficiary.as_str(), draw.amount.fen(), draw.institution.as_str()))
            .collect();
        assert_eq!(given, [(child.as_str(), 10_00, "H1"), (child.as_str(), 10_00, "H1")]);
        assert_eq!(
            (draws.given[0].beneficiary_name.as_str(), draws.given[0].grant.as_deref()),
            ("丙", Some(&*second))
        );
        let taken = world
            .office
            .look(&operator(), |desk, context| look::draws(desk, context, &child))
            .expect("seen")
            .taken;
        assert_eq!(taken.iter().map(|draw| draw.amount.fen()).sum::<i64>(), 40_00);
        assert_books(world);
    });
}

#[test]
fn a_grant_that_ended_between_quote_and_settlement_books_nothing() {
    on_sqlite(|world| {
        world.hospital("H1", CLOUD);
        let (owner, child) = (world.saver("甲", CLOUD, "0", "500.00"), world.employee("乙", CLOUD));
        let grant = world.grant(&owner, &child, "parent");
        let mut bill = at_once(&child, "H1", "outpatient", "2026-06-15", "100.00");
        let command = Command::read("settle_at_once", &bill.to_string()).expect("reads");
        let quoted = world
            .office
            .look(&crate::world::institution("H1"), |desk, context| {
                gongji_agency::settlement::presettle(desk, context, &command)
            })
            .expect("quoted");
        assert_eq!(quoted.bill.mutual_aid_paid.0.fen(), 100_00);
        world.ok("end_grant", json!({ "beneficiary": child, "grant": grant, "to": "2026-06-14" }));
        bill["expect"] = json!(quoted.expect);
        assert_eq!(&*world.at("H1").no("settle_at_once", bill.clone()).code, "quote_differs");
        bill["expect"] = Value::Null;
        assert_eq!(paid(&world.at("H1").ok("settle_at_once", bill)), [0, 0, 0, 100_00]);
        assert_books(world);
    });
}

/// One balance of 100.00, two bills of 70.00 at once: whichever comes first has it all, the other what is left.
fn two_bills_at_once(world: &World) {
    world.hospital("H1", CLOUD);
    for turn in 0..12 {
        let (owner, child) = (world.saver("甲", CLOUD, "0", "100.00"), world.employee("乙", CLOUD));
        world.grant(&owner, &child, "parent");
        let start = Barrier::new(2);
        let settle = |person: &str, key: String| {
            let bill = at_once(person, "H1", "outpatient", "2026-06-15", "70.00").to_string();
            let command = Command::read("settle_at_once", &bill).expect("reads");
            start.wait();
            match world.office.book(&crate::world::institution("H1"), &key, command) {
                Ok(answer) => (answer.seq, paid(&answer)),
                Err(failure) => panic!("{failure}"),
            }
        };
        let (own, daughters) = std::thread::scope(|scope| {
            let own = scope.spawn(|| settle(&owner, format!("own-{turn}")));
            let daughters = scope.spawn(|| settle(&child, format!("daughter-{turn}")));
            (own.join().expect("settled"), daughters.join().expect("settled"))
        });
        let wanted = if own.0 < daughters.0 {
            ([0, 70_00, 0, 0], [0, 0, 30_00, 40_00])
        } else {
            ([0, 30_00, 0, 40_00], [0, 0, 70_00, 0])
        };
        assert_eq!((own.1, daughters.1), wanted);
        assert_eq!(world.purse(&owner), (0, 0));
    }
    assert_books(world);
}

#[test]
fn a_grantors_own_bill_and_a_daughters_share_one_balance() {
    on_sqlite(two_bills_at_once);
    on_postgres(two_bills_at_once);
}

#[test]
fn unusual_use_is_flagged_and_blocks_nothing() {
    on_sqlite(|world| {
        world.hospital("H1", CLOUD);
        let owner = world.saver("甲", CLOUD, "0", "5000.00");
        let family: Vec<String> = (0..5).map(|_| world.employee("亲", CLOUD)).collect();
        for (at, person) in family.iter().enumerate() {
            let limits = if at == 0 { json!({ "per_draw": "100.00" }) } else { Value::Null };
            world.ok(
                "grant_mutual_aid",
                json!({ "grantor": owner, "beneficiary": person, "relation": "child", "from": "2026-01-01", "limits": limits }),
            );
        }
        // Three draws at one in the morning, of 98.00 each where 100.00 are allowed.
        world.clock.set(NOON + 13 * 3_600_000);
        for _ in 0..3 {
            let bill = at_once(&family[0], "H1", "pharmacy", "2026-06-16", "98.00");
            assert_eq!(paid(&world.at("H1").ok("settle_at_once", bill)), [0, 0, 98_00, 0]);
        }
        let found = world.by(named(Role::Clerk, "张三")).ok("find_unusual_use", json!({ "area": CLOUD }));
        let flag = |kind: &str| format!("{owner}/2026-06/{kind}");
        let kinds = ["many_beneficiaries", "night_draws", "just_under_limit"].map(flag);
        assert_eq!(found.result["found"], json!(kinds));
        assert_eq!(found.result["next"], Value::Null);
        let again = world.ok("find_unusual_use", json!({ "area": CLOUD }));
        assert_eq!(again.result["found"], json!([]), "once a month");
        let elsewhere = world.ok("find_unusual_use", json!({ "area": "990303" }));
        assert_eq!(elsewhere.result["found"], json!([]));
        let bill = at_once(&family[0], "H1", "pharmacy", "2026-06-16", "98.00");
        assert_eq!(paid(&world.at("H1").ok("settle_at_once", bill))[2], 98_00, "nothing is blocked");
        let review = json!({ "flag": flag("night_draws"), "confirmed": true, "note": "核实为套刷" });
        assert_eq!(&*world.by(named(Role::Clerk, "张三")).no("review_flag", review.clone()).code, "denied");
        world.by(named(Role::Reviewer, "李四")).ok("review_flag", review.clone());
        assert_eq!(
            &*world.by(named(Role::Reviewer, "李四")).no("review_flag", review).code,
            "already_reviewed"
        );
        let page = world
            .office
            .look(&named(Role::Auditor, "审"), |desk, context| {
                look::flags(desk, context, (CLOUD, None), "", 10)
            })
            .expect("seen");
        let seen: Vec<(&str, &str, i64, usize)> = page
            .entries
            .iter()
            .map(|flag: &FlagSeen| {
                (flag.label.as_str(), flag.status_label, flag.measured, flag.records.len())
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("金额多次接近限额", "待核查", 3, 3),
                ("共济人数多", "待核查", 5, 0),
                ("夜间使用多", "确有异常", 3, 3),
            ]
        );
        assert!(matches!(
            world.office.look(&resident(&owner), |desk, context| look::flags(
                desk,
                context,
                (CLOUD, None),
                "",
                10
            )),
            Err(Failure::Refused(_))
        ));
        assert_books(world);
    });
}
