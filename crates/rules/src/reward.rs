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
