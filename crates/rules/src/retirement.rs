//! 退休状态: since when a person is old enough, and whether the years suffice as well.

use gongji_policy::Inquiry;
use jiff::civil::Date;

use crate::calculation::{Calculation, Figure, Stop};
use crate::calendar::{add_months, months_between};
use crate::top_up::{PaidMonths, missing};

/// What is asked about retired status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetirementAsked {
    /// The day asked about.
    pub date: Date,
    /// The birthday.
    pub born: Date,
    /// Months paid so far.
    pub paid: PaidMonths,
}

/// The day on which the age is reached, as entries. The inquiry keeps its day.
///
/// # Errors
/// A [`Stop`] where the pack does not say.
pub(crate) fn age_reached<'pack>(
    sheet: &mut Calculation<'pack>,
    inquiry: &mut Inquiry<'pack>,
    born: Date,
) -> Result<Date, Stop> {
    let law_day = inquiry.day;
    let age_months = inquiry.count("retirement", "age_months")?;
    let original = add_months(born, age_months).ok_or(Stop::TooLarge)?;
    sheet.put(inquiry, "original_age_on", "达到原法定退休年龄", Figure::Day(original));
    // The delay is that of the day on which the original age is reached.
    inquiry.day = original;
    let step = inquiry.maybe_count("retirement", "step_months")?.unwrap_or(0);
    let mut delay = 0;
    if step > 0 {
        let since = inquiry.taken();
        let began = since.last().map_or(original, |decision| decision.cited.from);
        let most = inquiry.maybe_count("retirement", "most_delay")?.unwrap_or(0);
        delay = (months_between(began, original) / step + 1).min(most);
        let entry = sheet.count(inquiry, "delay_months", "延迟", delay, "个月");
        entry.decisions.extend(since);
        entry.reason = format!("自 {began} 起每 {step} 个月延迟 1 个月，最多 {most} 个月");
    }
    inquiry.day = law_day;
    inquiry.taken();
    let retires = add_months(original, delay).ok_or(Stop::TooLarge)?;
    sheet.put(inquiry, "age_reached_on", "达到法定退休年龄", Figure::Day(retires));
    Ok(retires)
}

/// Whether a person is retired as the insurance sees it: the age and the years, not the age alone.
///
/// # Errors
/// A [`Stop`] where the pack does not say or a field is missing.
pub fn retired_status<'pack>(
    inquiry: &mut Inquiry<'pack>,
    asked: &RetirementAsked,
) -> Result<Calculation<'pack>, Stop> {
    let mut sheet = Calculation::default();
    let retires = age_reached(&mut sheet, inquiry, asked.born)?;
    let old_enough = asked.date >= retires;
    sheet.put(inquiry, "age_reached", "年龄是否达到", Figure::Flag(old_enough));
    let months = missing(&mut sheet, inquiry, &asked.paid, Some(asked.born))?;
    let retired = old_enough && months == 0;
    let entry = sheet.put(inquiry, "retired", "医保退休待遇", Figure::Flag(retired));
    entry.reason = match (old_enough, months) {
        (true, 0) => "年龄与缴费年限都已达到".to_owned(),
        (true, months) => format!("年龄已到，缴费年限还缺 {months} 个月；补足以后才享受退休待遇"),
        (false, 0) => "缴费年限已够，年龄还没有到".to_owned(),
        (false, months) => format!("年龄没有到，缴费年限也还缺 {months} 个月"),
    };
    Ok(sheet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{day, inquiry, pack};

    #[test]
    fn the_age_is_put_off_step_by_step() {
        let pack = pack(
            "employee",
            &[
                ("retirement.age_months", "value = 720"),
                (
                    "retirement.step_months",
                    "from = \"1949-10-01\"\nrows = [ { to = \"2024-12-31\", value = 0 }, { from = \"2025-01-01\", value = 4 } ]",
                ),
                ("retirement.most_delay", "value = 36"),
                ("retirement_top_up.years_required", "value = 25"),
            ],
        );
        let reached = |born: &str| {
            let mut sheet = Calculation::default();
            age_reached(&mut sheet, &mut inquiry(&pack, day("2024-01-01"), &[]), day(born)).unwrap()
        };
        assert_eq!(reached("1964-12-31"), day("2024-12-31"));
        assert_eq!(reached("1965-01-01"), day("2025-02-01"));
        assert_eq!(reached("1965-04-30"), day("2025-05-30"));
        assert_eq!(reached("1965-05-01"), day("2025-07-01"));
        assert_eq!(reached("1976-09-01"), day("2039-09-01"));
        assert_eq!(reached("1990-01-01"), day("2053-01-01"));
        let retired = |date: &str, months| {
            let paid = PaidMonths { total: Some(months), ..PaidMonths::default() };
            let asked = RetirementAsked { date: day(date), born: day("1964-12-31"), paid };
            let sheet = retired_status(&mut inquiry(&pack, asked.date, &[]), &asked).unwrap();
            sheet.figure("retired") == Some(&Figure::Flag(true))
        };
        assert!(retired("2024-12-31", 300));
        assert!(!retired("2024-12-30", 300));
        assert!(!retired("2024-12-31", 299));
    }
}
