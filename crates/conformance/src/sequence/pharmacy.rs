//! 药店: visit, lines and settlement in one message.

use serde_json::{Value, json};

use super::visit::{moment, of_settlement};
use super::{Patient, Sold, basket, details, held, patient, total};
use crate::form::yuan;
use crate::run::Run;

/// What 2101 and 2102 are asked with.
pub fn purchase(run: &Run<'_>, patient: &Patient, basket: &[Sold<'_>]) -> Value {
    json!({
        "druginfo": {
            "psn_no": patient.number, "mdtrt_cert_type": "02", "mdtrt_cert_no": patient.certificate, "card_sn": "", "psn_cert_type": "01",
            "certno": patient.certificate, "psn_type": patient.category, "psn_name": patient.name, "begntime": moment(run),
            "medfee_sumamt": yuan(total(basket)), "invono": "", "insutype": patient.insurance, "dise_codg": "", "dise_name": "",
            "acct_used_flag": "1", "med_type": "41", "exp_content": "",
        },
        "drugdetail": details(basket, 1, &moment(run), &json!({})),
    })
}

/// Plays it.
pub fn play(run: &mut Run<'_>) {
    run.begin("药店");
    let Some(pharmacy) = run.institution("pharmacy") else {
        return run.skip_group("pharmacy", "检查对象里没有药店（key 为 pharmacy）");
    };
    let Some(person) = run.subjects.character_or_first("employee") else { return };
    let Some(patient) = patient(run, pharmacy, person) else {
        return run.skip_group("pharmacy", "药店用 1101 查不到参保人");
    };
    let basket = basket(run.subjects, 1);
    let asked = purchase(run, &patient, &basket);
    let tried = run.ok("pharmacy.trial", pharmacy, "2101", &asked);
    if let Some(tried) = &tried {
        run.settlement(tried);
        let portions = run.lines(tried, "detlcutinfo");
        run.lines_to_bill(tried, portions);
    }
    let Some(settled) = run.ok("pharmacy.settle", pharmacy, "2102", &asked) else { return };
    run.settlement(&settled);
    run.own_message(&settled);
    run.balance(&settled, patient.held);
    let portions = run.lines(&settled, "detlcutinfo");
    run.lines_to_bill(&settled, portions);
    for id in ["setl_id", "mdtrt_id"] {
        if settled.text("setlinfo", id).is_empty() {
            run.fail("pharmacy.settle", id, "没有", &settled);
        }
    }
    if let Some(tried) = &tried {
        run.as_tried(tried, &settled);
    }
    if let Some(cancelled) = run.ok("pharmacy.cancel", pharmacy, "2103", &of_settlement(&patient, &settled)) {
        run.negated(&settled, &cancelled);
        if let Some(now) = held(run, pharmacy, person) {
            run.returned("identity.balance", patient.held, now, &cancelled);
        }
    }
}
