//! From an address to a case: the same JSON that the API takes.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::inputs::Inputs;
use super::lines;

/// A question whose answer cannot be read, or is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The question's key in the address.
    pub key: String,
    /// What is wrong and what to do.
    pub text: String,
}

fn put(object: &mut Map<String, Value>, name: &str, value: &str) {
    if !value.is_empty() {
        object.insert(name.to_owned(), Value::from(value));
    }
}

fn put_list(object: &mut Map<String, Value>, inputs: &Inputs, key: &str, name: &str) {
    if !inputs.all(key).any(|value| value == "unknown") {
        object.insert(name.to_owned(), inputs.all(key).collect());
    }
}

/// An amount as people type it, separators and the sign of the yuan allowed, as the case format writes it.
///
/// # Errors
/// What is wrong with it, in words.
pub fn plain_amount(typed: &str) -> Result<String, String> {
    let plain: String =
        typed.chars().filter(|sign| !matches!(sign, ',' | '，' | '¥' | '￥' | '元' | ' ')).collect();
    plain
        .parse::<gongji_money::Fen>()
        .map(|fen| fen.to_string())
        .map_err(|_| format!("“{typed}”不是金额。请写成以元为单位、至多两位小数的数，例如 1234.50"))
}

fn amount(inputs: &Inputs, key: &str, wrong: &mut Vec<Wrong>) -> String {
    match plain_amount(inputs.get_or(key, "0.00")) {
        Ok(amount) => amount,
        Err(text) => {
            wrong.push(Wrong { key: key.to_owned(), text });
            "0.00".to_owned()
        }
    }
}

/// A whole number, where one is given.
pub fn number(inputs: &Inputs, key: &str, wrong: &mut Vec<Wrong>) -> Option<i32> {
    let typed = inputs.get(key);
    if typed.is_empty() {
        return None;
    }
    let read = typed.parse::<i32>().ok().filter(|number| (0..=1000).contains(number));
    if read.is_none() {
        let text = format!("“{typed}”不是整数。请填 0 或更大的整数，或者留空");
        wrong.push(Wrong { key: key.to_owned(), text });
    }
    read
}

/// The day of the bill.
pub fn day(inputs: &Inputs, key: &str) -> Result<Option<Date>, Wrong> {
    let typed = inputs.get(key);
    if typed.is_empty() {
        return Ok(None);
    }
    typed.parse().map(Some).map_err(|_| Wrong {
        key: key.to_owned(),
        text: format!("“{typed}”不是日期。请写成 2026-01-31 这样"),
    })
}

/// The person; `date` is the day on which the age is counted.
pub fn person(inputs: &Inputs, date: Option<Date>, wrong: &mut Vec<Wrong>) -> Value {
    let mut person = Map::new();
    put(&mut person, "pooling_area", inputs.get("area"));
    put(&mut person, "scheme", inputs.get("scheme"));
    put(&mut person, "category", inputs.get("category"));
    put(&mut person, "birth_date", inputs.get("birth"));
    if !inputs.has("birth") {
        // The page asks for an age, not for a birth date, so that the address tells nobody's birthday: any day with that
        // age serves, and this one has it from the day of the bill on.
        let age = number(inputs, "age", wrong);
        let born = age.zip(date).and_then(|(age, date)| date.checked_sub(age.years()).ok());
        if let Some(born) = born {
            person.insert("birth_date".to_owned(), Value::from(born.to_string()));
        }
    }
    put(&mut person, "sex", inputs.get("sex"));
    put(&mut person, "post_type", inputs.get("post"));
    put(&mut person, "account_option", inputs.get("account"));
    let tier = inputs.get("tier");
    put(&mut person, "premium_tier", if tier == "none" { "" } else { tier });
    put(&mut person, "retired_on", inputs.get("retired"));
    let mut years = Map::new();
    for (key, name) in [("years", "total"), ("local_years", "local_paid"), ("continuous", "continuous")] {
        if let Some(count) = number(inputs, key, wrong) {
            years.insert(name.to_owned(), Value::from(count));
        }
    }
    if !years.is_empty() {
        person.insert("years".to_owned(), Value::Object(years));
    }
    put_list(&mut person, inputs, "aid", "assistance");
    put_list(&mut person, inputs, "supp", "supplements");
    Value::Object(person)
}

fn facility(inputs: &Inputs) -> Value {
    let mut facility = Map::new();
    for (key, name) in [("type", "type"), ("level", "level"), ("group", "group")] {
        let value = inputs.get(key);
        put(&mut facility, name, if value == "none" { "" } else { value });
    }
    for (key, name) in [("grade", "grade"), ("admin", "admin_level")] {
        let value = inputs.get(key);
        put(&mut facility, name, if value == "none" { "" } else { value });
    }
    Value::Object(facility)
}

/// A code that stands for a place of that kind: the province's own code, or a code of no province.
fn care_area(inputs: &Inputs) -> String {
    let area = inputs.get("area");
    match inputs.get_or("place", "home") {
        "home" => area.to_owned(),
        "province" => format!("{}0000", area.get(..2).unwrap_or_default()),
        "away" => "990000".to_owned(),
        code => code.to_owned(),
    }
}

fn event(inputs: &Inputs, wrong: &mut Vec<Wrong>) -> Value {
    let mut event = Map::new();
    put(&mut event, "kind", "bill");
    put(&mut event, "date", inputs.get("date"));
    put(&mut event, "care_type", inputs.get("care"));
    put(&mut event, "admitted_on", inputs.get("admitted"));
    put(&mut event, "discharged_on", inputs.get("discharged"));
    event.insert("facility".to_owned(), facility(inputs));
    event.insert("care_area".to_owned(), Value::from(care_area(inputs)));
    let home = inputs.get_or("place", "home") == "home";
    put(&mut event, "filing", if home { "local" } else { inputs.get("filing") });
    for (key, name) in
        [("doctor", "family_doctor"), ("from_emergency", "from_emergency"), ("mid", "mid_stay")]
    {
        match inputs.get(key) {
            "" => {}
            value => {
                event.insert(name.to_owned(), Value::from(value == "true"));
            }
        }
    }
    put(&mut event, "cause", inputs.get("cause"));
    if inputs.has("condition") && inputs.get("condition") != "none" {
        put(&mut event, "condition", inputs.get("condition"));
    }
    if inputs.has("issued") && inputs.get("issued") != "none" {
        event.insert("prescription".to_owned(), json!({ "issued_by": { "level": inputs.get("issued") } }));
    }
    event.insert("charges".to_owned(), charges(inputs, wrong));
    match inputs.get("use") {
        "own" => keep(&mut event, &["use_mutual_aid"]),
        "kin" => keep(&mut event, &["use_account"]),
        "none" => keep(&mut event, &["use_account", "use_mutual_aid"]),
        _ => {}
    }
    Value::Object(event)
}

/// Purses that the person wants to keep.
fn keep(event: &mut Map<String, Value>, names: &[&str]) {
    for name in names {
        event.insert((*name).to_owned(), Value::from(false));
    }
}

fn charges(inputs: &Inputs, wrong: &mut Vec<Wrong>) -> Value {
    if inputs.has("lines") {
        return match lines::read(inputs.get("lines")) {
            Ok(lines) => json!({ "lines": lines }),
            Err(text) => {
                wrong.push(Wrong { key: "lines".to_owned(), text });
                json!({})
            }
        };
    }
    if !inputs.has("total") {
        let text = "请填这次一共花了多少元，或者粘贴费用明细".to_owned();
        wrong.push(Wrong { key: "total".to_owned(), text });
    }
    json!({
        "total": amount(inputs, "total", wrong),
        "non_covered": amount(inputs, "non", wrong),
        "over_limit_price": amount(inputs, "over", wrong),
        "upfront_self_pay": amount(inputs, "upfront", wrong),
    })
}

/// The own account, and relatives' accounts.
pub fn purses(inputs: &Inputs, wrong: &mut Vec<Wrong>) -> Value {
    let mut relatives = Vec::new();
    for person in 1..=2 {
        let relation = inputs.get(&format!("kin{person}")).to_owned();
        let balance = amount(inputs, &format!("kin{person}_carried"), wrong);
        if !relation.is_empty() {
            relatives.push(json!({
                "relation": relation,
                "pooling_area": inputs.get("area"),
                "current_year": "0.00",
                "carried_over": balance,
            }));
        }
    }
    json!({
        "current_year": amount(inputs, "current", wrong),
        "carried_over": amount(inputs, "carried", wrong),
        "mutual_aid": relatives,
    })
}

fn accumulated(inputs: &Inputs, wrong: &mut Vec<Wrong>) -> Map<String, Value> {
    let mut stated = Map::new();
    if let Some(times) = number(inputs, "before_admissions", wrong) {
        stated.insert("admissions".to_owned(), Value::from(times));
    }
    for name in ["deductible_paid", "pooled_paid", "in_scope_self_pay"] {
        let key = format!("before_{name}");
        if inputs.has(&key) {
            stated.insert(name.to_owned(), Value::from(amount(inputs, &key, wrong)));
        }
    }
    stated
}

/// The case that an address asks.
///
/// # Errors
/// Every question whose answer cannot be read, and the total where it is missing.
pub fn of(inputs: &Inputs) -> Result<Value, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let date = match day(inputs, "date") {
        Ok(date) => date,
        Err(error) => {
            wrong.push(error);
            None
        }
    };
    for key in ["birth", "retired", "admitted", "discharged"] {
        wrong.extend(day(inputs, key).err());
    }
    let mut case = json!({
        "person": person(inputs, date, &mut wrong),
        "purses": purses(inputs, &mut wrong),
    });
    let stated = accumulated(inputs, &mut wrong);
    if !stated.is_empty() {
        case["accumulated"] = Value::Object(stated);
    }
    case["events"] = json!([event(inputs, &mut wrong)]);
    if wrong.is_empty() { Ok(case) } else { Err(wrong) }
}
