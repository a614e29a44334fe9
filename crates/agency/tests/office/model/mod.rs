//! A model beside the office: both are given the same random commands, and must agree on every answer, every balance, every tally and every
//! visit. The model keeps plain lists of what was done and adds them up anew each time; it shares no code with the agency but the
//! commands' types. What a bill comes to, it asks of the rules, with a history and purses of its own.

mod area_payment;
mod bill;
mod book;
mod clearing;
mod deal;
mod deal_clearing;
mod decide;
mod filings;
mod state;
mod totals;

use gongji_agency::actor::{Actor, Role};
use gongji_agency::command::Command;
use gongji_agency::context::day_of;
use gongji_agency::office::{Answer, Failure};
use gongji_agency::port::RowId;
use serde_json::{Value, json};

use crate::dice::{Dice, setting};
use crate::world::{NOON, World, institution, operator};
use bill::ITEMS;
use book::Expected;
use deal::Dealer;
use state::{INSTITUTIONS, State, Status};

/// How many steps unless `GONGJI_STEPS` says otherwise.
const STEPS: u64 = 2_200;

/// In so many every command is booked at least once; in fewer some rare one may be refused each time.
const ALL_BOOKED: u64 = 10_000;

const HOUR: i64 = 3_600_000;

/// Institutions and catalogues, which the commands then leave alone.
fn set_out(world: &World) -> State {
    for (id, area, level, to) in INSTITUTIONS {
        let facts = json!({ "level": level, "facility_type": "hospital" });
        world.ok(
            "register_institution",
            json!({ "id": id, "name": id, "area": area, "facts": facts, "from": "2020-01-01", "to": to }),
        );
    }
    let items = ITEMS.map(|(code, class, to)| json!({ "code": code, "name": code, "kind": "drug", "class": class, "from": "2020-01-01", "to": to }));
    world.ok("put_items", json!({ "area": "000000", "items": items }));
    State { seq: world.audit().records, ..State::default() }
}

/// Compares what a caller was told.
fn told(state: &State, expected: &Expected, found: &Result<Answer, Failure>) -> Result<(), String> {
    let differs = |what: &str, wanted: &dyn std::fmt::Debug| {
        Err(format!("{what}: the model says {wanted:?}, the office {found:?}"))
    };
    match (expected, found) {
        (Expected::Refused(reasons), Err(Failure::Refused(refusal))) => {
            if reasons.iter().any(|code| **code == *refusal.code) {
                Ok(())
            } else {
                differs("refused otherwise", reasons)
            }
        }
        (Expected::Refused(reasons), _) => differs("not refused", reasons),
        (Expected::Booked { seq, kind, replayed, bill, result }, Ok(answer)) => {
            if (answer.seq, answer.kind.as_str(), answer.replayed) != (*seq, *kind, *replayed) {
                return differs("answered otherwise", &(seq, kind, replayed));
            }
            for (name, value) in result.as_object().into_iter().flatten() {
                if answer.result[name] != *value {
                    return differs(name, value);
                }
            }
            match (bill.map(|seq| &state.bills[&seq]), &answer.settlement) {
                (None, None) => Ok(()),
                (Some(bill), Some(made)) => {
                    let sums = [
                        made.total,
                        made.fund_paid,
                        made.account_paid,
                        made.mutual_aid_paid,
                        made.hospital_borne,
                        made.cash_paid,
                    ];
                    if (sums, made.place, &made.table) == (bill.sums, bill.place, &bill.table) {
                        return Ok(());
                    }
                    differs("settled otherwise", &(bill.sums, bill.place, &bill.table))
                }
                (bill, _) => differs("a settlement or none", &bill.map(|bill| bill.sums)),
            }
        }
        (Expected::Booked { kind, .. }, Err(_)) => differs("not booked", kind),
    }
}

/// Rows as they should stand: of these people and visits.
fn rows(state: &State, people: &[&String], visits: &[&String]) -> Vec<(RowId, Value)> {
    let mut rows = Vec::new();
    let mut row = |kind, id: &str, body| rows.push((RowId { kind, id: id.to_owned() }, body));
    for id in people {
        let (person, [current_year, carried_over]) = (&state.people[*id], state.purse(id));
        let mut standing =
            json!({ "current_year": current_year, "carried_over": carried_over, "last": person.last });
        if let Some(area) = &person.account {
            standing["account_area"] = json!(area);
        }
        row("standing", id, standing);
        let admitted = state.admitted.get(*id);
        row("admitted", id, admitted.map_or(Value::Null, |visit| json!({ "visit": visit })));
        for (tally, body) in state.tallies(id) {
            row("tally", &tally, body);
        }
    }
    for id in visits {
        let visit = &state.visits[*id];
        let status = match visit.status {
            Status::Open => "open",
            Status::Closed => "closed",
            Status::Cancelled => "cancelled",
        };
        let batches: Vec<Value> =
            visit.batches.iter().map(|batch| json!([batch.cancelled, batch.settled])).collect();
        row("visit", id, json!([status, batches, visit.settlements]));
    }
    rows
}

/// A row as it is kept, as far as the model speaks of it.
fn kept(kind: &str, text: Option<&str>) -> Value {
    let Some(mut body) = text.map(|text| serde_json::from_str::<Value>(text).expect("JSON")) else {
        return Value::Null;
    };
    if kind == "standing" {
        // Movements by day are for interest, of which the model does not speak.
        body.as_object_mut().expect("an object").shift_remove("moves");
    }
    if kind != "visit" {
        return body;
    }
    let list = |name: &str| body[name].as_array().cloned().unwrap_or_default();
    let batch = |batch: &Value| json!([batch["cancelled"].as_bool().unwrap_or(false), batch["settled"]]);
    let batches: Vec<Value> = list("batches").iter().map(batch).collect();
    json!([body["status"], batches, list("settlements")])
}

fn compare(world: &World, expected: &[(RowId, Value)]) -> Result<(), String> {
    let ids: Vec<RowId> = expected.iter().map(|row| row.0.clone()).collect();
    let mut found = Vec::new();
    world
        .home
        .read(&mut |view| {
            found = view.rows(&ids)?;
            Ok(())
        })
        .map_err(|error| error.to_string())?;
    for ((id, wanted), found) in expected.iter().zip(&found) {
        let found = kept(id.kind, found.as_deref());
        if found != *wanted {
            return Err(format!("{}/{}: the model says {wanted}, the store {found}", id.kind, id.id));
        }
    }
    Ok(())
}

/// Everything, and nothing besides.
fn compare_all(world: &World, state: &State) -> Result<(), String> {
    let (people, visits): (Vec<_>, Vec<_>) = (state.people.keys().collect(), state.visits.keys().collect());
    let expected = rows(state, &people, &visits);
    let balances = state.balances();
    let mut kept_balances: Vec<(String, i64)> = Vec::new();
    let mut others: Vec<String> = Vec::new();
    world
        .home
        .read(&mut |view| {
            others.clear();
            kept_balances.clear();
            for (id, text) in view.page("tally", "", "", usize::MAX / 4)? {
                let known = expected.iter().any(|(row, _)| row.kind == "tally" && row.id == id);
                if !known && text != r#"{"counters":{}}"# {
                    others.push(format!("tally/{id} {text}"));
                }
            }
            for (id, text) in view.page("balance", "", "", usize::MAX / 4)? {
                let fen = serde_json::from_str::<Value>(&text).expect("JSON")["fen"].as_i64().expect("fen");
                if fen != balances.get(&id).copied().unwrap_or(0) {
                    others.push(format!(
                        "balance/{id}: the model says {:?}, the store {fen}",
                        balances.get(&id)
                    ));
                }
                kept_balances.push((id, fen));
            }
            Ok(())
        })
        .map_err(|error| error.to_string())?;
    for (id, fen) in &balances {
        if *fen != 0 && !kept_balances.iter().any(|(known, _)| known == id) {
            return Err(format!("balance/{id}: the model says {fen}, the store has none"));
        }
    }
    match others.first() {
        Some(other) => Err(other.clone()),
        None => compare(world, &expected).and_then(|()| clearing::compare(world, state)),
    }
}

/// Who acts: the operator, whoever releases, an institution.
fn who(actor: &str) -> Actor {
    match actor {
        "" => operator(),
        clearing::REVIEWER => Actor { role: Role::Reviewer, name: actor.to_owned(), areas: Vec::new() },
        institution_id => institution(institution_id),
    }
}

/// One step: the same command to both.
fn step(
    world: &World,
    state: &mut State,
    message: &(String, String, Command),
    booked_at: &mut i64,
    now: i64,
) -> Result<(), String> {
    let (actor, key, command) = message;
    state.today = day_of(now.max(*booked_at));
    let before = state.seq;
    let expected = state.answer(actor, key, command);
    let who = who(actor);
    let found = world.office.book(&who, key, command.clone());
    told(state, &expected, &found)?;
    if let Err(Failure::Refused(refusal)) = &found {
        state.refused(actor, key, command, &refusal.code);
        return Ok(());
    }
    if state.seq == before {
        return Ok(());
    }
    *booked_at = now.max(*booked_at);
    let people: Vec<&String> =
        state.people.iter().filter(|(_, person)| person.last > before).map(|(id, _)| id).collect();
    let touched = state
        .visits
        .iter()
        .filter(|(_, visit)| people.contains(&&visit.person) && visit.status == Status::Open);
    let closed = state.bills.range(before..).filter_map(|(_, bill)| bill.visit.as_ref());
    let visits: Vec<&String> = touched.map(|(id, _)| id).chain(closed).collect();
    compare(world, &rows(state, &people, &visits))
}

fn the_office_and_the_model_agree(world: &World) {
    let steps = setting("GONGJI_STEPS", STEPS);
    let mut dice = Dice::new("the_office_and_the_model_agree");
    let mut state = set_out(world);
    let (mut now, mut booked_at) = (NOON, NOON);
    let mut used: Vec<(String, String)> = Vec::new();
    let mut counts: std::collections::BTreeMap<&str, [u64; 2]> = std::collections::BTreeMap::new();
    for at in 0..steps {
        now += i64::try_from(dice.below(2 * HOUR.unsigned_abs())).expect("small");
        let clock = if dice.chance(3) { now - 30 * HOUR } else { now };
        world.clock.set(clock);
        state.today = day_of(clock.max(booked_at));
        let message = Dealer { dice: &mut dice, state: &state, step: at, used: &used }.deal();
        let seq = state.seq;
        let agreed = step(world, &mut state, &message, &mut booked_at, clock)
            .and_then(|()| if at % 100 == 99 { compare_all(world, &state) } else { Ok(()) });
        if let Err(difference) = agreed {
            panic!(
                "step {at} ({difference})\n{message:?}\ntoday {}; repeat with GONGJI_SEED and GONGJI_STEPS={}",
                state.today,
                at + 1
            );
        }
        counts.entry(message.2.kind()).or_default()[usize::from(state.seq > seq)] += 1;
        used.push((message.0, message.1));
    }
    compare_all(world, &state).expect("they agree");
    let report = world.audit();
    let live = state.bills.values().filter(|bill| bill.live).count() as u64;
    assert_eq!((report.differences, report.records, report.live_settlements), (Vec::new(), state.seq, live));
    eprintln!(
        "{steps} steps: {} records, {} people, {live} of {} settlements live",
        state.seq,
        state.people.len(),
        state.bills.len()
    );
    if steps >= STEPS {
        let missing = crate::dealt::DEALT.iter().find(|kind| !counts.contains_key(**kind));
        assert_eq!(missing, None, "it deals what it says");
    }
    for (kind, [not, booked]) in counts {
        eprintln!("  {kind}: {booked} booked, {not} not");
        assert!(steps < ALL_BOOKED || booked > 0, "{kind} is never booked");
    }
}

crate::life_of_a_bill::on_both! {
    the_office_and_the_model_agree,
}
