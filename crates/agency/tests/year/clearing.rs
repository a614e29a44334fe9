//! Monthly clearing and payment; what areas owe each other.

use gongji_agency::actor::{Actor, Role};
use jiff::civil::Date;
use serde_json::json;

use crate::kit::{assert_books, books, sum};
use crate::reconcile::totals;
use crate::world::{CLOUD, DAY, NOON, PEACE, SEA, World, at_once, made, on_postgres, on_sqlite, text};

pub fn clerk(area: &str) -> Actor {
    Actor { role: Role::Clerk, name: format!("{area}经办"), areas: vec![area.to_owned()] }
}

pub fn reviewer(area: &str) -> Actor {
    Actor { role: Role::Reviewer, name: format!("{area}复核"), areas: vec![area.to_owned()] }
}

fn settle(world: &World, person: &str, hospital: &str, date: &str, total: &str) -> String {
    let answer =
        world.at(hospital).ok("settle_at_once", at_once(person, hospital, "outpatient", date, total));
    format!("S{}", answer.seq)
}

fn away(world: &World, person: &str, hospital: &str, date: &str, total: &str) -> i64 {
    let mut body = at_once(person, hospital, "outpatient", date, total);
    body["visit"]["filing"] = json!("emergency");
    let answer = world.at(hospital).ok("settle_at_once", body);
    let made = made(&answer);
    made.total - made.cash_paid - made.hospital_borne
}

/// Both sides agree about every day from `from` to `to`.
pub fn agree(world: &World, hospital: &str, from: &str, to: &str) {
    let day = |text: &str| text.parse::<Date>().expect("a day");
    let groups = totals(world, hospital, day(from), day(to));
    let body = json!({ "institution": hospital, "from": from, "to": to, "groups": groups });
    assert_eq!(world.at(hospital).ok("compare_totals", body).result["agrees"], true);
    world.at(hospital).ok("confirm_days", json!({ "institution": hospital, "from": from, "to": to }));
}

fn payable(world: &World, hospital: &str) -> i64 {
    world.balance(&format!("{CLOUD}/payable/{hospital}"))
}

fn yuan(fen: i64) -> String {
    gongji_money::Fen::new(fen).to_string()
}

fn a_month_is_cleared_to_the_fen(world: &World) {
    world.hospital("H1", CLOUD);
    let (own, saver) = (world.employee("甲", CLOUD), world.saver("乙", CLOUD, "60.00", "140.00"));
    settle(world, &own, "H1", "2026-05-04", "2345.67");
    let cancelled = settle(world, &own, "H1", "2026-05-30", "1500.00");
    settle(world, &saver, "H1", "2026-05-31", "900.05");
    let due = payable(world, "H1");
    let (here, there) = (world.by(clerk(CLOUD)), world.by(reviewer(CLOUD)));
    let may = json!({ "institution": "H1", "month": "2026-05" });
    let refused = here.no("open_clearing", may.clone());
    assert_eq!(
        (&*refused.code, refused.hint.contains("3 天还没有对账确认")),
        ("nothing_due", true),
        "{refused}"
    );
    agree(world, "H1", "2026-05-01", "2026-05-31");
    assert_eq!(&*world.by(clerk(PEACE)).no("open_clearing", may.clone()).code, "denied");
    let clearing = text(&here.ok("open_clearing", may.clone()), "clearing");
    // Nothing goes into two clearings.
    assert_eq!(&*here.no("open_clearing", may.clone()).code, "nothing_due");
    here.ok("withdraw_clearing", json!({ "clearing": clearing, "reason": "重来" }));
    let opened = here.ok("open_clearing", may);
    assert_eq!((opened.result["due"].as_str(), opened.result["days"].as_i64()), (Some(&*yuan(due)), Some(3)));
    let id = text(&opened, "clearing");
    let one = json!({ "clearing": id });
    assert_eq!(&*here.no("pay_clearing", one.clone()).code, "wrong_status");
    let same = Actor { role: Role::Reviewer, name: format!("{CLOUD}经办"), areas: vec![CLOUD.to_owned()] };
    assert_eq!(&*world.by(same).no("approve_clearing", one.clone()).code, "same_person");
    assert_eq!(&*here.no("approve_clearing", one.clone()).code, "denied");
    there.ok("approve_clearing", one.clone());
    assert_eq!(&*world.at("H1").no("pay_clearing", one.clone()).code, "denied");
    // A cancellation after the clearing was released does not change what is paid.
    world.at("H1").ok("cancel_settlement", json!({ "settlement": cancelled, "reason": "退费" }));
    here.ok("pay_clearing", one.clone());
    here.ok("return_clearing_payment", json!({ "clearing": id, "reason": "账号不符" }));
    let paid = here.ok("pay_clearing", one.clone());
    assert_eq!(&*here.no("pay_clearing", one).code, "wrong_status");
    let drawn = 200_00 - world.purse(&saver).0 - world.purse(&saver).1;
    assert_eq!((text(&paid, "amount"), text(&paid, "accounts")), (yuan(due), yuan(drawn)));
    assert_eq!(world.balance(&format!("{CLOUD}/bank/pool")), due - drawn);
    assert_eq!(world.balance(&format!("{CLOUD}/bank/account")), drawn);
    let back = payable(world, "H1");
    assert!(back < 0, "the cancellation is owed back: {back}");
    // June: the cancellation of a bill of May, and new bills.
    let june = json!({ "institution": "H1", "month": "2026-06" });
    agree(world, "H1", "2026-06-01", "2026-06-15");
    assert_eq!(&*here.no("open_clearing", june.clone()).code, "nothing_due");
    settle(world, &own, "H1", "2026-06-14", "8000.00");
    agree(world, "H1", "2026-06-01", "2026-06-15");
    let due = payable(world, "H1");
    let id = text(&here.ok("open_clearing", june), "clearing");
    there.ok("approve_clearing", json!({ "clearing": id }));
    assert_eq!(text(&here.ok("pay_clearing", json!({ "clearing": id })), "amount"), yuan(due));
    assert_eq!(payable(world, "H1"), 0);
    assert_books(world);
}

#[test]
fn a_month_is_cleared_to_the_fen_in_sqlite() {
    on_sqlite(a_month_is_cleared_to_the_fen);
}

#[test]
fn a_month_is_cleared_to_the_fen_in_postgres() {
    on_postgres(a_month_is_cleared_to_the_fen);
}

#[test]
fn what_is_kept_back_is_paid_later_and_deductions_go_to_the_fund() {
    on_sqlite(|world| {
        world.hospital("H1", CLOUD);
        let own = world.employee("甲", CLOUD);
        settle(world, &own, "H1", "2026-05-04", "5000.00");
        settle(world, &own, "H1", "2026-06-04", "3000.00");
        agree(world, "H1", "2026-05-04", "2026-05-04");
        let (here, there) = (world.by(clerk(CLOUD)), world.by(reviewer(CLOUD)));
        let fund = format!("{CLOUD}/fund/employee/pooled");
        let (before, due) = (world.balance(&fund), payable(world, "H1"));
        let deduction = json!([{ "scheme": "employee", "amount": "12.34", "reason": "超标准收费" }]);
        let mut may =
            json!({ "institution": "H1", "month": "2026-05", "withhold": "5%", "deductions": deduction });
        let opened = here.ok("open_clearing", may.clone());
        let fen = |name: &str| {
            opened.result[name].as_str().expect("text").parse::<gongji_money::Fen>().expect("yuan").fen()
        };
        let (of_may, withheld) = (fen("due"), fen("withheld"));
        assert!(due > of_may, "June is not in it");
        assert_eq!((withheld, fen("amount")), ((of_may * 5 + 50) / 100, of_may - withheld - 12_34));
        let one = json!({ "clearing": text(&opened, "clearing") });
        there.ok("approve_clearing", one.clone());
        assert_eq!(world.balance(&fund), before + 12_34);
        here.ok("pay_clearing", one);
        assert_eq!(payable(world, "H1"), due - of_may + withheld);
        agree(world, "H1", "2026-06-04", "2026-06-04");
        may["withhold"] = json!("105%");
        assert_eq!(&*here.no("open_clearing", may).code, "malformed_rate");
        let too_much = json!({ "institution": "H1", "month": "2026-06", "release": yuan(withheld + 1) });
        assert_eq!(&*here.no("open_clearing", too_much).code, "too_much");
        let june = json!({ "institution": "H1", "month": "2026-06", "release": yuan(withheld) });
        let one = json!({ "clearing": text(&here.ok("open_clearing", june), "clearing") });
        there.ok("approve_clearing", one.clone());
        here.ok("pay_clearing", one);
        assert_eq!((payable(world, "H1"), world.row("deposit", "H1")), (0, Some(json!({ "withheld": 0 }))));
        assert_books(world);
    });
}

/// What all areas owe each other, taken together.
fn owed_by_all(world: &World) -> i64 {
    let books = books(world);
    [CLOUD, SEA, PEACE].iter().map(|area| sum(&books, area, "clearing/")).sum()
}

#[test]
fn areas_owe_each_other_nothing_taken_together_and_pay_what_they_owe() {
    on_sqlite(|world| {
        world.hospital("H1", CLOUD);
        world.hospital("W1", PEACE);
        let (from_peace, from_cloud) =
            (world.saver("甲", PEACE, "50.00", "70.00"), world.employee("乙", CLOUD));
        let owed = away(world, &from_peace, "H1", "2026-06-02", "3000.00");
        assert_eq!(owed_by_all(world), 0);
        let other = away(world, &from_cloud, "W1", "2026-06-03", "900.00");
        let owes = |area: &str, other: &str| {
            ["", "/account"].map(|purse| world.balance(&format!("{area}/clearing/{other}{purse}")))
        };
        let between = |area: &str, other: &str| owes(area, other).iter().sum::<i64>();
        let banks =
            |area: &str| ["pool", "account"].map(|purse| world.balance(&format!("{area}/bank/{purse}")));
        assert_eq!((between(PEACE, CLOUD), between(CLOUD, PEACE)), (owed - other, other - owed));
        assert_eq!(owed_by_all(world), 0);
        // Somebody moves with the account.
        let mover = world.saver("丙", CLOUD, "0", "44.00");
        world.ok(
            "transfer_relationship",
            json!({ "person": mover, "area": PEACE, "from": "2026-06-15", "facts": {}, "reason": "工作调动" }),
        );
        let all_owed = owed - other - 44_00;
        assert_eq!((between(PEACE, CLOUD), owed_by_all(world)), (all_owed, 0));
        // 120.00 of the account were drawn for care there, 44.00 of an account came from there. What CLOUD is owed, its pool paid to the hospital.
        let pool = owed - 120_00 - other;
        assert_eq!(owes(PEACE, CLOUD), [pool, 120_00 - 44_00]);
        assert_eq!(owes(CLOUD, PEACE), [other - owed, 44_00]);
        let (here, there) = (world.by(clerk(PEACE)), world.by(reviewer(PEACE)));
        let all = json!({ "area": PEACE, "other": CLOUD });
        assert_eq!(&*world.by(clerk(CLOUD)).no("open_area_payment", all.clone()).code, "denied");
        let back = json!({ "area": CLOUD, "other": PEACE });
        assert_eq!(&*world.by(clerk(CLOUD)).no("open_area_payment", back).code, "not_owed");
        let more = json!({ "area": PEACE, "other": CLOUD, "amount": yuan(all_owed + 1) });
        assert_eq!(&*here.no("open_area_payment", more).code, "not_owed");
        let part = text(
            &here.ok("open_area_payment", json!({ "area": PEACE, "other": CLOUD, "amount": "10.00" })),
            "payment",
        );
        let rest = text(&here.ok("open_area_payment", all), "payment");
        let same =
            Actor { role: Role::Reviewer, name: format!("{PEACE}经办"), areas: vec![PEACE.to_owned()] };
        assert_eq!(
            &*world.by(same).no("approve_area_payment", json!({ "payment": part })).code,
            "same_person"
        );
        there.ok("approve_area_payment", json!({ "payment": part }));
        // It would pay more than what is left.
        assert_eq!(&*there.no("approve_area_payment", json!({ "payment": rest })).code, "not_owed");
        here.ok("withdraw_area_payment", json!({ "payment": rest, "reason": "重来" }));
        let rest = text(&here.ok("open_area_payment", json!({ "area": PEACE, "other": CLOUD })), "payment");
        there.ok("approve_area_payment", json!({ "payment": rest }));
        assert_eq!((between(PEACE, CLOUD), between(CLOUD, PEACE), owed_by_all(world)), (0, 0, 0));
        // Each purse paid what it owed and got what it was owed: 44.00 of CLOUD's accounts went to its own pool, which got so much less from PEACE.
        assert_eq!((banks(PEACE), banks(CLOUD)), ([pool, 120_00 - 44_00], [other - owed, 44_00]));
        // The second payment comes back, and what it paid is owed as it was.
        let back = json!({ "payment": rest, "reason": "账号不符" });
        assert_eq!(&*there.no("return_area_payment", back.clone()).code, "denied");
        assert_eq!(&*world.by(clerk(CLOUD)).no("return_area_payment", back.clone()).code, "denied");
        let early = json!({ "payment": rest, "reason": "账号不符", "date": "2026-06-14" });
        assert_eq!(&*here.no("return_area_payment", early).code, "dates_go_back");
        let late = json!({ "payment": rest, "reason": "账号不符", "date": "2026-06-16" });
        assert_eq!(&*here.no("return_area_payment", late).code, "future_date");
        here.ok("return_area_payment", back.clone());
        assert_eq!(&*here.no("return_area_payment", back).code, "wrong_status");
        assert_eq!((owes(PEACE, CLOUD), owes(CLOUD, PEACE)), ([pool, 66_00], [other - owed + 10_00, 44_00]));
        assert_eq!((banks(PEACE), banks(CLOUD)), ([0, 10_00], [-10_00, 0]));
        assert_eq!(&*there.no("approve_area_payment", json!({ "payment": rest })).code, "wrong_status");
        let again = text(&here.ok("open_area_payment", json!({ "area": PEACE, "other": CLOUD })), "payment");
        let paid = there.ok("approve_area_payment", json!({ "payment": again }));
        assert_eq!(
            ["pool", "accounts", "to_pool", "to_accounts"].map(|name| text(&paid, name)),
            [yuan(pool), "66.00".to_owned(), yuan(owed - other - 10_00), "-44.00".to_owned()]
        );
        assert_eq!((between(PEACE, CLOUD), between(CLOUD, PEACE), owed_by_all(world)), (0, 0, 0));
        let month = world.row("fund_month", &format!("{PEACE}/clearing/{CLOUD}/2026-06")).expect("a month");
        assert_eq!(
            month["lines"],
            json!({ "area_payment": -all_owed, "care/outpatient": owed - other, "transfer_relationship": -44_00 })
        );
        // Care in one area, paid to the institution there, charged to the other.
        world.clock.set(NOON + 20 * DAY);
        agree(world, "H1", "2026-06-02", "2026-06-02");
        let id = text(
            &world.by(clerk(CLOUD)).ok("open_clearing", json!({ "institution": "H1", "month": "2026-06" })),
            "clearing",
        );
        world.by(reviewer(CLOUD)).ok("approve_clearing", json!({ "clearing": id }));
        let paid = world.by(clerk(CLOUD)).ok("pay_clearing", json!({ "clearing": id }));
        assert_eq!((text(&paid, "amount"), text(&paid, "accounts")), (yuan(owed), "0.00".to_owned()));
        assert_books(world);
    });
}
