//! Claims that come to nothing: withdrawn, or expired. Their invoices can be used again.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::claim::{claim_at, claim_of, leave, stands, step};
use super::{Decide, check};
use crate::access::{Action, Scope};
use crate::context::Context;
use crate::desk::Desk;
use crate::record::{After, Draft};
use crate::refusal::Refusal;
use crate::row::{Claim, ClaimStatus, Document, Invoice};
use crate::stop::Stop;

/// 撤回报销申请, by the person or by staff, before it is approved.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithdrawClaim {
    /// The claim.
    pub claim: String,
    /// Why.
    pub reason: String,
}

/// 报销申请作废: papers never came, or it is too late.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpireClaim {
    /// The claim.
    pub claim: String,
    /// Why.
    pub reason: String,
}

/// The draft after which a claim's invoices can be used again.
pub(super) fn freed(mut draft: Draft, claim: &Claim) -> Draft {
    use crate::desk::Row;
    for invoice in claim.documents.iter().filter_map(Document::invoice_id) {
        draft.after.push(After::gone(Invoice::KIND, &invoice));
    }
    draft
}

fn closed(
    context: &Context<'_>,
    (kind, status): (&'static str, ClaimStatus),
    mut claim: Claim,
    reason: &str,
) -> Result<Vec<Draft>, Stop> {
    let before = claim.status;
    claim.status = status;
    claim.reckoned = None;
    claim.history.push(step(context, kind, reason));
    let draft = Draft::new(kind, context.today).about(&claim.person);
    let draft = freed(leave(draft, before, &claim)?, &claim);
    Ok(vec![draft.telling(json!({ "claim": claim.id, "reason": reason }))])
}

impl Decide for WithdrawClaim {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let reason = check::reason(&self.reason)?;
        context.may(Action::Reimburse)?;
        if context.actor.role == crate::actor::Role::Resident {
            // A claim of somebody else and no claim at all are told alike.
            let own = desk.get::<Claim>(&self.claim)?.filter(|claim| claim.person == context.actor.name);
            own.ok_or_else(|| Refusal::new("no_claim", "没有这项报销申请").at("claim").found(&self.claim))?;
        }
        let claim = claim_of(desk, &self.claim)?;
        let scope = Scope { area: Some(&claim.area), person: Some(&claim.person), institution: None };
        context.allow(Action::Reimburse, scope)?;
        if claim.status != ClaimStatus::Reported {
            stands(&claim, ClaimStatus::Open)?;
        }
        closed(context, ("withdraw_claim", ClaimStatus::Withdrawn), (*claim).clone(), &reason)
    }
}

impl Decide for ExpireClaim {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let reason = check::reason(&self.reason)?;
        let claim = claim_at(desk, context, &self.claim, (Action::Reimburse, ClaimStatus::Open))?;
        closed(context, ("expire_claim", ClaimStatus::Expired), claim, &reason)
    }
}
