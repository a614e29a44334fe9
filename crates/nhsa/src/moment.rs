//! Moments and days as the wire writes them, in Beijing time.

use jiff::civil::{Date, DateTime};

/// The moment of so many milliseconds since 1970 in Beijing (UTC+8, without summer time).
fn beijing(milliseconds: i64) -> DateTime {
    let seconds = milliseconds.div_euclid(1_000).saturating_add(8 * 3_600);
    let span = jiff::Span::new().try_seconds(seconds);
    let epoch = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
    span.ok().and_then(|span| epoch.checked_add(span).ok()).unwrap_or(epoch)
}

/// `2026-01-31 08:00:00`.
pub fn plain(milliseconds: i64) -> String {
    let at = beijing(milliseconds);
    format!("{} {:02}:{:02}:{:02}", at.date(), at.hour(), at.minute(), at.second())
}

/// `20260131080000`.
pub fn compact(milliseconds: i64) -> String {
    plain(milliseconds).chars().filter(char::is_ascii_digit).collect()
}

/// Age on a day with one decimal: whole years and tenths of the months that follow.
pub fn age(birth: Date, on: Date) -> String {
    let months = birth.until((jiff::Unit::Month, on)).map_or(0, |span| span.get_months().max(0));
    format!("{}.{}", months / 12, months % 12 * 10 / 12)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_beijing() {
        assert_eq!(plain(0), "1970-01-01 08:00:00");
        assert_eq!(compact(1_772_683_200_000), "20260305120000");
    }

    #[test]
    fn ages_have_one_decimal() {
        let birth = Date::constant(1990, 1, 31);
        assert_eq!(age(birth, Date::constant(2026, 1, 30)), "35.9");
        assert_eq!(age(birth, Date::constant(2026, 1, 31)), "36.0");
        assert_eq!(age(birth, Date::constant(1980, 1, 1)), "0.0");
    }
}
