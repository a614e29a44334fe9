//! 对账确认: signing off days about which both sides agree.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::compare::{days, reconciled};
use super::{Decide, check};
use crate::actor::Role;
use crate::clearing::day_groups;
use crate::context::Context;
use crate::desk::Desk;
use crate::record::{After, Draft};
use crate::refusal::Refusal;
use crate::row::{Confirmed, ReconciledDay};
use crate::stop::Stop;

/// 对账确认 of every day of a stretch on which something was booked or told.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmDays {
    /// The institution.
    pub institution: String,
    /// First business day.
    pub from: Date,
    /// Last business day.
    pub to: Date,
    /// Why days are signed off although differences remain; the agency's staff alone may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Decide for ConfirmDays {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        reconciled(desk, context, &self.institution)?;
        let reason = self.reason.as_deref().map(check::reason).transpose()?;
        let groups = day_groups(desk, &self.institution, self.from, self.to)?;
        let mut draft = Draft::new("confirm_days", context.today);
        let mut confirmed = Vec::new();
        for day in days(context, self.from, self.to)? {
            let id = ReconciledDay::id(&self.institution, day);
            let last =
                groups.iter().filter(|group| group.day == day).map(|group| group.last).max().unwrap_or(0);
            let Some(row) = desk.get::<ReconciledDay>(&id)? else {
                if last == 0 {
                    continue;
                }
                return Err(Refusal::new("not_compared", "这一天还没有对账").at("from").found(day).into());
            };
            if row.last != last {
                return Err(Refusal::new("changed_since", "对账以后这一天又记了账，要重新对账")
                    .at("from")
                    .found(format!("{day}，第 {last} 条记录"))
                    .expected(format!("对到第 {} 条", row.last))
                    .into());
            }
            if row.confirmed.as_ref().is_some_and(|known| known.last == last) {
                continue;
            }
            if !row.agrees {
                let refused = Refusal::new("not_agreed", "这一天还有差异，不能确认")
                    .at("from")
                    .found(format!("{day}，见 {}", row.comparison))
                    .hint("更正后重新对账；经办可以写明原因确认");
                if reason.is_none() || context.actor.role == Role::Institution {
                    return Err(refused.into());
                }
            }
            let mut row = (*row).clone();
            row.confirmed = Some(Confirmed {
                by: context.actor.name.clone(),
                on: context.today,
                comparison: row.comparison.clone(),
                last,
                reason: if row.agrees { String::new() } else { reason.clone().unwrap_or_default() },
            });
            draft.after.push(After::of(&id, &row)?);
            confirmed.push(day);
        }
        if confirmed.is_empty() {
            return Err(Refusal::new("nothing_changes", "没有要确认的日子")
                .at("from")
                .found(format!("{} 至 {}", self.from, self.to))
                .into());
        }
        Ok(vec![draft.telling(json!({ "institution": self.institution, "days": confirmed }))])
    }
}
