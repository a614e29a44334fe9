//! The five questions of somebody in the books: cover, wage, accounts and limits are those that were booked.

use gongji_agency::actor::{Actor, Role};
use gongji_agency::look;
use gongji_agency::office::Failure;
use serde_json::json;

use crate::world::{CLOUD, World, on_sqlite, operator};

fn asked(world: &World, actor: &Actor, person: &str) -> Result<look::FiveOfPerson, Failure> {
    world.office.look(actor, |desk, context| look::five(desk, context, person, context.today))
}

#[test]
fn what_is_booked_answers_the_questions() {
    on_sqlite(|world| {
        world.hospital("H1", CLOUD);
        world.ok(
            "register_employer",
            json!({ "id": "E1", "name": "云江纺织厂", "area": CLOUD, "from": "2020-01-01" }),
        );
        let (own, spouse) = (world.person("王小明"), world.saver("李小红", CLOUD, "300.00", "500.00"));
        let facts = json!({ "category": "employed", "employer": "E1" });
        world.ok("enrol", json!({ "person": own, "area": CLOUD, "scheme": "employee", "from": "2020-01-01", "facts": facts, "reason": "新参保" }));
        world.ok("open_account", json!({ "person": own, "area": CLOUD }));
        world.credit(&own, "current_year", "150.00");
        world.ok(
            "declare_wages",
            json!({ "employer": "E1", "from": "2026-01", "people": [{ "person": own, "wage": "8000.00" }] }),
        );
        world.grant(&spouse, &own, "spouse");
        let visit =
            json!({ "person": own, "institution": "H1", "care_type": "outpatient", "date": "2026-06-10" });
        world.at("H1").ok("settle_at_once", json!({ "visit": visit, "charges": { "total": "1200.00" } }));

        let five = asked(world, &operator(), &own).expect("answered");
        // (1,200 − 200) × 60% = 600 by the pool; of the other 600 the own account paid 150 and the spouse's 450.
        let bill = five.books.last_bill.expect("a bill");
        let paid =
            [bill.fund_paid, bill.account_paid, bill.mutual_aid_paid, bill.cash_paid].map(|paid| paid.fen());
        assert_eq!(paid, [600_00, 150_00, 450_00, 0]);
        let used: Vec<(&str, &str)> =
            five.books.used.iter().map(|used| (used.label.as_str(), used.amount.as_str())).collect();
        assert_eq!(used, [("本年门诊已扣起付", "200.00"), ("本年门诊统筹已付", "600.00")]);
        // What the question knows: the declared wage, the empty account, what the spouse has left.
        assert_eq!(five.answer.case["wage"], "8000.00");
        assert_eq!(five.answer.case["purses"]["mutual_aid"][0]["carried_over"], "350.00");
        let account = &five.answer.questions[3];
        assert_eq!(account.name, "account");
        assert!(account.answer.contains("每月划入 160.00 元"), "{}", account.answer);

        let resident = |name: &str| Actor { role: Role::Resident, name: name.to_owned(), areas: Vec::new() };
        assert!(asked(world, &resident(&own), &own).is_ok());
        assert!(asked(world, &resident(&spouse), &own).is_err(), "nobody else's");
    });
}
