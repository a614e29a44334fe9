//! 医保统筹跟余额有关系吗: the same bill with an empty account, with the own one, and with a filled one.

use super::answer::{Part, QuestionAnswer};
use super::asking::Asking;
use super::sample::{PROBE, Sample, Samples};
use super::{Flags, question};

/// 医保统筹跟余额有关系吗.
pub(super) fn answer(asking: &Asking<'_>, samples: &Samples, flags: &mut Flags) -> QuestionAnswer {
    let parts: Vec<Part> = samples.all.iter().map(|sample| compared(asking, sample)).collect();
    if !samples.all.is_empty() {
        let fund_first = samples.all.iter().all(Sample::is_fund_first);
        flags.set(if fund_first { "fund_first" } else { "account_first" });
    }
    question("balance", conclusion(asking, samples), parts, samples.gaps.clone())
}

fn conclusion(asking: &Asking<'_>, samples: &Samples) -> String {
    let labels = |fund_first: bool| {
        let of = samples.all.iter().filter(|sample| sample.is_fund_first() == fund_first);
        of.map(|sample| sample.label.as_str()).collect::<Vec<_>>().join("、")
    };
    let (independent, dependent) = (labels(true), labels(false));
    match (independent.is_empty(), dependent.is_empty()) {
        (true, true) => "没有算出例子，不能说有没有关系：缺什么见下面。".to_owned(),
        (false, true) if asking.has_account() => {
            "没有。个人账户余额为 0，统筹基金照样按规定支付；余额只影响您个人负担的部分用什么付。".to_owned()
        }
        (false, true) => {
            "没有。您没有个人账户，统筹基金照样按规定支付；您个人负担的部分用现金或家人授权的账户付。"
                .to_owned()
        }
        (_, false) => {
            let rest =
                if independent.is_empty() { String::new() } else { format!("{independent}没有关系。") };
            format!(
                "有关系的是{dependent}：这里当年账户先付，当年账户有钱时先用它，用完再进入自负段和统筹，所以当年余额会改变基金付多少。{rest}"
            )
        }
    }
}

fn compared(asking: &Asking<'_>, sample: &Sample) -> Part {
    let told = |bill: &crate::answer::BillAnswer| bill.fund_paid_total.grouped();
    let mut sentence = format!("{}。账户余额为 0 时，基金付 {} 元", sample.about, told(&sample.empty));
    if asking.has_account() {
        sentence.push_str(&format!("；用您现在的余额时，基金付 {} 元", told(&sample.own)));
        if let Some(filled) = &sample.filled {
            sentence.push_str(&format!(
                "；当年、历年账户各有 {} 元时，基金付 {} 元",
                PROBE.grouped(),
                told(filled)
            ));
        }
    }
    let value = if sample.is_fund_first() { "基金付的一样多" } else { "基金付的不一样" };
    let mut part = Part::told(sample.care.clone(), sample.label.clone(), value, sentence);
    part.amount = Some(sample.own.fund_paid_total);
    let paying = |bill: &crate::answer::BillAnswer, purses: bool| {
        bill.steps
            .iter()
            .filter(move |step| {
                step.triggered
                    && (matches!(step.kind.as_str(), "ratio" | "guarantee")
                        || (purses && step.kind == "purse"))
            })
            .cloned()
            .collect::<Vec<_>>()
    };
    for step in paying(&sample.own, false) {
        if part.formula.is_empty() {
            part.formula = step.formula.clone();
        }
        part = part.cite(&step.clauses);
    }
    if let Some(filled) = sample.filled.as_ref().filter(|_| !sample.is_fund_first()) {
        for step in paying(filled, true) {
            part = part.cite(&step.clauses);
        }
    }
    part
}
