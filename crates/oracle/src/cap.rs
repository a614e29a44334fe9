//! What caps leave for a bill.

use std::cmp::{max, min};

use gongji_policy::{Cap, CapAxis};

use crate::amount::{Measures, Standard};
use crate::{CapUse, Refusal};

/// What one cap leaves for this bill.
pub(crate) struct Room<'a> {
    pub index: usize,
    pub cap: &'a Cap,
    /// Its amount, and what was used of it before.
    pub amount: Option<i64>,
    pub before: i64,
    /// `None` without limit.
    pub left: Option<i64>,
}

/// What each cap that applies leaves, on its own measure: fen paid, or fen of the net amount.
pub(crate) fn rooms<'l>(
    measures: &Measures<'_>,
    caps: &'l [Cap],
    taken: i64,
    used: &[i64],
) -> Result<Vec<Room<'l>>, Refusal> {
    let mut rooms = Vec::new();
    for (index, cap) in caps.iter().enumerate() {
        let before = cap.counter.map_or(0, |counter| used[counter]);
        let amount = match measures.standard(&cap.amount, &cap.adjust)? {
            Standard::NotApplied => continue,
            Standard::Unlimited => None,
            Standard::Fen(amount) => Some(amount),
        };
        let left = amount.map(|amount| {
            let room = max(0, amount - before);
            match cap.axis {
                CapAxis::Paid | CapAxis::EligibleNet => room,
                CapAxis::EligibleGross | CapAxis::PaidWithDeductible => max(0, room - taken),
            }
        });
        rooms.push(Room { index, cap, amount, before, left });
    }
    Ok(rooms)
}

/// What a purse's caps leave together, in fen, and the caps that take what it pays.
pub(crate) fn purse_room(
    measures: &Measures<'_>,
    caps: &[Cap],
    used: &[i64],
) -> Result<(i64, Vec<CapUse>), Refusal> {
    let rooms = rooms(measures, caps, 0, used)?;
    let left = rooms.iter().filter_map(|room| room.left).fold(measures.eligible, min);
    let uses = rooms.iter().map(|room| CapUse {
        layer: 0,
        cap: room.index,
        amount: room.amount,
        before: room.before,
        added: 0,
        deductible: 0,
    });
    Ok((left, uses.collect()))
}
