//! The bill as the fold takes it: portions in fen.

use gongji_policy::plan::BILL_LIMIT;

/// How many tags of in-scope money a bill may have.
pub const MAX_TAGS: usize = 8;

/// A bill's portions, all in fen and none negative. `non_covered + over_limit_price + upfront_self_pay + Σ in_scope` is
/// the total and must not exceed [`BILL_LIMIT`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bill {
    /// 全自费.
    pub non_covered: i64,
    /// 超限价自费.
    pub over_limit_price: i64,
    /// 先行自付.
    pub upfront_self_pay: i64,
    /// 符合政策范围金额 by tag of the benefit; the first is `general`.
    pub in_scope: [i64; MAX_TAGS],
    /// Days of stay, for deductibles that fall due again.
    pub stay_days: i64,
}

impl Bill {
    /// 医疗费总额.
    #[inline]
    pub fn total(&self) -> i64 {
        self.non_covered + self.over_limit_price + self.upfront_self_pay + self.in_scope_total()
    }

    /// 符合政策范围金额 over all tags.
    #[inline]
    pub fn in_scope_total(&self) -> i64 {
        self.in_scope.iter().sum()
    }

    /// Whether every portion is at least zero and the total within the limit.
    pub fn is_valid(&self) -> bool {
        let portions = [self.non_covered, self.over_limit_price, self.upfront_self_pay];
        let mut total = 0_i64;
        for portion in portions.iter().chain(&self.in_scope) {
            match total.checked_add(*portion) {
                Some(sum) if *portion >= 0 && sum <= BILL_LIMIT => total = sum,
                _ => return false,
            }
        }
        true
    }
}
