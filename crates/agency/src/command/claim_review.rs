//! From decided lines to the books: reported, approved by a second person, or sent back.

use std::sync::Arc;

use gongji_money::Fen;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::claim::{claim_at, leave, step};
use super::claim_lines::charges;
use super::settlement::place;
use super::visit::person;
use super::{Decide, check};
use crate::access::Action;
use crate::context::Context;
use crate::desk::Desk;
use crate::record::Draft;
use crate::refusal::Refusal;
use crate::row::{Claim, ClaimStatus, Reckoned};
use crate::settlement::{Asked, Quoted, book, quote};
use crate::stop::Stop;

/// 报送报销复核.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportClaim {
    /// The claim. Every line must be decided.
    pub claim: String,
}

/// 报销复核通过: books the settlement. Whoever submitted, decided or reported cannot approve.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApproveClaim {
    /// The claim.
    pub claim: String,
}

/// 退回报销申请: lines can be decided again.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SendBackClaim {
    /// The claim.
    pub claim: String,
    /// Why.
    pub reason: String,
}

/// The bill that a claim is.
fn asked(desk: &mut Desk<'_>, claim: &Claim) -> Result<Asked, Stop> {
    Ok(Asked {
        person: person(desk, &claim.person)?,
        visit: None,
        claim: Some(claim.id.clone()),
        care_type: claim.care_type.clone(),
        date: claim.date,
        admitted_on: claim.admitted_on,
        discharged_on: claim.discharged_on,
        filing: claim.filing.clone(),
        // A stay of its own, named by the claim.
        stay: Some(claim.id.clone()),
        mid_stay: false,
        from_emergency: claim.from_emergency,
        family_doctor: None,
        cause: claim.cause.clone(),
        conditions: claim.conditions.clone(),
        prescribed_by: None,
        institution: Arc::new(claim.institution.clone()),
        charges: charges(desk, claim)?,
        use_account: claim.use_account,
        use_mutual_aid: claim.use_mutual_aid,
        expect: claim.reckoned.as_ref().map(|reckoned| reckoned.table.clone()),
    })
}

fn quoted(desk: &mut Desk<'_>, context: &Context<'_>, claim: &Claim) -> Result<(Asked, Quoted), Stop> {
    let asked = asked(desk, claim)?;
    let quoted = quote(desk, context, &asked)?;
    if quoted.insured.pooling_area != claim.area {
        return Err(Refusal::new("area_changed", "就医时的参保地已经更正")
            .at("claim")
            .found(&quoted.insured.pooling_area)
            .expected(&claim.area)
            .hint("撤回以后到参保地重新申请")
            .into());
    }
    Ok((asked, quoted))
}

impl Decide for ReportClaim {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let mut claim = claim_at(desk, context, &self.claim, (Action::Reimburse, ClaimStatus::Open))?;
        let (_, quoted) = quoted(desk, context, &claim)?;
        let settled = &quoted.settled;
        let paid = |payer| settled.paid_by(payer).fen();
        let reckoned = Reckoned {
            table: settled.table_hash(),
            total: settled.total.fen(),
            fund_paid: settled.fields.fund_paid_total.fen(),
            account_paid: crate::settlement::account_paid(settled),
            mutual_aid_paid: paid(gongji_policy::Payer::Relatives),
            cash_paid: paid(gongji_policy::Payer::Cash),
        };
        let told = json!({
            "claim": claim.id,
            "total": settled.total.to_string(),
            "fund_paid": settled.fields.fund_paid_total.to_string(),
            "account_paid": Fen::new(reckoned.account_paid).to_string(),
            "mutual_aid_paid": Fen::new(reckoned.mutual_aid_paid).to_string(),
            "cash_paid": Fen::new(reckoned.cash_paid).to_string(),
        });
        claim.reckoned = Some(reckoned);
        claim.reported_by.clone_from(&context.actor.name);
        claim.history.push(step(context, "report_claim", ""));
        claim.status = ClaimStatus::Reported;
        let draft = Draft::new("report_claim", context.today).about(&claim.person);
        Ok(vec![leave(draft, ClaimStatus::Open, &claim)?.telling(told)])
    }
}

impl Decide for ApproveClaim {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let mut claim = claim_at(desk, context, &self.claim, (Action::Approve, ClaimStatus::Reported))?;
        for by in [&claim.submitted_by, &claim.reported_by].into_iter().chain(&claim.decided_by) {
            check::second_person(context, by)?;
        }
        let (asked, quoted) = quoted(desk, context, &claim)?;
        let mut draft = book(desk, context, &place(&asked), &quoted).map_err(|stop| match stop {
            Stop::Refused(refusal) if &*refusal.code == "quote_differs" => {
                let refusal = *refusal;
                refusal.at("claim").hint("报送以后这个人的累计或账户变了；退回后重新报送").into()
            }
            other => other,
        })?;
        // Expenditure of the day on which it is approved; the bill's own day stands in the settlement's question.
        draft.date = context.today;
        let made = draft.settlement.as_deref();
        claim.settlement = made.map(|made| made.id.clone());
        claim.due = made.map_or(0, |made| made.owed().1);
        claim.history.push(step(context, "approve_claim", ""));
        // Where nothing is owed, there is nothing to wait for.
        claim.status = if claim.due == 0 { ClaimStatus::Paid } else { ClaimStatus::Approved };
        Ok(vec![leave(draft, ClaimStatus::Reported, &claim)?])
    }
}

impl Decide for SendBackClaim {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let reason = check::reason(&self.reason)?;
        let mut claim = claim_at(desk, context, &self.claim, (Action::Approve, ClaimStatus::Reported))?;
        claim.reckoned = None;
        claim.history.push(step(context, "send_back_claim", &reason));
        claim.status = ClaimStatus::Open;
        let draft = Draft::new("send_back_claim", context.today).about(&claim.person);
        let draft = leave(draft, ClaimStatus::Reported, &claim)?;
        Ok(vec![draft.telling(json!({ "claim": claim.id, "reason": reason }))])
    }
}
