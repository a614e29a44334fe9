//! What of a relative's account may be used.

use gongji_money::Fen;
use gongji_policy::plan::{Cited, Part, Refusal};
use gongji_policy::{Dimension, Domain, Facts, Lookup, Scheme, Setting, Share};
use jiff::civil::Date;

use crate::request::Relative;

/// A relative's account as one bill finds it.
#[derive(Clone, Debug)]
pub(crate) struct Shared<'pack> {
    /// What may be used, in fen.
    pub usable: i64,
    /// Whether only what is carried over may be used.
    pub carried_over_only: bool,
    /// The row that says so; `None` where the scheme has no rule of sharing or the account is empty.
    pub cited: Option<Cited<'pack>>,
}

impl Shared<'_> {
    /// Nothing may be used.
    pub fn nothing() -> Self {
        Shared { usable: 0, carried_over_only: false, cited: None }
    }
}

/// What may be used of one relative's account on a day.
///
/// # Errors
/// A [`Refusal`] where the rule is unknown or unanswered and there is money that it decides about.
pub(crate) fn usable<'pack>(
    scheme: &'pack Scheme,
    domain: &Domain,
    facts: &Facts,
    day: Date,
    relative: &Relative,
) -> Result<Shared<'pack>, Refusal> {
    let balance = relative.current_year.fen() + relative.carried_over.fen();
    let most = relative.limit.map_or(i64::MAX, Fen::fen);
    if relative.wallet {
        return Ok(Shared { usable: balance.clamp(0, most), carried_over_only: false, cited: None });
    }
    let Some(table) = scheme.sharing.as_ref().filter(|_| balance > 0) else {
        return Ok(Shared::nothing());
    };
    let facts = facts.clone().with(Dimension::Relation, relative.relation);
    let (index, row) = match table.lookup_within(&facts, day, domain, &scheme.values) {
        Lookup::Found(index, row) => (index, row),
        Lookup::NeedsAnswer(dimension) => {
            return Err(Refusal::NeedsAnswer { dimension, path: table.path.clone() });
        }
        Lookup::NoRow => return Err(Refusal::NoRule { path: table.path.clone() }),
    };
    let share = match &row.value {
        Setting::Known(share) => *share,
        Setting::Unknown(reason) => {
            return Err(Refusal::Unknown { reason: reason.clone(), path: table.path.clone() });
        }
    };
    let usable = match share {
        Share::Nothing => 0,
        Share::All => balance,
        Share::CarriedOver => relative.carried_over.fen(),
        Share::Above(floor) => (balance - floor.fen()).max(0),
    };
    Ok(Shared {
        usable: usable.min(most),
        carried_over_only: share == Share::CarriedOver,
        cited: Some(Cited::of(Part::Applies, table, index, row)),
    })
}

/// Takes a payment from a relative's account: the current year first, then what is carried over; only the latter where the
/// rule opens no more. A current year below nothing gives nothing.
pub(crate) fn draw(relative: &mut Relative, paid: i64, carried_over_only: bool) {
    let from_current = if carried_over_only { 0 } else { paid.min(relative.current_year.fen().max(0)) };
    relative.current_year = Fen::new(relative.current_year.fen() - from_current);
    relative.carried_over = Fen::new(relative.carried_over.fen() - (paid - from_current));
}
