//! An employer's month: billed, paid in parts, split, corrected, paid late.
//!
//! In the invented area an employer pays 8% + 0.8% + 1% of the base, the person 2%; the base lies between 4,000 and 20,000; 2% of the base goes to the
//! person's account; late fees are 0.05% a day.

use serde_json::{Value, json};

use crate::kit::{assert_books, books, step_through, sum};
use crate::world::{CLOUD, DAY, NOON, World, on_sqlite};

/// Somebody who works for the employer, with an account.
fn worker(world: &World, name: &str, employer: &str) -> String {
    let person = world.person(name);
    let facts = json!({ "category": "employed", "employer": employer });
    world.ok(
        "enrol",
        json!({ "person": person, "area": CLOUD, "scheme": "employee", "from": "2020-01-01", "facts": facts, "reason": "新参保" }),
    );
    world.ok("open_account", json!({ "person": person, "area": CLOUD }));
    person
}

fn employer(world: &World, id: &str) {
    world.ok(
        "register_employer",
        json!({ "id": id, "name": "云江纺织厂", "area": CLOUD, "from": "2020-01-01" }),
    );
}

fn declare(world: &World, employer: &str, people: &[(&String, &str)]) {
    let people: Vec<Value> =
        people.iter().map(|(person, wage)| json!({ "person": person, "wage": wage })).collect();
    world.ok("declare_wages", json!({ "employer": employer, "from": "2026-01", "people": people }));
}

fn bill(world: &World, period: &str, due_on: &str) -> Value {
    world.ok("bill_contributions", json!({ "employer": "E1", "period": period, "due_on": due_on })).result
}

fn pay(world: &World, amount: &str, date: &str) -> Value {
    world.ok("receive_payment", json!({ "payer": "E1", "amount": amount, "date": date })).result
}

#[test]
fn a_month_is_billed_paid_in_parts_and_split_to_the_fen() {
    on_sqlite(|world| {
        employer(world, "E1");
        let (low, high) = (worker(world, "王小明", "E1"), worker(world, "李小红", "E1"));
        declare(world, "E1", &[(&low, "3500.00"), (&high, "8001.25")]);
        let made = bill(world, "2026-05", "2026-05-31");
        // Base 4,000: 320 + 40 + 32 and 80. Base 8,001.25: 640.10 + 80.01 + 64.01 and 160.03.
        assert_eq!((&made["employer_part"], &made["own_part"]), (&json!("1176.12"), &json!("240.03")));
        assert_eq!(made["total"], "1416.15");
        assert_eq!(world.balance(&format!("{CLOUD}/receivable/E1")), -1416_15);
        let id = made["bill"].as_str().expect("a bill");
        assert_eq!(&*world.no("split_contributions", json!({ "bill": id, "part": 0 })).code, "not_paid");
        assert_eq!(
            &*world.no("bill_contributions", json!({ "employer": "E1", "period": "2026-05" })).code,
            "nothing_to_bill"
        );

        let first = pay(world, "1000.00", "2026-05-20");
        assert_eq!(first["bills"][0]["owed"], "416.15");
        let rest = pay(world, "500.00", "2026-05-28");
        assert_eq!((&rest["bills"][0]["status"], &rest["advance"]), (&json!("paid"), &json!("83.85")));
        assert_books(world);

        let split = world.ok("split_contributions", json!({ "bill": id, "part": 0 })).result;
        // 80 and 160.025, rounded half up.
        assert_eq!((&split["to_accounts"], &split["done"]), (&json!("240.03"), &json!(true)));
        assert_eq!((world.purse(&low), world.purse(&high)), ((80_00, 0), (160_03, 0)));
        let books = books(world);
        let fund = |name: &str| books[&format!("{CLOUD}/fund/employee/{name}")];
        assert_eq!((fund("pooled"), fund("large_sum")), (1056_11, 120_01));
        assert_eq!(fund("pooled") + fund("large_sum") + 240_03, 1416_15);
        assert_eq!(sum(&books, CLOUD, "bank/account"), -240_03);
        assert_eq!(sum(&books, CLOUD, "bank/pool"), -(1500_00 - 240_03));
        assert_eq!(sum(&books, CLOUD, "collection/"), 0);
        assert_eq!(sum(&books, CLOUD, "receivable/"), 83_85, "kept for the next bill");
        assert_eq!(&*world.no("split_contributions", json!({ "bill": id, "part": 0 })).code, "step_done");

        // The advance pays the next bill first.
        let next = bill(world, "2026-06", "2026-06-30");
        assert_eq!(next["owed"], "1332.30");
        let back = world.no("return_advance", json!({ "payer": "E1", "amount": "1.00", "reason": "多缴" }));
        assert_eq!(&*back.code, "not_so_much");
        pay(world, "1332.30", "2026-06-10");
        assert_books(world);
    });
}

#[test]
fn the_oldest_bill_is_paid_first_and_arrears_are_seen() {
    on_sqlite(|world| {
        employer(world, "E1");
        let person = worker(world, "王小明", "E1");
        declare(world, "E1", &[(&person, "10000.00")]);
        // 980 and 200 a month.
        let later = bill(world, "2026-05", "2026-05-31");
        let earlier = bill(world, "2026-04", "2026-04-30");
        let paid = pay(world, "1280.00", "2026-06-01");
        let bills = paid["bills"].as_array().expect("bills");
        assert_eq!((&bills[0]["bill"], &bills[0]["owed"]), (&earlier["bill"], &json!("0.00")));
        assert_eq!((&bills[1]["bill"], &bills[1]["owed"]), (&later["bill"], &json!("1080.00")));
        assert!(world.row("owing", &format!("{CLOUD}/E1")).is_some());
        let closing = json!({ "employer": "E1", "to": "2026-06-15", "reason": "注销" });
        assert_eq!(&*world.no("close_employer", closing).code, "bill_open");
        assert_books(world);
    });
}

#[test]
fn a_late_fee_is_charged_on_what_the_employer_paid_late() {
    on_sqlite(|world| {
        employer(world, "E1");
        let person = worker(world, "王小明", "E1");
        declare(world, "E1", &[(&person, "10000.00")]);
        let made = bill(world, "2026-04", "2026-04-30");
        let id = made["bill"].as_str().expect("a bill");
        assert_eq!(&*world.no("charge_late_fee", json!({ "bill": id })).code, "nothing_late");
        // In time 500, of which 200 are the person's own; late 680, all of them the employer's.
        pay(world, "500.00", "2026-04-20");
        pay(world, "680.00", "2026-05-10");
        let fee = world.ok("charge_late_fee", json!({ "bill": id })).result;
        // 680 × 0.05% × 10 days = 3.40.
        assert_eq!(fee["fee"], "3.40");
        assert_eq!(&*world.no("charge_late_fee", json!({ "bill": id })).code, "nothing_late");
        world.ok("cancel_bill", json!({ "bill": fee["bill"], "reason": "减免未定" }));
        let fee = world.ok("charge_late_fee", json!({ "bill": id })).result;
        pay(world, "3.40", "2026-06-01");
        world.ok("split_contributions", json!({ "bill": fee["bill"], "part": 0 }));
        world.ok("split_contributions", json!({ "bill": id, "part": 0 }));
        let pooled = world.balance(&format!("{CLOUD}/fund/employee/pooled"));
        // 1,180 − 100 − 200 + 3.40.
        assert_eq!(pooled, 883_40);
        let month = world.row("fund_month", &format!("{CLOUD}/employee/pooled/2026-06")).expect("a month");
        assert_eq!(
            (&month["lines"]["late_fee"], &month["lines"]["contribution"]),
            (&json!(3_40), &json!(880_00))
        );
        assert_books(world);
    });
}

/// Of two fees on two late payments the first is taken back: only that payment is charged again.
#[test]
fn a_late_fee_that_is_taken_back_leaves_later_ones_alone() {
    on_sqlite(|world| {
        employer(world, "E1");
        let person = worker(world, "王小明", "E1");
        declare(world, "E1", &[(&person, "10000.00")]);
        let made = bill(world, "2026-04", "2026-04-30");
        let id = json!({ "bill": made["bill"] });
        pay(world, "700.00", "2026-05-10");
        // Of 700 the first 200 are the person's own: 500 × 0.05% × 10 days; then 480 × 0.05% × 20 days.
        let first = world.ok("charge_late_fee", id.clone()).result;
        pay(world, "480.00", "2026-05-20");
        let second = world.ok("charge_late_fee", id.clone()).result;
        assert_eq!((&first["fee"], &second["fee"]), (&json!("2.50"), &json!("4.80")));
        world.ok("cancel_bill", json!({ "bill": first["bill"], "reason": "减免未定" }));
        assert_eq!(world.ok("charge_late_fee", id.clone()).result["fee"], "2.50", "not the second once more");
        assert_eq!(&*world.no("charge_late_fee", id).code, "nothing_late");
        assert_books(world);
    });
}

#[test]
fn who_comes_later_is_billed_apart_and_who_had_left_is_paid_back() {
    on_sqlite(|world| {
        employer(world, "E1");
        let (stays, left) = (worker(world, "王小明", "E1"), worker(world, "李小红", "E1"));
        declare(world, "E1", &[(&stays, "10000.00"), (&left, "5000.00")]);
        let made = bill(world, "2026-05", "2026-05-31");
        let comes = worker(world, "赵小兰", "E1");
        declare(world, "E1", &[(&comes, "6000.00")]);
        let more = bill(world, "2026-05", "2026-05-31");
        assert_eq!((&more["people"], &more["total"]), (&json!(1), &json!("708.00")));
        world.ok("cancel_bill", json!({ "bill": more["bill"], "reason": "先核对" }));
        let more = bill(world, "2026-05", "2026-05-31");
        assert_eq!(more["total"], "708.00", "what was cancelled is billed again");

        pay(world, "2478.00", "2026-05-28");
        for bill in [&made["bill"], &more["bill"]] {
            world.ok("split_contributions", json!({ "bill": bill, "part": 0 }));
        }
        assert_eq!(world.purse(&left), (100_00, 0));
        let refund = json!({ "employer": "E1", "period": "2026-05", "person": left, "reason": "四月已离职" });
        let back = world.ok("refund_contribution", refund.clone()).result;
        assert_eq!(
            (&back["amount"], &back["from_account"], &back["advance"]),
            (&json!("590.00"), &json!("100.00"), &json!("590.00"))
        );
        assert_eq!(world.purse(&left), (0, 0));
        assert_eq!(&*world.no("refund_contribution", refund).code, "not_billed");
        world.ok("return_advance", json!({ "payer": "E1", "amount": "590.00", "reason": "退回单位" }));
        let books = books(world);
        assert_eq!(sum(&books, CLOUD, "receivable/"), 0);
        assert_eq!(sum(&books, CLOUD, "bank/account"), -320_00);
        assert_eq!(sum(&books, CLOUD, "bank/pool"), -(1888_00 - 320_00));
        assert_books(world);
    });
}

#[test]
fn a_line_leaves_a_bill_that_is_not_paid_or_paid_in_part() {
    on_sqlite(|world| {
        employer(world, "E1");
        let (stays, left) = (worker(world, "王小明", "E1"), worker(world, "李小红", "E1"));
        declare(world, "E1", &[(&stays, "10000.00"), (&left, "5000.00")]);
        let made = bill(world, "2026-05", "2026-05-31");
        pay(world, "1500.00", "2026-05-20");
        let refund = json!({ "employer": "E1", "period": "2026-05", "person": left, "reason": "四月已离职" });
        let back = world.ok("refund_contribution", refund).result;
        // 1,770 − 590 = 1,180 are owed; 320 are free.
        assert_eq!(back["advance"], "320.00");
        let split = world.ok("split_contributions", json!({ "bill": made["bill"], "part": 0 })).result;
        assert_eq!((&split["people"], &split["total"]), (&json!(1), &json!("1180.00")));
        assert_eq!((world.purse(&stays), world.purse(&left)), ((200_00, 0), (0, 0)));
        assert_books(world);
    });
}

#[test]
fn many_people_are_billed_and_split_step_by_step() {
    on_sqlite(|world| {
        employer(world, "E1");
        let people: Vec<String> = (0..503).map(|at| worker(world, &format!("员工{at}"), "E1")).collect();
        for chunk in people.chunks(500) {
            let chunk: Vec<(&String, &str)> = chunk.iter().map(|person| (person, "5000.00")).collect();
            declare(world, "E1", &chunk);
        }
        let made =
            step_through(world, "bill_contributions", json!({ "employer": "E1", "period": "2026-05" }));
        // 590 each.
        assert_eq!((&made["people"], &made["total"]), (&json!(503), &json!("296770.00")));
        let again =
            world.no("bill_contributions", json!({ "employer": "E1", "period": "2026-05", "after": "P5" }));
        assert_eq!(&*again.code, "step_done");
        pay(world, "296770.00", "2026-06-01");
        for part in 0..2 {
            world.ok("split_contributions", json!({ "bill": made["bill"], "part": part }));
        }
        assert_eq!(world.balance(&format!("{CLOUD}/bank/account")), -50_300_00);
        assert!(people.iter().all(|person| world.purse(person) == (100_00, 0)));
        assert_books(world);
    });
}

#[test]
fn what_does_not_fit_is_refused() {
    on_sqlite(|world| {
        employer(world, "E1");
        let person = worker(world, "王小明", "E1");
        let outsider = world.employee("李小红", CLOUD);
        let wages = |person: &str, wage: &str, from: &str| json!({ "employer": "E1", "from": from, "people": [{ "person": person, "wage": wage }] });
        for (kind, body, code) in [
            (
                "register_employer",
                json!({ "id": "E1", "name": "同号", "area": CLOUD, "from": "2020-01-01" }),
                "employer_exists",
            ),
            (
                "register_employer",
                json!({ "id": "P12", "name": "甲", "area": CLOUD, "from": "2020-01-01" }),
                "malformed_code",
            ),
            ("declare_wages", wages(&outsider, "5000.00", "2026-01"), "not_employed"),
            ("declare_wages", wages(&person, "0.00", "2026-01"), "no_amount"),
            ("declare_wages", wages(&person, "5000.00", "2026-1"), "malformed_month"),
            ("declare_wages", json!({ "employer": "E1", "from": "2026-01", "people": [] }), "missing_field"),
            ("declare_wages", json!({ "employer": "E9", "from": "2026-01", "people": [] }), "no_employer"),
            ("bill_contributions", json!({ "employer": "E1", "period": "2026-07" }), "future_date"),
            ("bill_contributions", json!({ "employer": "E1", "period": "2026-05" }), "nothing_to_bill"),
            ("receive_payment", json!({ "payer": "E9", "amount": "1.00" }), "no_payer"),
            ("receive_payment", json!({ "payer": "E1", "amount": "0.00" }), "no_amount"),
            (
                "receive_payment",
                json!({ "payer": "E1", "amount": "1.00", "date": "2026-06-16" }),
                "future_date",
            ),
            ("cancel_bill", json!({ "bill": "C9", "reason": "错" }), "no_bill"),
        ] {
            assert_eq!(&*world.no(kind, body.clone()).code, code, "{kind} {body}");
        }
        let other = gongji_agency::actor::Actor {
            role: gongji_agency::actor::Role::Clerk,
            name: "别区".to_owned(),
            areas: vec!["990303".to_owned()],
        };
        let refused = world.by(other).no("receive_payment", json!({ "payer": "E1", "amount": "1.00" }));
        assert_eq!(&*refused.code, "denied");
    });
}

#[test]
fn whoever_pays_for_himself_is_debited_again_and_then_owes() {
    on_sqlite(|world| {
        let person = world.person("周自由");
        let facts = json!({ "category": "flexible" });
        world.ok("enrol", json!({ "person": person, "area": CLOUD, "scheme": "employee", "from": "2026-01-01", "facts": facts, "reason": "新参保" }));
        world.ok("choose_base", json!({ "person": person, "from": "2026-01", "base": "6000.00" }));
        let made = world.ok("bill_flexible", json!({ "area": CLOUD, "period": "2026-05" })).result;
        let bill = &made["bills"][0];
        // 9% of 6,000.
        assert_eq!((&bill["amount"], &bill["debit_on"]), (&json!("540.00"), &json!("2026-05-11")));
        let debit = |date: &str, failed: Option<&str>| json!({ "area": CLOUD, "date": date, "debits": [{ "bill": bill["bill"], "failed": failed }] });
        let first = world.ok("record_debits", debit("2026-05-11", Some("余额不足"))).result;
        assert_eq!(first["debits"][0]["again_on"], "2026-05-21");
        let second = world.ok("record_debits", debit("2026-05-21", Some("余额不足"))).result;
        assert_eq!(second["debits"][0]["again_on"], Value::Null, "owed from now on");
        assert!(world.row("owing", &format!("{CLOUD}/{person}")).is_some());
        let paid = world.ok("record_debits", debit("2026-06-11", None)).result;
        assert_eq!(paid["debits"][0]["credited"], "120.00");
        assert!(world.row("owing", &format!("{CLOUD}/{person}")).is_none());
        assert_eq!(world.purse(&person), (120_00, 0));
        assert_eq!(&*world.no("record_debits", debit("2026-06-11", None)).code, "not_due");
        assert_eq!(world.balance(&format!("{CLOUD}/fund/employee/pooled")), 420_00);
        assert_books(world);
        world.clock.set(NOON + 30 * DAY);
        let july = world.ok("bill_flexible", json!({ "area": CLOUD, "period": "2026-07" })).result;
        let id = text_of(&july["bills"][0]["bill"]);
        world.ok("receive_payment", json!({ "payer": person, "amount": "540.00" }));
        world.ok("split_contributions", json!({ "bill": id, "part": 0 }));
        assert_eq!(world.purse(&person), (240_00, 0));
        assert_books(world);
    });
}

fn text_of(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
