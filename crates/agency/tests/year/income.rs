//! Income of funds: opening balances, subsidies, donations, interest, residents' premiums.
//!
//! In the invented area a resident pays 400, the central treasury 330, the local 340; the window is September to February; three months of waiting outside it.

use serde_json::{Value, json};

use crate::kit::{assert_books, books, sum};
use crate::world::{CLOUD, DAY, NOON, World, on_sqlite};

fn premium(person: &str, year: i16, payer: Value) -> Value {
    json!({ "person": person, "area": CLOUD, "coverage_year": year, "facts": { "category": "child" }, "payer": payer })
}

#[test]
fn an_account_that_was_opened_with_money_stands_in_the_books() {
    on_sqlite(|world| {
        world.saver("王小明", CLOUD, "88.00", "12.00");
        let books = books(world);
        assert_eq!((sum(&books, CLOUD, "personal/"), sum(&books, CLOUD, "opening")), (100_00, -100_00));
        assert_books(world);
    });
}

#[test]
fn income_stands_on_its_line_and_can_be_taken_back() {
    on_sqlite(|world| {
        let fund = json!({ "area": CLOUD, "scheme": "employee", "fund": "pooled", "amount": "5000.00" });
        let opened = world.ok("open_fund", fund.clone()).result;
        assert_eq!(&*world.no("open_fund", fund.clone()).code, "already_opened");
        let income = |source: &str, amount: &str| json!({ "area": CLOUD, "scheme": "employee", "fund": "pooled", "source": source, "amount": amount, "reason": "文件" });
        world.ok("record_income", income("donation", "100.00"));
        let wrong = world.ok("record_income", income("interest", "7.00")).result;
        let back = json!({ "record": wrong["record"], "reason": "登记有误" });
        world.ok("cancel_income", back.clone());
        assert_eq!(&*world.no("cancel_income", back).code, "already_cancelled");
        assert_eq!(&*world.no("cancel_income", json!({ "record": 1, "reason": "错" })).code, "no_income");
        let lines = world.row("fund_month", &format!("{CLOUD}/employee/pooled/2026-06")).expect("a month");
        assert_eq!(lines["lines"], json!({ "donation": 100_00, "opening": 5000_00 }));
        world.ok("cancel_income", json!({ "record": opened["record"], "reason": "登记有误" }));
        world.ok("open_fund", fund);
        assert_eq!(world.balance(&format!("{CLOUD}/bank/pool")), -5100_00);
        assert_books(world);
    });
}

#[test]
fn a_premium_is_paid_from_a_fathers_account_and_both_sides_are_booked() {
    on_sqlite(|world| {
        let (father, child) = (world.saver("王小明", CLOUD, "50.00", "700.00"), world.person("王小宝"));
        let asked = premium(&child, 2026, json!({ "by": "account", "owner": father }));
        assert_eq!(&*world.no("pay_premium", asked.clone()).code, "no_grant");
        // A grant needs cover: the child has it from last year's premium.
        world.ok("enrol", json!({ "person": child, "area": CLOUD, "scheme": "resident", "from": "2025-01-01", "facts": { "category": "child" }, "reason": "新参保" }));
        world.grant(&father, &child, "parent");
        world.ok("end_cover", json!({ "person": child, "to": "2026-06-14", "reason": "断缴" }));
        // In June, outside the window: no subsidy, all 1,070 are the family's, which is more than the carried-over part holds.
        assert_eq!(&*world.no("pay_premium", asked.clone()).code, "insufficient_balance");
        world.credit(&father, "carried_over", "400.00");
        let told = world.ok("pay_premium", asked.clone()).result;
        assert_eq!((&told["own"], &told["subsidy"]), (&json!("1070.00"), &json!("0.00")));
        assert_eq!((&told["cover_from"], &told["cover_to"]), (&json!("2026-09-15"), &json!("2026-12-31")));
        assert_eq!(world.purse(&father), (50_00, 30_00), "only what was carried over");
        assert_eq!(&*world.no("pay_premium", asked).code, "premium_paid");
        let books = books(world);
        assert_eq!(sum(&books, CLOUD, "fund/resident/pooled"), 1070_00);
        assert_eq!(sum(&books, CLOUD, "bank/pool"), -1070_00);
        assert_eq!(sum(&books, CLOUD, "bank/account"), 1070_00, "opened from before the books");
        assert_books(world);
    });
}

#[test]
fn in_the_window_the_treasuries_add_theirs_and_cover_goes_on() {
    on_sqlite(|world: &World| {
        let child = world.person("王小宝");
        // 2026-10-03.
        world.clock.set(NOON + 110 * DAY);
        let told = world
            .ok("pay_premium", premium(&child, 2027, json!({ "by": "third", "name": "云江村委会" })))
            .result;
        assert_eq!((&told["own"], &told["subsidy"]), (&json!("400.00"), &json!("670.00")));
        assert_eq!((&told["cover_from"], &told["cover_to"]), (&json!("2027-01-01"), &json!("2027-12-31")));
        assert_eq!(world.balance(&format!("{CLOUD}/subsidy")), -670_00);
        let back = json!({ "person": child, "coverage_year": 2027, "reason": "参加职工医保" });
        world.ok("refund_premium", back.clone());
        assert_eq!(&*world.no("refund_premium", back).code, "premium_not_paid");
        assert_eq!(world.balance(&format!("{CLOUD}/fund/resident/pooled")), 0);
        world.ok("pay_premium", premium(&child, 2027, json!({ "by": "oneself" })));
        world.ok("record_income", json!({ "area": CLOUD, "scheme": "resident", "source": "subsidy", "amount": "670.00", "reason": "中央、地方财政拨付" }));
        assert_eq!(world.balance(&format!("{CLOUD}/subsidy")), 0);
        assert_eq!(world.balance(&format!("{CLOUD}/fund/resident/pooled")), 1070_00);
        assert_eq!(world.balance(&format!("{CLOUD}/bank/pool")), -1070_00);
        let covers = world.row("person", &child).expect("a row")["covers"].clone();
        assert_eq!(covers.as_array().map(Vec::len), Some(1));
        assert_books(world);
    });
}
