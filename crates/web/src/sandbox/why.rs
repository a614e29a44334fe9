//! Why the amounts of an answer came out: explained from the settlement behind it, whether that was booked, taken back or only tried out.

use gongji_agency::Stop;
use gongji_agency::context::Context;
use gongji_agency::desk::Desk;
use gongji_agency::settlement::number_of;
use gongji_cases::answer::BillAnswer;

use super::log::Entry;
use crate::agency::Agency;
use crate::api::settlements::{explain, explain_made};

/// What became of the settlement behind an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// It is booked.
    Booked,
    /// The answer is its negative: every amount with the other sign.
    TakenBack,
    /// It was only tried out.
    Tried,
}

/// The settlement behind an answer, explained.
pub struct Why {
    /// Its id; empty for what was only tried out.
    pub settlement: String,
    /// What became of it.
    pub stands: Stands,
    /// Whether the same table comes out again, to the fen.
    pub agrees: bool,
    /// Every word.
    pub bill: BillAnswer,
}

/// The settlement that an id stands for, and whether the id is that of the negative record that takes it back.
///
/// # Errors
/// Those of the store.
pub fn original(desk: &mut Desk<'_>, id: &str) -> Result<(String, bool), Stop> {
    let Ok(seq) = number_of('S', id) else { return Ok((id.to_owned(), false)) };
    let cancels = desk.record(seq)?.and_then(|record| record.cancels);
    Ok(cancels.map_or_else(|| (id.to_owned(), false), |seq| (format!("S{seq}"), true)))
}

/// Why the amounts of a message's answer came out; `None` for one that rests on no settlement.
///
/// # Errors
/// What is named and is not there; rules that cannot be read any more.
pub fn why(
    agency: &Agency,
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    entry: &Entry,
) -> Result<Option<Why>, Stop> {
    if let Some(made) = &entry.trial {
        let told = explain_made(agency, desk, context, made)?;
        let agrees = told.agrees(made);
        return Ok(Some(Why { settlement: String::new(), stands: Stands::Tried, agrees, bill: told.bill }));
    }
    let Some(named) = entry.head().settlement else { return Ok(None) };
    let (settlement, negative) = original(desk, &named)?;
    let (record, told) = explain(agency, desk, context, &settlement)?;
    let agrees = record.settlement.as_deref().is_some_and(|made| told.agrees(made));
    let stands = if negative { Stands::TakenBack } else { Stands::Booked };
    Ok(Some(Why { settlement, stands, agrees, bill: told.bill }))
}
