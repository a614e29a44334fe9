//! Exact fractions of fen, and how they become whole fen.

use gongji_money::{Rate, RoundMode, Rounding};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive};

/// An exact fraction of a fen, or a rate.
pub(crate) type Exact = BigRational;

/// So many whole fen.
pub(crate) fn whole(fen: i64) -> Exact {
    Exact::from_integer(BigInt::from(fen))
}

/// A rate as a fraction.
pub(crate) fn fraction(rate: Rate) -> Exact {
    Exact::new(BigInt::from(rate.numerator()), BigInt::from(rate.denominator()))
}

/// Rounds to the unit, in fen. Saturates outside 64 bits, where no accepted bill gets.
pub(crate) fn rounded(rounding: Rounding, value: &Exact) -> i64 {
    let unit = whole(rounding.unit.fen());
    let units = value.abs() / &unit;
    let units = match rounding.mode {
        RoundMode::HalfUp => (units + Exact::new(BigInt::from(1), BigInt::from(2))).floor(),
        RoundMode::Truncate => units.floor(),
        RoundMode::Up => units.ceil(),
    };
    let magnitude = units * unit;
    let signed = if value.is_negative() { -magnitude } else { magnitude };
    let limit = if value.is_negative() { i64::MIN } else { i64::MAX };
    signed.to_integer().to_i64().unwrap_or(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_goes_away_from_zero_and_units_are_kept() {
        let half = |numerator: i64| Exact::new(BigInt::from(numerator), BigInt::from(2));
        let round = |name: &str, value: &Exact| rounded(Rounding::from_name(name).unwrap(), value);
        assert_eq!(round("half_up_fen", &half(5)), 3);
        assert_eq!(round("half_up_fen", &half(-5)), -3);
        assert_eq!(round("truncate_fen", &half(-5)), -2);
        assert_eq!(round("up_jiao", &half(1)), 10);
        assert_eq!(round("half_up_yuan", &whole(49)), 0);
        assert_eq!(round("half_up_yuan", &whole(150)), 200);
        assert_eq!(round("truncate_yuan", &whole(199)), 100);
    }

    #[test]
    fn agrees_with_the_engine_s_rounding() {
        for numerator in -1_000..1_000_i64 {
            for rounding in Rounding::ALL {
                let value = Exact::new(BigInt::from(numerator), BigInt::from(7));
                assert_eq!(
                    rounded(rounding, &value),
                    rounding.round(numerator, 7),
                    "{numerator}/7 {rounding:?}"
                );
            }
        }
    }
}
