//! The amount: a whole number of fen.

use std::fmt;
use std::iter::Sum;
use std::ops::Neg;
use std::str::FromStr;

/// An amount of money in whole fen (1 yuan = 100 fen). Negative amounts appear only in negative records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fen(i64);

/// Why a text is not an amount, or why an operation has no answer in `i64` fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FenError {
    /// The text is not yuan with at most two decimals.
    #[error("expected yuan with at most two decimals, such as \"1234.50\"")]
    Malformed,
    /// The amount lies outside what 64 bits hold.
    #[error("the amount is too large")]
    Overflow,
}

impl Fen {
    /// Nothing.
    pub const ZERO: Fen = Fen(0);
    /// The largest amount that the engine accepts for one bill or one parameter: 10¹² fen.
    pub const LIMIT: Fen = Fen(1_000_000_000_000);

    /// An amount of so many fen.
    pub const fn new(fen: i64) -> Fen {
        Fen(fen)
    }

    /// An amount of so many whole yuan; `None` where fen would overflow.
    pub const fn from_yuan(yuan: i64) -> Option<Fen> {
        match yuan.checked_mul(100) {
            Some(fen) => Some(Fen(fen)),
            None => None,
        }
    }

    /// The number of fen.
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// Whether the amount is exactly nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether the amount is below nothing.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The sum, or `None` on overflow.
    pub const fn checked_add(self, other: Fen) -> Option<Fen> {
        match self.0.checked_add(other.0) {
            Some(fen) => Some(Fen(fen)),
            None => None,
        }
    }

    /// The difference, or `None` on overflow.
    pub const fn checked_sub(self, other: Fen) -> Option<Fen> {
        match self.0.checked_sub(other.0) {
            Some(fen) => Some(Fen(fen)),
            None => None,
        }
    }

    /// The sum of many amounts, or `None` on overflow.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Fen>) -> Option<Fen> {
        amounts.into_iter().try_fold(Fen::ZERO, Fen::checked_add)
    }

    /// With thousands separators, as papers print it: `28,630.93`.
    pub fn grouped(self) -> String {
        let plain = Fen(self.0.saturating_abs()).to_string();
        let (yuan, cents) = plain.split_at(plain.len() - 3);
        let mut text = String::new();
        if self.0 < 0 {
            text.push('-');
        }
        for (index, digit) in yuan.chars().enumerate() {
            if index > 0 && (yuan.len() - index) % 3 == 0 {
                text.push(',');
            }
            text.push(digit);
        }
        text.push_str(cents);
        text
    }
}

impl Neg for Fen {
    type Output = Fen;
    fn neg(self) -> Fen {
        Fen(self.0.saturating_neg())
    }
}

/// Plain yuan with two decimals: `1234.50`.
impl fmt::Display for Fen {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        formatter.pad(&format!("{sign}{}.{:02}", magnitude / 100, magnitude % 100))
    }
}

/// Reads plain yuan: digits, optionally a point and one or two decimals, optionally a leading minus.
impl FromStr for Fen {
    type Err = FenError;
    fn from_str(text: &str) -> Result<Fen, FenError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (yuan, decimals) = digits.split_once('.').unwrap_or((digits, "00"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(yuan) || !all_digits(decimals) || decimals.len() > 2 {
            return Err(FenError::Malformed);
        }
        let yuan: i64 = yuan.parse().map_err(|_| FenError::Overflow)?;
        let mut cents: i64 = decimals.parse().map_err(|_| FenError::Malformed)?;
        if decimals.len() == 1 {
            cents *= 10;
        }
        let fen = yuan.checked_mul(100).and_then(|fen| fen.checked_add(cents)).ok_or(FenError::Overflow)?;
        Ok(Fen(if negative { -fen } else { fen }))
    }
}

/// Panics on overflow; sums of untrusted amounts use [`Fen::checked_sum`].
impl Sum for Fen {
    fn sum<I: Iterator<Item = Fen>>(amounts: I) -> Fen {
        Fen(amounts.map(Fen::fen).sum())
    }
}
