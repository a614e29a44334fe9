//! Personal accounts over a year: credited, credited ahead and cleared, interest, the turn of the year, inherited, paid out, closed.

use serde_json::json;

use crate::kit::{assert_books, books, step_through, sum};
use crate::world::{CLOUD, DAY, NOON, PEACE, World, on_sqlite};

/// Noon in Beijing on 2027-01-05.
const JANUARY: i64 = NOON + 204 * DAY;

fn insured(world: &World, name: &str, area: &str, category: &str, employer: Option<&str>) -> String {
    let person = world.person(name);
    let facts = json!({ "category": category, "employer": employer });
    world.ok(
        "enrol",
        json!({ "person": person, "area": area, "scheme": "employee", "from": "2020-01-01", "facts": facts, "reason": "新参保" }),
    );
    world.ok("open_account", json!({ "person": person, "area": area }));
    person
}

#[test]
fn retired_people_are_credited_once_a_month_from_the_pool() {
    on_sqlite(|world| {
        let (first, second) = (
            insured(world, "王奶奶", CLOUD, "retired", None),
            insured(world, "李爷爷", CLOUD, "retired", None),
        );
        let working = insured(world, "张三", CLOUD, "employed", None);
        let told = step_through(world, "credit_accounts", json!({ "area": CLOUD, "period": "2026-05" }));
        assert_eq!((&told["people"], &told["credited"]), (&json!(2), &json!("190.00")));
        let again = step_through(world, "credit_accounts", json!({ "area": CLOUD, "period": "2026-05" }));
        assert_eq!(again["credited"], "0.00", "nobody twice");
        assert_eq!(
            (world.purse(&first), world.purse(&second), world.purse(&working)),
            ((95_00, 0), (95_00, 0), (0, 0))
        );
        let books = books(world);
        assert_eq!(sum(&books, CLOUD, "fund/employee/pooled"), -190_00);
        assert_eq!(sum(&books, CLOUD, "bank/account"), -190_00);
        assert_books(world);
    });
}

#[test]
fn the_year_ends_with_interest_by_months_and_the_turn() {
    on_sqlite(|world| {
        // 1,200.00 of the current year and 5,000.00 carried over stand in June.
        let person = world.saver("王小明", CLOUD, "1200.00", "5000.00");
        let poor = world.saver("李小红", CLOUD, "0", "0");
        world.clock.set(JANUARY);
        // Spent after the turn, before the year is closed.
        world.hospital("H1", CLOUD);
        let spent = world
            .at("H1")
            .ok("settle_at_once", crate::world::at_once(&person, "H1", "pharmacy", "2027-01-04", "100.00"));
        assert_eq!(crate::world::paid(&spent), [0, 100_00, 0, 0]);
        let told = step_through(world, "close_accounts", json!({ "area": CLOUD, "year": "2026-06-01" }));
        // June counts whole: 7 months. 1,200 × 7/12 × 0.36% = 2.52; 5,000 × 7/12 × 1.2% = 35.00.
        assert_eq!((&told["interest"], &told["people"]), (&json!("37.52"), &json!(2)));
        // Of 1,202.52 a hundred are gone.
        assert_eq!(told["rolled"], "1102.52");
        assert_eq!((world.purse(&person), world.purse(&poor)), ((0, 6137_52), (0, 0)));
        let again = step_through(world, "close_accounts", json!({ "area": CLOUD, "year": "2026-06-01" }));
        assert_eq!((&again["people"], &again["interest"]), (&json!(0), &json!("0.00")), "nobody twice");
        assert_eq!(
            &*world.no("close_accounts", json!({ "area": CLOUD, "year": "2027-01-01" })).code,
            "future_date"
        );
        assert_eq!(world.balance(&format!("{CLOUD}/fund/employee/pooled")), -37_52);
        assert_books(world);
    });
}

/// Interest that was paid within the year is not paid once more when the year is closed.
#[test]
fn a_year_that_was_closed_in_part_bears_interest_for_the_rest_alone() {
    on_sqlite(|world| {
        let person = world.saver("王小明", CLOUD, "1200.00", "0");
        // 2026-06-30.
        world.clock.set(NOON + 15 * DAY);
        let paid = world.ok("pay_interest", json!({ "person": person, "to": "2026-06-30" }));
        // 1,200 × 1/12 × 0.36%.
        assert_eq!(paid.result["interest"], "0.36");
        world.clock.set(JANUARY);
        let told = world.ok("close_accounts", json!({ "area": CLOUD, "year": "2026-06-01" }));
        // 1,200.36 × 6/12 × 0.36%.
        assert_eq!((&told.result["interest"], &told.result["rolled"]), (&json!("2.16"), &json!("1202.52")));
        assert_eq!(explained(world, &person, told.seq - 1, "interest"), "2.16");
        assert_books(world);
    });
}

// The year of this area begins in July.
#[test]
fn a_year_credited_ahead_is_cleared_by_the_months_that_were_paid() {
    on_sqlite(|world| {
        world.ok(
            "register_employer",
            json!({ "id": "E1", "name": "和平机械厂", "area": PEACE, "from": "2020-01-01" }),
        );
        let person = insured(world, "王小明", PEACE, "employed", Some("E1"));
        let retired = insured(world, "李爷爷", PEACE, "retired", None);
        world.ok("declare_wages", json!({ "employer": "E1", "from": "2025-07", "people": [{ "person": person, "wage": "10000.00" }] }));
        let told = step_through(world, "precredit_accounts", json!({ "area": PEACE, "year": "2026-06-01" }));
        // 10,000 × 2% × 12, and 1,680 for the retired.
        assert_eq!(told["credited"], "4080.00");
        assert_eq!((world.purse(&person), world.purse(&retired)), ((2400_00, 0), (1680_00, 0)));
        assert_eq!(
            &*world.no("credit_accounts", json!({ "area": PEACE, "period": "2026-05" })).code,
            "credited_ahead"
        );
        for period in ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05"] {
            let made = world.ok("bill_contributions", json!({ "employer": "E1", "period": period })).result;
            world.ok("receive_payment", json!({ "payer": "E1", "amount": "1100.00", "date": "2026-06-10" }));
            world.ok("split_contributions", json!({ "bill": made["bill"], "part": 0 }));
        }
        assert_eq!(world.purse(&person), (2400_00, 0), "credited already");
        assert_books(world);
        world.clock.set(JANUARY);
        let told = step_through(world, "clear_accounts", json!({ "area": PEACE, "year": "2026-06-01" }));
        // Five months were paid: 1,000 were due, 1,400 come back. Nothing changes for the retired.
        assert_eq!(told["difference"], "-1400.00");
        assert_eq!((world.purse(&person), world.purse(&retired)), ((1000_00, 0), (1680_00, 0)));
        let told = step_through(world, "close_accounts", json!({ "area": PEACE, "year": "2026-06-01" }));
        // On the closing balances, 1.5%: 15.00 and 25.20.
        assert_eq!(told["interest"], "40.20");
        assert_eq!((world.purse(&person), world.purse(&retired)), ((0, 1015_00), (0, 1705_20)));
        let pooled = 5500_00 - 4080_00 + 1400_00 - 40_20;
        assert_eq!(world.balance(&format!("{PEACE}/fund/employee/pooled")), pooled);
        assert_eq!(world.balance(&format!("{PEACE}/bank/account")), -(1015_00 + 1705_20));
        assert_eq!(world.balance(&format!("{PEACE}/bank/pool")), -pooled);
        assert_books(world);
    });
}

#[test]
fn what_was_spent_of_a_credit_ahead_is_owed_after_the_clearing() {
    on_sqlite(|world| {
        world.ok(
            "register_employer",
            json!({ "id": "E1", "name": "和平机械厂", "area": PEACE, "from": "2020-01-01" }),
        );
        let person = insured(world, "王小明", PEACE, "employed", Some("E1"));
        world.ok("declare_wages", json!({ "employer": "E1", "from": "2025-07", "people": [{ "person": person, "wage": "10000.00" }] }));
        step_through(world, "precredit_accounts", json!({ "area": PEACE, "year": "2026-01-01" }));
        world.hospital("H3", PEACE);
        world.at("H3").ok(
            "settle_at_once",
            crate::world::at_once(&person, "H3", "outpatient", "2026-06-14", "5000.00"),
        );
        let (spent_down_to, _) = world.purse(&person);
        world.clock.set(JANUARY);
        step_through(world, "clear_accounts", json!({ "area": PEACE, "year": "2026-01-01" }));
        // Not one month was paid: all 2,400 are taken back from the current year, which the rules let fall below nothing.
        assert_eq!(world.purse(&person).0, spent_down_to - 2400_00);
        assert_books(world);
    });
}

#[test]
fn an_account_is_inherited_whole_and_closed() {
    on_sqlite(|world| {
        let person = world.saver("王奶奶", CLOUD, "100.00", "900.00");
        let heir = world.saver("王小明", CLOUD, "0", "1.00");
        let body = json!({ "person": person, "heirs": [{ "name": "王小明", "person": heir, "amount": "600.00" }, { "name": "王小红", "amount": "400.00" }], "reason": "公证书" });
        assert_eq!(&*world.no("inherit_account", body.clone()).code, "person_lives");
        world.ok("record_death", json!({ "person": person, "died_on": "2026-06-01" }));
        let short = json!({ "person": person, "heirs": [{ "name": "王小红", "amount": "400.00" }], "reason": "公证书" });
        assert_eq!(&*world.no("inherit_account", short).code, "does_not_sum");
        let told = world.ok("inherit_account", body).result;
        assert_eq!(told["amount"], "1000.00");
        assert_eq!((world.purse(&person), world.purse(&heir)), ((0, 0), (0, 601_00)));
        assert_eq!(world.row("standing", &person).expect("a row")["account_area"], json!(null));
        let closed = json!({ "person": person, "reason": "继承" });
        assert_eq!(&*world.no("close_account", closed).code, "no_account");
        assert_books(world);
    });
}

#[test]
fn an_account_is_paid_out_once_cover_ended_and_closed_when_empty() {
    on_sqlite(|world| {
        let person = world.saver("王小明", CLOUD, "100.00", "900.00");
        let out = |cause: &str| json!({ "person": person, "cause": cause, "payee": "外省经办机构", "reason": "联系函" });
        assert_eq!(&*world.no("pay_out_account", out("relation_moved")).code, "still_covered");
        world.ok("end_cover", json!({ "person": person, "to": "2026-05-31", "reason": "转出" }));
        assert_eq!(&*world.no("pay_out_account", out("settled_abroad")).code, "not_allowed");
        assert_eq!(
            &*world.no("close_account", json!({ "person": person, "reason": "转出" })).code,
            "account_not_empty"
        );
        let interest = world.ok("pay_interest", json!({ "person": person, "to": "2026-06-15" })).result;
        // One month: 100 × 0.36% / 12 = 0.03 and 900 × 1.2% / 12 = 0.90.
        assert_eq!(interest["interest"], "0.93");
        assert_eq!(
            &*world.no("pay_interest", json!({ "person": person, "to": "2026-06-15" })).code,
            "interest_paid"
        );
        assert_eq!(world.ok("pay_out_account", out("relation_moved")).result["amount"], "1000.93");
        assert_eq!(world.purse(&person), (0, 0));
        let empty = world.saver("李小红", CLOUD, "0", "0");
        world.ok("close_account", json!({ "person": empty, "reason": "转为居民医保" }));
        world.ok("open_account", json!({ "person": empty, "area": CLOUD }));
        assert_books(world);
    });
}

#[test]
fn the_yearly_premium_comes_from_the_account_where_there_is_enough() {
    on_sqlite(|world| {
        let (enough, short) = (
            world.saver("王小明", CLOUD, "100.00", "50.00"),
            world.saver("李小红", CLOUD, "100.00", "29.99"),
        );
        let told = step_through(world, "debit_supplement", json!({ "area": CLOUD, "year": "2026-01-01" }));
        assert_eq!((&told["taken"], &told["short"]), (&json!("130.00"), &json!([short])));
        assert_eq!((world.purse(&enough), world.purse(&short)), ((0, 20_00), (100_00, 29_99)));
        assert_eq!(world.balance(&format!("{CLOUD}/fund/employee/large_sum")), 130_00);
        world.credit(&short, "carried_over", "0.01");
        let told = step_through(world, "debit_supplement", json!({ "area": CLOUD, "year": "2026-01-01" }));
        assert_eq!(told["taken"], "130.00", "only who had not paid");
        assert_eq!(world.purse(&short), (0, 0));
        assert_books(world);
    });
}

/// The figure of a name in the only explanation of a person's part of a record.
fn explained(world: &World, person: &str, record: u64, figure: &str) -> String {
    let told = world
        .office
        .look(&crate::world::operator(), |desk, context| {
            let kept = gongji_agency::look::calculations(desk, context, person, record)?;
            let answers = kept.iter().map(|one| gongji_agency::calculation::explained(context.rules, one));
            answers.collect::<Result<Vec<_>, _>>()
        })
        .expect("a calculation");
    let figure = told[0].figures.get(figure).and_then(serde_json::Value::as_str);
    figure.expect("a figure").to_owned()
}

#[test]
fn each_line_of_a_statement_can_be_explained_as_it_was_computed() {
    on_sqlite(|world| {
        world.ok(
            "register_employer",
            json!({ "id": "E1", "name": "云江纺织厂", "area": CLOUD, "from": "2020-01-01" }),
        );
        let person = insured(world, "王小明", CLOUD, "employed", Some("E1"));
        world.ok("declare_wages", json!({ "employer": "E1", "from": "2026-01", "people": [{ "person": person, "wage": "10000.00" }] }));
        let made = world.ok("bill_contributions", json!({ "employer": "E1", "period": "2026-05" }));
        world.ok("receive_payment", json!({ "payer": "E1", "amount": "1180.00" }));
        let split = world.ok("split_contributions", json!({ "bill": made.result["bill"], "part": 0 }));
        // What is declared and who the person is may change afterwards: the record is explained as it was.
        world.ok("declare_wages", json!({ "employer": "E1", "from": "2026-01", "people": [{ "person": person, "wage": "12000.00" }] }));
        world.ok("change_category", json!({ "person": person, "from": "2026-06-01", "facts": { "category": "retired" }, "reason": "退休" }));
        assert_eq!(explained(world, &person, made.seq, "total"), "1180.00");
        assert_eq!(explained(world, &person, split.seq, "credit"), "200.00");
        world.clock.set(JANUARY);
        let closed = world.ok("close_accounts", json!({ "area": CLOUD, "year": "2026-06-01" }));
        // 200 × 7/12 × 0.36% = 0.42.
        assert_eq!(explained(world, &person, closed.seq - 1, "interest"), "0.42");
        assert_eq!(explained(world, &person, closed.seq, "rolled"), "200.42");
        let lines = world
            .office
            .look(&crate::world::operator(), |desk, context| {
                gongji_agency::look::statement(desk, context, &person, (None, None))
            })
            .expect("a statement")
            .lines;
        let told: Vec<(&str, i64, i64)> =
            lines.iter().map(|line| (line.label, line.amount.fen(), line.balance.fen())).collect();
        assert_eq!(
            told,
            [
                ("缴费分账", 200_00, 200_00),
                ("个人账户计息", 42, 200_42),
                ("账户年度结息与结转", -200_42, 0),
                ("账户年度结息与结转", 200_42, 200_42),
            ]
        );
        assert_books(world);
    });
}
