//! Benefits of one scheme that serve the same care on the same day.

use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Dimension, OpenValues, Pack};
use crate::view::{interval_words, value_words};

/// No two benefits of a scheme share a care type and a day.
pub(super) fn check_benefits(pack: &Pack) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for scheme in &pack.schemes {
        for (number, first) in scheme.benefits.iter().enumerate() {
            for second in scheme.benefits.iter().skip(number + 1) {
                let Some(care) = first.care_types.iter().find(|care| second.care_types.contains(care)) else {
                    continue;
                };
                let overlap = first.from.max(second.from);
                if first.to.is_some_and(|to| to < overlap) || second.to.is_some_and(|to| to < overlap) {
                    continue;
                }
                let care = value_words(Dimension::CareType, *care, &OpenValues::new());
                let message = format!("待遇“{}”与“{}”都管{care}，日期重叠", first.label, second.label);
                found.push(
                    Diagnostic::new(
                        Code::DateOverlap,
                        message,
                        second.span.clone(),
                        interval_words(second.from, second.to),
                    )
                    .and(first.span.clone(), interval_words(first.from, first.to))
                    .note(format!("例如：{overlap}，{care}"))
                    .hint("前一项待遇的 to 应写到后一项 from 的前一天，或把医疗类别分开"),
                );
            }
        }
    }
    found
}
