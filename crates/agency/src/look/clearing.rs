//! What an institution settled by day, shown to itself and to the staff of the area that settles with it.

use std::rc::Rc;

use jiff::civil::Date;

use crate::access::{Action, Scope, check_any};
use crate::clearing::{DayBill, DayGroup, day_bills, day_groups};
use crate::context::Context;
use crate::desk::Desk;
use crate::refusal::Refusal;
use crate::row::Institution;
use crate::stop::Stop;

/// An institution whose accounts the actor may see: its own, or one of the actor's areas.
///
/// # Errors
/// The refusals `denied` and `no_institution`.
pub(super) fn accounted(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    id: &str,
) -> Result<Rc<Institution>, Stop> {
    let found = desk.get::<Institution>(id)?;
    let area = found.as_ref().map(|institution| institution.area.as_str());
    check_any(
        context.actor,
        &[
            (Action::Clear, Scope { area, person: None, institution: Some(id) }),
            (Action::SeeArea, Scope { area, ..Scope::default() }),
        ],
    )?;
    found.ok_or_else(|| Refusal::new("no_institution", "没有这个机构").at("institution").found(id).into())
}

/// The totals of an institution on the days from `from` to `to`, both included.
///
/// # Errors
/// The refusals `denied` and `no_institution`; those of the store.
pub fn institution_days(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    institution: &str,
    from: Date,
    to: Date,
) -> Result<Vec<DayGroup>, Stop> {
    accounted(desk, context, institution)?;
    day_groups(desk, institution, from, to)
}

/// Every bill of an institution on the days from `from` to `to`, both included, cancellations too, in order of record.
///
/// # Errors
/// As [`institution_days`].
pub fn institution_bills(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    institution: &str,
    from: Date,
    to: Date,
) -> Result<Vec<DayBill>, Stop> {
    accounted(desk, context, institution)?;
    day_bills(desk, institution, from, to)
}
