//! 拒绝: what cannot be done is answered, in words and in the shape of every other answer.

use serde_json::json;

use super::visit::{prepared, registration, settlement, take_back};
use super::{basket, lookup, patient};
use crate::client::{PathStyle, own_path};
use crate::run::Run;
use crate::subjects::{Character, Institution};

/// Plays it.
pub fn play(run: &mut Run<'_>) {
    run.begin("拒绝");
    let Some((hospital, person)) =
        run.institution("hospital").zip(run.subjects.character_or_first("employee"))
    else {
        return;
    };
    run.refused("refusal.unknown_number", hospital, "0000", &json!({ "data": {} }));
    let stranger = json!({ "data": { "mdtrt_cert_type": "02", "mdtrt_cert_no": "000000000000000000", "psn_cert_type": "01",
        "certno": "000000000000000000", "psn_name": "无此人" } });
    run.refused("refusal.unknown_person", hospital, "1101", &stranger);
    not_json(run, hospital);
    if let Some(patient) = patient(run, hospital, person) {
        let mut asked = registration(run, &patient, &format!("M{}", run.serial()));
        asked["data"]["psn_no"] = json!("");
        run.refused("refusal.missing_field", hospital, "2201", &asked);
    }
    other_institution(run, hospital, person);
    mismatch(run, hospital, person);
}

fn not_json(run: &mut Run<'_>, hospital: &Institution) {
    let message = run.message(hospital, "1101", &json!({}));
    let Some(reply) = run.post(&message, None, "{\"infno\":\"1101\",\"msgid\":", None) else {
        run.fail_without_answer("refusal.not_json", "拒绝", &message);
        return;
    };
    let refused = reply.raw.status < 500 && !reply.is_success();
    run.expect("refusal.not_json", refused, "infcode -1，或 HTTP 4xx", &reply);
}

fn other_institution(run: &mut Run<'_>, hospital: &Institution, person: &Character) {
    let Some(pharmacy) = run.institution("pharmacy") else {
        return run.skip("refusal.other_institution", "检查对象里没有药店（key 为 pharmacy）");
    };
    let basket = basket(run.subjects, 1);
    let Some((visit, portions)) = prepared(run, hospital, person, &basket) else {
        return run.skip("refusal.other_institution", "没有能用的就医登记");
    };
    run.refused("refusal.other_institution", pharmacy, "2206", &settlement(&visit, portions));
    take_back(run, hospital, &visit);
}

/// A transaction that is posted to the address of another.
fn mismatch(run: &mut Run<'_>, hospital: &Institution, person: &Character) {
    if run.client().target.style == PathStyle::Single {
        return run.skip(
            "address.mismatch",
            "单一地址由 infno 决定交易，没有这一项；--path-style per-transaction 才检查",
        );
    }
    let message = run.message(hospital, "1101", &lookup(person));
    let Some(path) = own_path("1201") else { return };
    if let Some(reply) = run.post(&message, None, &message.text(), Some(path)) {
        run.expect("address.mismatch", reply.is_failure(), "infcode -1", &reply);
    }
}
