//! Visits: registration, admission, lines.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Decide;
use crate::access::{Action, Scope};
use crate::context::Context;
use crate::desk::Desk;
use crate::record::{After, Draft};
use crate::refusal::Refusal;
use crate::row::{Admitted, Institution, Person, Visit, VisitStatus};
use crate::settlement::stated;
use crate::stop::Stop;

/// What a visit is for. Names are those of the case format.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitAsked {
    /// 人员编号.
    pub person: String,
    /// 机构编码.
    pub institution: String,
    /// 医疗类别.
    pub care_type: String,
    /// The day of registration or admission.
    pub date: Date,
    /// 备案类型, away from home.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filing: Option<String>,
    /// The visit that the person is transferred from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer_from: Option<String>,
    /// 急诊转住院.
    #[serde(default)]
    pub from_emergency: bool,
    /// 家庭医生签约.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family_doctor: Option<bool>,
    /// 就医原因.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Diseases by names of the pack.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
    /// The institution that issued the prescription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prescribed_by: Option<String>,
}

/// 挂号、入院登记.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenVisit {
    /// What for.
    pub visit: VisitAsked,
}

/// 撤销挂号、撤销入院.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelVisit {
    /// The visit.
    pub visit: String,
    /// Why.
    pub reason: String,
}

/// The person of an id.
///
/// # Errors
/// The refusal `no_person`.
pub(crate) fn person(desk: &mut Desk<'_>, id: &str) -> Result<std::sync::Arc<Person>, Stop> {
    desk.get::<Person>(id)?
        .ok_or_else(|| Refusal::new("no_person", "没有这个参保人").at("person").found(id).into())
}

/// The institution of an id.
///
/// # Errors
/// The refusal `no_institution`.
pub(crate) fn institution(
    desk: &mut Desk<'_>,
    field: &str,
    id: &str,
) -> Result<std::sync::Arc<Institution>, Stop> {
    desk.get::<Institution>(id)?
        .ok_or_else(|| Refusal::new("no_institution", "没有这个机构").at(field).found(id).into())
}

/// The visit of an id, which the actor may treat.
///
/// # Errors
/// The refusals `no_visit` and `denied`.
pub(crate) fn visit(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    id: &str,
) -> Result<std::sync::Arc<Visit>, Stop> {
    let visit = desk
        .get::<Visit>(id)?
        .ok_or_else(|| Refusal::new("no_visit", "没有这次就医登记").at("visit").found(id))?;
    context.allow(
        Action::Treat,
        Scope { institution: Some(&visit.institution), person: Some(&visit.person), area: None },
    )?;
    Ok(visit)
}

/// The visit, which must still be open.
///
/// # Errors
/// The refusal `visit_closed`; as [`visit`].
pub(crate) fn open_visit(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    id: &str,
) -> Result<std::sync::Arc<Visit>, Stop> {
    let visit = visit(desk, context, id)?;
    match visit.status {
        VisitStatus::Open => Ok(visit),
        VisitStatus::Closed => Err(Refusal::new("visit_closed", "这次就医已经结算完毕")
            .at("visit")
            .found(id)
            .hint("先撤销最后一次结算")
            .into()),
        VisitStatus::Cancelled => {
            Err(Refusal::new("visit_cancelled", "这次就医登记已经撤销").at("visit").found(id).into())
        }
    }
}

/// Whether the person lies there now: a stay that was opened again by a cancellation may meanwhile have been followed by another.
///
/// # Errors
/// Those of the store.
pub(crate) fn lies_there(desk: &mut Desk<'_>, visit: &Visit) -> Result<bool, Stop> {
    let lies = desk.get::<Admitted>(&visit.person)?;
    Ok(lies.is_some_and(|lies| lies.visit == visit.id))
}

impl Decide for OpenVisit {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let asked = &self.visit;
        context.allow(Action::Treat, Scope { institution: Some(&asked.institution), ..Scope::default() })?;
        context.not_future("visit.date", asked.date)?;
        let person = person(desk, &asked.person)?;
        let institution = institution(desk, "visit.institution", &asked.institution)?;
        if !institution.is_designated(asked.date) {
            return Err(Refusal::new("not_designated", "这一天不是定点机构")
                .at("visit.date")
                .found(asked.date)
                .into());
        }
        if person.cover_on(asked.date).is_none() {
            return Err(Refusal::new("not_covered", "这一天没有参保")
                .at("visit.date")
                .found(asked.date)
                .into());
        }
        let id = format!("V{}", context.seq);
        let stay = match &asked.transfer_from {
            None => id.clone(),
            Some(from) => {
                let stays = |from: &std::sync::Arc<Visit>| {
                    from.person == asked.person && from.is_stay() && from.status != VisitStatus::Cancelled
                };
                let from = desk.get::<Visit>(from)?.filter(stays).ok_or_else(|| {
                    Refusal::new("no_visit", "没有这次转出的住院").at("visit.transfer_from").found(from)
                })?;
                from.stay.clone()
            }
        };
        let visit = Visit {
            id: id.clone(),
            person: asked.person.clone(),
            institution: asked.institution.clone(),
            care_type: asked.care_type.clone(),
            opened_on: asked.date,
            filing: asked.filing.clone(),
            stay,
            transfer_from: asked.transfer_from.clone(),
            from_emergency: asked.from_emergency,
            family_doctor: asked.family_doctor,
            cause: asked.cause.clone(),
            conditions: asked.conditions.clone(),
            prescribed_by: asked.prescribed_by.clone(),
            status: VisitStatus::Open,
            discharged_on: None,
            batches: Vec::new(),
            settlements: Vec::new(),
        };
        check_names(&visit)?;
        let says = (visit.care_type.as_str(), visit.filing.as_deref(), visit.conditions.as_slice());
        stated(desk, (&person, &institution), asked.date, says)?;
        let mut draft = Draft::new("open_visit", asked.date).about(&asked.person).leaving(&id, &visit)?;
        if visit.is_stay() {
            if let Some(lies) = desk.get::<Admitted>(&asked.person)? {
                return Err(Refusal::new("already_admitted", "参保人正在住院，不能重复入院")
                    .at("visit.person")
                    .found(&lies.visit)
                    .hint("先办理出院结算，或撤销那次入院登记")
                    .into());
            }
            draft = draft.leaving(&asked.person, &Admitted { visit: id.clone() })?;
        }
        Ok(vec![draft.telling(json!({ "visit": id }))])
    }
}

/// Whether every name is one of the case format, found out when a visit opens and not when it is settled.
pub(super) fn check_names(visit: &Visit) -> Result<(), Refusal> {
    check_terms("visit.", &visit.care_type, visit.filing.as_deref(), visit.cause.as_deref())
}

/// Whether kind of care, filing and cause are names of the case format; `prefix` leads to their fields.
pub(super) fn check_terms(
    prefix: &str,
    care_type: &str,
    filing: Option<&str>,
    cause: Option<&str>,
) -> Result<(), Refusal> {
    use gongji_policy::Dimension as D;
    let known = |field: &str, dimension: D, name: Option<&str>| match name {
        Some(name) if gongji_cases::request::choice(dimension, name).is_none() => {
            Err(Refusal::new("unknown_value", format!("{}没有这个取值", dimension.label()))
                .at(format!("{prefix}{field}"))
                .found(name))
        }
        _ => Ok(()),
    };
    known("care_type", D::CareType, Some(care_type))?;
    if care_type == "year_end" {
        return Err(Refusal::new("unknown_value", "年度结算不是就医").at(format!("{prefix}care_type")));
    }
    known("filing", D::Filing, filing)?;
    known("cause", D::Cause, cause)
}

impl Decide for CancelVisit {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let mut visit = (*open_visit(desk, context, &self.visit)?).clone();
        if !visit.settlements.is_empty() {
            return Err(Refusal::new("visit_settled", "这次就医还有有效的结算")
                .at("visit")
                .found(format!("S{}", visit.settlements[0]))
                .hint("先撤销结算")
                .into());
        }
        if self.reason.trim().is_empty() {
            return Err(Refusal::new("missing_field", "要写明撤销的原因").at("reason").into());
        }
        visit.status = VisitStatus::Cancelled;
        for batch in &mut visit.batches {
            batch.cancelled |= batch.settled.is_none();
        }
        let mut draft =
            Draft::new("cancel_visit", context.today).about(&visit.person).leaving(&visit.id, &visit)?;
        if lies_there(desk, &visit)? {
            draft.after.push(After::gone("admitted", &visit.person));
        }
        Ok(vec![draft.telling(json!({ "visit": visit.id, "reason": self.reason }))])
    }
}
