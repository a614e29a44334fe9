//! Institutions: registration, changes, designation.

use std::sync::Arc;

use gongji_policy::Dimension;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Decide, check, visit};
use crate::access::{Action, Scope};
use crate::context::Context;
use crate::desk::Desk;
use crate::record::{After, Draft};
use crate::refusal::Refusal;
use crate::row::{Designation, Institution};
use crate::stop::Stop;

/// What an institution is. Names are those of the case format. What is left out is unanswered at registration, and stays as it was at a change.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstitutionFacts {
    /// 机构级别.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// 等次.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// 行政级别.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin_level: Option<String>,
    /// 机构类型.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facility_type: Option<String>,
    /// The pack's group of institutions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// 定点机构登记.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterInstitution {
    /// 机构编码.
    pub id: String,
    /// 名称.
    pub name: String,
    /// The area that settles with it.
    pub area: String,
    /// What it is.
    #[serde(default)]
    pub facts: InstitutionFacts,
    /// First day of designation.
    pub from: Date,
    /// Last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

/// 变更机构信息.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeInstitution {
    /// 机构编码.
    pub institution: String,
    /// 名称.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What changes.
    #[serde(default)]
    pub facts: InstitutionFacts,
    /// Why.
    pub reason: String,
}

/// 终止定点.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndDesignation {
    /// 机构编码.
    pub institution: String,
    /// Last day.
    pub to: Date,
    /// Why.
    pub reason: String,
}

/// 续签定点: another stretch after the last one.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenewDesignation {
    /// 机构编码.
    pub institution: String,
    /// First day.
    pub from: Date,
    /// Last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

impl InstitutionFacts {
    /// An institution that the agency does not know, as somebody describes it. It is known by its name and never designated.
    ///
    /// # Errors
    /// The refusal `unknown_value`.
    pub(super) fn described(&self, name: &str, area: &str) -> Result<Institution, Refusal> {
        let mut institution = Institution {
            id: name.to_owned(),
            name: name.to_owned(),
            area: area.to_owned(),
            level: None,
            grade: None,
            admin_level: None,
            facility_type: None,
            group: None,
            designated: Vec::new(),
        };
        self.put(&mut institution)?;
        Ok(institution)
    }

    /// Puts the facts over those of an institution.
    fn put(&self, institution: &mut Institution) -> Result<(), Refusal> {
        use Dimension as D;
        for (field, dimension, asked, fact) in [
            ("facts.level", D::Level, &self.level, &mut institution.level),
            ("facts.grade", D::Grade, &self.grade, &mut institution.grade),
            ("facts.admin_level", D::AdminLevel, &self.admin_level, &mut institution.admin_level),
            ("facts.facility_type", D::FacilityType, &self.facility_type, &mut institution.facility_type),
        ] {
            check::maybe(field, dimension, asked.as_deref())?;
            if asked.is_some() {
                fact.clone_from(asked);
            }
        }
        if let Some(group) = &self.group {
            institution.group = Some(check::text("facts.group", group)?);
        }
        Ok(())
    }
}

/// An institution that the actor keeps.
fn kept(desk: &mut Desk<'_>, context: &Context<'_>, id: &str) -> Result<Arc<Institution>, Stop> {
    context.may(Action::KeepInstitutions)?;
    let institution = visit::institution(desk, "institution", id)?;
    context.allow(Action::KeepInstitutions, Scope { area: Some(&institution.area), ..Scope::default() })?;
    Ok(institution)
}

impl Decide for RegisterInstitution {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.allow(Action::KeepInstitutions, Scope { area: Some(&self.area), ..Scope::default() })?;
        check::code("id", &self.id)?;
        check::area("area", &self.area)?;
        check::order("to", self.from, self.to)?;
        let mut institution = Institution {
            id: self.id.clone(),
            name: check::text("name", &self.name)?,
            area: self.area.clone(),
            level: None,
            grade: None,
            admin_level: None,
            facility_type: None,
            group: None,
            designated: vec![Designation { from: self.from, to: self.to }],
        };
        self.facts.put(&mut institution)?;
        if let Some(known) = desk.get::<Institution>(&self.id)? {
            return Err(Refusal::new("institution_exists", "这个机构编码已经登记")
                .at("id")
                .found(&self.id)
                .hint(format!("登记的名称为{}", known.name))
                .into());
        }
        let mut draft = Draft::new("register_institution", context.today).leaving(&self.id, &institution)?;
        draft.after.push(After::listed("institution_in", &format!("{}/{}", self.area, self.id))?);
        Ok(vec![draft.telling(json!({ "institution": self.id }))])
    }
}

impl Decide for ChangeInstitution {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let before = kept(desk, context, &self.institution)?;
        let reason = check::reason(&self.reason)?;
        let mut institution = (*before).clone();
        if let Some(name) = &self.name {
            institution.name = check::text("name", name)?;
        }
        self.facts.put(&mut institution)?;
        if institution == *before {
            return Err(Refusal::new("nothing_changes", "没有变化").into());
        }
        let draft = Draft::new("change_institution", context.today)
            .leaving(&self.institution, &institution)?
            .telling(json!({ "institution": self.institution, "reason": reason }));
        Ok(vec![draft])
    }
}

impl Decide for EndDesignation {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let mut institution = (*kept(desk, context, &self.institution)?).clone();
        let reason = check::reason(&self.reason)?;
        context.not_far("to", self.to)?;
        let last = institution
            .designated
            .last_mut()
            .filter(|last| last.to.is_none_or(|to| to > self.to))
            .ok_or_else(|| {
                Refusal::new("not_designated", "定点已经在这一天或之前终止").at("to").found(self.to)
            })?;
        check::order("to", last.from, Some(self.to))?;
        last.to = Some(self.to);
        let draft = Draft::new("end_designation", context.today)
            .leaving(&self.institution, &institution)?
            .telling(json!({ "institution": self.institution, "to": self.to, "reason": reason }));
        Ok(vec![draft])
    }
}

impl Decide for RenewDesignation {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let mut institution = (*kept(desk, context, &self.institution)?).clone();
        context.not_far("from", self.from)?;
        check::order("to", self.from, self.to)?;
        if let Some(last) =
            institution.designated.last().filter(|last| last.to.is_none_or(|to| to >= self.from))
        {
            return Err(Refusal::new("designation_overlaps", "与已有的定点期间重叠")
                .at("from")
                .found(self.from)
                .expected(match last.to {
                    Some(to) => format!("{to} 以后"),
                    None => format!("{} 起定点，没有终止", last.from),
                })
                .into());
        }
        institution.designated.push(Designation { from: self.from, to: self.to });
        let draft = Draft::new("renew_designation", context.today)
            .leaving(&self.institution, &institution)?
            .telling(json!({ "institution": self.institution, "from": self.from, "to": self.to }));
        Ok(vec![draft])
    }
}
