//! Months and ages as the rules count them.

use jiff::ToSpan;
use jiff::civil::Date;

/// The first day of a day's month.
pub(crate) fn month_start(day: Date) -> Date {
    day.first_of_month()
}

/// So many months later (or earlier); the last day of a shorter month where the day does not exist.
pub(crate) fn add_months(day: Date, months: i64) -> Option<Date> {
    day.checked_add(i32::try_from(months).ok()?.months()).ok()
}

/// The day after so many days.
pub(crate) fn add_days(day: Date, days: i64) -> Option<Date> {
    day.checked_add(i32::try_from(days).ok()?.days()).ok()
}

/// Calendar months from the month of one day to that of another.
pub(crate) fn months_between(from: Date, to: Date) -> i64 {
    (i64::from(to.year()) - i64::from(from.year())) * 12 + i64::from(to.month()) - i64::from(from.month())
}

/// Age in whole years on a day; a birthday counts from the day itself.
pub(crate) fn age(born: Date, day: Date) -> i64 {
    let had_birthday = (day.month(), day.day()) >= (born.month(), born.day());
    i64::from(day.year()) - i64::from(born.year()) - i64::from(!had_birthday)
}

/// A day of a month, at most its last.
pub(crate) fn day_of_month(month: Date, day: i64) -> Option<Date> {
    let last = i64::from(month.days_in_month());
    add_days(month_start(month), day.clamp(1, last) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::day;

    #[test]
    fn months_and_ages_at_their_edges() {
        assert_eq!(add_months(day("2024-01-31"), 1), Some(day("2024-02-29")));
        assert_eq!(add_months(day("2024-03-31"), -1), Some(day("2024-02-29")));
        assert_eq!(months_between(day("2023-12-31"), day("2024-01-01")), 1);
        assert_eq!(months_between(day("2024-02-01"), day("2023-12-31")), -2);
        assert_eq!(age(day("2000-02-29"), day("2024-02-28")), 23);
        assert_eq!(age(day("2000-02-29"), day("2023-03-01")), 23);
        assert_eq!(day_of_month(day("2023-02-10"), 31), Some(day("2023-02-28")));
        assert_eq!(day_of_month(day("2023-02-10"), 0), Some(day("2023-02-01")));
    }
}
