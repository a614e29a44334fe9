//! Grants: relatives may draw on an account.

use gongji_cases::request::limits::MOST_RELATIVES;
use gongji_policy::Dimension;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Decide, check, visit};
use crate::access::{Action, Scope, allowed};
use crate::context::Context;
use crate::desk::Desk;
use crate::record::{After, Draft};
use crate::refusal::Refusal;
use crate::row::{Grant, Grants, Person, Standing};
use crate::stop::Stop;

/// 家庭共济授权.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantMutualAid {
    /// Whose account may be drawn on.
    pub grantor: String,
    /// Who may draw on it.
    pub beneficiary: String,
    /// What the grantor is to the beneficiary (`spouse`, `parent`, `child` …).
    pub relation: String,
    /// First day.
    pub from: Date,
    /// Last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

/// 解除家庭共济授权.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndGrant {
    /// Who may draw.
    pub beneficiary: String,
    /// The grant's number.
    pub grant: String,
    /// Last day.
    pub to: Date,
}

/// Checks that the actor may give away the use of a person's account: the person, or the staff of the area.
fn may_share(desk: &mut Desk<'_>, context: &Context<'_>, grantor: &str) -> Result<(), Stop> {
    context.may(Action::Share)?;
    let own = Scope { person: Some(grantor), ..Scope::default() };
    if allowed(context.actor, Action::Share, own) {
        return Ok(());
    }
    let standing = desk.get::<Standing>(grantor)?;
    let area = standing.and_then(|standing| standing.account_area.clone());
    context.allow(Action::Share, Scope { area: area.as_deref(), ..own })
}

/// Refuses somebody who is not insured on a day.
fn insured(field: &str, person: &Person, day: Date) -> Result<(), Refusal> {
    if let Some(died) = person.died_on {
        return Err(Refusal::new("person_died", "参保人已经死亡").at(field).found(died));
    }
    match person.cover_on(day) {
        Some(_) => Ok(()),
        None => Err(Refusal::new("not_covered", "这一天没有参保").at(field).found(day)),
    }
}

fn named(desk: &mut Desk<'_>, field: &str, id: &str) -> Result<std::rc::Rc<Person>, Stop> {
    visit::person(desk, id).map_err(|stop| match stop {
        Stop::Refused(refusal) => refusal.at(field).into(),
        other => other,
    })
}

impl Decide for GrantMutualAid {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        may_share(desk, context, &self.grantor)?;
        check::known("relation", Dimension::Relation, &self.relation)?;
        context.not_far("from", self.from)?;
        check::order("to", self.from, self.to)?;
        if self.grantor == self.beneficiary {
            return Err(Refusal::new("oneself", "不能授权给自己")
                .at("beneficiary")
                .found(&self.grantor)
                .into());
        }
        insured("grantor", &*named(desk, "grantor", &self.grantor)?, self.from)?;
        insured("beneficiary", &*named(desk, "beneficiary", &self.beneficiary)?, self.from)?;
        let standing = desk.get::<Standing>(&self.grantor)?;
        if standing.is_none_or(|standing| standing.account_area.is_none()) {
            return Err(Refusal::new("no_account", "授权人没有个人账户")
                .at("grantor")
                .found(&self.grantor)
                .into());
        }
        let mut grants = desk.get::<Grants>(&self.beneficiary)?.map(|row| (*row).clone()).unwrap_or_default();
        let overlaps = |known: &&Grant| {
            known.grantor == self.grantor
                && known.to.is_none_or(|to| self.from <= to)
                && self.to.is_none_or(|to| known.from <= to)
        };
        if let Some(known) = grants.grants.iter().find(overlaps) {
            return Err(Refusal::new("already_granted", "已经授权")
                .at("from")
                .found(&known.id)
                .hint(match known.to {
                    Some(to) => format!("{} 至 {to} 有效", known.from),
                    None => format!("{} 起有效", known.from),
                })
                .into());
        }
        // So many accounts a bill's case can name; one that it could not name could not be explained later.
        let in_force = |known: &&Grant| known.to.is_none_or(|to| self.from <= to);
        if grants.grants.iter().filter(in_force).count() >= MOST_RELATIVES {
            return Err(Refusal::new("too_many", "授权给这个人的账户太多")
                .at("beneficiary")
                .expected(format!("同时至多 {MOST_RELATIVES} 个"))
                .into());
        }
        let id = format!("G{}", context.seq);
        grants.grants.push(Grant {
            id: id.clone(),
            grantor: self.grantor.clone(),
            relation: self.relation.clone(),
            from: self.from,
            to: self.to,
        });
        let mut draft = Draft::new("grant_mutual_aid", context.today)
            .about(&self.grantor)
            .about(&self.beneficiary)
            .leaving(&self.beneficiary, &grants)?;
        draft.after.push(After::listed("granted", &format!("{}/{}", self.grantor, self.beneficiary))?);
        Ok(vec![draft.telling(json!({
            "grant": id,
            "grantor": self.grantor,
            "beneficiary": self.beneficiary,
            "relation": self.relation,
            "from": self.from,
            "to": self.to,
        }))])
    }
}

impl Decide for EndGrant {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.may(Action::Share)?;
        let missing = || Refusal::new("no_grant", "没有这项授权").at("grant").found(&self.grant);
        let mut grants = (*desk.get::<Grants>(&self.beneficiary)?.ok_or_else(missing)?).clone();
        let grant = grants.grants.iter_mut().find(|known| known.id == self.grant).ok_or_else(missing)?;
        may_share(desk, context, &grant.grantor)?;
        context.not_far("to", self.to)?;
        if let Some(to) = grant.to.filter(|to| *to <= self.to) {
            return Err(Refusal::new("grant_ended", "授权已经解除").at("grant").found(to).into());
        }
        check::order("to", grant.from, Some(self.to))?;
        grant.to = Some(self.to);
        let grantor = grant.grantor.clone();
        let draft = Draft::new("end_grant", context.today)
            .about(&grantor)
            .about(&self.beneficiary)
            .leaving(&self.beneficiary, &grants)?
            .telling(json!({
                "grant": self.grant, "grantor": grantor, "beneficiary": self.beneficiary, "to": self.to,
            }));
        Ok(vec![draft])
    }
}
