//! 个人账户清算与年度结转: what was credited beforehand against what was due, and the turn of the year.

use gongji_money::Fen;
use gongji_policy::{Decision, Inquiry};
use jiff::civil::Date;

use crate::Formula;
use crate::calculation::{Calculation, Figure, Stop};
use crate::calendar::{day_of_month, months_between};
use crate::credit::{CreditAsked, FEN, basis, unit};

/// Months for which contributions arrived, at one base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClearedMonths {
    /// First day of the last month.
    pub to: Date,
    /// What the credit of these months rests on; its period is the first month.
    pub credit: CreditAsked,
    /// The day whose law gives the credit.
    pub law_day: Date,
}

/// What is asked about a clearing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClearingAsked {
    /// What was credited beforehand for the year.
    pub precredited: Option<Fen>,
    /// What was due, where it is stated.
    pub due: Option<Fen>,
    /// The months paid, where what was due is to be reckoned.
    pub months: Vec<ClearedMonths>,
    /// The balances: current year, carried over.
    pub balances: [Fen; 2],
}

const CLEARING: &str = "account_clearing";
const ROLL: &str = "year_roll";

/// What was due for the months paid, with the rows that decided.
fn due<'pack>(
    inquiry: &mut Inquiry<'pack>,
    months: &[ClearedMonths],
) -> Result<(Formula, Vec<Decision<'pack>>), Stop> {
    let own_day = inquiry.day;
    let mut rows = inquiry.taken();
    let mut parts = Vec::new();
    for run in months {
        inquiry.day = run.law_day;
        let basis = basis(inquiry, &run.credit)?;
        let mut sheet = Calculation::default();
        let unit = unit(&mut sheet, inquiry, &run.credit, &basis)?;
        rows.extend(basis.rows);
        rows.extend(sheet.entries.into_iter().flat_map(|entry| entry.decisions));
        rows.extend(inquiry.taken());
        let count = Formula::count(months_between(run.credit.period, run.to) + 1);
        parts.push(if unit.of_month || !basis.yearly {
            unit.formula.times(count)
        } else {
            unit.formula.times(count).over(Formula::count(12))
        });
    }
    inquiry.day = own_day;
    let formula = match parts.len() {
        0 => Formula::Money(Fen::ZERO),
        1 => parts.swap_remove(0),
        _ => Formula::Sum(parts),
    };
    Ok((formula, rows))
}

/// Takes what is owed from the parts in that order, each down to nothing; gives what is left of it.
fn take(owed: i64, order: &[usize], balances: &mut [i64; 2]) -> i64 {
    let mut owed = owed;
    for part in order {
        let taken = owed.min(balances[*part].max(0));
        balances[*part] -= taken;
        owed -= taken;
    }
    owed
}

/// 清算: 多退少补. What it moved stands under `current_year_change` and `carried_over_change`.
///
/// # Errors
/// A [`Stop`] where the pack does not say, a field is missing, or the figures are too large.
pub fn account_clearing<'pack>(
    inquiry: &mut Inquiry<'pack>,
    asked: &ClearingAsked,
) -> Result<Calculation<'pack>, Stop> {
    let mut sheet = Calculation::default();
    if !inquiry.flag(CLEARING, "applied")? {
        sheet.put(inquiry, "applied", "是否清算", Figure::Flag(false)).reason =
            "划入的资金按实际缴费，不预划，没有清算".to_owned();
        return Ok(sheet);
    }
    sheet.put(inquiry, "applied", "是否清算", Figure::Flag(true));
    let beforehand = asked
        .precredited
        .ok_or(Stop::Missing("precredited", "年度之初预划的金额，或前面写出这一年度的 account_credit"))?;
    sheet.put(inquiry, "precredited", "年初预划", Figure::Money(beforehand));
    let rounding = inquiry.rounding(CLEARING)?;
    let (formula, rows) = match asked.due {
        Some(due) => (Formula::Money(due), inquiry.taken()),
        None => due(inquiry, &asked.months)?,
    };
    let due = sheet.money(inquiry, "due", "实际应划", formula, rounding)?;
    if let Some(entry) = sheet.entries.last_mut() {
        entry.decisions = rows;
    }
    let formula = Formula::Money(due).minus(Formula::Money(beforehand));
    let difference = sheet.money(inquiry, "difference", "清算差额", formula, FEN)?.fen();
    let mut balances = asked.balances.map(Fen::fen);
    let why = if difference >= 0 {
        let to = inquiry.choice(CLEARING, "surplus_to")?;
        let part = &mut balances[usize::from(to.name() == "carried_over")];
        *part = part.checked_add(difference).ok_or(Stop::TooLarge)?;
        if difference == 0 {
            "应划与预划相等".to_owned()
        } else {
            format!("少划的补记{}", to.label())
        }
    } else {
        let from = inquiry.choice(CLEARING, "shortfall_from")?;
        let order: &[usize] = match from.name() {
            "current_year_first" => &[0, 1],
            "carried_over_first" => &[1, 0],
            _ => &[],
        };
        let rest = take(-difference, order, &mut balances);
        balances[0] = balances[0].checked_sub(rest).ok_or(Stop::TooLarge)?;
        format!("多划的扣回：{}", from.label())
    };
    if let Some(entry) = sheet.entries.last_mut() {
        entry.reason = why;
        entry.decisions = inquiry.taken();
    }
    after(&mut sheet, inquiry, asked.balances, balances)?;
    Ok(sheet)
}

/// What moved in each part and what stands there, as entries.
fn after<'pack>(
    sheet: &mut Calculation<'pack>,
    inquiry: &mut Inquiry<'pack>,
    before: [Fen; 2],
    balances: [i64; 2],
) -> Result<(), Stop> {
    let names = [("current_year", "当年账户"), ("carried_over", "历年账户")];
    for ((name, label), (before, after)) in names.into_iter().zip(before.into_iter().zip(balances)) {
        let change = after.checked_sub(before.fen()).ok_or(Stop::TooLarge)?;
        let (change_name, change_label) = (format!("{name}_change"), format!("{label}变动"));
        sheet.put(inquiry, change_name, change_label, Figure::Money(Fen::new(change)));
        let formula = Formula::Money(before).plus(Formula::Money(Fen::new(change)));
        sheet.money(inquiry, name, format!("{label}余额"), formula, FEN)?;
        if let Some(entry) = sheet.entries.last_mut()
            && after < 0
        {
            entry.reason = "负数：等以后划入的资金抵补，不须本人交钱".to_owned();
        }
    }
    Ok(())
}

/// What is asked about the turn of the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RollAsked {
    /// The day.
    pub date: Date,
    /// Month and day on which the insurance year begins.
    pub year_start: (i64, i64),
    /// The balances: current year, carried over.
    pub balances: [Fen; 2],
}

/// 年度结转: what is left of the current year moves to the carried-over part, never the other way.
///
/// # Errors
/// A [`Stop`] where the pack does not say, or the day is not that of the turn.
pub fn year_roll<'pack>(inquiry: &mut Inquiry<'pack>, asked: &RollAsked) -> Result<Calculation<'pack>, Stop> {
    let mut sheet = Calculation::default();
    if !inquiry.flag(ROLL, "applied")? {
        sheet.put(inquiry, "applied", "是否结转", Figure::Flag(false)).reason =
            "账户不分当年、历年，没有结转".to_owned();
        return Ok(sheet);
    }
    sheet.put(inquiry, "applied", "是否结转", Figure::Flag(true));
    let month = inquiry.maybe_count(ROLL, "month")?;
    let day = inquiry.maybe_count(ROLL, "day")?;
    let (month, day) = match (month, day) {
        (Some(month), day) => (month, day.unwrap_or(1)),
        (None, day) => (asked.year_start.0, day.unwrap_or(asked.year_start.1)),
    };
    let turn = i8::try_from(month)
        .ok()
        .and_then(|month| Date::new(asked.date.year(), month, 1).ok())
        .and_then(|month| day_of_month(month, day))
        .ok_or(Stop::TooLarge)?;
    if asked.date != turn {
        return Err(Stop::Wrong("date", format!("每年 {month} 月 {day} 日结转，这一天不是结转日")));
    }
    sheet.put(inquiry, "rolls_on", "结转日", Figure::Day(turn));
    let [current, carried] = asked.balances.map(Fen::fen);
    let mut balances = [current, carried];
    let why = if current >= 0 {
        balances = [0, carried.checked_add(current).ok_or(Stop::TooLarge)?];
        "当年账户的余额转入历年账户，当年账户从零开始".to_owned()
    } else {
        let rule = inquiry.maybe_choice(ROLL, "negative")?;
        if rule.is_some_and(|rule| rule.name() == "kept") {
            "当年账户是负数，留在当年账户".to_owned()
        } else {
            let rest = take(-current, &[1], &mut balances);
            balances[0] = -rest;
            "当年账户的负数从历年账户扣抵".to_owned()
        }
    };
    let moved = balances[1].checked_sub(carried).ok_or(Stop::TooLarge)?;
    sheet.put(inquiry, "rolled", "转入历年", Figure::Money(Fen::new(moved))).reason = why;
    after(&mut sheet, inquiry, asked.balances, balances)?;
    Ok(sheet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use crate::testing::{day, inquiry, pack, yuan};

    fn rules(from: &str) -> gongji_policy::Pack {
        pack(
            "employee",
            &[
                ("account_clearing.applied", "value = true"),
                ("account_clearing.shortfall_from", &format!("value = \"{from}\"")),
                ("account_clearing.surplus_to", "value = \"carried_over\""),
                ("account_clearing.rounding", "value = \"half_up_fen\""),
                ("year_roll.applied", "value = true"),
                ("year_roll.day", "value = 31"),
            ],
        )
    }

    fn cleared(from: &str, before: &str, due: &str, balances: [&str; 2]) -> [Fen; 2] {
        let pack = rules(from);
        let asked = ClearingAsked {
            precredited: Some(yuan(before)),
            due: Some(yuan(due)),
            months: Vec::new(),
            balances: balances.map(yuan),
        };
        let sheet = account_clearing(&mut inquiry(&pack, day("2025-06-30"), &[]), &asked).unwrap();
        ["current_year", "carried_over"].map(|name| sheet.amount(name).unwrap())
    }

    #[test]
    fn a_shortfall_goes_where_the_rules_say() {
        let of = |from, owed| cleared(from, owed, "0.00", ["30.00", "50.00"]);
        assert_eq!(of("current_year", "100.00"), [yuan("-70.00"), yuan("50.00")]);
        assert_eq!(of("current_year_first", "30.00"), [yuan("0.00"), yuan("50.00")]);
        assert_eq!(of("current_year_first", "80.01"), [yuan("-0.01"), yuan("0.00")]);
        assert_eq!(of("carried_over_first", "50.01"), [yuan("29.99"), yuan("0.00")]);
        assert_eq!(
            cleared("current_year", "0.00", "10.00", ["30.00", "50.00"]),
            [yuan("30.00"), yuan("60.00")]
        );
    }

    #[test]
    fn the_year_turns_on_its_day_alone() {
        let pack = rules("current_year");
        let roll = |date: &str, balances: [&str; 2]| {
            let asked = RollAsked { date: day(date), year_start: (2, 1), balances: balances.map(yuan) };
            year_roll(&mut inquiry(&pack, asked.date, &[]), &asked)
        };
        // The 31st of February is its last day.
        assert!(matches!(roll("2025-02-27", ["1.00", "1.00"]), Err(Stop::Wrong("date", _))));
        let sheet = roll("2025-02-28", ["-10.00", "4.00"]).unwrap();
        assert_eq!(sheet.amount("current_year"), Some(yuan("-6.00")));
        assert_eq!(sheet.amount("carried_over"), Some(Fen::ZERO));
    }

    proptest! {
        #[test]
        fn a_clearing_moves_the_difference_and_nothing_else(
            before in 0_i64..1_000_000, due in 0_i64..1_000_000,
            current in -100_000_i64..1_000_000, carried in 0_i64..1_000_000,
        ) {
            for from in ["current_year", "current_year_first", "carried_over_first"] {
                let text = |fen: i64| Fen::new(fen).to_string();
                let after = cleared(from, &text(before), &text(due), [&text(current), &text(carried)]);
                prop_assert_eq!(after[0].fen() + after[1].fen(), current + carried + due - before);
                prop_assert!(after[1] >= Fen::ZERO);
            }
        }
    }
}
