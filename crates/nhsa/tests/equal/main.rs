//! Whatever institutions send, the books are the same as when the business is done through the agency's own commands.
//!
//! Two offices over two stores are given the same random business: one by numbered messages, sent twice, at the same moment, or reversed before they
//! come; the other by commands as the JSON API reads them. After each piece both must have accepted it, or neither, with the same amounts; and everything that
//! money depends on is compared: the postings of the journal in their order, balances, tallies, accounts, visits.

#![expect(clippy::expect_used, reason = "a test stops where its premises fail")]

mod bill;
mod business;
mod deal;
mod dice;
mod ledger;
mod message;
mod moment;
mod pair;
mod side;
mod visit;

use dice::{Dice, setting};
use pair::Pair;

/// How many pieces of business unless `GONGJI_MESSAGES` says otherwise.
const STEPS: u64 = 150;

/// After so many the books are compared whole.
const WHOLE: u64 = 10;

#[test]
fn messages_and_commands_leave_the_same_books() {
    let mut dice = Dice::new("messages_and_commands_leave_the_same_books");
    let mut pair = Pair::open();
    let steps = setting("GONGJI_MESSAGES", STEPS);
    for step in 1..=steps {
        let deed = deal::next(&mut dice, &pair);
        let told = format!("step {step}: {deed:?}");
        if let Err(problem) = pair.does(&mut dice, &deed) {
            panic!("{told}\n{problem}\n\nwhat was done before:\n{}", pair.past());
        }
        pair.remember(told);
        if step % WHOLE == 0 || step == steps {
            ledger::compare(&pair);
        }
    }
    let booked = pair.booked();
    assert!(
        booked.settled * 20 >= steps && booked.cancelled > 0,
        "too little was settled to mean anything: {booked:?}"
    );
    assert!(
        steps < STEPS || (booked.reversed > 0 && booked.refused > 0 && booked.repeated > 0),
        "{booked:?}"
    );
}
