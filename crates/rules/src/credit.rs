//! 个人账户划入: by the own base, the own pension, an average or a flat amount; monthly or a year ahead.

use gongji_money::{Fen, Rate, Rounding};
use gongji_policy::{Choice, Decision, Dimension, Inquiry};
use jiff::civil::Date;

use crate::Formula;
use crate::calculation::{Calculation, Figure, Stop};
use crate::calendar::{age, day_of_month, months_between};

/// What is asked about a credit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditAsked {
    /// The first day of the month.
    pub period: Date,
    /// First and last day of the insurance year.
    pub year: (Date, Date),
    /// The wage, where given; the bounds of the base hold it.
    pub wage: Option<Fen>,
    /// The base of contributions, where given; it stands within its bounds already.
    pub base: Option<Fen>,
    /// The monthly pension, where given.
    pub pension: Option<Fen>,
    /// When the person joined, for credits of a year ahead.
    pub joined_on: Option<Date>,
    /// The birthday, where known.
    pub born: Option<Date>,
}

const CALCULATION: &str = "account_credit";

/// By what and how often credits are made.
pub(crate) struct Basis<'pack> {
    kind: Choice,
    cycle: Choice,
    /// Whether a whole year is credited at once.
    pub yearly: bool,
    /// The rows that say so.
    pub rows: Vec<Decision<'pack>>,
}

/// By what the person is credited; sets the age on the day that counts.
///
/// # Errors
/// A [`Stop`] where the pack does not say.
pub(crate) fn basis<'pack>(inquiry: &mut Inquiry<'pack>, asked: &CreditAsked) -> Result<Basis<'pack>, Stop> {
    let age_on = inquiry.maybe_choice(CALCULATION, "age_on")?.map_or("period", |choice| choice.name());
    let age_day = if age_on == "year_start" { asked.year.0 } else { asked.period };
    if let Some(born) = asked.born {
        inquiry.facts.set(Dimension::Age, Some(age(born, age_day).clamp(0, 150)));
    }
    let cycle = inquiry.choice(CALCULATION, "cycle")?;
    let kind = inquiry.choice(CALCULATION, "base")?;
    Ok(Basis { kind, cycle, yearly: cycle.name() == "year", rows: inquiry.taken() })
}

/// What one month, or one whole cycle, is credited.
pub(crate) struct Unit {
    pub formula: Formula,
    /// Whether it is that of one month.
    pub of_month: bool,
    /// Why it is nothing, where it is.
    refused: Option<String>,
}

/// The credit before it is multiplied by months; the base as an entry of the sheet, if there is one.
///
/// # Errors
/// A [`Stop`] where the pack does not say, a field is missing, or the figures are too large.
pub(crate) fn unit<'pack>(
    sheet: &mut Calculation<'pack>,
    inquiry: &mut Inquiry<'pack>,
    asked: &CreditAsked,
    basis: &Basis<'pack>,
) -> Result<Unit, Stop> {
    let mut refused = None;
    let mut of_month = true;
    let formula = match basis.kind.name() {
        "own_base" => {
            let base = match (asked.base, asked.wage) {
                (Some(base), _) => {
                    sheet.put(inquiry, "base", "缴费基数", Figure::Money(base));
                    base
                }
                (None, Some(wage)) => crate::contribute::base(sheet, inquiry, wage)?,
                (None, None) => return Err(Stop::Missing("wage", "月工资（wage）或缴费基数（base）")),
            };
            let rate = inquiry.rate(CALCULATION, "rate")?;
            let from_employer =
                inquiry.maybe_rate(CALCULATION, "employer_rate")?.filter(|rate| *rate != Rate::ZERO);
            let share = match from_employer {
                Some(other) => Formula::Share(rate).plus(Formula::Share(other)),
                None => Formula::Share(rate),
            };
            Formula::Money(base).times(share)
        }
        "own_pension" => {
            let (base, reason) = pension(inquiry, asked)?;
            refused = reason;
            base.times(Formula::Share(inquiry.rate(CALCULATION, "rate")?))
        }
        "average" => {
            of_month = false;
            let average = inquiry.amount(CALCULATION, "average")?;
            Formula::Money(average).times(Formula::Share(inquiry.rate(CALCULATION, "rate")?))
        }
        _ => {
            of_month = false;
            Formula::Money(inquiry.amount(CALCULATION, "amount")?)
        }
    };
    Ok(Unit { formula, of_month, refused })
}

/// One credit.
///
/// # Errors
/// A [`Stop`] where the pack does not say, a field is missing, or the figures are too large.
pub fn credit<'pack>(inquiry: &mut Inquiry<'pack>, asked: &CreditAsked) -> Result<Calculation<'pack>, Stop> {
    let mut sheet = Calculation::default();
    let basis = basis(inquiry, asked)?;
    if asked.born.is_some()
        && let Some(years) = inquiry.facts.get(Dimension::Age)
    {
        sheet.count(inquiry, "age", "计算年龄", years, "岁");
    }
    let unit = unit(&mut sheet, inquiry, asked, &basis)?;
    let mut formula = unit.formula;
    if basis.yearly && unit.of_month {
        formula = formula.times(Formula::count(12));
    }
    if basis.yearly {
        let joined = asked.joined_on.filter(|joined| *joined > asked.year.0 && *joined <= asked.year.1);
        if let Some(joined) = joined {
            let months = 12 - months_between(asked.year.0, joined);
            formula = formula.times(Formula::count(months)).over(Formula::count(12));
        }
    }
    let rounding = inquiry.rounding(CALCULATION)?;
    sheet.money(inquiry, "credit", "划入金额", formula, rounding)?;
    let (kind, cycle) = (basis.kind, basis.cycle);
    if let Some(entry) = sheet.entries.last_mut() {
        entry.reason = unit.refused.unwrap_or_else(|| format!("{}划入，{}", kind.label(), cycle.label()));
        entry.decisions.splice(0..0, basis.rows);
    }
    sheet.put(inquiry, "basis", "划入基数", Figure::Name(kind.name(), kind.label()));
    sheet.put(inquiry, "sub_account", "划入", Figure::Name("current_year", "当年账户"));
    if basis.yearly {
        let on = asked.joined_on.map_or(asked.year.0, |joined| joined.max(asked.year.0));
        sheet.put(inquiry, "credited_on", "预划日", Figure::Day(on));
    } else if let Some(day) = inquiry.maybe_count(CALCULATION, "due_day")? {
        let due = day_of_month(asked.period, day).ok_or(Stop::TooLarge)?;
        sheet.put(inquiry, "due_by", "最迟到账日", Figure::Day(due));
    }
    Ok(sheet)
}

/// The pension that counts, by the chain of what takes its place; and why it is nothing, where it is.
fn pension(inquiry: &mut Inquiry<'_>, asked: &CreditAsked) -> Result<(Formula, Option<String>), Stop> {
    let base = match asked.pension {
        Some(pension) => Formula::Money(pension),
        None => match inquiry.maybe_choice(CALCULATION, "pension_fallback")?.map(|choice| choice.name()) {
            Some("wage") => match asked.wage {
                Some(wage) => Formula::Money(wage),
                None => return Err(Stop::Missing("wage", "退休前工资（没有养老金资料时按它划入）")),
            },
            Some("average") => Formula::Money(inquiry.amount(CALCULATION, "average")?),
            Some(_) => {
                return Ok((Formula::Money(Fen::ZERO), Some("没有养老金资料，不划入".to_owned())));
            }
            None => return Err(Stop::Missing("pension", "本人月基本养老金")),
        },
    };
    Ok(match inquiry.maybe_amount(CALCULATION, "pension_floor")? {
        Some(floor) => (Formula::Greatest(vec![base, Formula::Money(floor)]), None),
        None => (base, None),
    })
}

/// 四舍五入到分, for sums that need no rounding of their own.
pub(crate) const FEN: Rounding = Rounding::HALF_UP_FEN;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use crate::testing::{day, inquiry, pack, yuan};

    fn rules(cycle: &str) -> gongji_policy::Pack {
        pack(
            "employee",
            &[
                (
                    "account_credit.base",
                    "rows = [ { category = \"retired\", value = \"own_pension\" }, { otherwise = true, value = \"own_base\" } ]",
                ),
                (
                    "account_credit.rate",
                    "rows = [ { age = \"..34\", value = \"2%\" }, { age = \"35..\", value = \"3%\" } ]",
                ),
                ("account_credit.pension_floor", "value = 3200"),
                ("account_credit.cycle", &format!("value = \"{cycle}\"")),
                ("account_credit.due_day", "value = 31"),
                ("account_credit.rounding", "value = \"truncate_fen\""),
            ],
        )
    }

    fn asked(base: Option<&str>, pension: Option<&str>) -> CreditAsked {
        CreditAsked {
            period: day("2024-06-01"),
            year: (day("2024-01-01"), day("2024-12-31")),
            wage: None,
            base: base.map(yuan),
            pension: pension.map(yuan),
            joined_on: None,
            born: Some(day("1989-06-01")),
        }
    }

    fn credited(cycle: &str, category: i64, asked: &CreditAsked) -> Result<Fen, Stop> {
        let pack = rules(cycle);
        let mut inquiry = inquiry(&pack, asked.period, &[(Dimension::Category, category)]);
        credit(&mut inquiry, asked).map(|sheet| sheet.amount("credit").unwrap())
    }

    #[test]
    fn the_age_turns_on_the_birthday() {
        assert_eq!(credited("month", 0, &asked(Some("5000.99"), None)), Ok(yuan("150.02")));
        let younger = CreditAsked { born: Some(day("1989-06-02")), ..asked(Some("5000.99"), None) };
        assert_eq!(credited("month", 0, &younger), Ok(yuan("100.01")));
    }

    #[test]
    fn a_pension_below_the_floor_counts_as_the_floor() {
        for (pension, credit) in [("3199.99", "96.00"), ("3200.00", "96.00"), ("3300.00", "99.00")] {
            assert_eq!(credited("month", 1, &asked(None, Some(pension))), Ok(yuan(credit)));
        }
        assert!(matches!(credited("month", 1, &asked(None, None)), Err(Stop::Missing("pension", _))));
    }

    #[test]
    fn the_due_day_is_at_most_the_last() {
        let pack = rules("month");
        let asked = asked(Some("5000.00"), None);
        let sheet = credit(&mut inquiry(&pack, asked.period, &[(Dimension::Category, 0)]), &asked).unwrap();
        assert_eq!(sheet.figure("due_by"), Some(&Figure::Day(day("2024-06-30"))));
    }

    proptest! {
        #[test]
        fn a_credit_is_never_negative_and_a_part_of_the_year_never_more_than_it(
            base in 0_i64..10_000_000, month in 1_i8..=12,
        ) {
            let whole = CreditAsked { base: Some(Fen::new(base)), ..asked(None, None) };
            let joined_on = Date::new(2024, month, 28).ok();
            let part = CreditAsked { joined_on, ..whole.clone() };
            let (whole, part) = (credited("year", 0, &whole).unwrap(), credited("year", 0, &part).unwrap());
            prop_assert!(Fen::ZERO <= part && part <= whole);
        }
    }
}
