//! The calculations behind a person's part of a record, as they were asked, ready to be explained under the rules of their edition.

use super::sight::seen;
use crate::command::{asked_again, before};
use crate::context::Context;
use crate::desk::Desk;
use crate::record::Calculated;
use crate::refusal::Refusal;
use crate::settlement::file_after;
use crate::stop::Stop;

/// The calculations of a person in a record of the person's file, or on a bill: contributions, credits, interest, the turn of the year, premiums.
/// [`crate::calculation::explained`] words each of them under the rules of its edition.
///
/// # Errors
/// The refusals `denied`, `no_person` and `no_calculation`; a file that does not hold what it must.
pub fn calculations(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    person: &str,
    seq: u64,
) -> Result<Vec<Calculated>, Stop> {
    seen(desk, context, person)?;
    let missing = || Refusal::new("no_calculation", "这条记录没有这个人的计算").at("record").found(seq);
    if seq == 0 || seq >= context.seq {
        return Err(missing().into());
    }
    let record = desk.record(seq)?.ok_or_else(missing)?;
    let mut found: Vec<Calculated> =
        record.calculations.iter().filter(|one| one.person == person).cloned().collect();
    if let Some(bulk) = &record.bulk
        && let Some(line) = bulk.line(person)
    {
        let mut file = file_after(desk, person, 0, usize::MAX)?;
        file.reverse();
        let then = before(person, &file, seq)?;
        for sum in asked_again(desk, context, (&record, bulk, line), &then)? {
            found.push(sum.kept_under(&bulk.edition)?);
        }
    }
    if found.is_empty() {
        return Err(missing().into());
    }
    Ok(found)
}
