//! Accounts, grants, statements.

use gongji_agency::look::{self, Movement};
use serde_json::{Value, json};

use crate::kit::{HERE, enrolment, open, operator, resident};

#[test]
fn an_account_is_opened_once_and_only_with_cover_that_has_one() {
    let desk = open();
    let person = desk.person("王小明", 1);
    let account = |person: &str, area: &str| json!({ "person": person, "area": area });
    assert_eq!(desk.refused("open_account", account(&person, HERE)), "not_covered");
    desk.book("enrol", enrolment(&person));
    assert_eq!(desk.refused("open_account", account(&person, "990303")), "other_area");
    desk.book("open_account", account(&person, HERE));
    assert_eq!(desk.refused("open_account", account(&person, HERE)), "account_exists");
    let pooled = desk.person("李小红", 2);
    let mut enrolled = enrolment(&pooled);
    enrolled["facts"]["account_option"] = json!("pool_only");
    desk.book("enrol", enrolled);
    assert_eq!(desk.refused("open_account", account(&pooled, HERE)), "no_account_scheme");
}

#[test]
fn credits_that_do_not_fit_are_refused() {
    let desk = open();
    let person = desk.employee("王小明", 1);
    let without = desk.person("李小红", 2);
    let good = json!({
        "person": person, "sub_account": "current_year", "amount": "88.00", "period": "2026-05",
        "source": "receivable", "payer": "E1", "reason": "单位缴费划入",
    });
    for (field, value, code) in [
        ("person", json!(without), "no_account"),
        ("person", json!("P999"), "no_person"),
        ("amount", json!("0"), "no_amount"),
        ("amount", json!("-1.00"), "malformed"),
        ("amount", json!(88), "malformed"),
        ("amount", json!("$88"), "malformed"),
        ("period", json!("2026-13"), "malformed_month"),
        ("period", json!("2026-5"), "malformed_month"),
        ("period", json!("2026-07"), "future_date"),
        ("date", json!("2026-06-16"), "future_date"),
        ("payer", Value::Null, "missing_field"),
        ("payer", json!("E/1"), "malformed_code"),
        ("source", json!("bank"), "contradiction"),
        ("sub_account", json!("gold"), "unknown_value"),
    ] {
        let mut asked = good.clone();
        asked[field] = value;
        assert_eq!(desk.refused("credit_account", asked.clone()), code, "{asked}");
    }
    desk.book("credit_account", good);
}

#[test]
fn a_statement_tells_own_draws_from_those_of_relatives() {
    let desk = open();
    desk.hospital("H1", HERE);
    let (owner, spouse) = (desk.employee("王小明", 1), desk.employee("李小红", 2));
    desk.credit(&owner, "carried_over", "1000.00");
    desk.book(
        "grant_mutual_aid",
        json!({ "grantor": owner, "beneficiary": spouse, "relation": "spouse", "from": "2026-06-01" }),
    );
    let first = desk.bill(&owner, "H1", "2026-06-10", "150.00");
    let second = desk.bill(&spouse, "H1", "2026-06-11", "120.00");
    desk.book("cancel_settlement", json!({ "settlement": first["id"], "reason": "录错" }));
    let statement = desk
        .look(&resident(&owner), |desk, context| look::statement(desk, context, &owner, (None, None)))
        .expect("a statement");
    let lines: Vec<(Movement, &str, i64, i64)> = statement
        .lines
        .iter()
        .map(|line| (line.movement, line.who.as_str(), line.amount.fen(), line.balance.fen()))
        .collect();
    assert_eq!(
        lines,
        [
            (Movement::Credit, owner.as_str(), 100_000, 100_000),
            (Movement::Own, owner.as_str(), -15_000, 85_000),
            (Movement::Relative, spouse.as_str(), -12_000, 73_000),
            (Movement::GivenBack, owner.as_str(), 15_000, 88_000),
        ]
    );
    assert_eq!(statement.lines[2].settlement.as_deref(), second["id"].as_str());
    assert_eq!(
        (statement.credited.fen(), statement.drawn_own.fen(), statement.drawn_relatives.fen()),
        (100_000, 0, 12_000)
    );
    let (from, to) = ("2026-06-11".parse().ok(), "2026-06-14".parse().ok());
    let part = desk
        .look(&operator(), |desk, context| look::statement(desk, context, &owner, (from, to)))
        .expect("a statement");
    assert_eq!(part.lines.len(), 1, "one business day, with the balance that it left");
    assert_eq!(part.lines[0].balance.fen(), 73_000);
    let other =
        desk.look(&resident(&spouse), |desk, context| look::statement(desk, context, &owner, (None, None)));
    assert_eq!(other, Err("denied".to_owned()), "not even by those to whom it was granted");
}

#[test]
fn grants_that_do_not_fit_are_refused() {
    let desk = open();
    let (owner, spouse) = (desk.employee("王小明", 1), desk.employee("李小红", 2));
    let stranger = desk.person("没参保", 4);
    let poor = desk.person("没账户", 6);
    desk.book("enrol", enrolment(&poor));
    let good = json!({ "grantor": owner, "beneficiary": spouse, "relation": "spouse", "from": "2026-06-01" });
    for (field, value, code) in [
        ("beneficiary", json!(owner), "oneself"),
        ("beneficiary", json!(stranger), "not_covered"),
        ("beneficiary", json!("P999"), "no_person"),
        ("grantor", json!(stranger), "not_covered"),
        ("grantor", json!(poor), "no_account"),
        ("relation", json!("parent_in_law"), "unknown_value"),
        ("from", json!("2023-01-01"), "not_covered"),
        ("to", json!("2026-05-31"), "dates_go_back"),
    ] {
        let mut asked = good.clone();
        asked[field] = value;
        assert_eq!(desk.refused("grant_mutual_aid", asked.clone()), code, "{asked}");
    }
    let granted = desk.by(&resident(&owner), "grant_mutual_aid", good.clone());
    assert_eq!(desk.refused("grant_mutual_aid", good.clone()), "already_granted");
    let end = |to: &str| json!({ "beneficiary": spouse, "grant": granted["grant"], "to": to });
    assert_eq!(&*desk.refused_by(&resident(&spouse), "end_grant", end("2026-06-10")).code, "denied");
    assert_eq!(desk.refused("end_grant", end("2026-05-31")), "dates_go_back");
    desk.by(&resident(&owner), "end_grant", end("2026-06-10"));
    assert_eq!(desk.refused("end_grant", end("2026-06-10")), "grant_ended");
    let unknown = json!({ "beneficiary": spouse, "grant": "G999", "to": "2026-06-10" });
    assert_eq!(desk.refused("end_grant", unknown), "no_grant");
    let mut again = good.clone();
    again["from"] = json!("2026-06-11");
    desk.book("grant_mutual_aid", again);
    let seen =
        desk.look(&resident(&spouse), |desk, context| look::person(desk, context, &spouse)).expect("seen");
    let granted: Vec<(bool, &str)> =
        seen.granted_to.iter().map(|grant| (grant.in_force, grant.name.as_str())).collect();
    assert_eq!(granted, [(false, "王**"), (true, "王**")]);
    let seen = desk.look(&operator(), |desk, context| look::person(desk, context, &owner)).expect("seen");
    assert_eq!(seen.granted_by.len(), 2);
    assert_eq!(seen.granted_by[1].name, "李小红");
}
