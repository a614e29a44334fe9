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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use crate::testing::{day, inquiry, pack, yuan};

    fn rules(method: &str) -> gongji_policy::Pack {
        pack(
            "employee",
            &[
                (
                    "account_interest.rate",
                    "rows = [ { sub_account = \"current_year\", value = \"0.36%\" }, { sub_account = \"carried_over\", value = \"1.2%\" } ]",
                ),
                ("account_interest.method", &format!("value = \"{method}\"")),
                ("account_interest.rounding", "value = \"half_up_fen\""),
            ],
        )
    }

    fn asked(opening: [&str; 2], movements: Vec<Movement>) -> InterestAsked {
        InterestAsked {
            from: day("2024-01-01"),
            to: day("2024-12-31"),
            opening: opening.map(yuan),
            movements,
        }
    }

    fn earned(method: &str, asked: &InterestAsked) -> Fen {
        let pack = rules(method);
        interest(&mut inquiry(&pack, asked.to, &[]), asked).unwrap().amount("interest").unwrap()
    }

    #[test]
    fn money_counts_from_its_month_or_its_day() {
        let credited = |date: &str| Movement { date: day(date), sub_account: 1, amount: 120_000 };
        let of = |method, date| earned(method, &asked(["0.00", "0.00"], vec![credited(date)]));
        assert_eq!(of("months", "2024-12-01"), of("months", "2024-12-31"));
        assert_eq!(of("months", "2024-12-31"), yuan("1.20"));
        assert_eq!(of("days", "2024-12-31"), yuan("0.04"));
        assert_eq!(of("days", "2024-12-02"), yuan("1.20"));
        assert_eq!(of("year", "2024-12-31"), yuan("14.40"));
    }

    #[test]
    fn a_debt_bears_nothing_and_lessens_the_other() {
        assert_eq!(earned("months", &asked(["-500.00", "1500.00"], Vec::new())), yuan("12.00"));
        assert_eq!(earned("months", &asked(["-1500.00", "500.00"], Vec::new())), Fen::ZERO);
    }

    proptest! {
        #[test]
        fn exact_interest_by_days_adds_up_over_a_split(opening in 0_i64..1_000_000, days in 1_i32..365) {
            use jiff::ToSpan;
            let end = day("2024-01-01").checked_add(days.days()).unwrap();
            let part = |from, to| {
                let asked = InterestAsked { from, to, opening: [Fen::ZERO, Fen::new(opening * 30_000)], movements: Vec::new() };
                earned("days", &asked).fen()
            };
            let next = end.checked_add(1.day()).unwrap();
            let whole = part(day("2024-01-01"), day("2025-01-31"));
            prop_assert_eq!(part(day("2024-01-01"), end) + part(next, day("2025-01-31")), whole);
        }
    }
}
