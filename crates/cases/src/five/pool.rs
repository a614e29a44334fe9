//! 医保卡个人统筹是什么意思: what is mine, what is everybody's, and where each month's money goes.

use serde_json::{Value, json};

use super::answer::{Gap, Part, QuestionAnswer};
use super::asking::{Asking, amount, gap, miss, part, step};
use super::sample::Samples;
use super::{Flags, question};
use crate::answer::Yuan;

/// 医保卡个人统筹是什么意思.
pub(super) fn answer(asking: &Asking<'_>, samples: &Samples, flags: &Flags) -> QuestionAnswer {
    let mut parts = Vec::new();
    let mut gaps = Vec::new();
    if asking.has_account() {
        owned(asking, &mut parts, &mut gaps);
    }
    if asking.is_employee() {
        monthly(asking, &mut parts, &mut gaps);
        covered(asking, &mut parts, &mut gaps);
    } else {
        premium(asking, &mut parts, &mut gaps);
    }
    for sample in &samples.all {
        let paid = sample.empty.pooled_paid;
        let pool = sample.empty.steps.iter().filter(|step| step.payer == "pooled_fund" && step.triggered);
        let mut told = Part::money(
            format!("pool_pays_{}", sample.care),
            format!("{}时统筹基金替您付", sample.label),
            paid,
            format!("{}，统筹基金付 {} 元", sample.about, paid.grouped()),
        );
        for step in pool {
            told.formula = step.formula.clone();
            told = told.cite(&step.clauses);
        }
        parts.push(told);
    }
    for missing in &samples.gaps {
        miss(&mut gaps, missing.clone());
    }
    question("pool", conclusion(asking, flags), parts, gaps)
}

fn conclusion(asking: &Asking<'_>, flags: &Flags) -> String {
    let both = "没有“个人统筹”这个账户。医保有两笔钱：个人账户在本人名下，余额归本人（一般不能取现）；统筹基金是大家的，不在任何人名下，看病时按规定替您付。";
    if !asking.is_employee() {
        return format!("{both}居民医保只有统筹基金，不设个人账户，您和财政缴的钱都进统筹基金。");
    }
    if !flags.has("with_account") {
        return format!("{both}您参加的是单建统筹，只有统筹基金，没有个人账户。");
    }
    let purses = &asking.case.purses;
    let sum = Yuan::of_fen(purses.current_year.fen() + purses.carried_over.fen());
    format!(
        "{both}您名下的个人账户现在有 {} 元，这是您的；统筹基金没有您的余额，却替您付报销的部分。",
        sum.grouped()
    )
}

/// What the person owns, and that it is no cash.
fn owned(asking: &Asking<'_>, parts: &mut Vec<Part>, gaps: &mut Vec<Gap>) {
    let purses = &asking.case.purses;
    let (current, carried) = (Yuan(purses.current_year), Yuan(purses.carried_over));
    let sum = Yuan::of_fen(current.fen() + carried.fen());
    let mut told = Part::money("balance", "您的个人账户", sum, "在您名下，结转使用，归您个人所有");
    told.formula = format!("当年 {} + 历年 {} = {}", current.grouped(), carried.grouped(), sum.grouped());
    parts.push(told);
    for (name, purpose, label) in
        [("ownership", "inheritance", "归谁所有"), ("no_cash", "cash", "能不能取现")]
    {
        let event = json!({ "kind": "account_use", "date": asking.case.date.to_string(), "purpose": purpose,
            "beneficiary": "self", "amount": "1.00" });
        match asking.calculation(&event) {
            Ok(answer) => {
                if let Some(allowed) = step(&answer, "allowed") {
                    let value = match (purpose, allowed.value == "是") {
                        ("cash", true) => "可以取现",
                        ("cash", false) => "不能取现",
                        (_, true) => "归本人，可以继承",
                        (_, false) => "不能继承",
                    };
                    parts.push(Part::told(name, label, value, allowed.reason.clone()).cite(&allowed.clauses));
                }
            }
            Err(error) => miss(gaps, gap(label, &error)),
        }
    }
}

/// The event that asks what is paid in a month for medical insurance.
pub(super) fn contribution(asking: &Asking<'_>, month: &str) -> Value {
    let mut event = json!({ "kind": "contribution", "period": month, "funds": ["medical"] });
    let case = asking.case;
    if let Some(wage) = case.wage {
        event["wage"] = wage.to_string().into();
    } else if let Some(base) = case.base {
        event["base"] = base.to_string().into();
    }
    if asking.is("flexible") {
        event["contributors"] = json!(["person"]);
    }
    event
}

/// What is paid this month, what of it goes to the account and what to the pool.
fn monthly(asking: &Asking<'_>, parts: &mut Vec<Part>, gaps: &mut Vec<Gap>) {
    let paid = match asking.calculation(&contribution(asking, &asking.month())) {
        Ok(answer) => answer,
        Err(error) => {
            miss(gaps, gap("每月缴费", &error));
            return;
        }
    };
    parts.extend(["base", "person_medical", "employer_medical"].iter().filter_map(|name| part(&paid, name)));
    let Some(total) = amount(&paid, "total").filter(|total| !total.is_zero()) else {
        parts.push(Part::money(
            "total",
            "本月缴费合计",
            Yuan::default(),
            "您这一类人员不缴费，待遇由统筹基金负担",
        ));
        return;
    };
    if !asking.has_account() {
        parts.push(Part::money("to_pool", "其中进统筹基金", total, "没有个人账户，缴的都进统筹基金"));
        return;
    }
    // What the credit misses is said where the question is the account.
    let Ok(credited) = asking.calculation(&super::account::credit_event(asking)) else { return };
    let monthly = step(&credited, "credited_on").is_none();
    let Some(credit) = amount(&credited, "credit").filter(|credit| monthly && credit.fen() <= total.fen())
    else {
        return;
    };
    if let Some(told) = part(&credited, "credit") {
        parts.push(Part { label: "其中进您的个人账户".to_owned(), ..told });
    }
    let rest = Yuan::of_fen(total.fen() - credit.fen());
    let mut told = Part::money("to_pool", "其中进统筹基金", rest, "进统筹基金的部分不在任何人名下");
    told.formula = format!("{} − {} = {}", total.grouped(), credit.grouped(), rest.grouped());
    parts.push(told);
}

/// Whether the person is covered on the day, where the payments are told.
fn covered(asking: &Asking<'_>, parts: &mut Vec<Part>, gaps: &mut Vec<Gap>) {
    let date = asking.case.date.to_string();
    let event = match asking.case.paid_since {
        Some(since) => {
            let periods = json!([{ "from": since.strftime("%Y-%m").to_string(), "to": asking.month() }]);
            json!({ "kind": "cover", "date": date, "periods": periods })
        }
        None if asking.is("retired") => json!({ "kind": "cover", "date": date }),
        None => return,
    };
    match asking.calculation(&event) {
        Ok(answer) => {
            parts.extend(["covered", "account_due_by"].iter().filter_map(|name| part(&answer, name)))
        }
        Err(error) => miss(gaps, gap("是否在保", &error)),
    }
}

/// The event that asks a resident's premium for the year asked about, paid in the usual time.
pub(super) fn premium_event(asking: &Asking<'_>) -> Value {
    let year = asking.case.date.year();
    let paid_on = format!("{}-11-30", i32::from(year) - 1);
    json!({ "kind": "premium", "coverage_year": year, "paid_on": paid_on })
}

/// What a resident and the public pay for the year.
fn premium(asking: &Asking<'_>, parts: &mut Vec<Part>, gaps: &mut Vec<Gap>) {
    match asking.calculation(&premium_event(asking)) {
        Ok(answer) => {
            let paid_on = premium_event(asking)["paid_on"].as_str().unwrap_or_default().to_owned();
            parts.push(Part::told("paid_on", "缴费日期", paid_on, "设想在集中缴费期内缴这一年的费"));
            for step in &answer.steps {
                let Some(paid) = amount(&answer, &step.name) else { continue };
                parts.push(Part::of_step(&step.name, step, Some(paid)));
            }
        }
        Err(error) => miss(gaps, gap("居民缴费", &error)),
    }
}
