//! Whether every counter takes one measure, and counts of admissions and sums of fen stay apart.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic};
use crate::model::{
    BandAxis, Benefit, Cap, CapAxis, Dimension, DimensionKind, Layer, LayerKind, LayerMeasure, Pack, Scheme,
    Span,
};

/// One use of a counter in a layer.
struct Use {
    counter: usize,
    measure: LayerMeasure,
    what: String,
    span: Span,
}

/// The counters of every benefit.
pub(super) fn check_counters(pack: &Pack) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for scheme in &pack.schemes {
        let admissions: Vec<_> = scheme.benefits.iter().filter_map(|benefit| benefit.admissions).collect();
        for benefit in &scheme.benefits {
            found.extend(check_year_end(scheme, benefit, &admissions));
            for layer in &benefit.layers {
                let uses = uses(layer);
                found.extend(check_measures(scheme, layer, &uses));
                found.extend(
                    uses.iter().filter(|it| admissions.contains(&it.counter)).map(|it| mixed(scheme, it)),
                );
            }
        }
    }
    found
}

fn name(scheme: &Scheme, counter: usize) -> String {
    scheme
        .counters
        .get(counter)
        .map_or_else(|| counter.to_string(), |it| format!("“{}”（{}）", it.label, it.name))
}

/// The Chinese term of a measure.
const fn measure_words(measure: LayerMeasure) -> &'static str {
    match measure {
        LayerMeasure::Paid => "本层支付额",
        LayerMeasure::Eligible => "本层计算金额",
        LayerMeasure::AfterDeductible => "本层计算金额减起付",
        LayerMeasure::EligibleNet => "进入费用段的金额",
        LayerMeasure::EligibleGross => "进入费用段的金额加起付",
        LayerMeasure::Deductible => "起付",
        LayerMeasure::OwnShare => "按比例自付",
        LayerMeasure::OverCeiling => "超限额",
        LayerMeasure::PaidWithDeductible => "本层支付额加起付",
    }
}

fn cap_uses(caps: &[Cap], uses: &mut Vec<Use>) {
    for cap in caps {
        let measure = match cap.axis {
            CapAxis::Paid => LayerMeasure::Paid,
            CapAxis::EligibleNet => LayerMeasure::EligibleNet,
            CapAxis::EligibleGross => LayerMeasure::EligibleGross,
            CapAxis::PaidWithDeductible => LayerMeasure::PaidWithDeductible,
        };
        let what = format!("限额“{}”", cap.label);
        uses.extend(cap.counter.map(|counter| Use { counter, measure, what, span: cap.amount.span.clone() }));
    }
}

/// Every use of a counter in a layer.
fn uses(layer: &Layer) -> Vec<Use> {
    let mut uses = Vec::new();
    match &layer.kind {
        LayerKind::Ratio(ratio) => {
            if let Some(deductible) = &ratio.deductible {
                let measure = LayerMeasure::Deductible;
                let span = deductible.amount.span.clone();
                let own = deductible.counter.map(|counter| Use {
                    counter,
                    measure,
                    what: "起付标准".to_owned(),
                    span,
                });
                uses.extend(own);
                uses.extend(deductible.limits.iter().map(|limit| Use {
                    counter: limit.counter,
                    measure,
                    what: format!("起付的上限“{}”", limit.label),
                    span: limit.amount.span.clone(),
                }));
            }
            if let Some(bands) = &ratio.bands {
                let measured = match bands.axis {
                    BandAxis::Gross | BandAxis::Net => None,
                    BandAxis::CounterGross(counter) => Some((counter, LayerMeasure::Eligible)),
                    BandAxis::CounterNet(counter) => Some((counter, LayerMeasure::AfterDeductible)),
                };
                uses.extend(measured.map(|(counter, measure)| Use {
                    counter,
                    measure,
                    what: "费用段".to_owned(),
                    span: bands.bounds.span.clone(),
                }));
            }
            cap_uses(&ratio.caps, &mut uses);
        }
        LayerKind::Purse(purse) => cap_uses(&purse.caps, &mut uses),
        LayerKind::Guarantee(_) | LayerKind::Tally => {}
    }
    let adds = layer.adds.iter().map(|(measure, counter)| Use {
        counter: *counter,
        measure: *measure,
        what: "adds".to_owned(),
        span: layer.span.clone(),
    });
    uses.extend(adds);
    uses
}

fn check_measures(scheme: &Scheme, layer: &Layer, uses: &[Use]) -> Vec<Diagnostic> {
    let mut first: BTreeMap<usize, &Use> = BTreeMap::new();
    let mut found = Vec::new();
    for one in uses {
        let other = *first.entry(one.counter).or_insert(one);
        if other.measure == one.measure {
            continue;
        }
        let counter = name(scheme, one.counter);
        let takes = |it: &Use| format!("{}记入{}", it.what, measure_words(it.measure));
        let message = format!("“{}”里的累计 {counter} 被要求记入两种不同的量", layer.label);
        found.push(
            Diagnostic::new(Code::CounterMismatch, message, one.span.clone(), takes(one))
                .and(other.span.clone(), takes(other))
                .note("一个累计在一张单、一层里只前进一次")
                .hint("给其中一个另立一个累计（[counter.…]）"),
        );
    }
    found
}

fn mixed(scheme: &Scheme, it: &Use) -> Diagnostic {
    let counter = name(scheme, it.counter);
    let message = format!("累计 {counter} 已用来数住院次数，不能再记金额");
    Diagnostic::new(Code::CounterMismatch, message, it.span.clone(), it.what.clone())
        .hint("另立一个累计（[counter.…]）")
}

fn check_year_end(scheme: &Scheme, benefit: &Benefit, admissions: &[usize]) -> Vec<Diagnostic> {
    let DimensionKind::Choice(names) = Dimension::CareType.kind() else { return Vec::new() };
    let year_end = names.iter().position(|name| *name == "year_end").and_then(|it| i64::try_from(it).ok());
    let only_year_end = benefit.care_types.iter().all(|care| Some(*care) == year_end);
    let mut found = Vec::new();
    if !benefit.in_scope_from.is_empty() && !only_year_end {
        let message = format!("待遇“{}”写了 in_scope_from，但它不只用于 year_end（年度结算）", benefit.label);
        found.push(
            Diagnostic::new(Code::CounterMismatch, message, benefit.span.clone(), "这项待遇")
                .note("平时的单据自带明细，其符合政策范围金额不从累计来")
                .hint("把 year_end 单独写成一项待遇，或删去 in_scope_from"),
        );
    }
    found.extend(benefit.in_scope_from.iter().filter(|counter| admissions.contains(counter)).map(
        |counter| {
            let message = format!("累计 {} 数的是住院次数，不能作为年度结算的金额", name(scheme, *counter));
            Diagnostic::new(Code::CounterMismatch, message, benefit.span.clone(), "in_scope_from")
                .hint("改用记金额的累计")
        },
    ));
    found
}
