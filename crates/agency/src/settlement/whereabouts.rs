//! Where a settled bill is from.

use std::sync::Arc;

use super::Settlement;
use crate::desk::Desk;
use crate::row::{Claim, Institution};
use crate::stop::Stop;

/// The institution of a settlement: one of the agency's, or, of a bill that a person paid, as the claim tells it.
///
/// # Errors
/// Those of the store.
pub fn institution_of(desk: &mut Desk<'_>, made: &Settlement) -> Result<Arc<Institution>, Stop> {
    match &made.claim {
        Some(claim) => Ok(Arc::new(desk.need::<Claim>(claim)?.institution.clone())),
        None => desk.need::<Institution>(&made.institution),
    }
}
