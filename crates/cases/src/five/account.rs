//! 医保个人账户划入标准和使用标准: how the account is filled for this person, and what it may pay.

use gongji_policy::{Dimension, ParameterTable};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::answer::{Gap, Part, QuestionAnswer};
use super::asking::{Asking, amount, gap, miss, part, step, values};
use super::pool::contribution;
use super::{Flags, question};
use crate::answer::{CalculationAnswer, Yuan};
use crate::run::QuoteOptions;

/// The parameters whose change changes a credit.
const CREDIT: [&str; 5] = ["base", "rate", "employer_rate", "amount", "average"];
/// How many earlier changes are looked at for one that this person would have felt.
const MOST_CHANGES: usize = 4;

/// 医保个人账户划入标准和使用标准是怎样的.
pub(super) fn answer(asking: &Asking<'_>, flags: &mut Flags) -> QuestionAnswer {
    let mut parts = Vec::new();
    let mut gaps = Vec::new();
    if !asking.has_account() {
        let text = if asking.is_employee() {
            "单建统筹没有个人账户，每月不划入。"
        } else {
            "居民医保不设个人账户，没有划入；缴的钱都进统筹基金，当年有效，不结转。"
        };
        return question("account", text.to_owned(), parts, gaps);
    }
    let credited = asking.calculation(&credit_event(asking));
    let text = match &credited {
        Ok(answer) => credit(asking, answer, &mut parts, flags),
        Err(error) => {
            miss(&mut gaps, gap("每月划入", error));
            "由统筹区、人员类别和日期决定；您的划入金额还算不出来，缺什么见下面。能付什么、不能付什么列在后面。".to_owned()
        }
    };
    uses(asking, &mut parts, &mut gaps, flags);
    question("account", text, parts, gaps)
}

/// The event that asks what is credited in the month asked about.
pub(super) fn credit_event(asking: &Asking<'_>) -> Value {
    let case = asking.case;
    let mut event = json!({ "kind": "account_credit", "period": asking.month() });
    for (name, amount) in [("wage", case.wage), ("base", case.base), ("pension", case.pension)] {
        if let Some(amount) = amount {
            event[name] = amount.to_string().into();
        }
    }
    event
}

/// What the person pays a month for medical insurance, where the rules say.
fn own_contribution(asking: &Asking<'_>) -> Option<Yuan> {
    let mut event = contribution(asking, &asking.month());
    event["contributors"] = json!(["person"]);
    amount(&asking.calculation(&event).ok()?, "person_medical")
}

fn credit(
    asking: &Asking<'_>,
    answer: &CalculationAnswer,
    parts: &mut Vec<Part>,
    flags: &mut Flags,
) -> String {
    let yearly = step(answer, "credited_on").is_some();
    let basis = answer.figures.get("basis").and_then(Value::as_str).unwrap_or_default();
    if basis == "flat" {
        flags.set("credit_flat");
    }
    if yearly {
        flags.set("credit_yearly");
    }
    let months = if yearly { 12 } else { 1 };
    let own = own_contribution(asking).map(|own| own.fen().saturating_mul(months));
    if own.is_some() && own == amount(answer, "credit").map(|credit| credit.fen()) {
        flags.set("credit_own_only");
    }
    parts.extend(["age", "base"].iter().filter_map(|name| part(answer, name)));
    let Some(told) = part(answer, "credit") else { return String::new() };
    let label = if yearly { "一年划入" } else { "每月划入" };
    let text = format!(
        "{label} {}，进当年账户，归您所有。由统筹区、人员类别和日期决定；能付什么、不能付什么列在后面。",
        told.value
    );
    parts.push(Part { label: label.to_owned(), ..told });
    parts.extend(["basis", "credited_on", "due_by"].iter().filter_map(|name| part(answer, name)));
    parts.extend(before(asking, answer));
    text
}

/// The days before which the rule of crediting was another, newest first.
fn changes(asking: &Asking<'_>) -> Vec<Date> {
    fn starts<V>(table: &gongji_policy::Table<V>) -> Vec<Date> {
        table.rows.iter().map(|row| row.from).collect()
    }
    let day = asking.law_day();
    let mut days: Vec<Date> = CREDIT
        .iter()
        .filter_map(|name| asking.scheme.parameter("account_credit", name))
        .flat_map(|table| match table {
            ParameterTable::Amount(table) => starts(table),
            ParameterTable::Rate(table) => starts(table),
            ParameterTable::Flag(table) => starts(table),
            ParameterTable::Count(table) => starts(table),
            ParameterTable::Choice(table) => starts(table),
        })
        .filter(|start| *start <= day)
        .collect();
    days.sort_unstable();
    days.dedup();
    days.reverse();
    days.truncate(MOST_CHANGES);
    days
}

/// What the same person would have been credited under the rule before, where it was another amount.
fn before(asking: &Asking<'_>, now: &CalculationAnswer) -> Option<Part> {
    let current = amount(now, "credit")?;
    for change in changes(asking) {
        let last = change.yesterday().ok()?;
        let options = QuoteOptions { on: Some(last), ..asking.options };
        let Ok(answer) = asking.calculation_on(&credit_event(asking), options) else { continue };
        let Some(then) = amount(&answer, "credit").filter(|then| *then != current) else { continue };
        let told = part(&answer, "credit")?;
        let sentence = format!("旧规则到 {last} 为止，同样的您划入 {} 元；{change} 起变了", then.grouped());
        return Some(Part {
            name: "credit_before".to_owned(),
            label: "以前的划入".to_owned(),
            sentence,
            ..told
        });
    }
    None
}

/// What the own account may pay for the person.
fn uses(asking: &Asking<'_>, parts: &mut Vec<Part>, gaps: &mut Vec<Gap>, flags: &mut Flags) {
    let mut from: Option<Part> = None;
    for (purpose, label) in values(Dimension::Purpose) {
        let event = json!({ "kind": "account_use", "date": asking.case.date.to_string(), "purpose": purpose,
            "beneficiary": "self", "amount": "1.00" });
        match asking.calculation(&event) {
            Ok(answer) => {
                let Some(allowed) = step(&answer, "allowed") else { continue };
                let may = allowed.value == "是";
                if purpose == "health_food" && !may {
                    flags.set("health_food_refused");
                }
                let value = if may { "可以" } else { "不可以" };
                let told = Part::told(format!("use_{purpose}"), label, value, allowed.reason.clone());
                parts.push(told.cite(&allowed.clauses));
                if may && from.is_none() {
                    from = part(&answer, "from");
                }
            }
            Err(error) => miss(gaps, gap(label, &error)),
        }
    }
    parts.extend(from);
}
