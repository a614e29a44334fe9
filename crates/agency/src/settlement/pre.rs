//! 预结算: what a settlement would be, explained. Books nothing.

use gongji_cases::answer::BillAnswer;

use super::{Quoted, quote};
use crate::command::Command;
use crate::context::Context;
use crate::desk::Desk;
use crate::refusal::Refusal;
use crate::stop::Stop;

/// A settlement as it would be booked now.
#[derive(Clone, Debug)]
pub struct PreSettled {
    /// Every fen with its words, as a quote gives it.
    pub bill: BillAnswer,
    /// The hash of the table: sent as `expect` with the command, a settlement that would differ books nothing.
    pub expect: String,
    /// What it was computed from.
    pub quoted: Quoted,
}

/// Computes what `settle` or `settle_at_once` would book from the present state.
///
/// # Errors
/// What the command itself would be refused for; a command that settles nothing.
pub fn presettle(desk: &mut Desk<'_>, context: &Context<'_>, command: &Command) -> Result<PreSettled, Stop> {
    let asked = match command {
        Command::Settle(settle) => settle.asked(desk, context)?.1,
        Command::SettleAtOnce(settle) => settle.asked(desk, context)?,
        other => {
            return Err(Refusal::new("not_offered", "这项业务没有预结算")
                .at("kind")
                .found(other.kind())
                .expected("settle、settle_at_once")
                .into());
        }
    };
    let quoted = quote(desk, context, &asked)?;
    let bill = context.rules.explain(&quoted.insured, &quoted.purses, &quoted.event, &quoted.history)?;
    Ok(PreSettled { bill, expect: quoted.settled.table_hash(), quoted })
}
