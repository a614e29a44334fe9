//! Exact division by a divisor that is used again and again.

/// A divisor with its reciprocal: quotient and remainder in two multiplications instead of a division.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Divisor {
    value: i64,
    /// ⌊2⁶⁴ / value⌋.
    reciprocal: u64,
}

impl Divisor {
    /// A divisor of at least 1; smaller values count as 1.
    pub const fn new(value: i64) -> Divisor {
        let value = if value < 1 { 1 } else { value };
        let reciprocal = if value == 1 { u64::MAX } else { ((1_u128 << 64) / value as u128) as u64 };
        Divisor { value, reciprocal }
    }

    /// The divisor itself.
    pub const fn value(self) -> i64 {
        self.value
    }

    /// Quotient and remainder of a dividend that is not negative.
    ///
    /// The reciprocal is at most one too small per 2⁶⁴, and a dividend below 2⁶³: the estimate is the quotient or one less.
    #[inline]
    pub const fn divide(self, dividend: i64) -> (i64, i64) {
        let estimate = ((dividend as u64 as u128 * self.reciprocal as u128) >> 64) as i64;
        let rest = dividend - estimate * self.value;
        if rest >= self.value { (estimate + 1, rest - self.value) } else { (estimate, rest) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn equals_division(value in 1..=100_000_000_i64, dividend in 0..=i64::MAX) {
            prop_assert_eq!(Divisor::new(value).divide(dividend), (dividend / value, dividend % value));
        }

        #[test]
        fn equals_division_near_multiples(value in 1..=100_000_000_i64, times in 0..=90_000_000_000_i64, off in -1..=1_i64) {
            let dividend = (value * times + off).max(0);
            prop_assert_eq!(Divisor::new(value).divide(dividend), (dividend / value, dividend % value));
        }
    }

    #[test]
    fn one_and_the_largest() {
        for value in [1, 2, 3, 7, 100, i64::MAX] {
            for dividend in [0, 1, i64::MAX - 1, i64::MAX] {
                assert_eq!(Divisor::new(value).divide(dividend), (dividend / value, dividend % value));
            }
        }
    }
}
