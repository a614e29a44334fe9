//! Formulas that are both computed and shown, so that what people read is what was reckoned.

use std::fmt;

use gongji_money::{Fen, Rate, Rounding};

/// An expression over amounts, rates and counts. Amounts count in fen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Formula {
    /// An amount.
    Money(Fen),
    /// A rate, shown as a percentage.
    Share(Rate),
    /// A plain number, which may have decimals.
    Number(Rate),
    /// `a + b + …`
    Sum(Vec<Formula>),
    /// `a − b`
    Difference(Box<Formula>, Box<Formula>),
    /// `a × b × …`
    Product(Vec<Formula>),
    /// `a ÷ b`
    Quotient(Box<Formula>, Box<Formula>),
    /// The least of them.
    Least(Vec<Formula>),
    /// The greatest of them.
    Greatest(Vec<Formula>),
}

/// An exact fraction with a positive denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exact {
    /// The upper part.
    pub numerator: i128,
    /// The lower part, positive.
    pub denominator: i128,
}

impl Exact {
    fn new(numerator: i128, denominator: i128) -> Option<Exact> {
        let (mut left, mut right) = (numerator.unsigned_abs(), denominator.unsigned_abs());
        while right != 0 {
            (left, right) = (right, left % right);
        }
        let divisor = i128::try_from(left.max(1)).ok()?;
        if denominator == 0 {
            return None;
        }
        let sign = denominator.signum();
        Some(Exact { numerator: sign * (numerator / divisor), denominator: sign * (denominator / divisor) })
    }

    fn plus(self, other: Exact) -> Option<Exact> {
        let left = self.numerator.checked_mul(other.denominator)?;
        let right = other.numerator.checked_mul(self.denominator)?;
        Exact::new(left.checked_add(right)?, self.denominator.checked_mul(other.denominator)?)
    }

    fn times(self, other: Exact) -> Option<Exact> {
        Exact::new(
            self.numerator.checked_mul(other.numerator)?,
            self.denominator.checked_mul(other.denominator)?,
        )
    }

    fn at_most(self, other: Exact) -> Option<bool> {
        let left = self.numerator.checked_mul(other.denominator)?;
        Some(left <= other.numerator.checked_mul(self.denominator)?)
    }
}

/// The least or the greatest of some values.
fn extreme(all: &[Formula], least: bool) -> Option<Exact> {
    let mut values = all.iter().map(Formula::value);
    let mut best = values.next()??;
    for value in values {
        let value = value?;
        if value.at_most(best)? == least {
            best = value;
        }
    }
    Some(best)
}

impl Formula {
    /// A whole number.
    pub fn count(count: i64) -> Formula {
        Formula::Number(Rate::new(count, 1).unwrap_or(Rate::ZERO))
    }

    /// `self × other`
    #[must_use]
    pub fn times(self, other: Formula) -> Formula {
        match self {
            Formula::Product(mut parts) => {
                parts.push(other);
                Formula::Product(parts)
            }
            one => Formula::Product(vec![one, other]),
        }
    }

    /// `self + other`
    #[must_use]
    pub fn plus(self, other: Formula) -> Formula {
        match self {
            Formula::Sum(mut parts) => {
                parts.push(other);
                Formula::Sum(parts)
            }
            one => Formula::Sum(vec![one, other]),
        }
    }

    /// `self − other`
    #[must_use]
    pub fn minus(self, other: Formula) -> Formula {
        Formula::Difference(Box::new(self), Box::new(other))
    }

    /// `self ÷ other`
    #[must_use]
    pub fn over(self, other: Formula) -> Formula {
        Formula::Quotient(Box::new(self), Box::new(other))
    }

    /// The exact value, amounts in fen; `None` where it divides by nothing or leaves 128 bits.
    pub fn value(&self) -> Option<Exact> {
        match self {
            Formula::Money(amount) => Exact::new(i128::from(amount.fen()), 1),
            Formula::Share(rate) | Formula::Number(rate) => {
                Exact::new(i128::from(rate.numerator()), i128::from(rate.denominator()))
            }
            Formula::Sum(parts) => parts
                .iter()
                .try_fold(Exact { numerator: 0, denominator: 1 }, |sum, part| sum.plus(part.value()?)),
            Formula::Difference(left, right) => {
                let right = right.value()?;
                left.value()?.plus(Exact { numerator: right.numerator.checked_neg()?, ..right })
            }
            Formula::Product(parts) => {
                parts.iter().try_fold(Exact { numerator: 1, denominator: 1 }, |product, part| {
                    product.times(part.value()?)
                })
            }
            Formula::Quotient(left, right) => {
                let right = right.value()?;
                left.value()?.times(Exact::new(right.denominator, right.numerator)?)
            }
            Formula::Least(all) => extreme(all, true),
            Formula::Greatest(all) => extreme(all, false),
        }
    }

    /// The value as whole fen; `None` where it leaves 64 bits.
    pub fn rounded(&self, rounding: Rounding) -> Option<Fen> {
        let value = self.value()?;
        rounding.round_wide(value.numerator, value.denominator)
    }

    /// How tightly it binds: 1 sums, 2 products, 3 all else.
    const fn tightness(&self) -> u8 {
        match self {
            Formula::Sum(_) | Formula::Difference(..) => 1,
            Formula::Product(_) | Formula::Quotient(..) => 2,
            _ => 3,
        }
    }

    fn write(&self, outer: u8, into: &mut fmt::Formatter<'_>) -> fmt::Result {
        let enclosed = self.tightness() < outer;
        if enclosed {
            into.write_str("(")?;
        }
        let joined = |parts: &[Formula], sign: &str, inner: u8, into: &mut fmt::Formatter<'_>| {
            parts.iter().enumerate().try_for_each(|(position, part)| {
                if position > 0 {
                    into.write_str(sign)?;
                }
                part.write(inner, into)
            })
        };
        match self {
            Formula::Money(amount) => write!(into, "{amount}")?,
            Formula::Share(rate) => write!(into, "{rate}")?,
            Formula::Number(number) if number.denominator() == 1 => write!(into, "{}", number.numerator())?,
            // A decimal number is a percentage a hundred times as large.
            Formula::Number(number) => {
                let hundredth = number.checked_mul(Rate::percent(1)).unwrap_or(*number).to_percent();
                into.write_str(hundredth.trim_end_matches('%'))?;
            }
            Formula::Sum(parts) => joined(parts, " + ", 1, into)?,
            Formula::Difference(left, right) => {
                left.write(1, into)?;
                into.write_str(" − ")?;
                right.write(2, into)?;
            }
            Formula::Product(parts) => joined(parts, " × ", 2, into)?,
            Formula::Quotient(left, right) => {
                left.write(2, into)?;
                into.write_str(" ÷ ")?;
                right.write(3, into)?;
            }
            Formula::Least(all) => {
                into.write_str("取小(")?;
                joined(all, "，", 1, into)?;
                into.write_str(")")?;
            }
            Formula::Greatest(all) => {
                into.write_str("取大(")?;
                joined(all, "，", 1, into)?;
                into.write_str(")")?;
            }
        }
        if enclosed {
            into.write_str(")")?;
        }
        Ok(())
    }
}

/// As people read it, with the numbers in it: `4800.00 × (2% + 1.4%)`.
impl fmt::Display for Formula {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(0, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yuan(yuan: i64) -> Formula {
        Formula::Money(Fen::new(yuan * 100))
    }

    #[test]
    fn shown_and_computed_alike() {
        let share = |text: &str| Formula::Share(text.parse().unwrap());
        let clamped = Formula::Least(vec![Formula::Greatest(vec![yuan(3000), yuan(3756)]), yuan(18_780)]);
        let formula = clamped.times(share("2%").plus(share("1.4%"))).plus(yuan(3));
        assert_eq!(formula.to_string(), "取小(取大(3000.00，3756.00)，18780.00) × (2% + 1.4%) + 3.00");
        assert_eq!(formula.rounded(Rounding::HALF_UP_FEN), Some(Fen::new(13_070)));
        let days = yuan(7000).over(Formula::Number("30.4".parse().unwrap())).times(Formula::count(98));
        assert_eq!(days.to_string(), "7000.00 ÷ 30.4 × 98");
        assert_eq!(days.rounded(Rounding::HALF_UP_FEN), Some(Fen::new(2_256_579)));
        assert_eq!(yuan(1).over(yuan(1).minus(yuan(1))).value(), None);
        assert_eq!(yuan(5).minus(yuan(1).minus(yuan(2))).to_string(), "5.00 − (1.00 − 2.00)");
    }
}
