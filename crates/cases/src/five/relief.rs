//! 医保减免扣的是哪里的钱: who pays the sample bill, and the reduction that is none of the bill's.

use gongji_money::Rate;
use gongji_policy::plan::{Cited, Part as CitedPart};
use gongji_policy::{ParameterTable, Row, Setting, Table};
use serde_json::Value;

use super::answer::{Gap, Part, QuestionAnswer};
use super::asking::{Asking, amount, gap, miss, part};
use super::pool::{contribution, premium_event};
use super::sample::{Sample, Samples};
use super::{Flags, question};
use crate::answer::Yuan;
use crate::explain::clause;

/// 医保减免扣的是哪里的钱.
pub(super) fn answer(asking: &Asking<'_>, samples: &Samples, flags: &mut Flags) -> QuestionAnswer {
    let mut parts: Vec<Part> = samples.all.iter().flat_map(payers).collect();
    let mut gaps = samples.gaps.clone();
    if asking.is_employee() {
        reduction(asking, &mut parts, &mut gaps, flags);
    } else {
        aided_premium(asking, &mut parts, &mut gaps);
    }
    question("relief", conclusion(asking, samples), parts, gaps)
}

fn conclusion(asking: &Asking<'_>, samples: &Samples) -> String {
    let mut text = "“减免”不是一种钱，是单子上别人替您付的部分：基金支付不动您的余额，个人账户支付才扣您的余额，共济支付扣家人的余额，余下是现金。".to_owned();
    if let Some(sample) = samples.all.last() {
        let own = &sample.own;
        text.push_str(&format!(
            "{}：基金付 {} 元，您的账户付 {} 元，家人的账户付 {} 元，现金 {} 元。",
            sample.about,
            own.fund_paid_total.grouped(),
            own.personal_account_paid.grouped(),
            own.mutual_aid_paid.grouped(),
            own.cash_paid.grouped(),
        ));
    }
    if asking.is_employee() {
        text.push_str("另有“阶段性减征”，减的是单位缴费，不是看病的钱。");
    }
    text
}

/// What a payment does to whose balance.
const fn effect(payer: &str) -> &'static str {
    match payer.as_bytes() {
        b"current_year" | b"carried_over" => "扣您自己的余额",
        b"relatives" => "扣家人的余额，不动您的",
        b"cash" => "您现场付的钱",
        b"hospital" => "由医院负担，不动您的余额",
        b"medical_assistance" => "由医疗救助资金付，不动您的余额",
        b"pooled_fund" => "由统筹基金付，不动您的余额",
        _ => "由补充的基金付，不动您的余额",
    }
}

/// One part for each payer of a bill, in the order in which the bill names them.
fn payers(sample: &Sample) -> Vec<Part> {
    let bill = &sample.own;
    let mut parts: Vec<Part> = Vec::new();
    for cell in bill.cells.iter().filter(|cell| !cell.amount.is_zero()) {
        let name = format!("{}_{}", sample.care, cell.payer);
        let told = match parts.iter().position(|part| part.name == name) {
            Some(at) => parts.remove(at),
            None => {
                let label = format!("{}：{}", sample.label, cell.payer_label);
                Part::money(name, label, bill.paid_by(&cell.payer), effect(&cell.payer))
            }
        };
        // No rule pays what is paid in cash.
        let is_cash = cell.payer == "cash";
        parts.push(if is_cash { told } else { told.cite(&cell.clause).cite(bill.further(cell)) });
    }
    parts
}

/// The rows that reduce contributions, with their positions.
fn reducing(table: &Table<Rate>) -> impl Iterator<Item = (usize, &Row<Rate>)> {
    let reduces = |row: &Row<Rate>| matches!(row.value, Setting::Known(rate) if rate != Rate::ZERO);
    table.rows.iter().enumerate().filter(move |(_, row)| reduces(row))
}

/// 阶段性减征: when, how much, and what it came to for this wage.
fn reduction(asking: &Asking<'_>, parts: &mut Vec<Part>, gaps: &mut Vec<Gap>, flags: &mut Flags) {
    let Some(ParameterTable::Rate(table)) = asking.scheme.parameter("contribution", "reduction") else {
        miss(
            gaps,
            Gap {
                label: "阶段性减征".to_owned(),
                why: "本统筹区的政策包没有给出减征的规则，暂无依据，不作计算".to_owned(),
                code: "no_rule".to_owned(),
                field: String::new(),
            },
        );
        return;
    };
    let day = asking.law_day();
    let mut found = false;
    for (index, row) in reducing(table) {
        let Setting::Known(rate) = row.value else { continue };
        let cited = Cited::of(CitedPart::Applies, table, index, row);
        let until = row.to.map_or_else(|| "现行".to_owned(), |to| format!("至 {to}"));
        let now = if row.in_force(day) {
            "您问的这一天正在减征"
        } else {
            "您问的这一天不在其中"
        };
        let name = if found { format!("reduction_{}", index + 1) } else { "reduction".to_owned() };
        let sentence =
            format!("{} 起，{until}：减的是单位缴费，个人缴费不减，看病报销也不变。{now}", row.from);
        let clause = clause(asking.pack, &cited, rate.to_string());
        parts.push(Part::told(name, "阶段性减征", format!("应缴额减 {rate}"), sentence).cite([&clause]));
        found = true;
        if asking.is("retired") || asking.is("flexible") {
            continue;
        }
        let month = row.from.strftime("%Y-%m").to_string();
        match asking.calculation(&contribution(asking, &month)) {
            Ok(answer) => {
                if let Some(told) = part(&answer, "employer_medical") {
                    let label = format!("{month} 单位实缴（按您的工资）");
                    parts.push(Part { name: format!("reduced_{month}"), label, ..told });
                }
            }
            Err(error) => miss(gaps, gap(&format!("{month} 单位实缴"), &error)),
        }
    }
    if found {
        flags.set("reduction_known");
    } else {
        parts.push(Part::told("reduction", "阶段性减征", "没有", "本统筹区的规则里没有减征过"));
    }
}

/// What of a resident's premium others pay.
fn aided_premium(asking: &Asking<'_>, parts: &mut Vec<Part>, gaps: &mut Vec<Gap>) {
    match asking.calculation(&premium_event(asking)) {
        Ok(answer) => {
            let aided = amount(&answer, "aid").unwrap_or_default();
            let sentence = if aided.is_zero() {
                "按您填的身份，参保缴费没有资助；财政补助直接进统筹基金，不经过您"
            } else {
                "参保缴费的资助由医疗救助资金代缴，直接进统筹基金"
            };
            let told = part(&answer, "aid").unwrap_or_default();
            let told = Part { name: "premium_aid".to_owned(), ..told };
            let value = Part::money("premium_aid", "参保缴费的资助", Yuan(aided.0), sentence);
            parts.push(value.cite(&told.clauses));
            if answer.figures.get("total").is_none_or(Value::is_null) {
                return;
            }
            parts.extend(part(&answer, "total"));
        }
        Err(error) => miss(gaps, gap("居民缴费", &error)),
    }
}
