//! Cutting the line from 0 to what a layer looks at, and sharing a rounded payment out over its pieces.

use std::cmp::{max, min};

use gongji_money::Rounding;

use crate::exact::{Exact, rounded};

/// How much of `[from, to]` lies in `[low, high]`.
pub(crate) fn overlap(from: i64, to: i64, low: i64, high: i64) -> i64 {
    max(0, min(to, high) - max(from, low))
}

/// Shares the whole fen from `start` to `end` over pieces in order: each piece gets the difference of the rounded
/// running sum at its two ends. A piece is its amount and the exact running sum at its end.
///
/// No piece gets less than nothing or more than its amount. Where a unit above the fen would have it so, the running
/// sum is the nearest that keeps every piece, this and the later ones, within its amount. `end − start` must be at most
/// the sum of the amounts.
pub(crate) fn share_out(rounding: Rounding, start: i64, end: i64, pieces: &[(i64, Exact)]) -> Vec<i64> {
    let mut rest: i64 = pieces.iter().map(|(amount, _)| amount).sum();
    let mut before = start;
    let mut payments = Vec::new();
    for (amount, running) in pieces {
        rest -= amount;
        let least = max(before, end - rest);
        let most = min(before + amount, end);
        let now = min(max(rounded(rounding, running), least), most);
        payments.push(now - before);
        before = now;
    }
    payments
}

/// Shares a payment over amounts in proportion, by largest remainder, ties to the earlier.
pub(crate) fn pro_rata(payment: i64, amounts: &[i64]) -> Vec<i64> {
    let total: i128 = amounts.iter().map(|&amount| i128::from(amount)).sum();
    if total == 0 {
        return vec![0; amounts.len()];
    }
    let products: Vec<i128> =
        amounts.iter().map(|&amount| i128::from(payment) * i128::from(amount)).collect();
    let mut shares: Vec<i64> = products.iter().map(|product| (product / total) as i64).collect();
    let mut order: Vec<usize> = (0..amounts.len()).collect();
    // The sort is stable: equal remainders keep the order of the base.
    order.sort_by_key(|&index| std::cmp::Reverse(products[index] % total));
    let left = payment - shares.iter().sum::<i64>();
    for &index in order.iter().take(usize::try_from(left).unwrap_or(0)) {
        shares[index] += 1;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exact::whole;

    #[test]
    fn largest_remainder_then_base_order() {
        assert_eq!(pro_rata(10, &[1, 1, 1]), [4, 3, 3]);
        assert_eq!(pro_rata(5, &[3, 4, 3]), [2, 2, 1]);
        assert_eq!(pro_rata(7, &[0, 7]), [0, 7]);
        assert_eq!(pro_rata(0, &[]), Vec::<i64>::new());
    }

    #[test]
    fn a_coarse_unit_never_pays_more_than_a_piece_holds() {
        let yuan = Rounding::from_name("half_up_yuan").unwrap();
        // 30 fen and 40 fen, both paid in full: the running sum 0, 100 would pay 70 for the second piece.
        assert_eq!(share_out(yuan, 0, 70, &[(30, whole(30)), (40, whole(70))]), [30, 40]);
        assert_eq!(share_out(Rounding::HALF_UP_FEN, 0, 70, &[(30, whole(30)), (40, whole(70))]), [30, 40]);
    }
}
