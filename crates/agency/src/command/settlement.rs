//! Settling: what was uploaded for a visit, or all at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use gongji_cases::request::Charges;
use gongji_money::Fen;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Decide;
use super::lines::LineAsked;
use super::visit::{VisitAsked, institution, lies_there, open_visit, person};
use crate::access::{Action, Scope};
use crate::context::Context;
use crate::desk::Desk;
use crate::record::{After, Draft};
use crate::refusal::Refusal;
use crate::row::{Line, Lines, Visit, VisitStatus};
use crate::settlement::{Asked, NetLine, Place, book, charges_of_lines, net, quote};
use crate::stop::Stop;

const fn yes() -> bool {
    true
}

/// The four portions, where an institution splits the bill itself. Money as text in yuan.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortionsAsked {
    /// 医疗费总额.
    #[serde(with = "crate::yuan")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub total: Fen,
    /// 全自费.
    #[serde(default, with = "crate::yuan")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub non_covered: Fen,
    /// 超限价自费.
    #[serde(default, with = "crate::yuan")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub over_limit_price: Fen,
    /// 先行自付.
    #[serde(default, with = "crate::yuan")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub upfront_self_pay: Fen,
}

/// 结算 of what was uploaded for a visit.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settle {
    /// The visit.
    pub visit: String,
    /// 结算日期.
    pub date: Date,
    /// 出院日期; the day of settlement unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discharged_on: Option<Date>,
    /// 中途结算: the stay goes on.
    #[serde(default)]
    pub mid_stay: bool,
    /// Whether the own account may pay.
    #[serde(default = "yes")]
    pub use_account: bool,
    /// Whether relatives' accounts may pay.
    #[serde(default = "yes")]
    pub use_mutual_aid: bool,
    /// The portions, where there are no lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charges: Option<PortionsAsked>,
    /// The hash of the table that the caller was quoted: a settlement that would differ books nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<String>,
}

/// 一次结算: visit, lines and settlement in one, as at a pharmacy's counter.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettleAtOnce {
    /// What for.
    pub visit: VisitAsked,
    /// The lines, or
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<LineAsked>,
    /// the portions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charges: Option<PortionsAsked>,
    /// Whether the own account may pay.
    #[serde(default = "yes")]
    pub use_account: bool,
    /// Whether relatives' accounts may pay.
    #[serde(default = "yes")]
    pub use_mutual_aid: bool,
    /// The hash of the table that the caller was quoted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<String>,
}

fn portions(asked: &PortionsAsked) -> Result<Charges, Refusal> {
    let sum = Fen::checked_sum([asked.non_covered, asked.over_limit_price, asked.upfront_self_pay]);
    if sum.is_none_or(|sum| sum > asked.total) {
        return Err(Refusal::new("portions_exceed_total", "各部分之和超过总额")
            .at("charges.total")
            .found(asked.total));
    }
    Ok(Charges::Portions {
        total: asked.total,
        non_covered: asked.non_covered,
        over_limit_price: asked.over_limit_price,
        upfront_self_pay: asked.upfront_self_pay,
        by_tag: BTreeMap::new(),
    })
}

impl Settle {
    /// The bill that a settlement of the visit would be.
    ///
    /// # Errors
    /// A visit that is closed or not the actor's, nothing to settle, dates in the wrong order.
    pub fn asked(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<(Arc<Visit>, Asked), Stop> {
        self.asked_of(desk, context, None)
    }

    /// The same of some batches only.
    pub(super) fn asked_of(
        &self,
        desk: &mut Desk<'_>,
        context: &Context<'_>,
        only: Option<&[u32]>,
    ) -> Result<(Arc<Visit>, Asked), Stop> {
        let visit = open_visit(desk, context, &self.visit)?;
        context.not_future("date", self.date)?;
        let discharged_on = self.discharged_on.unwrap_or(self.date);
        if discharged_on < visit.opened_on || discharged_on > self.date {
            return Err(Refusal::new("dates_go_back", "登记、出院、结算的日期先后不对")
                .at("discharged_on")
                .found(format!("登记 {}，出院 {discharged_on}，结算 {}", visit.opened_on, self.date))
                .into());
        }
        let institution = institution(desk, "visit", &visit.institution)?;
        let chosen = visit.batches.iter().filter(|batch| batch.waits());
        let waiting: Vec<u32> =
            chosen.map(|batch| batch.no).filter(|no| only.is_none_or(|only| only.contains(no))).collect();
        let charges = match (&self.charges, waiting.is_empty()) {
            (Some(_), false) => {
                return Err(Refusal::new("portions_and_lines", "已经上传明细，不能另写费用")
                    .at("charges")
                    .into());
            }
            (Some(asked), true) => portions(asked)?,
            (None, true) => {
                return Err(Refusal::new("no_lines", "没有待结算的明细").at("visit").found(&visit.id).into());
            }
            (None, false) => {
                let lines = lines_of(desk, &visit.id, &waiting)?;
                if lines.is_empty() {
                    return Err(Refusal::new("no_lines", "待结算的明细都退掉了")
                        .at("visit")
                        .found(&visit.id)
                        .into());
                }
                let lines: Vec<Line> = lines.into_iter().map(|line| line.line).collect();
                charges_of_lines(&lines, &institution.area, institution.level.as_deref(), desk)?
            }
        };
        let asked = Asked {
            person: person(desk, &visit.person)?,
            visit: Some((visit.id.clone(), waiting)),
            claim: None,
            care_type: visit.care_type.clone(),
            date: self.date,
            admitted_on: visit.opened_on,
            discharged_on,
            filing: visit.filing.clone(),
            stay: Some(visit.stay.clone()),
            mid_stay: self.mid_stay,
            from_emergency: visit.from_emergency,
            family_doctor: visit.family_doctor,
            cause: visit.cause.clone(),
            conditions: visit.conditions.clone(),
            prescribed_by: match &visit.prescribed_by {
                Some(id) => Some(super::visit::institution(desk, "visit.prescribed_by", id)?),
                None => None,
            },
            institution,
            charges,
            use_account: self.use_account,
            use_mutual_aid: self.use_mutual_aid,
            expect: self.expect.clone(),
        };
        Ok((visit, asked))
    }
}

/// The lines of batches of a visit as they are settled.
///
/// # Errors
/// As [`net`].
pub(super) fn lines_of(desk: &mut Desk<'_>, visit: &str, batches: &[u32]) -> Result<Vec<NetLine>, Stop> {
    let mut rows = Vec::with_capacity(batches.len());
    for no in batches {
        rows.push((*no, desk.need::<Lines>(&Lines::id(visit, *no))?));
    }
    Ok(net(rows.iter().map(|(no, rows)| (*no, &**rows)))?)
}

/// Where a bill is booked.
pub(super) fn place(asked: &Asked) -> Place<'_> {
    Place {
        person: &asked.person.id,
        institution: &asked.institution.id,
        visit: asked.visit.as_ref().map(|(visit, batches)| (visit.as_str(), batches.as_slice())),
        care_type: &asked.care_type,
        expect: asked.expect.as_deref(),
        replaces: None,
        claim: asked.claim.as_deref(),
        collected: None,
    }
}

impl Decide for Settle {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let (visit, asked) = self.asked(desk, context)?;
        let quoted = quote(desk, context, &asked)?;
        let mut draft = book(desk, context, &place(&asked), &quoted)?;
        let mut visit = (*visit).clone();
        for batch in visit.batches.iter_mut().filter(|batch| batch.waits()) {
            batch.settled = Some(context.seq);
        }
        visit.settlements.push(context.seq);
        if !self.mid_stay {
            visit.status = VisitStatus::Closed;
            visit.discharged_on = Some(asked.discharged_on);
            if lies_there(desk, &visit)? {
                draft.after.push(After::gone("admitted", &visit.person));
            }
        }
        Ok(vec![draft.leaving(&visit.id, &visit)?])
    }
}

impl SettleAtOnce {
    /// The bill that it would be.
    ///
    /// # Errors
    /// As [`Settle::asked`].
    pub fn asked(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Asked, Stop> {
        let visit = &self.visit;
        context.allow(Action::Treat, Scope { institution: Some(&visit.institution), ..Scope::default() })?;
        context.not_future("visit.date", visit.date)?;
        if let Some(from) = &visit.transfer_from {
            return Err(Refusal::new("contradiction", "一次结算不能从另一次住院转来")
                .at("visit.transfer_from")
                .found(from)
                .into());
        }
        let institution = institution(desk, "visit.institution", &visit.institution)?;
        let charges = match (&self.charges, self.lines.is_empty()) {
            (Some(asked), true) => portions(asked)?,
            (None, false) => {
                let lines: Vec<Line> = self.lines.iter().map(|line| line.line(visit.date)).collect();
                if let Some(line) = lines.iter().position(|line| line.returns.is_some()) {
                    return Err(Refusal::new("contradiction", "一次结算里没有可以退的明细")
                        .at(format!("lines[{line}].returns"))
                        .hint("用撤销结算退费")
                        .into());
                }
                charges_of_lines(&lines, &institution.area, institution.level.as_deref(), desk)?
            }
            (Some(_), false) => {
                return Err(Refusal::new("portions_and_lines", "明细与费用部分不能同时写")
                    .at("charges")
                    .into());
            }
            (None, true) => {
                return Err(Refusal::new("missing_field", "要有明细或费用部分").at("lines").into());
            }
        };
        Ok(Asked {
            person: person(desk, &visit.person)?,
            visit: None,
            claim: None,
            care_type: visit.care_type.clone(),
            date: visit.date,
            admitted_on: visit.date,
            discharged_on: visit.date,
            filing: visit.filing.clone(),
            // A bill settled at once is a stay of its own, named by the record that it will be.
            stay: Some(format!("S{}", context.seq)),
            mid_stay: false,
            from_emergency: visit.from_emergency,
            family_doctor: visit.family_doctor,
            cause: visit.cause.clone(),
            conditions: visit.conditions.clone(),
            prescribed_by: match &visit.prescribed_by {
                Some(id) => Some(super::visit::institution(desk, "visit.prescribed_by", id)?),
                None => None,
            },
            institution,
            charges,
            use_account: self.use_account,
            use_mutual_aid: self.use_mutual_aid,
            expect: self.expect.clone(),
        })
    }
}

impl Decide for SettleAtOnce {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let asked = self.asked(desk, context)?;
        let quoted = quote(desk, context, &asked)?;
        Ok(vec![book(desk, context, &place(&asked), &quoted)?])
    }
}
