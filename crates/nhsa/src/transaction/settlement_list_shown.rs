//! 结算清单信息查询 (4103).

use std::collections::BTreeMap;

use gongji_agency::row::Visit;
use gongji_money::Fen;
use serde_json::Value;

use super::charged::sums_by_kind;
use super::settlement_list::{LISTS, Listed};
use crate::bill::person_members;
use crate::call::Call;
use crate::fault::Fault;
use crate::input::scaled;
use crate::moment;
use crate::output::{self, Member};
use crate::wire::Wire;

/// Fields that have another name in the answer than in 4101.
const RENAMED: [(&str, &str); 9] = [
    ("emp_poscode", "poscode"),
    ("opsp_mdtrt_time", "opsp_mdtrt_date"),
    ("adm_way_code", "adm_way"),
    ("refl_caty", "refldept_dept"),
    ("otp_wm_diag_dise_code", "wm_dise_code"),
    ("otp_tcm_diag_dise_code", "tcm_dise_code"),
    ("adm_dept_codg", "adm_dept_code"),
    ("dscg_dept_codg", "dscg_dept_code"),
    ("age_daus", "age_days"),
];

/// Durations of 4101 as days/hours/minutes, and the fields in which they come back.
const DURATIONS: [(&str, [&str; 3]); 3] = [
    ("vent_used_dura", ["vent_used_days", "vent_used_h_cnt", "vent_used_m_cnt"]),
    ("pwcry_bfadm_coma_dura", ["bfadm_coma_days", "bfadm_coma_h_cnt", "bfadm_coma_m_cnt"]),
    ("pwcry_afadm_coma_dura", ["afadm_coma_days", "afadm_coma_h_cnt", "afadm_coma_m_cnt"]),
];

/// What names the entries of each list in the answer.
const NAMED: [(&str, &str); 5] = [
    ("opspdiseinfo", "setl_list_opsp_trt_id"),
    ("diseinfo", "setl_list_diag_id"),
    ("oprninfo", "setl_list_oprn_id"),
    ("icuinfo", "setl_list_scs_cutd_id"),
    ("bldinfo", "setl_List_bld_Id"),
];

/// A kept text in the type of a described field.
fn value(node: &str, field: &str, text: &str) -> Wire {
    use crate::fields::{Direction, FieldKind, transaction};
    let described = transaction("4103").and_then(|known| known.node(Direction::Out, node));
    match described.and_then(|node| node.field(field)).map(|field| field.kind) {
        Some(FieldKind::Number) if scaled(text, 6).is_some() => Wire::Number(plain(text)),
        Some(FieldKind::Number) => Wire::Number("0".to_owned()),
        Some(FieldKind::DateTime) if text.len() == 10 => Wire::text(format!("{text} 00:00:00")),
        _ => Wire::text(text),
    }
}

/// A number in the digits of JSON.
fn plain(text: &str) -> String {
    let value = scaled(text, 6).unwrap_or_default();
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}", crate::line::decimal(value.abs(), 6))
}

/// Everything that was kept of one object, by the names of the answer.
fn kept_members(node: &str, kept: &Value) -> Vec<(String, Wire)> {
    let Value::Object(fields) = kept else { return Vec::new() };
    let told = |field: &str| fields.get(field).and_then(Value::as_str);
    let mut members: Vec<(String, Wire)> = fields
        .iter()
        .filter_map(|(field, text)| Some((field.clone(), value(node, field, text.as_str()?))))
        .collect();
    for (shown, sent) in RENAMED {
        members.extend(told(sent).map(|text| (shown.to_owned(), value(node, shown, text))));
    }
    for (sent, shown) in DURATIONS {
        let parts = told(sent).into_iter().flat_map(|text| text.split('/'));
        members.extend(
            shown.iter().zip(parts).map(|(name, part)| ((*name).to_owned(), value(node, name, part))),
        );
    }
    members
}

/// A node of the answer from kept members and known ones, which come first.
fn shown(node: &str, known: &[Member], kept: Vec<(String, Wire)>) -> Wire {
    let Wire::Object(mut members) = output::node("4103", node, known, &[]) else { return Wire::Null };
    let kept: BTreeMap<String, Wire> = kept.into_iter().collect();
    for (name, place) in &mut members {
        if known.iter().all(|(known, _)| known != name)
            && let Some(value) = kept.get(name)
        {
            *place = value.clone();
        }
    }
    Wire::Object(members)
}

/// 4103: the list as it was uploaded, with what the settlement says of money and person.
pub fn query(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    let listed = Listed::find(call, &asked)?;
    let state = listed.state().unwrap_or_default().to_owned();
    if state.is_empty() {
        let problem = format!("结算 {} 还没有上传清单", listed.bill.settlement().id);
        return Err(Fault::new("no_list", problem));
    }
    let (bill, codes) = (&listed.bill, call.codes());
    let made = bill.settlement();
    let person = call.person(&made.person)?;
    let ids: [Member; 3] = [
        ("setl_id", bill.id().map_or(Wire::Null, Wire::Text)),
        ("mdtrt_id", bill.visit()),
        ("psn_no", Wire::text(made.person.clone())),
    ];
    let kept = |name: &str| listed.kept.0.get(name).cloned().unwrap_or_default();
    let entries = |name: &str| kept(name).as_array().cloned().unwrap_or_default();
    let mut info = person_members(&person, made.law_day, codes);
    info.extend(ids.clone());
    info.extend(bill.own_shares());
    let diagnoses = entries("diseinfo");
    let main = diagnoses.iter().find(|entry| entry["maindiag_flag"] == "1");
    let days = match &made.visit {
        None => 0,
        Some(visit) => {
            let visit = call.look(|desk, _| Ok((*desk.need::<Visit>(visit)?).clone()))?;
            let end = visit.discharged_on.unwrap_or(made.law_day);
            visit.opened_on.until(end).map_or(0, |span| span.get_days())
        }
    };
    let count = |number: usize| Wire::Number(number.to_string());
    info.extend([
        ("setl_list_sn", Wire::text(listed.number())),
        ("fixmedins_code", Wire::text(call.institution.id.clone())),
        ("fixmedins_name", Wire::text(call.institution.name.clone())),
        ("patn_cert_type", output::text(codes.exact("psn_cert_type", person.certificate.kind.name()))),
        ("insutype", output::text(codes.exact("insutype", &made.scheme))),
        ("insu_admdvs", Wire::text(made.area.clone())),
        ("act_ipt_days", Wire::Number(days.to_string())),
        ("diag_code_cnt", count(diagnoses.len())),
        ("oprn_oprt_code_cnt", count(entries("oprninfo").len())),
        ("dscg_diag", output::text(main.and_then(|entry| entry["diag_name"].as_str()))),
        ("hi_no", Wire::text(made.person.clone())),
        ("stas_type", Wire::text(state)),
        ("setl_time", Wire::text(bill.booked_at().map(moment::plain).unwrap_or_default())),
    ]);
    let mut out =
        vec![("setlinfo".to_owned(), shown("setlinfo", &info, kept_members("setlinfo", &kept("setlinfo"))))];
    let payers = bill.payers(codes).into_iter().map(|(code, fen)| {
        let mut members = ids.to_vec();
        members.extend([
            ("fund_pay_type", Wire::text(code)),
            ("poolarea_fund_pay_type", Wire::text(code)),
            ("poolarea_fund_pay_name", output::text(codes.exact("fund_pay_type_name", code))),
            ("fund_payamt", Wire::fen(fen)),
        ]);
        output::node("4103", "payinfo", &members, &[])
    });
    out.push(("payinfo".to_owned(), Wire::List(payers.collect())));
    for (name, number) in NAMED {
        let rows = entries(name).into_iter().zip(1..).map(|(entry, at): (Value, u32)| {
            let mut members = ids.to_vec();
            members.push((number, Wire::text(format!("{}-{at}", listed.number()))));
            if name == "oprninfo" {
                members.push(("main_oprn_flag", Wire::text(if at == 1 { "1" } else { "0" })));
            }
            shown(name, &members, kept_members(name, &entry))
        });
        out.push((name.to_owned(), Wire::List(rows.collect())));
    }
    let items = sums_by_kind(call, made)?.into_iter().zip(1..).map(|((kind, sums), at): (_, u32)| {
        let mut members = ids.to_vec();
        let [total, first, second, own] = sums.map(Fen::new);
        let other = Fen::new(total.fen() - first.fen() - second.fen() - own.fen());
        members.extend([
            ("etl_list_chrgitm_id", Wire::text(format!("{}-{at}", listed.number()))),
            ("med_chrgitm_type", Wire::text(kind)),
            ("item_sumamt", Wire::fen(total.fen())),
            ("item_claa_sumfee", Wire::fen(first.fen())),
            ("item_clab_amt", Wire::fen(second.fen())),
            ("item_fulamt_ownpay_amt", Wire::fen(own.fen())),
            ("item_ownpay_amt", Wire::fen(other.fen())),
        ]);
        output::node("4103", "iteminfo", &members, &[])
    });
    out.push(("iteminfo".to_owned(), Wire::List(items.collect())));
    out.push(("drgAppyinfo".to_owned(), Wire::List(Vec::new())));
    debug_assert!(LISTS.iter().all(|(name, _)| out.iter().any(|(known, _)| known == name)));
    Ok(Wire::Object(out))
}
