//! 住院: from admission to discharge and back.

use serde_json::{Value, json};

use super::visit::of_settlement;
use super::{Patient, basket, details, held, patient, tidy, total};
use crate::form::yuan;
use crate::run::Run;
use crate::subjects::{Character, Institution};

/// Days and amounts of a stay.
struct Stay {
    patient: Patient,
    id: String,
    own: String,
    admitted: String,
    left: String,
}

fn admission(stay: &Stay) -> Value {
    let patient = &stay.patient;
    json!({
        "mdtrtinfo": {
            "psn_no": patient.number, "insutype": patient.insurance, "coner_name": "", "tel": "", "begntime": stay.admitted, "mdtrt_cert_type": "02",
            "mdtrt_cert_no": patient.certificate, "card_sn": "", "cert_type": "01", "certno": patient.certificate, "med_type": "21", "ipt_no": stay.own,
            "medrcdno": "", "atddr_no": "D002", "chfpdr_name": "赵医生", "adm_diag_dscr": "肺炎", "adm_dept_codg": "A02", "adm_dept_name": "呼吸科",
            "adm_bed": "12", "dscg_maindiag_code": "J18.900", "dscg_maindiag_name": "肺炎", "insuplc_admdvs": patient.area, "exp_content": "",
        },
        "diseinfo": [{ "psn_no": patient.number, "diag_type": "1", "maindiag_flag": "1", "diag_srt_no": "1", "diag_code": "J18.900", "diag_name": "肺炎",
            "adm_cond": "", "diag_dept": "呼吸科", "dise_dor_no": "D002", "dise_dor_name": "赵医生", "diag_time": stay.admitted }],
    })
}

fn change(stay: &Stay) -> Value {
    json!({ "adminfo": {
        "mdtrt_id": stay.id, "psn_no": stay.patient.number, "coner_name": "", "tel": "", "begntime": stay.admitted, "endtime": "", "mdtrt_cert_type": "02",
        "med_type": "21", "ipt_otp_no": stay.own, "medrcdno": "", "atddr_no": "D002", "chfpdr_name": "赵医生", "adm_diag_dscr": "肺炎",
        "adm_dept_codg": "A02", "adm_dept_name": "呼吸科", "adm_bed": "15", "dscg_maindiag_code": "J18.900", "dscg_maindiag_name": "肺炎",
    } })
}

fn discharge(stay: &Stay) -> Value {
    json!({
        "dscginfo": {
            "mdtrt_id": stay.id, "psn_no": stay.patient.number, "insutype": stay.patient.insurance, "endtime": stay.left, "dise_codg": "", "dise_name": "",
            "dscg_dept_codg": "A02", "dscg_dept_name": "呼吸科", "dscg_bed": "15", "dscg_way": "1", "die_date": "", "exp_content": "",
        },
        "diseinfo": [{ "mdtrt_id": stay.id, "psn_no": stay.patient.number, "diag_type": "1", "maindiag_flag": "1", "diag_srt_no": "1",
            "diag_code": "J18.900", "diag_name": "肺炎", "diag_dept": "呼吸科", "dise_dor_no": "D002", "dise_dor_name": "赵医生", "diag_time": stay.left }],
    })
}

/// Plays it.
pub fn play(run: &mut Run<'_>) {
    run.begin("住院");
    let Some((hospital, person)) =
        run.institution("hospital").zip(run.subjects.character_or_first("retiree"))
    else {
        return;
    };
    let Some(patient) = patient(run, hospital, person) else {
        return run.skip_group("inpatient", "1101 查不到参保人");
    };
    let yesterday = run.today().yesterday().unwrap_or_else(|_| run.today());
    let mut stay = Stay {
        patient,
        id: String::new(),
        own: format!("Z{}", run.serial()),
        admitted: format!("{yesterday} 10:00:00"),
        left: format!("{} 07:00:00", run.today()),
    };
    let Some(reply) = run.ok("inpatient.admit", hospital, "2401", &admission(&stay)) else { return };
    stay.id = reply.text("result", "mdtrt_id");
    run.refused("inpatient.admit_again", hospital, "2401", &admission(&stay));
    here(run, hospital, person, &stay);
    run.ok("inpatient.cancel_admission", hospital, "2404", &named(&stay));
}

fn named(stay: &Stay) -> Value {
    json!({ "data": { "mdtrt_id": stay.id, "psn_no": stay.patient.number, "exp_content": "" } })
}

/// What happens while the person lies there.
fn here(run: &mut Run<'_>, hospital: &Institution, person: &Character, stay: &Stay) {
    let period = json!({ "data": { "psn_no": stay.patient.number, "begntime": format!("{} 00:00:00", &stay.admitted[..10]), "endtime": format!("{} 23:59:59", run.today()) } });
    if let Some(reply) = run.ok("inpatient.in_hospital", hospital, "5303", &period) {
        let lies = reply.entries("data").iter().any(
            |row| matches!(row.get("mdtrt_id"), Some(gongji_nhsa::wire::Wire::Text(id)) if *id == stay.id),
        );
        if !lies {
            run.fail("inpatient.in_hospital", &format!("一行 mdtrt_id {}", stay.id), "没有这一行", &reply);
        }
    }
    run.ok("inpatient.change", hospital, "2403", &change(stay));
    let basket = basket(run.subjects, 20);
    let common = json!({ "mdtrt_id": stay.id, "psn_no": stay.patient.number, "med_type": "21", "init_feedetl_sn": "", "drord_no": "" });
    let lines = |first: u32| json!({ "feedetail": details(&basket, first, &stay.admitted, &common) });
    let Some(uploaded) = run.ok("inpatient.upload", hospital, "2301", &lines(1)) else { return };
    let portions = run.lines(&uploaded, "result");
    if run.ok("inpatient.upload", hospital, "2301", &lines(101)).is_some() {
        let gone: Vec<Value> = (101..).take(basket.len()).map(|serial: u32| json!({ "feedetl_sn": serial.to_string(), "mdtrt_id": stay.id, "psn_no": stay.patient.number })).collect();
        run.ok("inpatient.cancel_lines", hospital, "2302", &json!({ "data": gone }));
    }
    if run.ok("inpatient.discharge", hospital, "2402", &discharge(stay)).is_some()
        && run.ok("inpatient.discharge_undone", hospital, "2405", &named(stay)).is_some()
    {
        run.ok("inpatient.discharge", hospital, "2402", &discharge(stay));
    }
    let [own, over, upfront, in_scope] = portions.map(yuan);
    let asked = json!({ "data": {
        "psn_no": stay.patient.number, "mdtrt_cert_type": "02", "mdtrt_cert_no": stay.patient.certificate, "card_sn": "", "psn_cert_type": "01",
        "certno": stay.patient.certificate, "psn_type": stay.patient.category, "psn_name": stay.patient.name, "medfee_sumamt": yuan(total(&basket)),
        "psn_setlway": "01", "mdtrt_id": stay.id, "insutype": stay.patient.insurance, "acct_used_flag": "0", "invono": "", "mid_setl_flag": "0",
        "fulamt_ownpay_amt": own, "overlmt_selfpay": over, "preselfpay_amt": upfront, "inscp_scp_amt": in_scope,
        "dscgTime": &stay.left[..10], "insuplc_admdvs": stay.patient.area, "mdtrtarea_admvs": run.areas.care, "exp_content": "",
    } });
    let tried = run.ok("inpatient.trial", hospital, "2303", &asked);
    if let Some(tried) = &tried {
        run.settlement(tried);
        run.lines_to_bill(tried, portions);
    }
    if let Some(settled) = run.ok("inpatient.settle", hospital, "2304", &asked) {
        run.settlement(&settled);
        run.lines_to_bill(&settled, portions);
        run.balance(&settled, stay.patient.held);
        run.own_message(&settled);
        if let Some(tried) = &tried {
            run.as_tried(tried, &settled);
        }
        if let Some(cancelled) =
            run.ok("inpatient.cancel", hospital, "2305", &of_settlement(&stay.patient, &settled))
        {
            run.negated(&settled, &cancelled);
            if let Some(now) = held(run, hospital, person) {
                run.returned("identity.balance", stay.patient.held, now, &cancelled);
            }
        }
    }
    tidy(run, hospital, "2405", &named(stay));
    tidy(
        run,
        hospital,
        "2302",
        &json!({ "data": { "feedetl_sn": "0000", "mdtrt_id": stay.id, "psn_no": stay.patient.number, "exp_content": "" } }),
    );
}
