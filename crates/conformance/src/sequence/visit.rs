//! An outpatient visit, as several sequences need one.

use serde_json::{Value, json};

use super::{Patient, Sold, details, patient, tidy, total};
use crate::form::yuan;
use crate::reply::Reply;
use crate::run::Run;
use crate::subjects::{Character, Institution};

/// A visit that is open.
#[derive(Clone, Debug)]
pub struct Visit {
    pub patient: Patient,
    /// 就诊ID.
    pub id: String,
    /// The hospital's own number.
    pub own: String,
    /// 收费批次号.
    pub charge: String,
    /// What was uploaded costs so much, fen.
    pub total: i64,
}

/// The moment of the visit.
pub fn moment(run: &Run<'_>) -> String {
    format!("{} 08:30:00", run.today())
}

/// What 2201 is asked with.
pub fn registration(run: &Run<'_>, patient: &Patient, own: &str) -> Value {
    json!({ "data": {
        "psn_no": patient.number, "insutype": patient.insurance, "begntime": moment(run),
        "mdtrt_cert_type": "02", "mdtrt_cert_no": patient.certificate, "card_sn": "", "psn_cert_type": "01", "certno": patient.certificate,
        "psn_type": patient.category, "psn_name": patient.name, "ipt_otp_no": own,
        "atddr_no": "D001", "dr_name": "李医生", "dept_code": "A01", "dept_name": "内科", "caty": "A03", "exp_content": "",
    } })
}

/// A diagnosis.
pub fn diagnosis(run: &Run<'_>) -> Value {
    json!({ "diag_type": "1", "diag_srt_no": "1", "diag_code": "I10.x00", "diag_name": "高血压", "diag_dept": "内科",
        "dise_dor_no": "D001", "dise_dor_name": "李医生", "diag_time": moment(run), "vali_flag": "1" })
}

/// What 2203 is asked with.
pub fn description(run: &Run<'_>, visit: &Visit) -> Value {
    json!({
        "mdtrtinfo": { "mdtrt_id": visit.id, "psn_no": visit.patient.number, "med_type": "11", "begntime": moment(run),
            "main_cond_dscr": "", "dise_codg": "", "dise_name": "", "birctrl_type": "", "birctrl_matn_date": "", "matn_type": "", "geso_val": "" },
        "diseinfo": [diagnosis(run)],
    })
}

/// What 2204 is asked with.
pub fn upload(run: &Run<'_>, visit: &Visit, basket: &[Sold<'_>], first: u32) -> Value {
    let common = json!({ "mdtrt_id": visit.id, "psn_no": visit.patient.number, "chrg_bchno": visit.charge });
    json!({ "feedetail": details(basket, first, &moment(run), &common) })
}

/// What 2206 and 2207 are asked with.
pub fn settlement(visit: &Visit, portions: [i64; 4]) -> Value {
    let [own, over, upfront, in_scope] = portions.map(yuan);
    json!({ "data": {
        "psn_no": visit.patient.number, "mdtrt_cert_type": "02", "mdtrt_cert_no": visit.patient.certificate, "card_sn": "",
        "psn_cert_type": "01", "certno": visit.patient.certificate, "psn_type": visit.patient.category, "psn_name": visit.patient.name,
        "med_type": "11", "medfee_sumamt": yuan(visit.total), "psn_setlway": "01", "mdtrt_id": visit.id, "chrg_bchno": visit.charge,
        "acct_used_flag": "1", "insutype": visit.patient.insurance, "invono": "",
        "fulamt_ownpay_amt": own, "overlmt_selfpay": over, "preselfpay_amt": upfront, "inscp_scp_amt": in_scope, "exp_content": "",
    } })
}

/// What 2208, 2305, 2103 and 5203 are asked with.
pub fn of_settlement(patient: &Patient, settled: &Reply) -> Value {
    json!({ "data": {
        "psn_no": patient.number, "setl_id": settled.text("setlinfo", "setl_id"), "mdtrt_id": settled.text("setlinfo", "mdtrt_id"),
    } })
}

/// A visit of somebody whose lines are uploaded, without a check of its own; `None` where it did not come to be.
pub fn prepared(
    run: &mut Run<'_>,
    institution: &Institution,
    character: &Character,
    basket: &[Sold<'_>],
) -> Option<(Visit, [i64; 4])> {
    let patient = patient(run, institution, character)?;
    let own = format!("M{}", run.serial());
    let message = run.message(institution, "2201", &registration(run, &patient, &own));
    let reply = run.send(&message).filter(Reply::is_success)?;
    let visit = Visit {
        id: reply.text("data", "mdtrt_id"),
        own,
        charge: format!("B{}", run.serial()),
        total: total(basket),
        patient,
    };
    let message = run.message(institution, "2203A", &description(run, &visit));
    run.send(&message).filter(Reply::is_success)?;
    let message = run.message(institution, "2204", &upload(run, &visit, basket, 1));
    let Some(reply) = run.send(&message).filter(Reply::is_success) else {
        take_back(run, institution, &visit);
        return None;
    };
    let portions = run.lines(&reply, "result");
    Some((visit, portions))
}

/// Takes back what is not settled of a visit, and the visit.
pub fn take_back(run: &mut Run<'_>, institution: &Institution, visit: &Visit) {
    let lines = json!({ "data": { "mdtrt_id": visit.id, "chrg_bchno": "0000", "psn_no": visit.patient.number, "exp_content": "" } });
    tidy(run, institution, "2205", &lines);
    tidy(run, institution, "2202", &cancellation(visit));
}

/// What 2202 is asked with.
pub fn cancellation(visit: &Visit) -> Value {
    json!({ "data": { "psn_no": visit.patient.number, "mdtrt_id": visit.id, "ipt_otp_no": visit.own, "exp_content": "" } })
}
