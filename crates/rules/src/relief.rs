//! How a payment relieves the portions of a base.

use gongji_policy::plan::Slot;

use crate::{Step, Trace, Worksheet};

/// Relieves pro rata to what is unpaid: each slot its floor, the fen left over to the largest remainders, ties in base
/// order. `payment` is at most the sum of the base.
pub(crate) fn pro_rata<T: Trace>(
    sheet: &mut Worksheet,
    layer: usize,
    base: &[Slot],
    payment: i64,
    trace: &mut T,
) {
    let eligible = i128::from(sheet.sum(base));
    if payment <= 0 || eligible == 0 {
        return;
    }
    let mut left = payment;
    sheet.remainders.clear();
    for (position, slot) in base.iter().enumerate() {
        let product = i128::from(payment) * i128::from(sheet.unpaid[usize::from(*slot)]);
        // At most `payment`, and a remainder below `eligible`: both fit.
        left -= (product / eligible) as i64;
        sheet.remainders.push(((product % eligible) as i64, position));
    }
    // Largest first; a stable sort keeps base order among equals.
    sheet.remainders.sort_by(|(one, _), (other, _)| other.cmp(one));
    for extra in 0..sheet.remainders.len() {
        // The remainder's place is free once its rank is known: it now says whether the slot gets one fen more.
        sheet.remainders[extra].0 = i64::from((extra as i64) < left);
    }
    sheet.remainders.sort_by_key(|(_, position)| *position);
    for (position, slot) in base.iter().enumerate() {
        let unpaid = sheet.unpaid[usize::from(*slot)];
        let floor = (i128::from(payment) * i128::from(unpaid) / eligible) as i64;
        relieve(sheet, layer, *slot, 0, floor + sheet.remainders[position].0, trace);
    }
    sheet.paid[layer] += payment;
}

/// Relieves slot after slot until the payment is spent.
pub(crate) fn in_order<T: Trace>(
    sheet: &mut Worksheet,
    layer: usize,
    base: &[Slot],
    account: usize,
    payment: i64,
    trace: &mut T,
) {
    let mut left = payment;
    for slot in base {
        let part = left.min(sheet.unpaid[usize::from(*slot)]);
        relieve(sheet, layer, *slot, account, part, trace);
        left -= part;
    }
    sheet.paid[layer] += payment - left;
}

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
