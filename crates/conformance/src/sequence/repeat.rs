//! 重发: the same message once more is the same business.

use serde_json::json;

use super::visit::{of_settlement, prepared, settlement, take_back};
use super::{basket, held, tidy};
use crate::form::yuan;
use crate::run::Run;

/// Plays it.
pub fn play(run: &mut Run<'_>) {
    run.begin("重发");
    let Some((hospital, person)) =
        run.institution("hospital").zip(run.subjects.character_or_first("employee"))
    else {
        return;
    };
    let basket = basket(run.subjects, 1);
    let Some((visit, portions)) = prepared(run, hospital, person, &basket) else {
        return run.skip_group("repeat", "没有能结算的门诊");
    };
    let message = run.message(hospital, "2207", &settlement(&visit, portions));
    let Some(settled) = run.send(&message).filter(crate::reply::Reply::is_success) else {
        run.skip_group("repeat", "2207 没有成功");
        return take_back(run, hospital, &visit);
    };
    let booked = held(run, hospital, person);
    if let Some(again) = run.send(&message) {
        let same = |field: &str| again.text("setlinfo", field) == settled.text("setlinfo", field);
        if again.is_success()
            && same("setl_id")
            && same("setl_time")
            && same("medfee_sumamt")
            && same("psn_cash_pay")
        {
            run.pass("repeat.same_answer");
        } else {
            let expected = format!("infcode 0，setl_id {}", settled.text("setlinfo", "setl_id"));
            let found = format!("{}，setl_id {}", again.told(), again.text("setlinfo", "setl_id"));
            run.fail("repeat.same_answer", &expected, &found, &again);
        }
        if let Some((before, after)) = booked.zip(held(run, hospital, person)) {
            run.returned("repeat.no_second_effect", before, after, &again);
        }
    }
    let mut other = message.clone();
    other.body["input"]["data"]["invono"] = json!("F0001");
    other.body["input"]["data"]["medfee_sumamt"] = json!(yuan(visit.total + 100));
    if let Some(reply) = run.send(&other) {
        run.expect("repeat.other_content", reply.is_failure(), "infcode -1", &reply);
    }
    tidy(run, hospital, "2208", &of_settlement(&visit.patient, &settled));
    take_back(run, hospital, &visit);
}
