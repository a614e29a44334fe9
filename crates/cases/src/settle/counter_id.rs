//! Where a running total of one person is kept: counter, period, institution.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Which running total of a person: a counter of the scheme in one period, of one institution where each has its own.
///
/// As text, for keys of maps and columns of stores: `pooled_paid|2024-01-01` (an insurance year, by its first day),
/// `…|2024-05` (a month), `…|d2024-05-30` (a day), `…|s:STAY`, `…|life`, and `@INSTITUTION` at the end where per
/// institution. `%`, `|` and `@` inside a name or id are written `%25`, `%7C`, `%40`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CounterId {
    /// The counter's name in the pack.
    pub name: String,
    /// The period.
    pub period: CounterPeriod,
    /// The institution's number, where each has its own total.
    pub facility: Option<String>,
}

/// One period of a counter.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CounterPeriod {
    /// An insurance year, by its first day.
    Year(Date),
    /// A month of the calendar: year and month.
    Month(i16, i8),
    /// A day.
    Day(Date),
    /// A stay, by the id of the first stay of its chain of transfers.
    Stay(String),
    /// A bill without a stay, by its place among the events of a case: no later bill comes back to it.
    Alone(usize),
    /// The person's whole life.
    Lifetime,
}

/// A text that names no counter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}”不是累计数的名称：应为“名称|期间”，如 pooled_paid|2024-01-01")]
pub struct NotACounter(pub String);

/// A name or id with the three marks of the text form written as `%xx`.
fn escaped(text: &str, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    for piece in text.split_inclusive(['%', '|', '@']) {
        let (plain, mark) = match piece.char_indices().next_back() {
            Some((at, '%')) => (&piece[..at], "%25"),
            Some((at, '|')) => (&piece[..at], "%7C"),
            Some((at, '@')) => (&piece[..at], "%40"),
            _ => (piece, ""),
        };
        formatter.write_str(plain)?;
        formatter.write_str(mark)?;
    }
    Ok(())
}

fn unescaped(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        plain.push_str(before);
        plain.push(match after.get(..2)? {
            "25" => '%',
            "7C" => '|',
            "40" => '@',
            _ => return None,
        });
        rest = &after[2..];
    }
    plain.push_str(rest);
    Some(plain).filter(|_| !rest.contains('|'))
}

impl fmt::Display for CounterPeriod {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CounterPeriod::Year(first) => first.fmt(formatter),
            CounterPeriod::Month(year, month) => write!(formatter, "{year:04}-{month:02}"),
            CounterPeriod::Day(day) => write!(formatter, "d{day}"),
            CounterPeriod::Stay(id) => {
                formatter.write_str("s:")?;
                escaped(id, formatter)
            }
            CounterPeriod::Alone(place) => write!(formatter, "a:{place}"),
            CounterPeriod::Lifetime => formatter.write_str("life"),
        }
    }
}

impl CounterPeriod {
    fn read(text: &str) -> Option<CounterPeriod> {
        // Dates are exactly `2024-05-30`: the date type reads more than that.
        let day = |text: &str| Date::from_str(text).ok().filter(|_| text.len() == 10);
        Some(match text {
            "life" => CounterPeriod::Lifetime,
            _ if text.starts_with("s:") => CounterPeriod::Stay(unescaped(&text[2..])?),
            _ if text.starts_with("a:") => CounterPeriod::Alone(text[2..].parse().ok()?),
            _ if text.starts_with('d') => CounterPeriod::Day(day(&text[1..])?),
            _ if text.len() == 7 => {
                let first = day(&format!("{text}-01"))?;
                CounterPeriod::Month(first.year(), first.month())
            }
            _ => CounterPeriod::Year(day(text)?),
        })
    }
}

impl fmt::Display for CounterId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        escaped(&self.name, formatter)?;
        write!(formatter, "|{}", self.period)?;
        match &self.facility {
            Some(facility) => {
                formatter.write_str("@")?;
                escaped(facility, formatter)
            }
            None => Ok(()),
        }
    }
}

impl FromStr for CounterId {
    type Err = NotACounter;

    fn from_str(text: &str) -> Result<CounterId, NotACounter> {
        let read = || {
            let (name, rest) = text.split_once('|')?;
            let (period, facility) = match rest.split_once('@') {
                Some((_, facility)) if facility.contains('@') => return None,
                Some((period, facility)) => (period, Some(unescaped(facility)?)),
                None => (rest, None),
            };
            Some(CounterId { name: unescaped(name)?, period: CounterPeriod::read(period)?, facility })
        };
        read().ok_or_else(|| NotACounter(text.to_owned()))
    }
}

impl Serialize for CounterId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CounterId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<CounterId, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(name: &str, period: CounterPeriod, facility: Option<&str>) -> CounterId {
        CounterId { name: name.to_owned(), period, facility: facility.map(str::to_owned) }
    }

    #[test]
    fn each_period_has_its_text() {
        let day = Date::constant;
        for (text, wanted) in [
            ("pooled_paid|2024-01-01", id("pooled_paid", CounterPeriod::Year(day(2024, 1, 1)), None)),
            ("门诊|2024-05", id("门诊", CounterPeriod::Month(2024, 5), None)),
            ("x|d2024-05-30@H1", id("x", CounterPeriod::Day(day(2024, 5, 30)), Some("H1"))),
            ("x|s:20240530-7", id("x", CounterPeriod::Stay("20240530-7".to_owned()), None)),
            ("x|s:a%40b@H%7C1", id("x", CounterPeriod::Stay("a@b".to_owned()), Some("H|1"))),
            ("x|a:3", id("x", CounterPeriod::Alone(3), None)),
            ("x|life", id("x", CounterPeriod::Lifetime, None)),
        ] {
            assert_eq!(wanted.to_string(), text);
            assert_eq!(text.parse(), Ok(wanted));
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in
            ["", "x", "x|", "x|2024", "x|2024-13", "x|2024-05-30T00", "x|s:%4", "x|s:%zz", "x|life@a@b"]
        {
            assert_eq!(text.parse::<CounterId>(), Err(NotACounter(text.to_owned())), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_name_and_id_comes_back(name in ".{0,12}", stay in ".{0,12}", facility in proptest::option::of(".{0,12}")) {
            let id = CounterId { name, period: CounterPeriod::Stay(stay), facility };
            prop_assert_eq!(id.to_string().parse(), Ok(id));
        }
    }
}
