//! 个人账户使用: for what and for whom, from which part, how much.

use gongji_money::Fen;
use gongji_policy::{Dimension, Inquiry};

use crate::Formula;
use crate::calculation::{Calculation, Figure, Stop};
use crate::credit::FEN;

/// What is asked about a use of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UseAsked {
    /// For what: index of [`Dimension::Purpose`].
    pub purpose: i64,
    /// For whom: index of [`Dimension::Beneficiary`].
    pub beneficiary: i64,
    /// How much.
    pub amount: Fen,
    /// The balances: current year, carried over.
    pub balances: [Fen; 2],
}

const CALCULATION: &str = "account_use";
const NAMES: [(&str, &str); 2] =
    [("current_year_paid", "当年账户支付"), ("carried_over_paid", "历年账户支付")];

/// One use. What it took stands under `current_year_paid` and `carried_over_paid`.
///
/// # Errors
/// A [`Stop`] where the pack does not say.
pub fn account_use<'pack>(
    inquiry: &mut Inquiry<'pack>,
    asked: &UseAsked,
) -> Result<Calculation<'pack>, Stop> {
    let mut sheet = Calculation::default();
    inquiry.set(Dimension::Purpose, asked.purpose).set(Dimension::Beneficiary, asked.beneficiary);
    let allowed = inquiry.flag(CALCULATION, "allowed")?;
    let entry = sheet.put(inquiry, "allowed", "可否使用", Figure::Flag(allowed));
    let reason = entry.decisions.last().and_then(|decision| decision.cited.reason);
    entry.reason = reason.unwrap_or(if allowed { "可以使用" } else { "不可以使用" }).to_owned();
    let mut wanted = if allowed { asked.amount } else { Fen::ZERO };
    let mut order: &[usize] = &[0, 1];
    if allowed {
        let limit = inquiry.maybe_amount(CALCULATION, "limit")?;
        if let Some(limit) = limit.filter(|limit| *limit < wanted) {
            sheet.put(inquiry, "limit", "每次限额", Figure::Money(limit));
            wanted = limit;
        }
        let from = inquiry.choice(CALCULATION, "from")?;
        order = match from.name() {
            "carried_over" => &[1],
            "carried_over_first" => &[1, 0],
            _ => &[0, 1],
        };
        sheet.put(inquiry, "from", "从哪部分支付", Figure::Name(from.name(), from.label()));
    }
    let mut left = wanted;
    for part in order {
        let (name, label) = NAMES[*part];
        let formula = Formula::Least(vec![Formula::Money(left), Formula::Money(asked.balances[*part])]);
        let taken = sheet.money(inquiry, name, label, formula, FEN)?;
        left = left.checked_sub(taken).ok_or(Stop::TooLarge)?;
    }
    let paid = wanted.checked_sub(left).ok_or(Stop::TooLarge)?;
    sheet.put(inquiry, "account_paid", "账户支付合计", Figure::Money(paid));
    let cash = asked.amount.checked_sub(paid).ok_or(Stop::TooLarge)?;
    let entry = sheet.put(inquiry, "cash_paid", "账户以外支付", Figure::Money(cash));
    if allowed && !cash.is_zero() {
        entry.reason = "账户可用部分不足".to_owned();
    }
    Ok(sheet)
}
