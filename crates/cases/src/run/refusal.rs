//! Why the rules have no answer, in words.

use gongji_policy::plan::Refusal;
use gongji_policy::view::{condition_words, value_words};
use gongji_policy::{Dimension, DimensionKind, Domain, Scheme};
use jiff::civil::Date;

use crate::error::{CaseError, ErrorCode};
use crate::facts::field_of;

/// What would answer a dimension.
fn answers(dimension: Dimension, scheme: &Scheme) -> String {
    let words = |count: usize| {
        (0..count)
            .map(|value| value_words(dimension, value as i64, &scheme.values))
            .collect::<Vec<_>>()
            .join("、")
    };
    match dimension.kind() {
        DimensionKind::Choice(names) => words(names.len()),
        DimensionKind::Open => words(scheme.values.get(&dimension).map_or(0, Vec::len)),
        DimensionKind::Flag => "有（写进列表或写 true），或没有（空列表或 false）".to_owned(),
        DimensionKind::Integer { low, high } => format!("{low} 到 {high} 之间的整数"),
        DimensionKind::Date => "日期，如 \"2023-05-30\"".to_owned(),
    }
}

/// A refusal of the rules as an error of the case.
pub(crate) fn refused(
    refusal: &Refusal,
    index: usize,
    scheme: &Scheme,
    domain: &Domain,
    day: Date,
) -> CaseError {
    match refusal {
        Refusal::NeedsAnswer { dimension, path } => CaseError::new(
            ErrorCode::NeedsAnswer,
            field_of(*dimension, index),
            format!("需要知道“{}”才能计算", dimension.label()),
        )
        .expected(answers(*dimension, scheme))
        .hint(format!("规则 {path} 按它区分")),
        Refusal::Unknown { reason, path } => CaseError::new(
            ErrorCode::UnknownInPack,
            crate::facts::event_field(index, "").trim_end_matches('.'),
            reason,
        )
        .hint(format!("规则 {path} 在 {day} 没有可靠的数值，暂无依据，不作计算")),
        Refusal::OutsideDomain { dimension, value } => {
            let accepted = domain
                .get(dimension)
                .map(|constraint| condition_words(*dimension, constraint, &scheme.values));
            CaseError::new(
                ErrorCode::OutsideDomain,
                field_of(*dimension, index),
                format!("{}没有这种情况的规则", scheme.label),
            )
            .found(format!("{}：{}", dimension.label(), value_words(*dimension, *value, &scheme.values)))
            .expected(accepted.unwrap_or_default())
        }
        Refusal::NoRule { path } => CaseError::new(
            ErrorCode::NoRule,
            crate::facts::event_field(index, "date"),
            format!("{day} 没有适用于这种情况的规则（{path}）"),
        ),
        Refusal::NotStated { path, label } => CaseError::new(
            ErrorCode::NoRule,
            crate::facts::event_field(index, "kind"),
            format!("本统筹区的政策包没有给出“{label}”"),
        )
        .hint(format!("缺少 {path}，暂无依据，不作计算")),
        Refusal::TooFine { path } => CaseError::new(
            ErrorCode::Internal,
            "",
            format!("规则 {path} 的数值超出了引擎的精度，政策包没有通过检查"),
        ),
    }
}
