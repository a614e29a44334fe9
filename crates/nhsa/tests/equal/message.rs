//! The same business as a message of the numbered interface.

use gongji_nhsa::Platform;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::business::{ITEMS, Lines};
use crate::side::PLACES;

/// A message: its id, and the body.
#[derive(Clone, Debug)]
pub struct Message {
    pub id: String,
    pub body: String,
    /// Whether it books anything: only then is its id kept.
    pub books: bool,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The whole text.
    pub text: String,
    /// The code of a refusal; `None` for a success.
    pub code: Option<String>,
}

impl Message {
    /// A message of a place under the how-manieth id.
    pub fn new(place: usize, serial: u64, number: &str, input: &Value) -> Message {
        let institution = PLACES[place].0;
        let id = format!("{institution}20260615{serial:010}");
        Message::under(&id, place, number, input)
    }

    /// A message of a place under an id.
    pub fn under(id: &str, place: usize, number: &str, input: &Value) -> Message {
        let (institution, area, _) = PLACES[place];
        let body = json!({
            "infno": number, "msgid": id, "mdtrtarea_admvs": area, "insuplc_admdvs": null, "recer_sys_code": "HIS",
            "infver": "V1.0", "opter_type": "1", "opter": "001", "opter_name": "收费员", "inf_time": "2026-06-15 12:00:00",
            "fixmedins_code": institution, "fixmedins_name": "示例机构", "sign_no": "", "input": input,
        });
        let books = !["2101", "2206", "2303"].contains(&number);
        Message { id: id.to_owned(), body: body.to_string(), books }
    }

    /// Sends it.
    pub fn send(&self, platform: &Platform) -> Answer {
        let text = platform.answer(&self.body);
        let value: Value = serde_json::from_str(&text).expect("JSON");
        let code = (value["infcode"] != 0).then(|| {
            let problem = value["err_msg"].as_str().expect("a sentence");
            problem.trim_start_matches('[').split(']').next().unwrap_or_default().to_owned()
        });
        Answer { text, code }
    }
}

/// A member of an object, as it is written.
fn member<'text>(text: &'text str, name: &str) -> &'text str {
    let members: std::collections::HashMap<String, &RawValue> =
        serde_json::from_str(text).expect("an object");
    members.get(name).map_or("null", |raw| raw.get())
}

impl Answer {
    /// What is put out, as it is written.
    pub fn output(&self) -> &str {
        member(&self.text, "output")
    }

    /// A text in the output.
    pub fn text_at(&self, node: &str, field: &str) -> String {
        member(member(self.output(), node), field).trim_matches('"').to_owned()
    }

    /// An amount of `setlinfo`, fen.
    pub fn fen(&self, field: &str) -> i64 {
        let digits = self.text_at("setlinfo", field);
        let (whole, decimals) = digits.split_once('.').unwrap_or((&digits, ""));
        format!("{whole}{decimals:0<2}").parse().expect("an amount")
    }
}

/// An amount in yuan.
pub fn yuan(fen: i64) -> String {
    format!("{}{}.{:02}", if fen < 0 { "-" } else { "" }, fen.abs() / 100, fen.abs() % 100)
}

/// What lines cost, fen.
pub fn total(lines: &Lines) -> i64 {
    lines.iter().map(|(item, quantity)| i64::from(ITEMS[*item].1) * i64::from(*quantity)).sum()
}

/// Lines with serial numbers from `first`. Some numbers are numbers, some are text, as clients write them.
pub fn details(lines: &Lines, first: u32, day: &str, common: &Value) -> Value {
    let mut details = Vec::new();
    for (at, (item, quantity)) in lines.iter().enumerate() {
        let (code, price) = ITEMS[*item];
        let amount = i64::from(price) * i64::from(*quantity);
        let serial = first + u32::try_from(at).expect("few");
        let mut line = common.clone();
        let count = if at % 2 == 0 { json!(quantity.to_string()) } else { json!(quantity) };
        for (key, value) in [
            ("feedetl_sn", json!(serial.to_string())),
            ("fee_ocur_time", json!(format!("{day} 09:00:00"))),
            ("med_list_codg", json!(code)),
            ("medins_list_codg", json!(code)),
            ("det_item_fee_sumamt", json!(yuan(amount))),
            ("cnt", count),
            ("pric", json!(yuan(i64::from(price)))),
            ("hosp_appr_flag", Value::Null),
        ] {
            line[key] = value;
        }
        details.push(line);
    }
    // One bare object for a list of one, as some clients send it.
    if details.len() == 1 { details.remove(0) } else { Value::Array(details) }
}
