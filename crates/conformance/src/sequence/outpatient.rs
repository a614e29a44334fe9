//! 门诊: from signing in to signing out.

use serde_json::json;

use super::visit::{
    Visit, cancellation, description, of_settlement, registration, settlement, take_back, upload,
};
use super::{basket, held, lookup, read, total};
use crate::run::Run;
use crate::subjects::{Character, Institution};

/// Plays it.
pub fn play(run: &mut Run<'_>) {
    run.begin("门诊");
    let Some((hospital, person)) =
        run.institution("hospital").zip(run.subjects.character_or_first("employee"))
    else {
        return;
    };
    let signed = run.ok(
        "outpatient.sign_in",
        hospital,
        "9001",
        &json!({ "signIn": { "opter_no": "001", "mac": "00-00-00-00-00-00", "ip": "127.0.0.1" } }),
    );
    let number = signed.map(|reply| reply.text("signinoutb", "sign_no")).unwrap_or_default();
    let institution = json!({ "medinsinfo": { "fixmedins_type": "1", "fixmedins_name": "", "fixmedins_code": hospital.id } });
    if let Some(reply) = run.ok("outpatient.institution", hospital, "1201", &institution) {
        let found = reply.text("medinsinfo", "fixmedins_code");
        if found != hospital.id {
            run.fail("outpatient.institution", &hospital.id, &found, &reply);
        }
    }
    visit(run, hospital, person);
    if !number.is_empty() {
        let out = json!({ "signOut": { "sign_no": number, "opter_no": "001" } });
        run.ok("outpatient.sign_out", hospital, "9002", &out);
    }
}

fn visit(run: &mut Run<'_>, hospital: &Institution, person: &Character) {
    let Some(reply) = run.ok("outpatient.person", hospital, "1101", &lookup(person)) else { return };
    let Some(patient) = read(&reply, person) else {
        run.fail(
            "outpatient.person",
            "baseinfo.psn_no，insuinfo 里的 insutype、insuplc_admdvs",
            "缺少其中的值",
            &reply,
        );
        return;
    };
    run.areas.insured.clone_from(&patient.area);
    let before = patient.held;
    let own = format!("M{}", run.serial());
    let asked = registration(run, &patient, &own);
    let Some(reply) = run.ok("outpatient.register", hospital, "2201", &asked) else { return };
    let basket = basket(run.subjects, 1);
    let id = reply.text("data", "mdtrt_id");
    if id.is_empty() || reply.text("data", "ipt_otp_no") != own {
        run.fail(
            "outpatient.register",
            &format!("mdtrt_id，并原样带回 ipt_otp_no {own}"),
            "缺少其中的值",
            &reply,
        );
    }
    let visit = Visit { id, own, charge: format!("B{}", run.serial()), total: total(&basket), patient };
    let asked = description(run, &visit);
    run.ok("outpatient.describe", hospital, "2203A", &asked);
    let asked = upload(run, &visit, &basket, 1);
    let Some(uploaded) = run.ok("outpatient.upload", hospital, "2204", &asked) else {
        take_back(run, hospital, &visit);
        return;
    };
    let many = uploaded.entries("result").len();
    if many != basket.len() {
        run.fail("outpatient.upload", &format!("{} 条结果", basket.len()), &format!("{many} 条"), &uploaded);
    }
    let portions = run.lines(&uploaded, "result");
    let asked = settlement(&visit, portions);
    let tried = run.ok("outpatient.trial", hospital, "2206", &asked);
    if let Some(tried) = &tried {
        run.settlement(tried);
        run.lines_to_bill(tried, portions);
        run.balance(tried, before);
    }
    if let Some(settled) = run.ok("outpatient.settle", hospital, "2207", &asked) {
        run.settlement(&settled);
        run.lines_to_bill(&settled, portions);
        run.balance(&settled, before);
        run.own_message(&settled);
        if let Some(tried) = &tried {
            run.as_tried(tried, &settled);
        }
        if settled.text("setlinfo", "setl_id").is_empty() {
            run.fail("outpatient.settle", "setl_id", "没有", &settled);
        }
        after(run, hospital, person, &visit, &settled, before);
    }
    let lines = json!({ "data": { "mdtrt_id": visit.id, "chrg_bchno": "0000", "psn_no": visit.patient.number, "exp_content": "" } });
    run.ok("outpatient.cancel_lines", hospital, "2205", &lines);
    run.ok("outpatient.cancel_visit", hospital, "2202", &cancellation(&visit));
}

/// Looks at what was settled, and cancels it.
fn after(
    run: &mut Run<'_>,
    hospital: &Institution,
    person: &Character,
    visit: &Visit,
    settled: &crate::reply::Reply,
    before: i64,
) {
    let named = of_settlement(&visit.patient, settled);
    if let Some(found) = run.ok("outpatient.query", hospital, "5203", &named) {
        for (there, here) in [
            ("medfee_sumamt", "medfee_sumamt"),
            ("fund_pay_sumamt", "fund_pay_sumamt"),
            ("acct_pay", "acct_pay"),
            ("cash_payamt", "psn_cash_pay"),
        ] {
            let (found_fen, booked) = (found.fen("setlinfo", there), settled.fen("setlinfo", here));
            if found_fen != booked {
                let told = |fen: Option<i64>| fen.map(crate::form::yuan).unwrap_or_default();
                run.fail("outpatient.query", &format!("{there} {}", told(booked)), &told(found_fen), &found);
            }
        }
    }
    let asked = json!({ "data": { "psn_no": visit.patient.number, "cum_ym": "" } });
    run.ok("outpatient.accumulators", hospital, "5206", &asked);
    run.refused("outpatient.cancel_settled_visit", hospital, "2202", &cancellation(visit));
    let Some(cancelled) = run.ok("outpatient.cancel", hospital, "2208", &named) else { return };
    run.negated(settled, &cancelled);
    run.own_message(&cancelled);
    run.refused("outpatient.cancel_again", hospital, "2208", &named);
    if let Some(now) = held(run, hospital, person) {
        run.returned("identity.balance", before, now, &cancelled);
    }
}
