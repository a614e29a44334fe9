//! `gongji five`.

use gongji_cases::{FiveCase, QuoteOptions, five_questions};
use gongji_policy::view::value_label;
use gongji_policy::{Dimension, DimensionKind};
use jiff::Zoned;
use serde_json::{Value, json};

use super::quote::stop;
use crate::arguments::{Five, Format};
use crate::exit::{Outcome, Stop};
use crate::five_table;
use crate::shelf::{Shelf, read_input};

/// The largest file that is read.
const CASE_LIMIT: u64 = 1 << 20;

/// The name in the case format of a value that people write by its term or by its name.
fn named(dimension: Dimension, option: &str, text: &str) -> Result<&'static str, Stop> {
    let names: &[&'static str] = match dimension.kind() {
        DimensionKind::Choice(names) => names,
        _ => &[],
    };
    let found = names.iter().find(|name| **name == text || value_label(dimension, name) == text);
    found.copied().ok_or_else(|| {
        let known: Vec<_> = names.iter().map(|name| value_label(dimension, name)).collect();
        Stop::BadInput(format!("--{option} 没有“{text}”；应为 {}", known.join("、")))
    })
}

/// The word for none of a list.
const NONE: &str = "无";
/// Supplementary lines of insurance, as the case format and people name them.
const SUPPLEMENTS: [(&str, &str); 4] = [
    ("large_sum", "大额"),
    ("commercial", "商业补充"),
    ("civil_servant", "公务员"),
    ("enterprise", "企业补充"),
];

/// A list of names; the one word for none makes it empty.
fn list(texts: &[String], name: impl Fn(&str) -> Result<&'static str, Stop>) -> Result<Value, Stop> {
    if texts.iter().all(|text| text == NONE) {
        return Ok(json!([]));
    }
    texts.iter().map(|text| name(text)).collect::<Result<Vec<_>, Stop>>().map(Value::from)
}

/// A relative with what is carried over in the account: `配偶:3000`.
fn relative(text: &str, area: &Value) -> Result<Value, Stop> {
    let (relation, balance) = text.split_once([':', '：']).ok_or_else(|| {
        Stop::BadInput(format!("--relative 写的是“{text}”；应为 关系:历年余额，如 配偶:3000"))
    })?;
    Ok(json!({
        "relation": named(Dimension::Relation, "relative", relation)?,
        "pooling_area": area,
        "carried_over": balance,
    }))
}

/// Puts what the options say over what the file says.
fn put_options(case: &mut Value, asked: &Five, shelf: &Shelf) -> Outcome {
    if let Some(area) = &asked.area {
        case["person"]["pooling_area"] = shelf.pack(area)?.area.code.clone().into();
    }
    if let Some(category) = &asked.category {
        let name = named(Dimension::Category, "category", category)?;
        let is_employee = matches!(name, "employed" | "retired" | "flexible");
        case["person"]["category"] = name.into();
        case["person"]["scheme"] = if is_employee { "employee" } else { "resident" }.into();
    }
    if let Some(option) = &asked.account_option {
        case["person"]["account_option"] = named(Dimension::AccountOption, "account-option", option)?.into();
    }
    if let Some(sex) = &asked.sex {
        case["person"]["sex"] = named(Dimension::Sex, "sex", sex)?.into();
    }
    if let Some(age) = asked.age {
        if let Some(person) = case["person"].as_object_mut() {
            person.remove("birth_date");
        }
        case["age"] = age.into();
    }
    if let Some(born) = asked.born {
        case["person"]["birth_date"] = born.to_string().into();
    }
    if let Some(retired) = asked.retired_on {
        case["person"]["retired_on"] = retired.to_string().into();
    }
    if let Some(years) = asked.years {
        case["person"]["years"]["total"] = years.into();
    }
    for (name, other, amount) in
        [("wage", "base", &asked.wage), ("base", "wage", &asked.base), ("pension", "", &asked.pension)]
    {
        if let Some(amount) = amount {
            if let Some(members) = case.as_object_mut() {
                members.remove(other);
            }
            case[name] = amount.as_str().into();
        }
    }
    for (name, amount) in [("current_year", &asked.current), ("carried_over", &asked.carried)] {
        if let Some(amount) = amount {
            case["purses"][name] = amount.as_str().into();
        }
    }
    if !asked.relative.is_empty() {
        let area = case["person"]["pooling_area"].clone();
        let relatives: Result<Vec<Value>, Stop> =
            asked.relative.iter().map(|text| relative(text, &area)).collect();
        case["purses"]["mutual_aid"] = relatives?.into();
    }
    if !asked.family.is_empty() {
        let family: Result<Vec<&str>, Stop> =
            asked.family.iter().map(|text| named(Dimension::Relation, "family", text)).collect();
        case["family"] = family?.into();
    }
    if !asked.supplement.is_empty() {
        case["person"]["supplements"] = list(&asked.supplement, |text| {
            let found = SUPPLEMENTS.iter().find(|(name, label)| *name == text || *label == text);
            let known: Vec<_> = SUPPLEMENTS.iter().map(|(_, label)| *label).collect();
            found.map(|(name, _)| *name).ok_or_else(|| {
                Stop::BadInput(format!("--supplement 没有“{text}”；应为 {}、{}", NONE, known.join("、")))
            })
        })?;
    }
    if !asked.assistance.is_empty() {
        case["person"]["assistance"] =
            list(&asked.assistance, |text| named(Dimension::Aid, "assistance", text))?;
    }
    if let Some(since) = &asked.paid_since {
        case["paid_since"] = since.as_str().into();
    }
    if let Some(date) = asked.date {
        case["date"] = date.to_string().into();
    }
    Ok(())
}

/// Answers the five questions and prints them.
pub fn run(asked: &Five) -> Outcome {
    let text = match (&asked.case, &asked.area) {
        (Some(path), _) => Some(read_input(path, CASE_LIMIT)?),
        (None, Some(_)) => None,
        (None, None) => {
            return Err(Stop::BadInput(
                "不知道是谁在问：写一个参保人文件，或写 --area 和 --category；例：gongji five --area 统筹区 --category 在职 --age 45 --wage 8000"
                    .to_owned(),
            ));
        }
    };
    let shelf = Shelf::sound(&asked.packs)?;
    let mut case = match text {
        Some(text) => FiveCase::read(&text).map_err(|error| stop(&error))?.to_json(),
        None => json!({
            "person": { "scheme": "employee" },
            "purses": {},
            "date": Zoned::now().date().to_string(),
        }),
    };
    put_options(&mut case, asked, &shelf)?;
    let case = FiveCase::read(&case.to_string()).map_err(|error| stop(&error))?;
    let options = QuoteOptions { on: asked.on, known_on: asked.known_on };
    let answer = five_questions(&shelf.packs, &case, options).map_err(|error| stop(&error))?;
    match asked.format {
        Format::Json => {
            let text = serde_json::to_string_pretty(&answer).map_err(Stop::failed)?;
            anstream::println!("{text}");
        }
        Format::Table => anstream::println!("{}", five_table::text(&answer, asked.explain)),
    }
    Ok(())
}
