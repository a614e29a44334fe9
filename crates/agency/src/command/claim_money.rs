//! What becomes of a claim when its settlement is cancelled or settled again.

use gongji_money::Fen;

use super::claim::{claim_of, leave, step};
use super::claim_close::freed;
use crate::context::Context;
use crate::desk::Desk;
use crate::record::Draft;
use crate::refusal::Refusal;
use crate::row::{Claim, ClaimStatus};
use crate::stop::Stop;

/// How a claim stands whose settlement is booked.
pub(super) const fn standing(claim: &Claim) -> ClaimStatus {
    if claim.paid >= claim.due { ClaimStatus::Paid } else { ClaimStatus::Approved }
}

/// The draft of a cancellation that cancels the claim as well: its invoices can be used again.
///
/// # Errors
/// The refusal `already_paid`: what was paid has to come back first.
pub(super) fn cancelled(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    draft: Draft,
    claim: &str,
    reason: &str,
) -> Result<Draft, Stop> {
    let mut claim = (*claim_of(desk, claim)?).clone();
    if claim.paid != 0 {
        return Err(Refusal::new("already_paid", "报销款已经支付，不能撤销结算")
            .at("settlement")
            .found(format!("{} 已支付 {}", claim.id, Fen::new(claim.paid)))
            .hint("先登记支付退回")
            .into());
    }
    let before = claim.status;
    claim.status = ClaimStatus::Cancelled;
    claim.settlement = None;
    claim.due = 0;
    claim.history.push(step(context, "cancel_settlement", reason));
    Ok(freed(leave(draft, before, &claim)?, &claim))
}

/// The draft of a settlement that takes the place of the claim's.
///
/// # Errors
/// Those of the store.
pub(super) fn settled_again(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    draft: Draft,
    claim: &str,
) -> Result<Draft, Stop> {
    let Some(made) = draft.settlement.as_deref() else { return Ok(draft) };
    let mut claim = (*claim_of(desk, claim)?).clone();
    let before = claim.status;
    claim.settlement = Some(made.id.clone());
    claim.due = made.owed().1;
    claim.status = standing(&claim);
    claim.history.push(step(context, "readjudicate", ""));
    leave(draft, before, &claim)
}
