//! What becomes of a filing: renewed, ended, cancelled, reviewed.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{filer, overlaps, settled};
use crate::access::{Action, Scope};
use crate::command::{Decide, check, visit};
use crate::context::Context;
use crate::desk::Desk;
use crate::filing::{NEEDS, reason};
use crate::record::Draft;
use crate::refusal::Refusal;
use crate::row::{Filing, FilingStatus, Filings, Reviewed};
use crate::stop::Stop;

/// 备案续期.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenewFiling {
    /// 人员编号.
    pub person: String,
    /// The filing's number.
    pub filing: String,
    /// The new last day.
    pub to: Date,
}

/// 终止备案: it held until then.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndFiling {
    /// 人员编号.
    pub person: String,
    /// The filing's number.
    pub filing: String,
    /// Last day.
    pub to: Date,
    /// Why.
    pub reason: String,
}

/// 撤销备案: it never held.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelFiling {
    /// 人员编号.
    pub person: String,
    /// The filing's number.
    pub filing: String,
    /// Why.
    pub reason: String,
}

/// 复核备案, by somebody other than who filed it.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewFiling {
    /// 人员编号.
    pub person: String,
    /// The filing's number.
    pub filing: String,
    /// Whether it holds.
    pub approve: bool,
    /// The code of the reason why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// The filings of a person and the place of one among them.
fn found(desk: &mut Desk<'_>, person: &str, id: &str) -> Result<(Filings, usize), Stop> {
    let filings = desk.get::<Filings>(person)?.map(|row| (*row).clone()).unwrap_or_default();
    let at = filings.filings.iter().position(|known| known.id == id);
    let at = at.ok_or_else(|| Refusal::new("no_filing", "没有这项备案").at("filing").found(id))?;
    Ok((filings, at))
}

/// The same for whoever may change it: those who may file, of institutions the one that filed it.
fn mine(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    person: &str,
    id: &str,
) -> Result<(Filings, usize), Stop> {
    context.may(Action::KeepFilings)?;
    let found = found(desk, person, id);
    let at = found.as_ref().ok().and_then(|(filings, at)| filings.filings[*at].at.clone());
    filer(desk, context, person, at.as_deref())?;
    found
}

/// Refuses what holds no more, or not yet.
fn live(filing: &Filing) -> Result<(), Refusal> {
    match filing.status {
        FilingStatus::Valid => Ok(()),
        other => Err(Refusal::new("filing_not_valid", format!("备案{}", other.label()))
            .at("filing")
            .found(&filing.id)),
    }
}

fn left(
    context: &Context<'_>,
    kind: &'static str,
    person: &str,
    filings: &Filings,
    result: serde_json::Value,
) -> Result<Vec<Draft>, Stop> {
    Ok(vec![Draft::new(kind, context.today).about(person).leaving(person, filings)?.telling(result)])
}

impl Decide for RenewFiling {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let (mut filings, at) = mine(desk, context, &self.person, &self.filing)?;
        let filing = &mut filings.filings[at];
        live(filing)?;
        context.not_far("to", self.to)?;
        let Some(before) = filing.to else {
            return Err(Refusal::new("nothing_changes", "长期有效的备案不用续期")
                .at("filing")
                .found(&filing.id)
                .into());
        };
        if before < context.today {
            return Err(Refusal::new("filing_ended", "备案已经到期，请重新办理")
                .at("filing")
                .found(before)
                .into());
        }
        if self.to <= before {
            return Err(Refusal::new("dates_go_back", "续期要晚于现在的截止日期")
                .at("to")
                .found(self.to)
                .expected(format!("{before} 以后"))
                .into());
        }
        filing.to = Some(self.to);
        let renewed = filing.clone();
        if let Some(known) =
            filings.filings.iter().find(|known| known.id != renewed.id && overlaps(known, &renewed))
        {
            return Err(Refusal::new("already_filed", format!("已经办理{}", renewed.kind.label()))
                .at("to")
                .found(&known.id)
                .expected(format!("{} 以前", known.from))
                .into());
        }
        let result = json!({
            "filing": self.filing, "person": self.person, "before": before, "to": self.to,
        });
        left(context, "renew_filing", &self.person, &filings, result)
    }
}

impl Decide for EndFiling {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let (mut filings, at) = mine(desk, context, &self.person, &self.filing)?;
        let why = check::reason(&self.reason)?;
        let filing = &mut filings.filings[at];
        live(filing)?;
        context.not_far("to", self.to)?;
        check::order("to", filing.from, Some(self.to))?;
        if let Some(to) = filing.to.filter(|to| *to <= self.to) {
            return Err(Refusal::new("filing_ended", "备案已经终止").at("filing").found(to).into());
        }
        let keeps = NEEDS.away(filing.kind).map_or(0, |known| known.keeps_months);
        let until = jiff::Span::new().try_months(keeps).ok();
        let until = until.and_then(|span| filing.from.checked_add(span).ok()).unwrap_or(filing.from);
        if keeps > 0 && self.to < until {
            return Err(Refusal::new(
                "too_early",
                format!("{}备案 {keeps} 个月内不能变更", filing.kind.label()),
            )
            .at("to")
            .found(self.to)
            .expected(format!("{until} 或以后"))
            .hint("备案有误的请撤销")
            .into());
        }
        filing.to = Some(self.to);
        filing.ended.clone_from(&why);
        let filing = filing.clone();
        let after = self.to.tomorrow().unwrap_or(self.to);
        let settled = settled(desk, &self.person, &filing, after)?;
        let result = json!({
            "filing": self.filing, "person": self.person, "to": self.to, "reason": why, "settled": settled,
        });
        left(context, "end_filing", &self.person, &filings, result)
    }
}

impl Decide for CancelFiling {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let (mut filings, at) = mine(desk, context, &self.person, &self.filing)?;
        let why = check::reason(&self.reason)?;
        let filing = &mut filings.filings[at];
        if !matches!(filing.status, FilingStatus::Valid | FilingStatus::Pending) {
            live(filing)?;
        }
        filing.status = FilingStatus::Cancelled;
        filing.ended.clone_from(&why);
        let filing = filing.clone();
        let settled = settled(desk, &self.person, &filing, filing.from)?;
        let result = json!({
            "filing": self.filing, "person": self.person, "reason": why, "settled": settled,
        });
        left(context, "cancel_filing", &self.person, &filings, result)
    }
}

impl Decide for ReviewFiling {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.may(Action::Approve)?;
        visit::person(desk, &self.person)?;
        let (mut filings, at) = found(desk, &self.person, &self.filing)?;
        let filing = &mut filings.filings[at];
        context.allow(
            Action::Approve,
            Scope { area: Some(&filing.home), person: Some(&self.person), institution: None },
        )?;
        if filing.status != FilingStatus::Pending {
            return Err(Refusal::new("already_reviewed", "这项备案不在等待复核")
                .at("filing")
                .found(filing.status.label())
                .into());
        }
        check::second_person(context, &filing.by)?;
        let code = match (&self.reason, self.approve) {
            (None, true) => String::new(),
            (Some(code), false) => reason("reason", &NEEDS.refusal, code)?.code.clone(),
            (Some(code), true) => {
                return Err(Refusal::new("contradiction", "通过时不写理由代码")
                    .at("reason")
                    .found(code)
                    .into());
            }
            (None, false) => {
                let codes: Vec<&str> = NEEDS.refusal.iter().map(|known| &*known.code).collect();
                return Err(Refusal::new("missing_field", "不通过时要写明理由代码")
                    .at("reason")
                    .expected(codes.join("、"))
                    .into());
            }
        };
        let note = if self.note.trim().is_empty() { String::new() } else { check::text("note", &self.note)? };
        filing.status = if self.approve { FilingStatus::Valid } else { FilingStatus::Refused };
        filing.reviewed =
            Some(Reviewed { by: context.actor.name.clone(), on: context.today, reason: code.clone(), note });
        let filing = filing.clone();
        let settled = match self.approve {
            true => settled(desk, &self.person, &filing, filing.from)?,
            false => Vec::new(),
        };
        let result = json!({
            "filing": self.filing,
            "person": self.person,
            "status": filing.status,
            "reason": code,
            "settled": settled,
        });
        left(context, "review_filing", &self.person, &filings, result)
    }
}
