//! 宽容读入: the ways of writing that are seen on the wire, each of which must be understood.

use serde_json::{Map, Value, json};

use super::visit::{Visit, description, diagnosis, moment, prepared, settlement, take_back, upload};
use super::{basket, details, lookup};
use crate::form::yuan;
use crate::message::Message;
use crate::reply::Reply;
use crate::run::Run;
use crate::subjects::{Character, Institution};

/// The members of an object in the opposite order, and of all objects in it.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members.iter().rev().map(|(key, value)| (key.clone(), reversed(value))).collect::<Map<_, _>>(),
        ),
        Value::Array(entries) => Value::Array(entries.iter().map(reversed).collect()),
        other => other.clone(),
    }
}

/// A way of writing a message.
type Writing = fn(Message) -> Message;

/// Plays it.
pub fn play(run: &mut Run<'_>) {
    run.begin("宽容读入");
    let Some((hospital, person)) =
        run.institution("hospital").zip(run.subjects.character_or_first("employee"))
    else {
        return;
    };
    let plain = run.message(hospital, "1101", &lookup(person));
    if !run.send(&plain).is_some_and(|reply| reply.is_success()) {
        return run.skip_group("tolerance", "平常写法的 1101 也没有成功");
    }
    envelopes(run, hospital, person);
    let basket = basket(run.subjects, 1);
    match prepared(run, hospital, person, &basket) {
        None => {
            for check in ["text_numbers", "single_object", "nothing", "a_form"] {
                let id = crate::catalogue::CHECKS
                    .iter()
                    .map(|check| check.id)
                    .find(|id| *id == format!("tolerance.{check}"));
                if let Some(id) = id {
                    run.skip(id, "没有能用的就医登记");
                }
            }
        }
        Some((visit, portions)) => {
            nodes(run, hospital, &visit, portions);
            take_back(run, hospital, &visit);
        }
    }
}

/// The envelope, written otherwise.
fn envelopes(run: &mut Run<'_>, hospital: &Institution, person: &Character) {
    let asked = lookup(person);
    let written: [(&'static str, Writing); 5] = [
        ("tolerance.input_text", |message| {
            let text = message.body["input"].to_string();
            message.with("input", json!(text))
        }),
        ("tolerance.key_order", |mut message| {
            message.body = reversed(&message.body);
            message
        }),
        ("tolerance.signature", |message| {
            message.with("cainfo", json!("1")).with("signtype", json!("1")).with("sign_no", Value::Null)
        }),
        ("tolerance.old_time", |message| message.with("inf_time", json!("2021-01-01 00:00:00"))),
        ("tolerance.unknown_fields", |message| {
            let mut message = message
                .with("recer_admvs", json!("1"))
                .with("fixmedins_soft_fcty", json!({ "name": [1, null] }));
            message.body["input"]["data"]["zz_unknown"] = json!({ "a": [1] });
            message.body["input"]["zz_node"] = json!([]);
            message
        }),
    ];
    for (check, write) in written {
        let message = write(run.message(hospital, "1101", &asked));
        if let Some(reply) = run.send(&message) {
            run.expect(check, reply.is_success(), "infcode 0", &reply);
        }
    }
    for kind in ["text/plain", "text/plain;charset=UTF-8", "application/json"] {
        let message = run.message(hospital, "1101", &asked);
        if let Some(reply) = run.post(&message, Some(kind), &message.text(), None) {
            let found = format!("{kind}：{}", reply.told());
            if reply.is_success() {
                run.pass("tolerance.content_type");
            } else {
                run.fail("tolerance.content_type", "infcode 0", &found, &reply);
            }
        }
    }
}

/// The nodes of a visit, written otherwise. All of it must come to the same amounts.
fn nodes(run: &mut Run<'_>, hospital: &Institution, visit: &Visit, portions: [i64; 4]) {
    let told = description(run, visit);
    let mut one = told.clone();
    one["diseinfo"] = diagnosis(run);
    run.ok("tolerance.single_object", hospital, "2203A", &one);
    let basket = basket(run.subjects, 1);
    let common = json!({ "mdtrt_id": visit.id, "psn_no": visit.patient.number, "chrg_bchno": format!("{}X", visit.charge) });
    let mut lines = details(&basket, 501, &moment(run), &common);
    lines.truncate(1);
    // Numbers as numbers once; everywhere else they are text.
    let Some(mut line) = lines.pop() else { return };
    line["feedetl_sn"] = json!(501);
    line["cnt"] = json!(basket[0].quantity);
    let whole = basket[0].price % 100 == 0;
    if whole {
        line["pric"] = json!(basket[0].price / 100);
    }
    if let Some(reply) = run.ok("tolerance.single_object", hospital, "2204", &json!({ "feedetail": line })) {
        same_line(run, "tolerance.text_numbers", &reply, basket[0].amount());
    }
    let mut absent = upload(run, visit, &basket[..1], 601);
    absent["feedetail"][0]["chrg_bchno"] = json!(format!("{}X", visit.charge));
    for (name, nothing) in [
        ("rxno", Value::Null),
        ("dise_codg", json!("null")),
        ("memo", json!("NULL")),
        ("exp_content", json!("")),
        ("prd_days", json!("null")),
        ("comb_no", Value::Null),
    ] {
        absent["feedetail"][0][name] = nothing;
    }
    if let Some(reply) = run.ok("tolerance.nothing", hospital, "2204", &absent) {
        same_line(run, "tolerance.nothing", &reply, basket[0].amount());
    }
    let asked = settlement(visit, portions);
    run.ok("tolerance.a_form", hospital, "2206A", &asked);
}

fn same_line(run: &mut Run<'_>, check: &'static str, reply: &Reply, amount: i64) {
    let found = reply.fen("result", "det_item_fee_sumamt");
    if found == Some(amount) {
        run.pass(check);
    } else {
        run.fail(check, &yuan(amount), &found.map(yuan).unwrap_or_default(), reply);
    }
}
