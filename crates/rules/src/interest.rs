//! 个人账户计息: two sub-accounts at two rates, by month products, day products or the closing balance.

use gongji_money::Fen;
use gongji_policy::{Dimension, Inquiry, day_number};
use jiff::civil::Date;

use crate::Formula;
use crate::calculation::{Calculation, Figure, Stop};
use crate::calendar::months_between;

/// Money that went into or out of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Movement {
    /// When.
    pub date: Date,
    /// 0 current year, 1 carried over.
    pub sub_account: usize,
    /// In fen; negative for what went out.
    pub amount: i64,
}

/// What is asked about interest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterestAsked {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// The balances at the start of `from`: current year, carried over.
    pub opening: [Fen; 2],
    /// What moved in between.
    pub movements: Vec<Movement>,
}

const CALCULATION: &str = "account_interest";
const NAMES: [(&str, &str); 2] = [("current", "当年账户"), ("carried_over", "历年账户")];

/// The weight that money carries from a day on: months (its own counted whole) or days to the end.
fn weight(method: &str, from: Date, to: Date) -> i64 {
    match method {
        "months" => months_between(from, to) + 1,
        _ => day_number(to) - day_number(from) + 1,
    }
}

/// The interest of an interval.
///
/// # Errors
/// A [`Stop`] where the pack does not say or the figures are too large.
pub fn interest<'pack>(
    inquiry: &mut Inquiry<'pack>,
    asked: &InterestAsked,
) -> Result<Calculation<'pack>, Stop> {
    let mut sheet = Calculation::default();
    let method = inquiry.choice(CALCULATION, "method")?;
    let rounding = inquiry.rounding(CALCULATION)?;
    let rows = inquiry.taken();
    let total = |sub: usize, weighted: bool| -> Option<i64> {
        let opening_weight = if weighted { weight(method.name(), asked.from, asked.to) } else { 1 };
        asked.movements.iter().filter(|moved| moved.sub_account == sub).try_fold(
            asked.opening[sub].fen().checked_mul(opening_weight)?,
            |sum, moved| {
                let factor = if weighted { weight(method.name(), moved.date, asked.to) } else { 1 };
                sum.checked_add(moved.amount.checked_mul(factor)?)
            },
        )
    };
    let by_balance = method.name() == "year";
    let unit = match method.name() {
        "months" => Formula::count(12),
        "days" => Formula::count(inquiry.maybe_count(CALCULATION, "days_in_year")?.unwrap_or(360)),
        _ => Formula::count(1),
    };
    let mut products = [0; 2];
    let mut closing = [0; 2];
    for (sub, (name, label)) in NAMES.into_iter().enumerate() {
        products[sub] = total(sub, !by_balance).ok_or(Stop::TooLarge)?;
        closing[sub] = total(sub, false).ok_or(Stop::TooLarge)?;
        if !by_balance {
            let label = format!("{label}{}", method.label());
            sheet.put(inquiry, format!("{name}_product"), label, Figure::Money(Fen::new(products[sub])));
        }
    }
    // A current-year account below nothing bears no interest and takes from the other's product.
    if products[0] < 0 {
        products[1] = products[1].checked_add(products[0]).ok_or(Stop::TooLarge)?;
        products[0] = 0;
    }
    let mut parts = Vec::new();
    for (sub, (name, label)) in NAMES.into_iter().enumerate() {
        inquiry.set(Dimension::SubAccount, sub as i64);
        let rate = inquiry.rate(CALCULATION, "rate")?;
        let mut part = Formula::Money(Fen::new(products[sub].max(0))).times(Formula::Share(rate));
        if !by_balance {
            part = part.over(unit.clone());
        }
        sheet.money(inquiry, format!("{name}_interest"), format!("{label}利息"), part.clone(), rounding)?;
        parts.push(part);
    }
    let interest = sheet.money(inquiry, "interest", "利息合计", Formula::Sum(parts), rounding)?;
    if let Some(entry) = sheet.entries.last_mut() {
        entry.decisions.extend(rows);
        entry.reason = format!("按{}计息，两部分合计后取整一次", method.label());
    }
    let balance = closing[0].checked_add(closing[1]).ok_or(Stop::TooLarge)?;
    sheet.put(inquiry, "before_interest", "计息前余额", Figure::Money(Fen::new(balance)));
    let after = Fen::new(balance).checked_add(interest).ok_or(Stop::TooLarge)?;
    sheet.put(inquiry, "closing", "计息后余额", Figure::Money(after));
    Ok(sheet)
}
