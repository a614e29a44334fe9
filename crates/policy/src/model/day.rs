//! Days as numbers, the form in which conditions on dates and facts hold them.

use jiff::Span;
use jiff::civil::Date;

const EPOCH: Date = Date::constant(1970, 1, 1);

/// The day counted from 1970-01-01, which is 0.
pub fn day_number(date: Date) -> i64 {
    i64::from((date - EPOCH).get_days())
}

/// The day of that number; `None` outside the years −9999 to 9999.
pub fn day_of_number(number: i64) -> Option<Date> {
    EPOCH.checked_add(Span::new().try_days(number).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for (year, month, day, number) in
            [(1970, 1, 1, 0), (1969, 12, 31, -1), (2000, 2, 29, 11_016), (2023, 5, 1, 19_478)]
        {
            let date = Date::constant(year, month, day);
            assert_eq!(day_number(date), number);
            assert_eq!(day_of_number(number), Some(date));
        }
        assert_eq!(day_of_number(i64::MAX), None);
        assert_eq!(day_of_number(day_number(Date::MAX) + 1), None);
        assert_eq!(day_of_number(day_number(Date::MIN)), Some(Date::MIN));
    }
}
