//! 待遇等待期: residents' fixed and variable months with repair, employees' months after a break.

use gongji_policy::{Dimension, Inquiry};
use jiff::civil::Date;

use crate::calculation::{Calculation, Figure, Stop};
use crate::calendar::{add_months, month_start};

/// What is asked about a resident's waiting period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResidentWait {
    /// First day of the coverage year.
    pub year_start: Date,
    /// When the premium was paid.
    pub paid_on: Date,
    /// Coverage years missed without a break before it.
    pub missed_years: i64,
    /// How many of them were paid for now.
    pub repaired_years: i64,
    /// Whether it was paid within the window.
    pub in_window: bool,
}

const CALCULATION: &str = "waiting";

/// The day from which waiting counts after a payment.
fn counted_from(inquiry: &mut Inquiry<'_>, paid_on: Date) -> Result<Date, Stop> {
    Ok(match inquiry.choice(CALCULATION, "counted_from")?.name() {
        "day" => paid_on,
        "month" => month_start(paid_on),
        _ => add_months(month_start(paid_on), 1).ok_or(Stop::TooLarge)?,
    })
}

/// A resident's months of waiting and the first day of cover.
///
/// # Errors
/// A [`Stop`] where the pack does not say.
pub(crate) fn resident_wait<'pack>(
    sheet: &mut Calculation<'pack>,
    inquiry: &mut Inquiry<'pack>,
    asked: &ResidentWait,
) -> Result<Date, Stop> {
    let start = if asked.paid_on < asked.year_start {
        asked.year_start
    } else {
        counted_from(inquiry, asked.paid_on)?
    };
    let rows = inquiry.taken();
    let months = resident_months(sheet, inquiry, asked)?;
    let from = add_months(start, months).ok_or(Stop::TooLarge)?;
    let entry = sheet.put(inquiry, "cover_from", "待遇开始", Figure::Day(from));
    entry.decisions.extend(rows);
    entry.reason = format!("自 {start} 起等待 {months} 个月");
    Ok(from)
}

fn resident_months<'pack>(
    sheet: &mut Calculation<'pack>,
    inquiry: &mut Inquiry<'pack>,
    asked: &ResidentWait,
) -> Result<i64, Stop> {
    if inquiry.maybe_flag(CALCULATION, "exempt")?.unwrap_or(false) {
        sheet.count(inquiry, "waiting_months", "等待期", 0, "个月").reason = "这一人群不设等待期".to_owned();
        return Ok(0);
    }
    if asked.in_window && asked.missed_years == 0 {
        sheet.count(inquiry, "waiting_months", "等待期", 0, "个月").reason =
            "连续参保，在集中缴费期内缴费".to_owned();
        return Ok(0);
    }
    let fixed = inquiry.count(CALCULATION, "fixed_months")?;
    sheet.count(inquiry, "fixed_months", "固定等待期", fixed, "个月");
    let mut variable = 0;
    if asked.missed_years > 0 {
        let each = inquiry.count(CALCULATION, "months_per_year")?;
        let first = inquiry.flag(CALCULATION, "first_year_counts")?;
        let counted = asked.missed_years - i64::from(!first);
        variable = counted * each;
        let entry = sheet.count(inquiry, "variable_months", "变动等待期", variable, "个月");
        entry.reason = format!(
            "断保 {} 年，{}，每年 {each} 个月",
            asked.missed_years,
            if first { "首年计入" } else { "首年不计" }
        );
    }
    let mut months = fixed + variable;
    if asked.repaired_years > 0 {
        let each = inquiry.count(CALCULATION, "repair_months")?;
        let less = variable.min(each * asked.repaired_years);
        months -= less;
        let entry = sheet.count(inquiry, "repaired_months", "补缴减少", less, "个月");
        entry.reason = format!("补缴 {} 年；固定等待期不减", asked.repaired_years);
        let from = inquiry.maybe_count(CALCULATION, "minimum_from_years")?;
        if let Some(from) = from.filter(|from| asked.missed_years >= *from)
            && let Some(least) = inquiry.maybe_count(CALCULATION, "minimum_months")?
        {
            let entry = sheet.count(inquiry, "minimum_months", "最低等待期", least, "个月");
            entry.reason = format!("断保满 {from} 年，补缴后合计不少于 {least} 个月");
            months = months.max(least);
        }
    }
    sheet.count(inquiry, "waiting_months", "等待期", months, "个月");
    Ok(months)
}

/// What is asked about an employee's break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmployeeBreak {
    /// The month in which contributions resumed (its first day), or the day of payment.
    pub paid_on: Date,
    /// Months missed.
    pub missed_months: i64,
    /// Whether they were paid for.
    pub repaired: bool,
}

/// A resident's waiting period on its own.
///
/// # Errors
/// A [`Stop`] where the pack does not say.
pub fn wait_resident<'pack>(
    inquiry: &mut Inquiry<'pack>,
    asked: &ResidentWait,
) -> Result<Calculation<'pack>, Stop> {
    let mut sheet = Calculation::default();
    resident_wait(&mut sheet, inquiry, asked)?;
    Ok(sheet)
}

/// An employee's waiting period after a break.
///
/// # Errors
/// A [`Stop`] where the pack does not say.
pub fn wait_employee<'pack>(
    inquiry: &mut Inquiry<'pack>,
    asked: &EmployeeBreak,
) -> Result<Calculation<'pack>, Stop> {
    let mut sheet = Calculation::default();
    inquiry
        .set(Dimension::MonthsMissed, asked.missed_months)
        .set(Dimension::Repaired, i64::from(asked.repaired));
    let months = inquiry.count(CALCULATION, "break_months")?;
    let entry = sheet.count(inquiry, "waiting_months", "等待期", months, "个月");
    entry.reason =
        format!("中断 {} 个月，{}", asked.missed_months, if asked.repaired { "已补缴" } else { "没有补缴" });
    let start = counted_from(inquiry, asked.paid_on)?;
    let from = add_months(start, months).ok_or(Stop::TooLarge)?;
    sheet.put(inquiry, "cover_from", "待遇开始", Figure::Day(from)).reason =
        format!("自 {start} 起等待 {months} 个月");
    let retroactive = inquiry.maybe_flag(CALCULATION, "retroactive")?.unwrap_or(false);
    let entry = sheet.put(inquiry, "retroactive", "中断期间待遇可否补付", Figure::Flag(retroactive));
    entry.reason = if retroactive {
        "补缴后，中断期间的医疗费用可以补报"
    } else {
        "中断期间的待遇不补付；补缴只计缴费年限"
    }
    .to_owned();
    Ok(sheet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use crate::testing::{day, inquiry, pack};

    fn rules(first: bool) -> gongji_policy::Pack {
        pack(
            "resident",
            &[
                ("waiting.fixed_months", "value = 3"),
                ("waiting.months_per_year", "value = 1"),
                ("waiting.first_year_counts", &format!("value = {first}")),
                ("waiting.repair_months", "value = 1"),
                ("waiting.minimum_from_years", "value = 4"),
                ("waiting.minimum_months", "value = 6"),
                ("waiting.counted_from", "value = \"next_month\""),
            ],
        )
    }

    fn months(first: bool, missed: i64, repaired: i64, in_window: bool) -> i64 {
        let pack = rules(first);
        let asked = ResidentWait {
            year_start: day("2027-01-01"),
            paid_on: day("2026-11-01"),
            missed_years: missed,
            repaired_years: repaired,
            in_window,
        };
        let sheet = wait_resident(&mut inquiry(&pack, asked.year_start, &[]), &asked).unwrap();
        match sheet.figure("waiting_months") {
            Some(Figure::Count(months)) => *months,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn both_readings_of_the_first_missed_year() {
        assert_eq!([months(false, 2, 0, true), months(true, 2, 0, true)], [4, 5]);
        assert_eq!([months(false, 1, 0, true), months(true, 1, 0, true)], [3, 4]);
        assert_eq!([months(false, 0, 0, true), months(false, 0, 0, false)], [0, 3]);
    }

    #[test]
    fn the_fixed_part_is_never_repaired_and_long_gaps_have_a_least() {
        assert_eq!(months(true, 3, 3, true), 3);
        assert_eq!(months(true, 4, 4, true), 6);
        assert_eq!(months(true, 5, 1, true), 7);
    }

    proptest! {
        #[test]
        fn repair_never_lengthens_and_more_missed_years_never_shorten(
            missed in 0_i64..20, repaired in 0_i64..20, first: bool,
        ) {
            let repaired = repaired.min(missed);
            prop_assert!(months(first, missed, repaired, true) <= months(first, missed, 0, true).max(6));
            prop_assert!(months(first, missed, 0, true) <= months(first, missed + 1, 0, true));
        }
    }
}
