//! Requests that can be pasted and sent: a step of a sequence for a person at an institution, with everything filled in that is known.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, json};

use super::learned::Learned;
use super::sequence::{Step, lessons};
use super::stage::{Character, Counter};
use crate::moment;
use crate::platform::Platform;
use crate::tables::Codes;

/// What a request is made for.
#[derive(Clone, Copy, Debug)]
pub struct Order<'stage> {
    /// The step.
    pub step: &'stage Step,
    /// The person.
    pub person: &'stage Character,
    /// The institution that sends.
    pub counter: &'stage Counter,
    /// Another 统筹区 that somebody can be referred to; empty for none.
    pub elsewhere: &'stage str,
    /// The number of the message among all that were made: two messages of a second differ by it.
    pub serial: u64,
}

/// Something that an earlier message must give first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// Its name.
    pub name: String,
    /// The transactions that give it.
    pub from: Vec<String>,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Prepared {
    /// The number of the transaction.
    pub infno: String,
    /// The body. What is missing is empty in it.
    pub body: Value,
    /// What earlier messages must give first; empty for a request that is ready.
    pub missing: Vec<Missing>,
}

const DAY: i64 = 86_400_000;

fn values(order: &Order<'_>, now: i64, learned: &Learned) -> BTreeMap<String, String> {
    let Order { person, counter, elsewhere, serial, .. } = *order;
    let day = |back: i64| moment::plain(now - back * DAY).chars().take(10).collect::<String>();
    let codes = Codes::of(&counter.area);
    let clock: String = moment::compact(now).chars().skip(8).collect();
    let code = |map: &str, key: &str| codes.exact(map, key).unwrap_or_default().to_owned();
    let mut values = learned.0.clone();
    if !elsewhere.is_empty() {
        values.insert("elsewhere_admdvs".to_owned(), elsewhere.to_owned());
    }
    values.extend(
        [
            ("psn_no", person.person.clone()),
            ("psn_name", person.name.clone()),
            ("certno", person.certificate.clone()),
            ("electronic_credential", person.electronic_credential.clone()),
            ("social_security_card", person.social_security_card.clone()),
            ("insutype", code("insutype", &person.scheme)),
            ("psn_type", code("psn_type", &person.category)),
            ("insuplc_admdvs", person.area.clone()),
            ("dise_codg", person.condition.clone().unwrap_or_default()),
            ("fixmedins_code", counter.id.clone()),
            ("fixmedins_name", counter.name.clone()),
            ("mdtrtarea_admvs", counter.area.clone()),
            ("opter", "001".to_owned()),
            ("now", moment::plain(now)),
            ("today", day(0)),
            ("yesterday", day(1)),
            ("three_days_ago", day(3)),
            ("month", day(0).replace('-', "").chars().take(6).collect()),
            ("year", day(0).chars().take(4).collect()),
            ("in_half_a_year", day(-180)),
            ("serial", format!("1{clock}{:04}", serial % 10_000)),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    values
}

/// Puts values in the place of `${name}`.
fn fill(value: &Value, values: &BTreeMap<String, String>, missing: &mut BTreeSet<String>) -> Value {
    match value {
        Value::String(text) => Value::String(filled(text, values, missing)),
        Value::Array(entries) => entries.iter().map(|entry| fill(entry, values, missing)).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(key, member)| (key.clone(), fill(member, values, missing)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

fn filled(text: &str, values: &BTreeMap<String, String>, missing: &mut BTreeSet<String>) -> String {
    let mut whole = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        whole.push_str(before);
        let Some((name, after)) = after.split_once('}') else { break };
        match values.get(name) {
            Some(value) => whole.push_str(value),
            None => {
                missing.insert(name.to_owned());
            }
        }
        rest = after;
    }
    whole + rest
}

/// The request of a step, as it can be sent now. A close of day states what is booked.
pub fn prepare(platform: &Platform, order: &Order<'_>, learned: &Learned) -> Prepared {
    let now = platform.now();
    let mut values = values(order, now, learned);
    let template = order.step.input.to_string();
    if let Some((_, rest)) = template.split_once("${stmt_file_") {
        let clearing = rest.split('}').next().unwrap_or_default();
        if let Some(file) = super::totals::file(platform, &order.counter.id, clearing) {
            values.insert(format!("stmt_file_{clearing}"), file);
        }
    } else if template.contains("${stmt_") {
        let data = &order.step.input["data"];
        let told =
            |name: &str| filled(data[name].as_str().unwrap_or_default(), &values, &mut BTreeSet::new());
        let insurance = data.get("insutype").map_or_else(|| values["insutype"].clone(), |_| told("insutype"));
        let clearing = told("clr_type");
        if let Some(totals) = super::totals::of(platform, &order.counter.id, &insurance, &clearing) {
            values.extend(totals.map(|(name, value)| (name.to_owned(), value)));
        }
    }
    let mut missing = BTreeSet::new();
    let input = fill(&order.step.input, &values, &mut missing);
    let counter = order.counter;
    let body = json!({
        "infno": order.step.infno,
        "msgid": format!("{}{}{:04}", counter.id, moment::compact(now), order.serial % 10_000),
        "mdtrtarea_admvs": counter.area,
        "insuplc_admdvs": order.person.area,
        "recer_sys_code": "HIS",
        "dev_no": "",
        "dev_safe_info": "",
        "cainfo": "",
        "signtype": "",
        "infver": "V1.0",
        "opter_type": "1",
        "opter": "001",
        "opter_name": "沙箱收费员",
        "inf_time": moment::plain(now),
        "fixmedins_code": counter.id,
        "fixmedins_name": counter.name,
        "sign_no": learned.0.get("sign_no").cloned().unwrap_or_default(),
        "input": input,
    });
    let missing = missing.into_iter().map(|name| {
        let from = lessons().iter().find(|lesson| lesson.name == name);
        Missing { from: from.map(|lesson| lesson.from.clone()).unwrap_or_default(), name }
    });
    Prepared { infno: order.step.infno.clone(), body, missing: missing.collect() }
}
