//! The rate: an exact fraction read from decimal text.

use std::fmt;
use std::str::FromStr;

/// An exact rate as a reduced fraction with a positive denominator. Basis points are for display only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rate {
    numerator: i64,
    denominator: i64,
}

/// Why a text is not a rate, or why an operation has no exact answer in 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RateError {
    /// Neither a percentage nor a decimal number.
    #[error("expected a rate such as \"88%\", \"0.6\" or \"+5%\"")]
    Malformed,
    /// More digits than 64 bits hold.
    #[error("the rate has too many digits")]
    Overflow,
}

const fn greatest_common_divisor(mut left: u64, mut right: u64) -> u64 {
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}

impl Rate {
    /// 0.
    pub const ZERO: Rate = Rate { numerator: 0, denominator: 1 };
    /// 1, or 100%.
    pub const ONE: Rate = Rate { numerator: 1, denominator: 1 };

    /// The reduced fraction; `None` where the denominator is zero or a part is `i64::MIN`.
    pub const fn new(numerator: i64, denominator: i64) -> Option<Rate> {
        if denominator == 0 || numerator == i64::MIN || denominator == i64::MIN {
            return None;
        }
        let divisor = greatest_common_divisor(numerator.unsigned_abs(), denominator.unsigned_abs()) as i64;
        let sign = if denominator < 0 { -1 } else { 1 };
        Some(Rate { numerator: sign * numerator / divisor, denominator: sign * denominator / divisor })
    }

    /// So many whole percent.
    pub const fn percent(percent: i32) -> Rate {
        match Rate::new(percent as i64, 100) {
            Some(rate) => rate,
            None => Rate::ZERO,
        }
    }

    /// The upper part of the reduced fraction.
    pub const fn numerator(self) -> i64 {
        self.numerator
    }

    /// The lower part of the reduced fraction, always positive.
    pub const fn denominator(self) -> i64 {
        self.denominator
    }

    fn from_wide(numerator: i128, denominator: i128) -> Option<Rate> {
        let (mut left, mut right) = (numerator.unsigned_abs(), denominator.unsigned_abs());
        while right != 0 {
            (left, right) = (right, left % right);
        }
        let divisor = i128::try_from(left.max(1)).ok()?;
        Rate::new(i64::try_from(numerator / divisor).ok()?, i64::try_from(denominator / divisor).ok()?)
    }

    /// The exact sum, or `None` where it leaves 64 bits.
    pub fn checked_add(self, other: Rate) -> Option<Rate> {
        let (a, b) = (i128::from(self.numerator), i128::from(self.denominator));
        let (c, d) = (i128::from(other.numerator), i128::from(other.denominator));
        Rate::from_wide(a * d + c * b, b * d)
    }

    /// The exact difference, or `None` where it leaves 64 bits.
    pub fn checked_sub(self, other: Rate) -> Option<Rate> {
        self.checked_add(Rate { numerator: -other.numerator, denominator: other.denominator })
    }

    /// The exact product, or `None` where it leaves 64 bits.
    pub fn checked_mul(self, other: Rate) -> Option<Rate> {
        Rate::from_wide(
            i128::from(self.numerator) * i128::from(other.numerator),
            i128::from(self.denominator) * i128::from(other.denominator),
        )
    }

    /// What is left to 1: an own share from a fund share, and back.
    pub fn complement(self) -> Option<Rate> {
        Rate::ONE.checked_sub(self)
    }

    /// As a percentage with as many decimals as it takes, at most six: `88%`, `95.5%`, `33.333333…%`.
    pub fn to_percent(self) -> String {
        let scaled = i128::from(self.numerator) * 100_000_000;
        let denominator = i128::from(self.denominator);
        let exact = scaled % denominator == 0;
        let millionths = scaled / denominator;
        let sign = if millionths < 0 { "-" } else { "" };
        let magnitude = millionths.unsigned_abs();
        let mut text = format!("{sign}{}.{:06}", magnitude / 1_000_000, magnitude % 1_000_000);
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
        if exact { format!("{text}%") } else { format!("{text}…%") }
    }
}

impl PartialOrd for Rate {
    fn partial_cmp(&self, other: &Rate) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rate {
    fn cmp(&self, other: &Rate) -> std::cmp::Ordering {
        let left = i128::from(self.numerator) * i128::from(other.denominator);
        let right = i128::from(other.numerator) * i128::from(self.denominator);
        left.cmp(&right)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.to_percent())
    }
}

/// Reads `88%`, `88.5%`, `0.885`, `1.3`, `+10%`, `-3%`.
impl FromStr for Rate {
    type Err = RateError;
    fn from_str(text: &str) -> Result<Rate, RateError> {
        let (number, mut denominator) = match text.strip_suffix('%') {
            Some(number) => (number, 100_i64),
            None => (text, 1),
        };
        let (sign, digits) = match (number.strip_prefix('-'), number.strip_prefix('+')) {
            (Some(rest), _) => (-1, rest),
            (_, Some(rest)) => (1, rest),
            _ => (1, number),
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(whole) || !all_digits(decimals) {
            return Err(RateError::Malformed);
        }
        let mut numerator: i64 = whole.parse().map_err(|_| RateError::Overflow)?;
        for digit in decimals.trim_end_matches('0').bytes() {
            numerator = numerator
                .checked_mul(10)
                .and_then(|value| value.checked_add(i64::from(digit - b'0')))
                .ok_or(RateError::Overflow)?;
            denominator = denominator.checked_mul(10).ok_or(RateError::Overflow)?;
        }
        Rate::new(sign * numerator, denominator).ok_or(RateError::Overflow)
    }
}
