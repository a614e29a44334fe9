//! What becomes of grants: their order, pauses.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{acting_for, grant_of};
use crate::access::Action;
use crate::command::grant::may_share;
use crate::command::{Decide, check};
use crate::context::Context;
use crate::desk::Desk;
use crate::record::Draft;
use crate::refusal::Refusal;
use crate::row::{Grants, Pause};
use crate::stop::Stop;

/// 调整共济顺序: in which order the accounts are drawn on, by the beneficiary.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderGrants {
    /// Who may draw.
    pub beneficiary: String,
    /// Every grant that has not ended and was not refused, the first to be drawn on first.
    pub grants: Vec<String>,
}

/// 暂停共济授权.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PauseGrant {
    /// Who may draw.
    pub beneficiary: String,
    /// The grant's number.
    pub grant: String,
    /// The first day on which nothing is drawn; today unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
}

/// 恢复共济授权.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResumeGrant {
    /// Who may draw.
    pub beneficiary: String,
    /// The grant's number.
    pub grant: String,
    /// The first day on which something may be drawn again; today unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
}

impl Decide for OrderGrants {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        acting_for(desk, context, &self.beneficiary)?;
        let row = desk.get::<Grants>(&self.beneficiary)?.map(|row| (*row).clone()).unwrap_or_default();
        let (ended, live): (Vec<_>, Vec<_>) = row
            .grants
            .into_iter()
            .partition(|grant| grant.is_refused() || grant.to.is_some_and(|to| to < context.today));
        let differs = || {
            let known: Vec<&str> = live.iter().map(|grant| grant.id.as_str()).collect();
            Refusal::new("order_differs", "要写出全部未结束的授权，各写一次")
                .at("grants")
                .found(self.grants.join("、"))
                .expected(known.join("、"))
        };
        if self.grants.len() != live.len() {
            return Err(differs().into());
        }
        let mut grants = ended;
        for id in &self.grants {
            let grant = live.iter().find(|grant| grant.id == *id).ok_or_else(differs)?;
            if grants.iter().any(|known| known.id == *id) {
                return Err(differs().into());
            }
            grants.push(grant.clone());
        }
        let draft = Draft::new("order_grants", context.today)
            .about(&self.beneficiary)
            .leaving(&self.beneficiary, &Grants { grants })?
            .telling(json!({ "beneficiary": self.beneficiary, "grants": self.grants }));
        Ok(vec![draft])
    }
}

/// Pauses or resumes.
fn paused(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    (beneficiary, grant, from): (&str, &str, Option<Date>),
    pause: bool,
) -> Result<Vec<Draft>, Stop> {
    context.may(Action::Share)?;
    let (mut grants, at) = grant_of(desk, beneficiary, grant)?;
    let known = &mut grants.grants[at];
    may_share(desk, context, &known.grantor)?;
    let from = from.unwrap_or(context.today);
    // What was drawn before stays: no day that has passed changes.
    if from < context.today {
        return Err(Refusal::new("past_date", "不能从已经过去的日期起")
            .at("from")
            .found(from)
            .expected(format!("{} 或以后", context.today))
            .into());
    }
    context.not_far("from", from)?;
    if let Some(to) = known.to.filter(|to| *to < from) {
        return Err(Refusal::new("grant_ended", "授权已经解除").at("grant").found(to).into());
    }
    let open = known.paused.iter().position(|stretch| stretch.to.is_none());
    match (pause, open) {
        (true, None) => known.paused.push(Pause { from, to: None }),
        (false, Some(stretch)) if known.paused[stretch].from >= from => {
            known.paused.remove(stretch);
        }
        (false, Some(stretch)) => known.paused[stretch].to = Some(check::day_before("from", from)?),
        (true, Some(stretch)) => {
            let since = known.paused[stretch].from;
            return Err(Refusal::new("already_paused", "授权已经暂停").at("grant").found(since).into());
        }
        (false, None) => {
            return Err(Refusal::new("not_paused", "授权没有暂停").at("grant").found(grant).into());
        }
    }
    let grantor = known.grantor.clone();
    let draft = Draft::new(if pause { "pause_grant" } else { "resume_grant" }, context.today)
        .about(&grantor)
        .about(beneficiary)
        .leaving(beneficiary, &grants)?
        .telling(json!({
            "grant": grant, "grantor": grantor, "beneficiary": beneficiary, "from": from,
        }));
    Ok(vec![draft])
}

impl Decide for PauseGrant {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        paused(desk, context, (&self.beneficiary, &self.grant, self.from), true)
    }
}

impl Decide for ResumeGrant {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        paused(desk, context, (&self.beneficiary, &self.grant, self.from), false)
    }
}
