//! Over which period a counter runs for one event.

use gongji_policy::{Area, Counter, Period, YearStart};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::settle::CounterPeriod;

/// The first day of the insurance year that a day lies in.
pub(crate) fn year_start(start: YearStart, day: Date) -> Date {
    let in_year = |year: i16| Date::new(year, start.month, start.day).ok();
    let this = in_year(day.year()).filter(|first| *first <= day);
    // Days 1–28 exist in every month; before the first year of the calendar the day itself stands in.
    this.or_else(|| in_year(day.year().saturating_sub(1))).unwrap_or(day)
}

/// First and last day of the insurance year of a day.
pub(crate) fn insurance_year(area: &Area, day: Date) -> (Date, Date) {
    let first = year_start(area.year_start, day);
    let next = Date::new(first.year().saturating_add(1), first.month(), first.day()).unwrap_or(first);
    (first, next.checked_sub(1.day()).unwrap_or(next))
}

/// The period of a counter in which an event falls; `day` is the one that picks the insurance year, `stay` the period of
/// counters by stay.
pub(crate) fn period_of(counter: &Counter, area: &Area, day: Date, stay: &CounterPeriod) -> CounterPeriod {
    match counter.period {
        Period::Year => CounterPeriod::Year(year_start(area.year_start, day)),
        Period::Month => CounterPeriod::Month(day.year(), day.month()),
        Period::Day => CounterPeriod::Day(day),
        Period::Stay => stay.clone(),
        Period::Lifetime => CounterPeriod::Lifetime,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_that_start_in_july() {
        let july = YearStart { month: 7, day: 1 };
        let day = Date::constant;
        assert_eq!(year_start(july, day(2023, 6, 30)), day(2022, 7, 1));
        assert_eq!(year_start(july, day(2023, 7, 1)), day(2023, 7, 1));
        assert_eq!(year_start(YearStart { month: 1, day: 1 }, day(2023, 1, 1)), day(2023, 1, 1));
    }
}
