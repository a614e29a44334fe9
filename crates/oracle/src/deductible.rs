//! What stays with the person first.

use std::cmp::{max, min};

use gongji_policy::Deductible;

use crate::Refusal;
use crate::amount::{Measures, Standard};

/// The deductible taken from this bill, in fen; its counters move by it.
pub(crate) fn deductible(
    measures: &Measures<'_>,
    rule: &Deductible,
    stay_days: i64,
    used: &[i64],
    moves: &mut Vec<(usize, i64)>,
) -> Result<i64, Refusal> {
    let mut amount = match measures.standard(&rule.amount, &rule.adjust)? {
        Standard::Fen(amount) => amount,
        // Neither occurs in a checked pack: there is nothing to take.
        Standard::Unlimited | Standard::NotApplied => 0,
    };
    if let Some(days) = rule.due_every_days {
        let begun = (max(stay_days, 1) - 1) / days + 1;
        amount = amount.saturating_mul(begun);
    }
    let mut counters = Vec::new();
    if let Some(counter) = rule.counter {
        amount = max(0, amount - used[counter]);
        counters.push(counter);
    }
    for limit in &rule.limits {
        if let Standard::Fen(most) = measures.standard(&limit.amount, &[])? {
            amount = min(amount, max(0, most - used[limit.counter]));
            counters.push(limit.counter);
        }
    }
    let taken = min(amount, measures.eligible);
    moves.extend(counters.into_iter().map(|counter| (counter, taken)));
    Ok(taken)
}
