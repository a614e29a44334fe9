//! The cells of the table, from the fold's steps.

use gongji_money::Fen;
use gongji_policy::plan::{Slot, Work};
use gongji_policy::{Payer, PurseKind};
use gongji_rules::Step;

use super::{Row, SettledCell};
use crate::run::Outcome;

/// What a layer (none for cash) pays of a slot, and from which relative's account.
struct Found {
    slot: Slot,
    layer: Option<usize>,
    relative: Option<usize>,
    amount: i64,
}

/// Every cell that is not zero, in order of rows, then of layers, cash last.
pub(super) fn cells(outcome: &Outcome<'_>) -> Vec<SettledCell> {
    let mut found: Vec<Found> = Vec::with_capacity(8);
    let mut add = |slot: Slot, layer: Option<usize>, relative: Option<usize>, amount: i64| {
        let same =
            |known: &&mut Found| known.slot == slot && known.layer == layer && known.relative == relative;
        match found.iter_mut().find(same) {
            Some(known) => known.amount += amount,
            None => found.push(Found { slot, layer, relative, amount }),
        }
    };
    for step in &outcome.trace {
        match *step {
            Step::Band { layer, slot, paid, .. } if outcome.opens(usize::from(layer)) => {
                add(slot, Some(usize::from(layer)), None, paid);
            }
            Step::Relief { layer, slot, account, amount } => {
                let layer = usize::from(layer);
                let of_relatives = matches!(
                    outcome.resolution.layers.get(layer).map(|layer| &layer.work),
                    Some(Work::Purse(purse)) if purse.purse == PurseKind::Relatives
                );
                add(slot, Some(layer), of_relatives.then_some(usize::from(account)), amount);
            }
            Step::Cash { slot, amount } => add(slot, None, None, amount),
            _ => {}
        }
    }
    found.retain(|cell| cell.amount != 0);
    // Stable: the order of layers stays, and cash comes last of each row.
    found.sort_by_key(|cell| cell.slot);
    found
        .into_iter()
        .map(|cell| {
            let layer = cell.layer.and_then(|layer| outcome.plan.benefit().layers.get(layer));
            SettledCell {
                row: Row::from(outcome.plan.slots().kind(cell.slot)),
                tag: outcome.tag(cell.slot).map(str::to_owned),
                layer: layer.map(|layer| layer.name.clone()),
                payer: layer.map_or(Payer::Cash, |layer| layer.payer),
                relative: cell.relative,
                amount: Fen::new(cell.amount),
            }
        })
        .collect()
}
