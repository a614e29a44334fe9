//! How a payment relieves the portions of a base.

use gongji_policy::plan::Slot;

use crate::{Step, Trace, Worksheet};

/// Relieves pro rata to what is unpaid: each slot its floor, the fen left over to the largest remainders, ties in base
/// order. `eligible` is the sum of the base, `payment` at most that.
pub(crate) fn pro_rata<T: Trace>(
    sheet: &mut Worksheet,
    layer: usize,
    base: &[Slot],
    eligible: i64,
    payment: i64,
    trace: &mut T,
) {
    if payment <= 0 {
        return;
    }
    let mut holding = base.iter().filter(|slot| sheet.unpaid(**slot) > 0);
    if let (Some(slot), None) = (holding.next(), holding.next()) {
        return relieve(sheet, layer, *slot, 0, payment, trace);
    }
    let mut left = payment;
    sheet.shares.clear();
    for slot in base {
        let share = Share::of(payment, sheet.unpaid(*slot), eligible);
        left -= share.amount;
        sheet.shares.push(share);
    }
    // Fewer fen are left over than slots have a remainder: each of them gets one at most.
    for _ in 0..left {
        let ranked = sheet.shares.iter_mut().filter(|share| !share.extra).rev();
        if let Some(share) = ranked.max_by_key(|share| share.remainder) {
            share.extra = true;
        }
    }
    for (position, slot) in base.iter().enumerate() {
        let Share { amount, extra, .. } = sheet.shares[position];
        relieve(sheet, layer, *slot, 0, amount + i64::from(extra), trace);
    }
}

/// One slot's part of a payment that is shared pro rata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Share {
    amount: i64,
    remainder: i64,
    extra: bool,
}

impl Share {
    /// payment × unpaid / eligible.
    #[inline]
    fn of(payment: i64, unpaid: i64, eligible: i64) -> Share {
        let (amount, remainder) = match payment.checked_mul(unpaid) {
            Some(product) => (product / eligible, product % eligible),
            // The share is at most `payment`, the remainder below `eligible`: both fit.
            None => {
                let (product, eligible) = (i128::from(payment) * i128::from(unpaid), i128::from(eligible));
                ((product / eligible) as i64, (product % eligible) as i64)
            }
        };
        Share { amount, remainder, extra: false }
    }
}

/// Relieves slot after slot until `most` is spent or the base is; what was spent.
#[inline]
pub(crate) fn in_order<T: Trace>(
    sheet: &mut Worksheet,
    layer: usize,
    base: &[Slot],
    account: usize,
    most: i64,
    trace: &mut T,
) -> i64 {
    let mut left = most;
    for slot in base {
        let part = left.min(sheet.unpaid[usize::from(*slot)]);
        relieve(sheet, layer, *slot, account, part, trace);
        left -= part;
        if left == 0 {
            break;
        }
    }
    most - left
}

#[inline]
fn relieve<T: Trace>(
    sheet: &mut Worksheet,
    layer: usize,
    slot: Slot,
    account: usize,
    amount: i64,
    trace: &mut T,
) {
    if amount == 0 {
        return;
    }
    sheet.unpaid[usize::from(slot)] -= amount;
    if T::ON {
        trace.step(Step::Relief { layer: layer as u8, slot, account: account as u8, amount });
    }
}
