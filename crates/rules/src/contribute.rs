//! 职工缴费: the base within its bounds, and each contributor's part of each fund.

use gongji_money::{Fen, Rate, Rounding};
use gongji_policy::view::value_words;
use gongji_policy::{Dimension, Inquiry};
use jiff::civil::Date;

use crate::calculation::{Calculation, Figure, Stop};
use crate::calendar::{add_months, day_of_month, month_start};
use crate::{Formula, calendar};

/// What is asked about a month's contribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContributionAsked {
    /// The first day of the month.
    pub period: Date,
    /// The wage (or the base that a flexible worker chose), where given.
    pub wage: Option<Fen>,
    /// Which funds: indices of [`Dimension::Fund`].
    pub funds: Vec<i64>,
    /// Whose parts: indices of [`Dimension::Contributor`].
    pub contributors: Vec<i64>,
    /// When it was paid, where given.
    pub paid_on: Option<Date>,
    /// Until when it was due, where given.
    pub due_on: Option<Date>,
    /// Whether the first debit of the month failed.
    pub debit_failed: bool,
    /// What of an employer's bill was paid late, where only the late fee on it is asked.
    pub owed: Option<Fen>,
}

const CALCULATION: &str = "contribution";
/// Who pays contributions of employees: indices of [`Dimension::Contributor`].
const CONTRIBUTORS: [(i64, &str); 2] = [(0, "employer"), (1, "person")];
/// Names of the funds in the answer, by index of [`Dimension::Fund`].
const FUNDS: [&str; 6] = ["medical", "large_sum", "maternity", "commercial", "pension", "unemployment"];

/// The wage within the bounds of the base, as an entry.
///
/// # Errors
/// As [`contribute`].
pub(crate) fn base<'pack>(
    sheet: &mut Calculation<'pack>,
    inquiry: &mut Inquiry<'pack>,
    wage: Fen,
) -> Result<Fen, Stop> {
    let floor = inquiry.maybe_amount(CALCULATION, "base_floor")?;
    let ceiling = inquiry.maybe_amount(CALCULATION, "base_ceiling")?;
    let mut formula = Formula::Money(wage);
    if let Some(floor) = floor {
        formula = Formula::Greatest(vec![formula, Formula::Money(floor)]);
    }
    if let Some(ceiling) = ceiling {
        formula = Formula::Least(vec![formula, Formula::Money(ceiling)]);
    }
    let base = sheet.money(inquiry, "base", "缴费基数", formula, Rounding::HALF_UP_FEN)?;
    if let Some(entry) = sheet.entries.last_mut() {
        entry.reason = match base.cmp(&wage) {
            std::cmp::Ordering::Greater => "申报数低于下限，按下限".to_owned(),
            std::cmp::Ordering::Less => "申报数高于上限，按上限".to_owned(),
            std::cmp::Ordering::Equal => "在上下限之内，按申报数".to_owned(),
        };
    }
    Ok(base)
}

/// One contributor's part of one fund for one month; nothing where none is due.
struct Line {
    formula: Formula,
    yearly: Option<Fen>,
    reason: String,
}

fn line(inquiry: &mut Inquiry<'_>, base: Option<Fen>) -> Result<Option<Line>, Stop> {
    let yearly = inquiry.maybe_amount(CALCULATION, "yearly_amount")?.filter(|amount| !amount.is_zero());
    let mut reason = String::new();
    let mut formula = match inquiry.maybe_amount(CALCULATION, "published")? {
        Some(published) => {
            reason = "按公布的金额，不按基数乘比例".to_owned();
            Formula::Money(published)
        }
        None => {
            let rate = inquiry.rate(CALCULATION, "rate")?;
            let fixed = inquiry.maybe_amount(CALCULATION, "amount")?.filter(|amount| !amount.is_zero());
            match (rate == Rate::ZERO, fixed) {
                (true, None) => {
                    return Ok(yearly.map(|_| Line { formula: Formula::Money(Fen::ZERO), yearly, reason }));
                }
                (true, Some(fixed)) => Formula::Money(fixed),
                (false, fixed) => {
                    let base = base.ok_or(Stop::Missing("wage", "月工资，或所选的缴费基数"))?;
                    let part = Formula::Money(base).times(Formula::Share(rate));
                    match fixed {
                        Some(fixed) => part.plus(Formula::Money(fixed)),
                        None => part,
                    }
                }
            }
        }
    };
    if let Some(reduction) = inquiry.maybe_rate(CALCULATION, "reduction")?.filter(|rate| *rate != Rate::ZERO)
    {
        formula = formula.times(Formula::count(1).minus(Formula::Share(reduction)));
        reason = format!("减征 {reduction}");
    }
    Ok(Some(Line { formula, yearly, reason }))
}

/// One month's contribution.
///
/// # Errors
/// A [`Stop`] where the pack does not say, a field is missing, or the figures are too large.
pub fn contribute<'pack>(
    inquiry: &mut Inquiry<'pack>,
    asked: &ContributionAsked,
) -> Result<Calculation<'pack>, Stop> {
    let mut sheet = Calculation::default();
    if let Some(owed) = asked.owed {
        late_fee(&mut sheet, inquiry, asked, owed)?;
        return Ok(sheet);
    }
    let own_base = asked.wage.map(|wage| base(&mut sheet, inquiry, wage)).transpose()?;
    let rounding = inquiry.rounding(CALCULATION)?;
    let late = asked.paid_on.is_some_and(|paid| paid.year() > asked.period.year());
    let mut totals = [Fen::ZERO; CONTRIBUTORS.len()];
    let mut yearly_total = Fen::ZERO;
    let rounding_rows = inquiry.taken();
    for fund in &asked.funds {
        let Some(fund_name) = usize::try_from(*fund).ok().and_then(|fund| FUNDS.get(fund)) else { continue };
        let fund_label = value_words(Dimension::Fund, *fund, &inquiry.scheme().values);
        for (position, (contributor, name)) in CONTRIBUTORS.into_iter().enumerate() {
            if !asked.contributors.contains(&contributor) {
                continue;
            }
            inquiry.set(Dimension::Fund, *fund).set(Dimension::Contributor, contributor);
            let label = format!(
                "{}缴{fund_label}",
                value_words(Dimension::Contributor, contributor, &inquiry.scheme().values)
            );
            let Some(line) = line(inquiry, own_base)? else {
                // A part that nobody owes needs no line.
                inquiry.taken();
                continue;
            };
            if late {
                let decided = inquiry.taken();
                if !inquiry.flag(CALCULATION, "arrears")? {
                    let name = format!("{name}_{fund_name}_arrears");
                    let entry =
                        sheet.put(inquiry, name, format!("{label}：可否补缴以往年度"), Figure::Flag(false));
                    entry.reason = reason_of(entry.decisions.last(), "以往年度的不能补缴");
                    continue;
                }
                let name = format!("{name}_{fund_name}_arrears");
                sheet
                    .put(inquiry, name, format!("{label}：可否补缴以往年度"), Figure::Flag(true))
                    .decisions
                    .extend(decided);
            }
            let amount =
                sheet.money(inquiry, format!("{name}_{fund_name}"), label.clone(), line.formula, rounding)?;
            if let Some(entry) = sheet.entries.last_mut() {
                entry.reason = line.reason;
                entry.decisions.extend(rounding_rows.iter().cloned());
            }
            totals[position] = totals[position].checked_add(amount).ok_or(Stop::TooLarge)?;
            if let Some(yearly) = line.yearly {
                yearly_total = yearly_total.checked_add(yearly).ok_or(Stop::TooLarge)?;
                sheet.put(
                    inquiry,
                    format!("{name}_{fund_name}_yearly"),
                    format!("{label}（每年）"),
                    Figure::Money(yearly),
                );
            }
        }
    }
    for (total, (contributor, name)) in totals.iter().zip(CONTRIBUTORS) {
        if !asked.contributors.contains(&contributor) {
            continue;
        }
        let label = if name == "employer" { "单位合计（每月）" } else { "个人合计（每月）" };
        sheet.put(inquiry, format!("{name}_total"), label, Figure::Money(*total));
    }
    let total = Fen::checked_sum(totals).ok_or(Stop::TooLarge)?;
    sheet.put(inquiry, "total", "合计（每月）", Figure::Money(total));
    if !yearly_total.is_zero() {
        sheet.put(inquiry, "yearly_total", "按年另缴合计", Figure::Money(yearly_total));
    }
    late_fee(&mut sheet, inquiry, asked, totals[0])?;
    debit(&mut sheet, inquiry, asked)?;
    Ok(sheet)
}

fn reason_of(decision: Option<&gongji_policy::Decision<'_>>, otherwise: &str) -> String {
    decision.and_then(|decision| decision.cited.reason).unwrap_or(otherwise).to_owned()
}

/// 滞纳金 on what the employer owes, from the day it was due.
fn late_fee<'pack>(
    sheet: &mut Calculation<'pack>,
    inquiry: &mut Inquiry<'pack>,
    asked: &ContributionAsked,
    owed: Fen,
) -> Result<(), Stop> {
    let (Some(paid), Some(due)) = (asked.paid_on, asked.due_on) else { return Ok(()) };
    let days = gongji_policy::day_number(paid) - gongji_policy::day_number(due);
    if days <= 0 {
        return Ok(());
    }
    let law_day = std::mem::replace(&mut inquiry.day, paid);
    let rate = inquiry.maybe_rate(CALCULATION, "late_rate");
    inquiry.day = law_day;
    let Some(rate) = rate? else { return Ok(()) };
    let decided = inquiry.taken();
    sheet.count(inquiry, "late_days", "逾期天数", days, "天").decisions = decided.clone();
    let formula = Formula::Money(owed).times(Formula::Share(rate)).times(Formula::count(days));
    sheet.money(inquiry, "late_fee", "单位滞纳金", formula, Rounding::HALF_UP_FEN)?;
    if let Some(entry) = sheet.entries.last_mut() {
        entry.reason = "只对用人单位欠缴的部分加收".to_owned();
        entry.decisions = decided;
    }
    Ok(())
}

/// The day on which the contribution is debited, and again where that failed.
fn debit<'pack>(
    sheet: &mut Calculation<'pack>,
    inquiry: &mut Inquiry<'pack>,
    asked: &ContributionAsked,
) -> Result<(), Stop> {
    let Some(first) = inquiry.maybe_count(CALCULATION, "debit_day")?.filter(|day| *day > 0) else {
        inquiry.taken();
        return Ok(());
    };
    let day = day_of_month(asked.period, first).ok_or(Stop::TooLarge)?;
    sheet.put(inquiry, "debit_on", "扣款日", Figure::Day(day));
    if !asked.debit_failed {
        return Ok(());
    }
    let (day, reason) = match inquiry.maybe_count(CALCULATION, "debit_retry_day")? {
        Some(again) => (day_of_month(asked.period, again), "扣款未成，同月再扣一次"),
        None => (
            add_months(month_start(asked.period), 1).and_then(|next| calendar::day_of_month(next, first)),
            "扣款未成，下月再扣",
        ),
    };
    let entry = sheet.put(inquiry, "debit_again_on", "再次扣款日", Figure::Day(day.ok_or(Stop::TooLarge)?));
    entry.reason = reason.to_owned();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use crate::testing::{day, inquiry, pack, yuan};

    fn rules() -> gongji_policy::Pack {
        pack(
            "employee",
            &[
                ("contribution.base_floor", "value = 3756"),
                ("contribution.base_ceiling", "value = 18780"),
                (
                    "contribution.rate",
                    "rows = [ { fund = \"medical\", contributor = \"employer\", value = \"8%\" }, \
                     { fund = \"medical\", contributor = \"person\", value = \"2%\" }, \
                     { fund = \"maternity\", contributor = \"employer\", value = \"0.8%\" }, \
                     { otherwise = true, value = \"0%\" } ]",
                ),
                (
                    "contribution.amount",
                    "rows = [ { fund = \"large_sum\", contributor = \"person\", value = 3 }, { otherwise = true, value = 0 } ]",
                ),
                ("contribution.rounding", "value = \"half_up_fen\""),
                ("contribution.late_rate", "from = \"2011-07-01\"\nvalue = \"0.05%\""),
                ("contribution.debit_day", "value = 11"),
                ("contribution.debit_retry_day", "value = 21"),
            ],
        )
    }

    fn asked(wage: &str) -> ContributionAsked {
        ContributionAsked {
            period: day("2024-02-01"),
            wage: Some(yuan(wage)),
            funds: vec![0, 1, 2],
            contributors: vec![0, 1],
            paid_on: None,
            due_on: None,
            debit_failed: false,
            owed: None,
        }
    }

    fn sheet(asked: &ContributionAsked, look: impl Fn(&Calculation<'_>)) {
        let pack = rules();
        look(&contribute(&mut inquiry(&pack, asked.period, &[]), asked).unwrap());
    }

    #[test]
    fn the_base_stays_within_its_bounds() {
        for (wage, base) in [
            ("3755.99", "3756.00"),
            ("3756.00", "3756.00"),
            ("3756.01", "3756.01"),
            ("18780.00", "18780.00"),
            ("18780.01", "18780.00"),
        ] {
            sheet(&asked(wage), |sheet| assert_eq!(sheet.amount("base"), Some(yuan(base)), "{wage}"));
        }
    }

    #[test]
    fn a_late_fee_from_the_day_after() {
        let late = |paid: &str| ContributionAsked {
            paid_on: Some(day(paid)),
            due_on: Some(day("2024-02-28")),
            ..asked("10000.00")
        };
        sheet(&late("2024-02-28"), |sheet| assert_eq!(sheet.amount("late_fee"), None));
        // The employer owes 880: 0.44 a day.
        sheet(&late("2024-02-29"), |sheet| assert_eq!(sheet.amount("late_fee"), Some(yuan("0.44"))));
        sheet(&late("2024-03-02"), |sheet| assert_eq!(sheet.amount("late_fee"), Some(yuan("1.32"))));
    }

    #[test]
    fn a_fee_on_what_a_whole_bill_owes() {
        let bill = ContributionAsked {
            paid_on: Some(day("2024-03-09")),
            due_on: Some(day("2024-02-28")),
            owed: Some(yuan("123456.78")),
            wage: None,
            ..asked("1.00")
        };
        // 123,456.78 × 0.05% × 10 days = 617.2839.
        sheet(&bill, |sheet| {
            assert_eq!(sheet.amount("late_fee"), Some(yuan("617.28")));
            assert_eq!(sheet.amount("total"), None);
        });
    }

    #[test]
    fn a_failed_debit_is_tried_again() {
        let failed = ContributionAsked { debit_failed: true, ..asked("10000.00") };
        sheet(&failed, |sheet| {
            assert_eq!(sheet.figure("debit_on"), Some(&Figure::Day(day("2024-02-11"))));
            assert_eq!(sheet.figure("debit_again_on"), Some(&Figure::Day(day("2024-02-21"))));
        });
    }

    #[test]
    fn a_part_by_rate_needs_a_wage() {
        let pack = rules();
        let nothing = ContributionAsked { wage: None, ..asked("1.00") };
        let stop = contribute(&mut inquiry(&pack, nothing.period, &[]), &nothing).unwrap_err();
        assert!(matches!(stop, Stop::Missing("wage", _)), "{stop:?}");
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_total_and_grow_with_the_wage(wage in 0_i64..5_000_000, more in 0_i64..100_000) {
            let pack = rules();
            let of = |fen: i64| {
                let asked = ContributionAsked { wage: Some(Fen::new(fen)), ..asked("1.00") };
                let sheet = contribute(&mut inquiry(&pack, asked.period, &[]), &asked).unwrap();
                let named = ["employer_medical", "employer_maternity", "person_medical", "person_large_sum"];
                let parts = named.map(|name| sheet.amount(name).unwrap_or(Fen::ZERO));
                let total = sheet.amount("total").unwrap();
                assert_eq!(Fen::checked_sum(parts), Some(total));
                (sheet.amount("base").unwrap(), total)
            };
            let (low, high) = (of(wage), of(wage + more));
            prop_assert!(low.0 <= high.0 && low.1 <= high.1);
        }
    }
}
