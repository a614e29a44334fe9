//! Amounts and days as the case format writes them.

use std::fmt;
use std::str::FromStr;

use gongji_money::Fen;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An amount, written as yuan with two decimals: `"1234.50"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Yuan(pub Fen);

impl Yuan {
    /// An amount of so many fen.
    pub const fn of_fen(fen: i64) -> Yuan {
        Yuan(Fen::new(fen))
    }

    /// The number of fen.
    pub const fn fen(self) -> i64 {
        self.0.fen()
    }

    /// Whether the amount is exactly nothing.
    pub const fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// With thousands separators, as people read it: `28,630.93`.
    pub fn grouped(self) -> String {
        self.0.grouped()
    }
}

impl From<Fen> for Yuan {
    fn from(amount: Fen) -> Yuan {
        Yuan(amount)
    }
}

impl fmt::Display for Yuan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Serialize for Yuan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Yuan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Yuan, D::Error> {
        let text = String::deserialize(deserializer)?;
        Fen::from_str(&text).map(Yuan).map_err(de::Error::custom)
    }
}

/// A calendar day, written `"2023-05-30"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub Date);

impl From<Date> for Day {
    fn from(date: Date) -> Day {
        Day(date)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        let text = String::deserialize(deserializer)?;
        Date::from_str(&text).map(Day).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_days_are_text() {
        let amount = Yuan::of_fen(123_450);
        assert_eq!(serde_json::to_string(&amount).unwrap(), "\"1234.50\"");
        assert_eq!(serde_json::from_str::<Yuan>("\"1234.5\"").unwrap(), amount);
        assert!(serde_json::from_str::<Yuan>("1234.5").is_err());
        let day = Day(Date::constant(2023, 5, 30));
        assert_eq!(serde_json::to_string(&day).unwrap(), "\"2023-05-30\"");
        assert_eq!(serde_json::from_str::<Day>("\"2023-05-30\"").unwrap(), day);
    }
}
