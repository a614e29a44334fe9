//! Bills that a person paid, from the counter to the bank and back, worked by hand to the fen.

use gongji_agency::actor::{Actor, Role};
use gongji_agency::settlement::{explained, number_of};
use serde_json::{Value, json};

use crate::kit::{assert_books, books};
use crate::world::{CLOUD, World, made, on_postgres, on_sqlite, paid, text};

/// Staff of the first area.
pub fn staff(role: Role, name: &str) -> Actor {
    Actor { role, name: name.to_owned(), areas: vec![CLOUD.to_owned()] }
}

fn clerk() -> Actor {
    staff(Role::Clerk, "经办甲")
}

fn reviewer() -> Actor {
    staff(Role::Reviewer, "复核乙")
}

/// A bill of 1,000.00 from a hospital that the agency does not know: 500.00 甲, 200.00 乙 with a tenth upfront, 300.00 that no code names.
fn bill(person: &str, invoice: &str) -> Value {
    json!({
        "person": person,
        "institution": { "name": "某市人民医院", "area": "991100", "facts": { "level": "3", "facility_type": "hospital" } },
        "care_type": "outpatient",
        "date": "2026-03-05",
        "lines": [
            { "code": "A1", "name": "甲类药", "quantity": "5", "unit_price": "100.00", "amount": "500.00" },
            { "name": "乙类药", "quantity": "2", "unit_price": "100.00", "amount": "200.00" },
            { "name": "进口营养素", "quantity": "1", "unit_price": "300.00", "amount": "300.00" },
        ],
        "documents": [
            { "kind": "invoice", "no": invoice, "amount": "1000.00" },
            { "kind": "fee_list" },
        ],
    })
}

fn submitted(world: &World, person: &str, invoice: &str) -> String {
    text(&world.by(clerk()).ok("submit_claim", bill(person, invoice)), "claim")
}

/// All lines: accepted, half of the second, none of the third.
fn decide(world: &World, claim: &str) {
    let lines = json!([
        { "line": 1, "verdict": "accept" },
        { "line": 2, "verdict": "reduce", "code": "B1", "accepted": "100.00", "reason": "excess_quantity" },
        { "line": 3, "verdict": "refuse", "reason": "not_in_catalogue" },
    ]);
    world.by(clerk()).ok("decide_claim_lines", json!({ "claim": claim, "lines": lines }));
}

fn to_bank(number: &str) -> Value {
    json!({ "bank": { "holder": "甲", "bank": "示例银行云江支行", "number": number } })
}

fn pay(person: &str, claim: &str, to: Value) -> Value {
    json!({ "person": person, "area": CLOUD, "claim": claim, "to": to })
}

/// In scope 500.00 + 90.00; the fund pays 60% of 390.00. 400.00 were refused and 10.00 are the person's upfront share.
fn from_the_papers_to_the_bank(world: &World) {
    world.catalogue(CLOUD);
    let own = world.saver("甲", CLOUD, "0", "300.00");
    let claim = submitted(world, &own, "Q-1");
    let by_code = |lines: Value| json!({ "claim": claim, "lines": lines });
    let refused = |kind: &str, body: Value| world.by(clerk()).no(kind, body).code.to_string();
    assert_eq!(refused("report_claim", json!({ "claim": claim })), "undecided");
    let without_code = by_code(json!([{ "line": 2, "verdict": "accept" }]));
    assert_eq!(refused("decide_claim_lines", without_code), "not_matched");
    let unknown = by_code(json!([{ "line": 2, "verdict": "accept", "code": "Z9" }]));
    assert_eq!(refused("decide_claim_lines", unknown), "unknown_item");
    let no_reason = by_code(json!([{ "line": 1, "verdict": "refuse", "reason": "不想付" }]));
    assert_eq!(refused("decide_claim_lines", no_reason), "unknown_reason");
    let too_much =
        by_code(json!([{ "line": 1, "verdict": "reduce", "accepted": "500.00", "reason": "miscalculated" }]));
    assert_eq!(refused("decide_claim_lines", too_much), "not_reduced");
    // A line can be decided again.
    world.by(clerk()).ok(
        "decide_claim_lines",
        by_code(json!([{ "line": 1, "verdict": "refuse", "reason": "document_missing" }])),
    );
    decide(world, &claim);

    let told = world.by(clerk()).ok("report_claim", json!({ "claim": claim }));
    assert_eq!((&told.result["fund_paid"], &told.result["cash_paid"]), (&json!("234.00"), &json!("766.00")));
    assert_eq!(
        refused("decide_claim_lines", by_code(json!([{ "line": 1, "verdict": "accept" }]))),
        "claim_status"
    );
    // Whoever decided cannot approve, and a clerk has no right to.
    assert_eq!(refused("approve_claim", json!({ "claim": claim })), "denied");
    let same = world.by(staff(Role::Reviewer, "经办甲")).no("approve_claim", json!({ "claim": claim }));
    assert_eq!(&*same.code, "same_person");
    world.by(reviewer()).ok("send_back_claim", json!({ "claim": claim, "reason": "补充清单" }));
    world.by(clerk()).ok("report_claim", json!({ "claim": claim }));
    let answer = world.by(reviewer()).ok("approve_claim", json!({ "claim": claim }));
    assert_eq!(paid(&answer), [234_00, 0, 0, 766_00]);
    let settlement = made(&answer).clone();
    assert_eq!(
        [settlement.non_covered, settlement.upfront_self_pay, settlement.in_scope],
        [400_00, 10_00, 590_00]
    );
    let again = explained(world.office.rules().book(), &settlement).expect("explained");
    assert!(again.agrees(&settlement), "{:?}", again.deviations);
    let owed = format!("{CLOUD}/payable_person/{own}");
    assert_eq!((world.balance(&owed), world.balance("990301/fund/employee/pooled")), (234_00, -234_00));
    let tally = world.row("tally", &format!("{own}/{CLOUD}/employee/2026-01-01")).expect("a tally");
    assert_eq!(tally["counters"]["outpatient_deductible|2026-01-01"], 200_00);
    assert_books(world);

    // The first account does not exist; the money comes back and goes to another.
    assert_eq!(refused("pay_person", pay(&own, &claim, to_bank("123"))), "malformed_account");
    assert_eq!(refused("pay_person", pay(&own, &claim, to_bank("6222020000000000005"))), "checksum");
    let other = json!({ "bank": { "holder": "乙", "bank": "示例银行", "number": "6222020000000000000" } });
    assert_eq!(refused("pay_person", pay(&own, &claim, other)), "holder_differs");
    let first = world.by(clerk()).ok("pay_person", pay(&own, &claim, to_bank("6222020000000000000")));
    assert_eq!((world.balance(&owed), world.balance("990301/bank/pool")), (0, 234_00));
    assert_eq!(refused("pay_person", pay(&own, &claim, to_bank("6222020000000000000"))), "claim_status");
    let payment = text(&first, "payment");
    let cancel = json!({ "settlement": settlement.id, "reason": "录入有误" });
    assert_eq!(refused("cancel_settlement", cancel.clone()), "already_paid");
    world.by(clerk()).ok("return_payment", json!({ "payment": payment, "reason": "number_wrong" }));
    assert_eq!((world.balance(&owed), world.balance("990301/bank/pool")), (234_00, 0));
    let twice = json!({ "payment": payment, "reason": "number_wrong" });
    assert_eq!(refused("return_payment", twice), "already_returned");
    world.by(clerk()).ok("pay_person", pay(&own, &claim, json!({ "account": "carried_over" })));
    assert_eq!(world.purse(&own), (0, 534_00));
    assert_eq!((world.balance("990301/bank/pool"), world.balance("990301/bank/account")), (234_00, -234_00));
    let row = world.row("claim", &claim).expect("a claim");
    assert_eq!((&row["status"], &row["paid"]), (&json!("paid"), &json!(234_00)));
    let done: Vec<&str> =
        row["history"].as_array().expect("steps").iter().filter_map(|step| step["what"].as_str()).collect();
    assert_eq!(
        done,
        [
            "submit_claim",
            "decide_claim_lines",
            "decide_claim_lines",
            "report_claim",
            "send_back_claim",
            "report_claim",
            "approve_claim",
            "pay_person",
            "return_payment",
            "pay_person",
        ]
    );
    assert_books(world);
}

/// The own account may pay where it is asked to: 10.00 + 200.00 + 156.00 of it; what it pays is owed to the person as well.
fn the_own_account_pays_where_it_is_asked_to(world: &World) {
    world.catalogue(CLOUD);
    let own = world.saver("甲", CLOUD, "0", "1000.00");
    let mut with_account = bill(&own, "Q-1");
    with_account["use_account"] = json!(true);
    let claim = text(&world.by(clerk()).ok("submit_claim", with_account), "claim");
    decide(world, &claim);
    world.by(clerk()).ok("report_claim", json!({ "claim": claim }));
    let answer = world.by(reviewer()).ok("approve_claim", json!({ "claim": claim }));
    assert_eq!(paid(&answer), [234_00, 366_00, 0, 400_00]);
    assert_eq!(world.balance(&format!("{CLOUD}/payable_person/{own}")), 600_00);
    assert_eq!(world.purse(&own), (0, 634_00));
    // Cancelled, nothing is left of it, and the invoice can be used again.
    let before = books(world);
    world.by(clerk()).ok("cancel_settlement", json!({ "settlement": made(&answer).id, "reason": "退回" }));
    assert_eq!(world.purse(&own), (0, 1000_00));
    assert_eq!(world.balance("990301/fund/employee/pooled"), 0);
    assert_eq!(world.row("claim", &claim).expect("a claim")["status"], "cancelled");
    assert_ne!(books(world), before);
    submitted(world, &own, "Q-1");
    assert_books(world);
}

fn what_is_wrong_is_refused(world: &World) {
    world.catalogue(CLOUD);
    let own = world.saver("甲", CLOUD, "0", "0");
    let other = world.saver("乙", CLOUD, "0", "0");
    let refused = |actor: Actor, body: Value| world.by(actor).no("submit_claim", body);
    let changed = |name: &str, value: Value| {
        let mut body = bill(&own, "Q-1");
        body[name] = value;
        body
    };
    let invoice = |amount: &str| json!([{ "kind": "invoice", "no": "Q-1", "amount": amount }]);
    for (body, code, field) in [
        (changed("documents", json!([])), "no_invoice", "documents"),
        (changed("documents", invoice("999.99")), "invoices_differ", "documents"),
        (
            changed("documents", json!([{ "kind": "invoice", "amount": "1000.00" }])),
            "malformed_code",
            "documents[0].no",
        ),
        (changed("lines", json!([])), "line_count", "lines"),
        (changed("date", json!("2026-06-16")), "future_date", "date"),
        (changed("admitted_on", json!("2026-03-06")), "dates_go_back", "discharged_on"),
        (changed("care_type", json!("spa")), "unknown_value", "care_type"),
        (changed("institution", json!({ "name": "某医院" })), "missing_field", "institution.area"),
        (changed("institution", json!({ "code": "H9" })), "no_institution", "institution.code"),
        (changed("date", json!("2019-03-05")), "not_covered", "date"),
    ] {
        let refusal = refused(clerk(), body);
        assert_eq!((&*refusal.code, &*refusal.field), (code, field), "{refusal}");
    }
    let wrong = json!([{ "name": "药", "quantity": "3", "unit_price": "100.00", "amount": "1000.00" }]);
    assert_eq!(&*refused(clerk(), changed("lines", wrong)).code, "line_amount");
    let elsewhere = Actor { areas: vec!["990303".to_owned()], ..clerk() };
    assert_eq!(&*refused(elsewhere, bill(&own, "Q-1")).code, "denied");
    let resident = |id: &str| Actor { role: Role::Resident, name: id.to_owned(), areas: Vec::new() };
    assert_eq!(&*refused(resident(&other), bill(&own, "Q-1")).code, "denied");

    // The person may ask and take back, and no more.
    let claim = text(&world.by(resident(&own)).ok("submit_claim", bill(&own, "Q-1")), "claim");
    assert_eq!(&*refused(clerk(), bill(&own, "Q-1")).code, "invoice_used");
    assert_eq!(&*refused(clerk(), bill(&other, "Q-1")).code, "invoice_used");
    let mine = json!({ "claim": claim, "lines": [{ "line": 1, "verdict": "accept" }] });
    assert_eq!(&*world.by(resident(&own)).no("decide_claim_lines", mine).code, "denied");
    let take_back = json!({ "claim": claim, "reason": "再想想" });
    assert_eq!(&*world.by(resident(&other)).no("withdraw_claim", take_back.clone()).code, "no_claim");
    world.by(resident(&own)).ok("withdraw_claim", take_back.clone());
    assert_eq!(&*world.by(clerk()).no("withdraw_claim", take_back).code, "claim_status");
    let again = submitted(world, &own, "Q-1");
    assert_eq!(
        &*world.by(resident(&own)).no("expire_claim", json!({ "claim": again, "reason": "x" })).code,
        "denied"
    );
    world.by(clerk()).ok("expire_claim", json!({ "claim": again, "reason": "逾期未补材料" }));
    let cash = json!({ "person": own, "area": CLOUD, "amount": "1.00", "to": to_bank("1234567890") });
    assert_eq!(&*world.by(resident(&own)).no("pay_person", cash.clone()).code, "denied");
    assert_eq!(&*world.by(clerk()).no("pay_person", cash).code, "nothing_owed");
    let back = json!({ "person": own, "area": CLOUD, "amount": "1.00" });
    assert_eq!(&*world.by(clerk()).no("recover_from_person", back).code, "more_than_owed");
    assert_books(world);
}

/// What was reported is what is approved: another bill in between changes the deductible, and the claim goes back.
fn approved_is_what_was_reported(world: &World) {
    world.catalogue(CLOUD);
    world.hospital("H1", CLOUD);
    let own = world.saver("甲", CLOUD, "0", "0");
    let claim = submitted(world, &own, "Q-1");
    decide(world, &claim);
    world.by(clerk()).ok("report_claim", json!({ "claim": claim }));
    let visit =
        json!({ "person": own, "institution": "H1", "care_type": "outpatient", "date": "2026-03-10" });
    let between =
        world.at("H1").ok("settle_at_once", json!({ "visit": visit, "charges": { "total": "200.00" } }));
    assert_eq!(paid(&between)[0], 0);
    let refusal = world.by(reviewer()).no("approve_claim", json!({ "claim": claim }));
    assert_eq!((&*refusal.code, &*refusal.field), ("quote_differs", "claim"));
    world.by(reviewer()).ok("send_back_claim", json!({ "claim": claim, "reason": "累计变了" }));
    world.by(clerk()).ok("report_claim", json!({ "claim": claim }));
    let answer = world.by(reviewer()).ok("approve_claim", json!({ "claim": claim }));
    assert_eq!(paid(&answer), [354_00, 0, 0, 646_00], "the deductible was used up");
    assert!(number_of('S', &made(&answer).id).is_ok());
    // An institution has no say in what a person paid.
    let cancel = json!({ "settlement": made(&answer).id, "reason": "x" });
    assert_eq!(&*world.at("某市人民医院").no("cancel_settlement", cancel).code, "denied");
    assert_books(world);
}

#[test]
fn claims_on_sqlite() {
    on_sqlite(from_the_papers_to_the_bank);
    on_sqlite(the_own_account_pays_where_it_is_asked_to);
    on_sqlite(what_is_wrong_is_refused);
    on_sqlite(approved_is_what_was_reported);
}

#[test]
fn claims_on_postgres() {
    on_postgres(from_the_papers_to_the_bank);
    on_postgres(approved_is_what_was_reported);
}
