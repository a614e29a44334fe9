//! What calculations do to the purses, and what of the own account may be moved.

use gongji_money::Fen;
use gongji_policy::{Inquiry, Scheme};
use gongji_rules::{Calculation, Stop};
use jiff::civil::Date;

use super::sharing::usable;
use super::state::State;
use crate::request::{Purses, Question, Relative};

/// What of the own account may be moved to somebody, and whether only what is carried over.
///
/// # Errors
/// A [`Stop`] where the rule of sharing is unknown or unanswered.
pub(super) fn movable(
    scheme: &Scheme,
    inquiry: &Inquiry<'_>,
    beneficiary: i64,
    purses: &Purses,
) -> Result<(Fen, bool), Stop> {
    let all = purses.current_year.checked_add(purses.carried_over).ok_or(Stop::TooLarge)?.max(Fen::ZERO);
    // Relations stand among the beneficiaries in the same order, after the person.
    let relation = beneficiary - 1;
    if !(0..9).contains(&relation) || scheme.sharing.is_none() {
        return Ok((all, false));
    }
    let own = own_account(purses, relation);
    let shared = usable(scheme, &scheme.domain, &inquiry.facts, inquiry.day, &own)?;
    Ok((Fen::new(shared.usable), shared.carried_over_only))
}

/// The own account as a relative would see it.
pub(super) fn own_account(purses: &Purses, relation: i64) -> Relative {
    Relative {
        relation,
        pooling_area: String::new(),
        current_year: purses.current_year,
        carried_over: purses.carried_over,
        limit: None,
        wallet: false,
    }
}

/// Moves the purses by what a calculation came to, and remembers what was credited beforehand. `year_of` gives the first
/// day of a day's insurance year.
pub(super) fn book(
    state: &mut State,
    question: &Question,
    sheet: &Calculation<'_>,
    year_of: impl Fn(Date) -> Date,
) {
    let purses = &mut state.purses;
    let amount = |name: &str| sheet.amount(name).unwrap_or(Fen::ZERO).fen();
    let move_by = |purse: &mut Fen, amount: i64| *purse = Fen::new(purse.fen().saturating_add(amount));
    match question {
        Question::AccountCredit { period, .. } => {
            move_by(&mut purses.current_year, amount("credit"));
            if sheet.figure("credited_on").is_some() {
                let beforehand = state.precredits.entry(year_of(*period)).or_default();
                move_by(beforehand, amount("credit"));
            }
        }
        Question::AccountInterest { opening: None, .. } => {
            let current = amount("current_interest");
            move_by(&mut purses.current_year, current);
            move_by(&mut purses.carried_over, amount("interest") - current);
        }
        Question::AccountClearing { .. } | Question::YearRoll => {
            move_by(&mut purses.current_year, amount("current_year_change"));
            move_by(&mut purses.carried_over, amount("carried_over_change"));
        }
        Question::AccountUse { .. } => {
            move_by(&mut purses.current_year, -amount("current_year_paid"));
            move_by(&mut purses.carried_over, -amount("carried_over_paid"));
        }
        _ => {}
    }
}
