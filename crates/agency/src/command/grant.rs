//! Grants: relatives may draw on an account.

use gongji_cases::request::choice;
use gongji_cases::request::limits::MOST_RELATIVES;
use gongji_money::Fen;
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
use crate::row::{Application, FilingStatus, Grant, Grants, Limits, Person, Proof, Standing};
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
    /// For what: kinds of care (`outpatient`, `pharmacy` …) and other uses of an account (`vaccine` …); everything where empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purposes: Vec<String>,
    /// How much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<LimitsAsked>,
}

/// 申请家庭共济: a grant that a second person reviews, with what proves the relationship.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplyMutualAid {
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
    /// For what; everything where empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purposes: Vec<String>,
    /// How much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<LimitsAsked>,
    /// What proves the relationship: `household_register`, `marriage_certificate`, `birth_certificate`, `notarised`, `promise`.
    pub proof: Proof,
}

/// How much may be drawn under a grant. Money as text in yuan; no limit where left out.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitsAsked {
    /// By one bill.
    #[serde(default, with = "crate::yuan::optional", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "200.00"))]
    pub per_draw: Option<Fen>,
    /// In a day.
    #[serde(default, with = "crate::yuan::optional", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "200.00"))]
    pub per_day: Option<Fen>,
    /// In a calendar month.
    #[serde(default, with = "crate::yuan::optional", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "500.00"))]
    pub per_month: Option<Fen>,
    /// In a calendar year.
    #[serde(default, with = "crate::yuan::optional", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "3000.00"))]
    pub per_year: Option<Fen>,
    /// As long as it lasts.
    #[serde(default, with = "crate::yuan::optional", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "9000.00"))]
    pub total: Option<Fen>,
}

impl LimitsAsked {
    fn read(self) -> Result<Limits, Refusal> {
        let fields = [
            ("per_draw", self.per_draw),
            ("per_day", self.per_day),
            ("per_month", self.per_month),
            ("per_year", self.per_year),
            ("total", self.total),
        ];
        for (field, amount) in fields {
            if let Some(amount) = amount {
                check::some_money(&format!("limits.{field}"), amount)?;
            }
        }
        let fen = |amount: Option<Fen>| amount.map(Fen::fen);
        Ok(Limits {
            per_draw: fen(self.per_draw),
            per_day: fen(self.per_day),
            per_month: fen(self.per_month),
            per_year: fen(self.per_year),
            total: fen(self.total),
        })
    }
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
pub(super) fn may_share(desk: &mut Desk<'_>, context: &Context<'_>, grantor: &str) -> Result<(), Stop> {
    context.may(Action::Share)?;
    let own = Scope { person: Some(grantor), ..Scope::default() };
    if allowed(context.actor, Action::Share, own) {
        return Ok(());
    }
    let standing = desk.get::<Standing>(grantor)?;
    let area = standing.and_then(|standing| standing.account_area.clone());
    context.allow(Action::Share, Scope { area: area.as_deref(), ..own })
}

/// What the insured is to the owner of an account, where the owner is this to the insured.
pub(super) fn inverse(relation: &str) -> &str {
    match relation {
        "parent" => "child",
        "child" => "parent",
        "grandparent" => "grandchild",
        "maternal_grandparent" => "maternal_grandchild",
        "grandchild" => "grandparent",
        "maternal_grandchild" => "maternal_grandparent",
        same => same,
    }
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

fn named(desk: &mut Desk<'_>, field: &str, id: &str) -> Result<std::sync::Arc<Person>, Stop> {
    visit::person(desk, id).map_err(|stop| match stop {
        Stop::Refused(refusal) => refusal.at(field).into(),
        other => other,
    })
}

/// A purpose of a grant: a kind of care, or another use of an account.
fn purposes(names: &[String]) -> Result<Vec<String>, Refusal> {
    let known = |name: &str| {
        choice(Dimension::CareType, name).is_some() || choice(Dimension::Purpose, name).is_some()
    };
    for (at, name) in names.iter().enumerate() {
        if !known(name) || names[..at].contains(name) {
            return Err(Refusal::new("unknown_value", "用途没有这个取值，或写了两次")
                .at(format!("purposes[{at}]"))
                .found(name)
                .expected("医疗类别（如 outpatient、pharmacy）或账户用途（如 vaccine）"));
        }
    }
    Ok(names.to_vec())
}

impl Decide for GrantMutualAid {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        granted(desk, context, "grant_mutual_aid", self, None)
    }
}

impl Decide for ApplyMutualAid {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        may_share(desk, context, &self.grantor)?;
        let rules = &crate::family::FAMILY;
        if rules.proof.iter().all(|known| known.kind != self.proof.kind) {
            let known: Vec<String> =
                rules.proof.iter().map(|known| format!("{}（{}）", known.kind, known.label)).collect();
            return Err(Refusal::new("unknown_value", "没有这种关系证明")
                .at("proof.kind")
                .found(&self.proof.kind)
                .expected(known.join("、"))
                .into());
        }
        let number = check::text("proof.number", &self.proof.number)?;
        let application = Application {
            status: FilingStatus::Pending,
            proof: Proof { kind: self.proof.kind.clone(), number },
            by: context.actor.name.clone(),
            on: context.today,
            reviewed: None,
        };
        let asked = GrantMutualAid {
            grantor: self.grantor.clone(),
            beneficiary: self.beneficiary.clone(),
            relation: self.relation.clone(),
            from: self.from,
            to: self.to,
            purposes: self.purposes.clone(),
            limits: self.limits,
        };
        granted(desk, context, "apply_mutual_aid", &asked, Some(application))
    }
}

/// A grant, at once or as an application.
fn granted(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    kind: &'static str,
    asked: &GrantMutualAid,
    application: Option<Application>,
) -> Result<Vec<Draft>, Stop> {
    may_share(desk, context, &asked.grantor)?;
    check::known("relation", Dimension::Relation, &asked.relation)?;
    context.not_far("from", asked.from)?;
    check::order("to", asked.from, asked.to)?;
    if asked.grantor == asked.beneficiary {
        return Err(Refusal::new("oneself", "不能授权给自己").at("beneficiary").found(&asked.grantor).into());
    }
    insured("grantor", &*named(desk, "grantor", &asked.grantor)?, asked.from)?;
    insured("beneficiary", &*named(desk, "beneficiary", &asked.beneficiary)?, asked.from)?;
    let standing = desk.get::<Standing>(&asked.grantor)?;
    if standing.is_none_or(|standing| standing.account_area.is_none()) {
        return Err(Refusal::new("no_account", "授权人没有个人账户")
            .at("grantor")
            .found(&asked.grantor)
            .into());
    }
    let mut grants = desk.get::<Grants>(&asked.beneficiary)?.map(|row| (*row).clone()).unwrap_or_default();
    let overlaps = |known: &&Grant| {
        !known.is_refused()
            && known.grantor == asked.grantor
            && known.to.is_none_or(|to| asked.from <= to)
            && asked.to.is_none_or(|to| known.from <= to)
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
    let in_force = |known: &&Grant| !known.is_refused() && known.to.is_none_or(|to| asked.from <= to);
    if grants.grants.iter().filter(in_force).count() >= MOST_RELATIVES {
        return Err(Refusal::new("too_many", "授权给这个人的账户太多")
            .at("beneficiary")
            .expected(format!("同时至多 {MOST_RELATIVES} 个"))
            .into());
    }
    let id = format!("G{}", context.seq);
    grants.grants.push(Grant {
        id: id.clone(),
        grantor: asked.grantor.clone(),
        relation: asked.relation.clone(),
        from: asked.from,
        to: asked.to,
        purposes: purposes(&asked.purposes)?,
        limits: asked.limits.map_or(Ok(Limits::default()), LimitsAsked::read)?,
        paused: Vec::new(),
        application,
    });
    let mut draft = Draft::new(kind, context.today)
        .about(&asked.grantor)
        .about(&asked.beneficiary)
        .leaving(&asked.beneficiary, &grants)?;
    draft.after.push(After::listed("granted", &format!("{}/{}", asked.grantor, asked.beneficiary))?);
    Ok(vec![draft.telling(json!({
        "grant": id,
        "grantor": asked.grantor,
        "beneficiary": asked.beneficiary,
        "relation": asked.relation,
        "from": asked.from,
        "to": asked.to,
    }))])
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
