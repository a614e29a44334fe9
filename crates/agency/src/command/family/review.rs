//! 复核家庭共济: a second person decides on an application.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::grant_of;
use crate::access::{Action, Scope};
use crate::command::{Decide, check};
use crate::context::Context;
use crate::desk::Desk;
use crate::family::FAMILY;
use crate::filing::reason;
use crate::record::Draft;
use crate::refusal::Refusal;
use crate::row::{FilingStatus, Reviewed, Standing};
use crate::stop::Stop;

/// 复核家庭共济, by somebody other than who applied.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewGrant {
    /// Who would draw.
    pub beneficiary: String,
    /// The grant's number.
    pub grant: String,
    /// Whether it is given.
    pub approve: bool,
    /// The code of the reason why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Decide for ReviewGrant {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.may(Action::Approve)?;
        let (mut grants, at) = grant_of(desk, &self.beneficiary, &self.grant)?;
        let grant = &mut grants.grants[at];
        let standing = desk.get::<Standing>(&grant.grantor)?;
        let area = standing.and_then(|standing| standing.account_area.clone());
        context.allow(
            Action::Approve,
            Scope { area: area.as_deref(), person: Some(&grant.grantor), institution: None },
        )?;
        let Some(asked) = grant.application.as_mut().filter(|asked| asked.status == FilingStatus::Pending)
        else {
            return Err(Refusal::new("already_reviewed", "这项授权不在等待复核")
                .at("grant")
                .found(&self.grant)
                .into());
        };
        check::second_person(context, &asked.by)?;
        let code = match (&self.reason, self.approve) {
            (None, true) => String::new(),
            (Some(code), false) => reason("reason", &FAMILY.refusal, code)?.code.clone(),
            (Some(code), true) => {
                return Err(Refusal::new("contradiction", "通过时不写理由代码")
                    .at("reason")
                    .found(code)
                    .into());
            }
            (None, false) => {
                let codes: Vec<&str> = FAMILY.refusal.iter().map(|known| &*known.code).collect();
                return Err(Refusal::new("missing_field", "不通过时要写明理由代码")
                    .at("reason")
                    .expected(codes.join("、"))
                    .into());
            }
        };
        let note = if self.note.trim().is_empty() { String::new() } else { check::text("note", &self.note)? };
        asked.status = if self.approve { FilingStatus::Valid } else { FilingStatus::Refused };
        asked.reviewed =
            Some(Reviewed { by: context.actor.name.clone(), on: context.today, reason: code.clone(), note });
        let status = asked.status;
        let grantor = grant.grantor.clone();
        let draft = Draft::new("review_grant", context.today)
            .about(&grantor)
            .about(&self.beneficiary)
            .leaving(&self.beneficiary, &grants)?
            .telling(json!({
                "grant": self.grant,
                "grantor": grantor,
                "beneficiary": self.beneficiary,
                "status": status,
                "reason": code,
            }));
        Ok(vec![draft])
    }
}
