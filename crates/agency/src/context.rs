//! What a decision may look at besides the rows.

use gongji_cases::settle::Rulebook;
use jiff::civil::Date;

use crate::access::{Action, Reach, Scope, check, reach};
use crate::actor::Actor;
use crate::refusal::Refusal;
use crate::stop::Stop;

/// Who asks, when, under which rules.
#[derive(Clone, Copy)]
pub struct Context<'office> {
    /// The rules.
    pub rules: &'office Rulebook,
    /// The hash of the texts of the rules.
    pub edition: &'office str,
    /// Who.
    pub actor: &'office Actor,
    /// When it is booked: milliseconds since 1970.
    pub now: i64,
    /// The day of that moment in Beijing.
    pub today: Date,
    /// The number that the next record will have.
    pub seq: u64,
}

impl Context<'_> {
    /// Checks that the actor may do something to somebody.
    ///
    /// # Errors
    /// The refusal `denied`.
    pub fn allow(&self, action: Action, scope: Scope<'_>) -> Result<(), Stop> {
        check(self.actor, action, scope).map_err(Stop::from)
    }

    /// Checks that the actor may do something to anybody at all, before anything is looked up: whoever has no right learns nothing.
    ///
    /// # Errors
    /// The refusal `denied`.
    pub fn may(&self, action: Action) -> Result<(), Stop> {
        match reach(self.actor.role, action) {
            Reach::No => self.allow(action, Scope::default()),
            _ => Ok(()),
        }
    }

    /// Checks that a date lies at most a year ahead, as the first day of a cover may.
    ///
    /// # Errors
    /// The refusal `future_date`.
    pub fn not_far(&self, field: &str, date: Date) -> Result<(), Stop> {
        let most = self.today.checked_add(jiff::Span::new().years(1)).unwrap_or(Date::MAX);
        if date <= most {
            return Ok(());
        }
        Err(Refusal::new("future_date", "日期太远")
            .at(field)
            .found(date)
            .expected(format!("至多 {most}"))
            .into())
    }

    /// Checks that a business date is not in the future.
    ///
    /// # Errors
    /// The refusal `future_date`.
    pub fn not_future(&self, field: &str, date: Date) -> Result<(), Stop> {
        if date <= self.today {
            return Ok(());
        }
        Err(Refusal::new("future_date", "日期在将来")
            .at(field)
            .found(date)
            .expected(format!("至多 {}", self.today))
            .into())
    }
}

/// The day of a moment in Beijing (UTC+8, without summer time).
pub fn day_of(milliseconds: i64) -> Date {
    const DAY: i64 = 86_400_000;
    let days = milliseconds.saturating_add(8 * 3_600_000).div_euclid(DAY);
    let epoch = Date::constant(1970, 1, 1);
    i32::try_from(days)
        .ok()
        .and_then(|days| epoch.checked_add(jiff::Span::new().days(days)).ok())
        .unwrap_or(epoch)
}

/// The first moment after a day in Beijing: milliseconds since 1970.
pub fn end_of(day: Date) -> i64 {
    let epoch = Date::constant(1970, 1, 1);
    let days = epoch.until(day).map_or(0, |span| i64::from(span.get_days()));
    (days + 1) * 86_400_000 - 8 * 3_600_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_at_midnight_in_beijing() {
        assert_eq!(day_of(0), Date::constant(1970, 1, 1));
        let midnight = 57_600_000;
        assert_eq!(day_of(midnight - 1), Date::constant(1970, 1, 1));
        assert_eq!(day_of(midnight), Date::constant(1970, 1, 2));
        assert_eq!(day_of(-8 * 3_600_000 - 1), Date::constant(1969, 12, 31));
    }

    #[test]
    fn a_day_ends_where_the_next_begins() {
        for day in [Date::constant(1969, 12, 31), Date::constant(1970, 1, 1), Date::constant(2026, 11, 22)] {
            assert_eq!(day_of(end_of(day) - 1), day);
            assert_eq!(day_of(end_of(day)), day.tomorrow().expect("a day"));
        }
    }
}
