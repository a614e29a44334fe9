//! A model beside the office for claims: both are given the same random commands and must agree on every answer, every status and every balance.

use std::collections::{BTreeMap, BTreeSet};

use gongji_agency::actor::{Actor, Role};
use gongji_agency::office::{Answer, Failure};
use serde_json::{Value, json};

use crate::claims::staff;
use crate::dice::{Dice, setting};
use crate::kit::assert_books;
use crate::world::{CLOUD, World, made, on_sqlite, text};

const STEPS: u64 = 600;

/// The commands that it deals, in order of name.
pub const DEALT: &[&str] = &[
    "approve_claim",
    "cancel_settlement",
    "decide_claim_lines",
    "expire_claim",
    "pay_person",
    "report_claim",
    "return_payment",
    "send_back_claim",
    "submit_claim",
    "withdraw_claim",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Open,
    Reported,
    Booked,
    Gone,
}

struct Claim {
    person: String,
    invoice: String,
    status: Status,
    /// By line whether it was decided.
    decided: [bool; 2],
    /// Who had a hand in it.
    hands: BTreeSet<String>,
    /// How often the person's settlements had changed when it was reported.
    reported_at: u64,
    settlement: String,
    due: i64,
    /// Payments that did not come back.
    paid: BTreeMap<String, i64>,
}

impl Claim {
    fn paid(&self) -> i64 {
        self.paid.values().sum()
    }
}

#[derive(Default)]
struct Model {
    claims: BTreeMap<String, Claim>,
    /// How often a person's settlements changed.
    changed: BTreeMap<String, u64>,
    returned: Vec<String>,
}

impl Model {
    fn owed(&self, person: &str) -> i64 {
        let of = self.claims.values().filter(|claim| claim.person == person);
        of.map(|claim| claim.due - claim.paid()).sum()
    }
}

fn told(answer: Result<Answer, Failure>) -> Result<Answer, String> {
    answer.map_err(|failure| match failure {
        Failure::Refused(refusal) => refusal.code.to_string(),
        Failure::Store(error) => panic!("{error}"),
    })
}

/// One random command: what it is, and by which codes it may be refused; nothing in the list means that it is booked.
struct Step {
    actor: Actor,
    kind: &'static str,
    body: Value,
    refused: Vec<&'static str>,
    /// Whether it may as well be booked.
    either: bool,
}

fn deal(dice: &mut Dice, model: &Model, people: &[String]) -> (Option<String>, Step) {
    let clerk = staff(Role::Clerk, dice.of::<&str>(&["经办甲", "经办乙"]));
    let ids: Vec<&String> = model.claims.keys().collect();
    let some = |dice: &mut Dice| (!ids.is_empty()).then(|| ids[dice.at(ids.len())].clone());
    let chosen = some(dice).filter(|_| !dice.chance(12));
    let Some(id) = chosen else {
        let (person, invoice) = (dice.of(people).clone(), format!("Q-{}", dice.below(25)));
        let used =
            model.claims.values().any(|claim| claim.status != Status::Gone && claim.invoice == invoice);
        let total = 100 * (1 + dice.below(9));
        let line = |code: &str| json!({ "code": code, "name": "药", "quantity": "1", "unit_price": format!("{total}.00"), "amount": format!("{total}.00") });
        let body = json!({
            "person": person, "institution": { "name": "某医院", "area": "991100", "facts": { "level": "2" } },
            "care_type": "outpatient", "date": "2026-03-05", "lines": [line("A1"), line("B1")],
            "documents": [{ "kind": "invoice", "no": invoice, "amount": format!("{}.00", 2 * total) }],
        });
        let refused = if used { vec!["invoice_used"] } else { Vec::new() };
        return (None, Step { actor: clerk, kind: "submit_claim", body, refused, either: false });
    };
    let claim = &model.claims[&id];
    let one = json!({ "claim": id });
    let with_reason = json!({ "claim": id, "reason": "原因" });
    let unless = |fits: bool| if fits { Vec::new() } else { vec!["claim_status"] };
    let step = |actor, kind, body, refused| Step { actor, kind, body, refused, either: false };
    let open = claim.status == Status::Open;
    // Mostly what comes next, so that claims come to their end.
    let next = match claim.status {
        Status::Open if claim.decided.contains(&false) => 0,
        Status::Open => 30,
        Status::Reported => 48,
        Status::Booked if claim.paid() < claim.due => 75,
        Status::Booked => 86,
        Status::Gone => dice.below(100),
    };
    let what = if dice.chance(60) { next } else { dice.below(100) };
    let step = match what {
        0..30 => {
            let line = 1 + dice.below(2);
            let verdict = match dice.below(3) {
                0 => json!({ "line": line, "verdict": "accept" }),
                1 => {
                    json!({ "line": line, "verdict": "reduce", "accepted": "50.00", "reason": "miscalculated" })
                }
                _ => json!({ "line": line, "verdict": "refuse", "reason": "no_order" }),
            };
            step(clerk, "decide_claim_lines", json!({ "claim": id, "lines": [verdict] }), unless(open))
        }
        30..48 => {
            let mut refused = unless(open);
            if open && claim.decided.contains(&false) {
                refused.push("undecided");
            }
            step(clerk, "report_claim", one, refused)
        }
        48..66 => {
            let reviewer = staff(Role::Reviewer, dice.of::<&str>(&["复核乙", "复核乙", "经办甲"]));
            let reported = claim.status == Status::Reported;
            let mut refused = unless(reported);
            if reported && claim.hands.contains(&reviewer.name) {
                refused.push("same_person");
            }
            let changed = model.changed.get(&claim.person).copied().unwrap_or(0) != claim.reported_at;
            let either = refused.is_empty() && changed;
            if either {
                refused.push("quote_differs");
            }
            Step { actor: reviewer, kind: "approve_claim", body: one, refused, either }
        }
        66..70 => {
            let reviewer = staff(Role::Reviewer, "复核乙");
            step(reviewer, "send_back_claim", with_reason, unless(claim.status == Status::Reported))
        }
        70..73 => {
            let fits = matches!(claim.status, Status::Open | Status::Reported);
            step(clerk, "withdraw_claim", with_reason, unless(fits))
        }
        73..75 => step(clerk, "expire_claim", with_reason, unless(open)),
        75..86 => {
            let left = claim.due - claim.paid();
            let fits = claim.status == Status::Booked && left > 0;
            let mut body = json!({
                "person": claim.person, "area": CLOUD, "claim": id,
                "to": { "bank": { "holder": "某人", "bank": "示例银行", "number": "1234567890" } },
            });
            if fits && left > 100 && dice.chance(40) {
                body["amount"] = json!("1.00");
            }
            step(clerk, "pay_person", body, unless(fits))
        }
        86..94 => {
            let live = claim.paid.keys().next();
            let back = live.or_else(|| model.returned.last());
            let refused = match (live, back) {
                (Some(_), _) => Vec::new(),
                (None, Some(_)) => vec!["already_returned"],
                (None, None) => vec!["no_payment"],
            };
            let payment = back.map_or("D1", String::as_str);
            step(clerk, "return_payment", json!({ "payment": payment, "reason": "account_closed" }), refused)
        }
        _ => {
            let refused = match claim.status {
                Status::Booked if claim.paid() != 0 => vec!["already_paid"],
                Status::Booked => Vec::new(),
                _ if claim.settlement.is_empty() => vec!["no_settlement", "malformed_id"],
                _ => vec!["already_cancelled"],
            };
            let body = json!({ "settlement": claim.settlement, "reason": "有误" });
            step(clerk, "cancel_settlement", body, refused)
        }
    };
    (Some(id), step)
}

/// What a command that was booked changes.
fn take_in(model: &mut Model, id: Option<String>, step: &Step, answer: &Answer) {
    let Some(id) = id else {
        let claim = Claim {
            person: step.body["person"].as_str().expect("a person").to_owned(),
            invoice: step.body["documents"][0]["no"].as_str().expect("a number").to_owned(),
            status: Status::Open,
            decided: [false; 2],
            hands: BTreeSet::from([step.actor.name.clone()]),
            reported_at: 0,
            settlement: String::new(),
            due: 0,
            paid: BTreeMap::new(),
        };
        model.claims.insert(text(answer, "claim"), claim);
        return;
    };
    let changed = &mut model.changed;
    let claim = model.claims.get_mut(&id).expect("known");
    match step.kind {
        "decide_claim_lines" => {
            let line = step.body["lines"][0]["line"].as_u64().expect("a line");
            claim.decided[usize::try_from(line).expect("small") - 1] = true;
            claim.hands.insert(step.actor.name.clone());
        }
        "report_claim" => {
            claim.status = Status::Reported;
            claim.hands.insert(step.actor.name.clone());
            claim.reported_at = changed.get(&claim.person).copied().unwrap_or(0);
        }
        "approve_claim" => {
            let made = made(answer);
            claim.status = Status::Booked;
            claim.settlement.clone_from(&made.id);
            claim.due = made.fund_paid;
            *changed.entry(claim.person.clone()).or_default() += 1;
        }
        "send_back_claim" => claim.status = Status::Open,
        "withdraw_claim" | "expire_claim" => claim.status = Status::Gone,
        "cancel_settlement" => {
            (claim.status, claim.due) = (Status::Gone, 0);
            *changed.entry(claim.person.clone()).or_default() += 1;
        }
        "pay_person" => {
            let left = claim.due - claim.paid();
            let fen = if step.body["amount"].is_null() { left } else { 100 };
            claim.paid.insert(text(answer, "payment"), fen);
        }
        "return_payment" => {
            let payment = step.body["payment"].as_str().expect("a payment").to_owned();
            for claim in model.claims.values_mut() {
                claim.paid.remove(&payment);
            }
            model.returned.push(payment);
        }
        other => panic!("the model knows no {other}"),
    }
}

fn compare(world: &World, model: &Model, people: &[String]) {
    for person in people {
        assert_eq!(
            world.balance(&format!("{CLOUD}/payable_person/{person}")),
            model.owed(person),
            "{person}"
        );
        assert_eq!(world.balance(&format!("{CLOUD}/receivable_person/{person}")), 0, "{person}");
    }
    let (due, paid) =
        model.claims.values().fold((0, 0), |sum, claim| (sum.0 + claim.due, sum.1 + claim.paid()));
    assert_eq!(world.balance("990301/bank/pool"), paid);
    assert_eq!(world.balance("990301/fund/employee/pooled"), -due);
    for (id, claim) in &model.claims {
        let row = world.row("claim", id).expect("a claim");
        let expected: &[&str] = match claim.status {
            Status::Open => &["open"],
            Status::Reported => &["reported"],
            Status::Booked if claim.paid() < claim.due => &["approved"],
            Status::Booked => &["paid"],
            Status::Gone => &["withdrawn", "expired", "cancelled"],
        };
        let status = row["status"].as_str().expect("a status");
        assert!(expected.contains(&status), "{id} is {status}, the model says {expected:?}");
        let listed = format!("{CLOUD}/{status}/{:020}", id[1..].parse::<u64>().expect("a number"));
        assert!(world.row("claim_in", &listed).is_some(), "{id} is not listed as {status}");
        let uses = world.row("invoice", &claim.invoice).is_some_and(|row| row["claim"] == json!(id));
        assert_eq!(uses, claim.status != Status::Gone, "{id} and its invoice");
    }
}

fn the_office_and_the_model_agree(world: &World) {
    let steps = setting("GONGJI_STEPS", STEPS).min(3_000);
    let mut dice = Dice::new("claims");
    world.catalogue(CLOUD);
    let people: Vec<String> = (0..3).map(|_| world.employee("某人", CLOUD)).collect();
    let mut model = Model::default();
    let mut counts: BTreeMap<&str, [u64; 2]> = BTreeMap::new();
    for at in 0..steps {
        let (id, step) = deal(&mut dice, &model, &people);
        let answer = told(world.by(step.actor.clone()).book(&world.fresh_key(), step.kind, &step.body));
        let words = || format!("step {at}: {} {} by {}", step.kind, step.body, step.actor.name);
        match &answer {
            Ok(answer) => {
                assert!(step.refused.is_empty() || step.either, "{}: booked", words());
                take_in(&mut model, id, &step, answer);
            }
            Err(code) => {
                assert!(step.refused.contains(&code.as_str()), "{}: {code}", words());
            }
        }
        counts.entry(step.kind).or_default()[usize::from(answer.is_ok())] += 1;
        if at % 50 == 49 {
            compare(world, &model, &people);
        }
    }
    compare(world, &model, &people);
    assert_books(world);
    eprintln!("{counts:?}");
    let dealt: Vec<&str> = counts.keys().copied().collect();
    assert!(steps < STEPS || dealt == DEALT, "{dealt:?}");
    for (kind, [not, booked]) in counts {
        assert!(booked > 0, "{kind} is never booked, {not} times refused");
    }
}

#[test]
fn the_office_and_a_model_agree_on_claims() {
    on_sqlite(the_office_and_the_model_agree);
}
