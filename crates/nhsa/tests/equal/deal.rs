//! The next piece of business, mostly a sensible one.

use crate::business::{Deed, ITEMS, Lines, Slip, Target};
use crate::dice::Dice;
use crate::pair::Pair;
use crate::side::{PHARMACY, PLACES};

fn lines(dice: &mut Dice) -> Lines {
    (0..=dice.below(3))
        .map(|_| (dice.at(ITEMS.len()), u32::try_from(1 + dice.below(5)).expect("small")))
        .collect()
}

fn slip(dice: &mut Dice, possible: &[Slip]) -> Option<Slip> {
    dice.chance(6).then(|| *dice.of(possible))
}

/// A place that is no pharmacy, mostly one of the person's own area.
fn hospital(dice: &mut Dice, person: usize) -> usize {
    let home = if person >= 4 { [3, 3] } else { [0, 1] };
    let place = if dice.chance(92) { *dice.of(&home) } else { dice.at(PLACES.len()) };
    if place == PHARMACY { home[0] } else { place }
}

/// Mostly something recent.
fn recent(dice: &mut Dice, length: usize) -> usize {
    let within = if dice.chance(85) { length.min(5) } else { length };
    length - 1 - dice.at(within)
}

/// The next piece of business.
pub fn next(dice: &mut Dice, pair: &Pair) -> Deed {
    let person = dice.at(pair.people());
    let accounts = u8::try_from(dice.below(3)).expect("small");
    if pair.visits.is_empty() {
        return Deed::Register { person, place: hospital(dice, person), back: 0, care: "11" };
    }
    let visit = recent(dice, pair.visits.len());
    let back = i32::try_from(dice.below(4)).expect("small");
    let charges = pair.visits[visit].uploads.last().map_or(1, |upload| upload.charge);
    match dice.below(100) {
        0..12 => {
            let care = *dice.of(&["11", "11", "12", "13"]);
            Deed::Register { person, place: hospital(dice, person), back, care }
        }
        12..18 => Deed::Admit { person, place: hospital(dice, person), back },
        18..40 => {
            let charge = if dice.chance(75) { charges + 1 } else { charges };
            let slip = slip(dice, &[Slip::Serial]);
            Deed::Upload { visit, charge, lines: lines(dice), slip }
        }
        40..44 => {
            let uploads = pair.visits[visit].uploads.len();
            let upload = if uploads > 0 && dice.chance(60) { Some(dice.at(uploads)) } else { None };
            Deed::CancelLines { visit, upload }
        }
        44..48 => Deed::Discharge { visit },
        48..50 => Deed::Undischarge { visit },
        50..68 => {
            let charge =
                if dice.chance(85) { charges } else { 1 + u32::try_from(dice.below(3)).expect("small") };
            let slip = slip(dice, &[Slip::Total, Slip::Insurance]);
            Deed::Settle { visit, charge, accounts, mid: dice.chance(25), slip }
        }
        68..80 => {
            let slip = slip(dice, &[Slip::Total, Slip::Insurance]);
            Deed::Purchase { person, accounts, lines: lines(dice), slip }
        }
        80..87 if !pair.settled.is_empty() => {
            Deed::CancelSettlement { settled: recent(dice, pair.settled.len()) }
        }
        87..89 => Deed::CancelVisit { visit },
        89..94 => {
            let target = match dice.below(4) {
                0 => Target::Unseen,
                1 => match pair.visits.iter().rposition(|visit| visit.stay) {
                    Some(stay) => Target::Admission(stay),
                    None => Target::Unseen,
                },
                _ if pair.settled.is_empty() => Target::Unseen,
                _ => Target::Settlement(recent(dice, pair.settled.len())),
            };
            Deed::Reverse { target }
        }
        94..96 => Deed::Late { person, lines: lines(dice) },
        96..98 => Deed::Credit { person: [0, 1, 2, 4, 5][dice.at(5)], yuan: 1 + dice.below(400) },
        _ => Deed::Later { days: 1 + i64::try_from(dice.below(40)).expect("small") },
    }
}
