//! 大病保险限额的激励与降低: what years of cover, years without a claim and missed years do to the cap.

use gongji_money::Fen;
use gongji_policy::Inquiry;

use crate::Formula;
use crate::calculation::{Calculation, Stop};
use crate::credit::FEN;

/// One coverage year of a person's history, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoverageYear {
    /// Whether the person was insured.
    pub insured: bool,
    /// Whether the fund paid anything.
    pub claimed: bool,
    /// Whether a raised cap was drawn on.
    pub reward_used: bool,
}

const CALCULATION: &str = "cap_reward";

/// What the history has earned.
#[derive(Default)]
struct Earned {
    /// Years without a break.
    continuous: i64,
    /// Years that raised the cap for continuity, still held.
    rewarded: i64,
    /// Years without a claim, still held.
    zero_claims: i64,
    missed: i64,
}

/// The cap after rewards and reductions.
///
/// # Errors
/// A [`Stop`] where the pack does not say or the figures are too large.
pub fn cap_reward<'pack>(
    inquiry: &mut Inquiry<'pack>,
    history: &[CoverageYear],
) -> Result<Calculation<'pack>, Stop> {
    let mut sheet = Calculation::default();
    let original = inquiry.amount(CALCULATION, "original_cap")?;
    sheet.money(inquiry, "original_cap", "大病保险原限额", Formula::Money(original), FEN)?;
    let after = inquiry.count(CALCULATION, "after_years")?;
    let kept = inquiry.flag(CALCULATION, "kept_on_break")?;
    let rows = inquiry.taken();
    let mut earned = Earned::default();
    for year in history {
        if !year.insured {
            earned.missed += 1;
            earned.continuous = 0;
            if !kept {
                (earned.rewarded, earned.zero_claims) = (0, 0);
            }
            continue;
        }
        earned.continuous += 1;
        if earned.continuous > after {
            earned.rewarded += 1;
        }
        if !year.claimed {
            earned.zero_claims += 1;
        }
        if year.reward_used {
            earned.zero_claims = 0;
        }
    }
    sheet.count(inquiry, "continuous_years", "连续参保年数", earned.continuous, "年");
    sheet.count(inquiry, "rewarded_years", "计激励的连续参保年数", earned.rewarded, "年").decisions = rows;
    sheet.count(inquiry, "zero_claim_years", "计激励的零报销年数", earned.zero_claims, "年");
    let each = inquiry.amount(CALCULATION, "per_year")?;
    let zero = inquiry.amount(CALCULATION, "zero_claim")?;
    let formula = Formula::Money(each)
        .times(Formula::count(earned.rewarded))
        .plus(Formula::Money(zero).times(Formula::count(earned.zero_claims)));
    let raised = sheet.money(inquiry, "earned", "应得激励", formula, FEN)?;
    let limit = inquiry.rate(CALCULATION, "limit_rate")?;
    let formula =
        Formula::Least(vec![Formula::Money(raised), Formula::Money(original).times(Formula::Share(limit))]);
    let granted = sheet.money(inquiry, "granted", "实得激励", formula, FEN)?;
    let mut formula = Formula::Money(original).plus(Formula::Money(granted));
    if earned.missed > 0
        && let Some(each) = inquiry.maybe_amount(CALCULATION, "per_missed_year")?
    {
        let mut less = Formula::Money(each).times(Formula::count(earned.missed));
        if let Some(most) = inquiry.maybe_amount(CALCULATION, "missed_limit")? {
            less = Formula::Least(vec![less, Formula::Money(most)]);
        }
        let less = sheet.money(inquiry, "reduced", "断保降低", less, FEN)?;
        formula = formula.minus(Formula::Money(less));
    }
    let formula = Formula::Greatest(vec![formula, Formula::Money(Fen::ZERO)]);
    sheet.money(inquiry, "cap", "大病保险限额", formula, FEN)?;
    Ok(sheet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use crate::testing::{day, inquiry, pack, yuan};

    fn cap(kept: bool, history: &[CoverageYear]) -> Fen {
        let pack = pack(
            "resident",
            &[
                ("cap_reward.original_cap", "value = 300000"),
                ("cap_reward.after_years", "value = 4"),
                ("cap_reward.per_year", "value = 2000"),
                ("cap_reward.zero_claim", "value = 2000"),
                ("cap_reward.limit_rate", "value = \"20%\""),
                ("cap_reward.kept_on_break", &format!("value = {kept}")),
                ("cap_reward.per_missed_year", "value = 4000"),
                ("cap_reward.missed_limit", "value = 80000"),
            ],
        );
        cap_reward(&mut inquiry(&pack, day("2030-01-01"), &[]), history).unwrap().amount("cap").unwrap()
    }

    const CLAIMED: CoverageYear = CoverageYear { insured: true, claimed: true, reward_used: false };
    const QUIET: CoverageYear = CoverageYear { claimed: false, ..CLAIMED };
    const MISSED: CoverageYear = CoverageYear { insured: false, claimed: false, reward_used: false };

    #[test]
    fn the_fifth_year_is_the_first_rewarded_and_a_fifth_is_the_most() {
        assert_eq!(cap(true, &[CLAIMED; 4]), yuan("300000.00"));
        assert_eq!(cap(true, &[CLAIMED; 5]), yuan("302000.00"));
        assert_eq!(cap(true, &[QUIET; 16]), yuan("356000.00"));
        assert_eq!(cap(true, &[QUIET; 18]), yuan("360000.00"));
    }

    #[test]
    fn a_break_costs_and_may_keep_what_was_earned() {
        let broken = [CLAIMED, CLAIMED, CLAIMED, CLAIMED, CLAIMED, MISSED];
        assert_eq!([cap(true, &broken), cap(false, &broken)], [yuan("298000.00"), yuan("296000.00")]);
        assert_eq!(cap(true, &[MISSED; 21]), yuan("220000.00"));
        let used = CoverageYear { reward_used: true, ..CLAIMED };
        assert_eq!(cap(true, &[QUIET, QUIET, used]), yuan("300000.00"));
    }

    proptest! {
        #[test]
        fn the_cap_stays_within_a_fifth_above_and_the_limit_below(
            years in proptest::collection::vec((any::<bool>(), any::<bool>(), any::<bool>()), 0..40), kept: bool,
        ) {
            let history: Vec<_> = years
                .into_iter()
                .map(|(insured, claimed, reward_used)| CoverageYear { insured, claimed, reward_used })
                .collect();
            let cap = cap(kept, &history);
            prop_assert!(yuan("220000.00") <= cap && cap <= yuan("360000.00"));
        }
    }
}
