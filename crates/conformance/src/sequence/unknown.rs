//! 结果不明: a message whose answer was lost, and 2601.

use serde_json::{Value, json};

use super::pharmacy::purchase;
use super::visit::{Visit, of_settlement, prepared, settlement, take_back};
use super::{basket, held, patient, tidy};
use crate::reply::Reply;
use crate::run::Run;
use crate::subjects::{Character, Institution};

fn reversal(person: &str, message: &str, number: &str) -> Value {
    json!({ "data": { "psn_no": person, "omsgid": message, "oinfno": number } })
}

/// Plays it.
pub fn play(run: &mut Run<'_>) {
    run.begin("结果不明");
    let Some((hospital, person)) =
        run.institution("hospital").zip(run.subjects.character_or_first("employee"))
    else {
        return;
    };
    let basket = basket(run.subjects, 1);
    match prepared(run, hospital, person, &basket) {
        None => run.skip_group("unknown", "没有能结算的门诊"),
        Some((visit, portions)) => {
            reversed(run, hospital, person, &visit, portions);
            cancelled(run, hospital, &visit, portions);
            take_back(run, hospital, &visit);
        }
    }
    never(run, person);
}

/// A settlement is booked, its answer is taken for lost, and it is reversed.
fn reversed(
    run: &mut Run<'_>,
    hospital: &Institution,
    person: &Character,
    visit: &Visit,
    portions: [i64; 4],
) {
    let message = run.message(hospital, "2207", &settlement(visit, portions));
    let Some(lost) = run.send(&message).filter(Reply::is_success) else { return };
    let asked = reversal(&visit.patient.number, &message.id, "2207");
    let Some(reply) = run.ok("unknown.reverse", hospital, "2601", &asked) else {
        return tidy(run, hospital, "2208", &of_settlement(&visit.patient, &lost));
    };
    if let Some(now) = held(run, hospital, person) {
        run.returned("unknown.money_back", visit.patient.held, now, &reply);
    }
    if let Some(again) = run.ok("unknown.again", hospital, "2601", &asked)
        && let Some(now) = held(run, hospital, person)
    {
        run.returned("unknown.again", visit.patient.held, now, &again);
    }
}

/// What was cancelled in the ordinary way cannot be reversed besides.
fn cancelled(run: &mut Run<'_>, hospital: &Institution, visit: &Visit, portions: [i64; 4]) {
    let message = run.message(hospital, "2207", &settlement(visit, portions));
    let Some(settled) = run.send(&message).filter(Reply::is_success) else { return };
    let back = run.message(hospital, "2208", &of_settlement(&visit.patient, &settled));
    if run.send(&back).is_some_and(|reply| reply.is_success()) {
        run.refused(
            "unknown.after_cancel",
            hospital,
            "2601",
            &reversal(&visit.patient.number, &message.id, "2207"),
        );
    }
}

/// A message that comes after its reversal.
fn never(run: &mut Run<'_>, person: &Character) {
    let Some(pharmacy) = run.institution("pharmacy") else {
        for check in ["unknown.never_came", "unknown.late"] {
            run.skip(check, "检查对象里没有药店（key 为 pharmacy）");
        }
        return;
    };
    let Some(patient) = patient(run, pharmacy, person) else { return };
    let basket = basket(run.subjects, 1);
    let late = run.message(pharmacy, "2102", &purchase(run, &patient, &basket));
    if run.ok("unknown.never_came", pharmacy, "2601", &reversal(&patient.number, &late.id, "2102")).is_none()
    {
        return;
    }
    let Some(reply) = run.send(&late) else { return };
    run.expect("unknown.late", reply.is_failure(), "infcode -1", &reply);
    if reply.is_success() {
        tidy(run, pharmacy, "2103", &of_settlement(&patient, &reply));
    }
}
