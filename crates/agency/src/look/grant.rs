//! Who may draw on whose account.

use gongji_money::Fen;
use jiff::civil::Date;
use serde::Serialize;

use super::rows;
use super::sight::masked_name;
use crate::actor::Role;
use crate::context::Context;
use crate::desk::Desk;
use crate::row::{FilingStatus, Grant, Grants, Pause, Person, Tally, grant_tally_id};
use crate::stop::Stop;

/// The most relatives of one person that are shown.
const MOST_RELATIVES: usize = 200;

/// A grant as it is shown to one of the two.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GrantSeen {
    /// The grant's number.
    pub id: String,
    /// The other person's number.
    pub person: String,
    /// The other person's name; residents see its first character.
    pub name: String,
    /// What the grantor is to the beneficiary.
    pub relation: String,
    /// First day.
    pub from: Date,
    /// Last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// Whether something may be drawn under it today.
    pub in_force: bool,
    /// For what; everything where empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub purposes: Vec<String>,
    /// How much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<LimitsSeen>,
    /// When it was paused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub paused: Vec<Pause>,
    /// How its application stands, where it was applied for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<FilingStatus>,
    /// The code of the reason why it was not approved.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// How much may be drawn under a grant, and what was.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LimitsSeen {
    /// By one bill.
    #[serde(serialize_with = "crate::yuan::optional::serialize", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "200.00"))]
    pub per_draw: Option<Fen>,
    /// In a day.
    #[serde(serialize_with = "crate::yuan::optional::serialize", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "200.00"))]
    pub per_day: Option<Fen>,
    /// In a calendar month.
    #[serde(serialize_with = "crate::yuan::optional::serialize", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "500.00"))]
    pub per_month: Option<Fen>,
    /// In a calendar year.
    #[serde(serialize_with = "crate::yuan::optional::serialize", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "3000.00"))]
    pub per_year: Option<Fen>,
    /// As long as it lasts.
    #[serde(serialize_with = "crate::yuan::optional::serialize", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "9000.00"))]
    pub total: Option<Fen>,
    /// What was drawn so far.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "120.00"))]
    pub drawn: Fen,
}

/// A grant as it is shown; `person` is the other one.
fn one(desk: &mut Desk<'_>, context: &Context<'_>, grant: Grant, person: String) -> Result<GrantSeen, Stop> {
    let limits = if grant.limits.is_none() {
        None
    } else {
        let drawn = desk.get::<Tally>(&grant_tally_id(&grant.id, "total"))?;
        let of = |fen: Option<i64>| fen.map(Fen::new);
        Some(LimitsSeen {
            per_draw: of(grant.limits.per_draw),
            per_day: of(grant.limits.per_day),
            per_month: of(grant.limits.per_month),
            per_year: of(grant.limits.per_year),
            total: of(grant.limits.total),
            drawn: Fen::new(drawn.and_then(|row| row.counters.get("total").copied()).unwrap_or(0)),
        })
    };
    Ok(GrantSeen {
        in_force: grant.holds(context.today),
        person,
        name: String::new(),
        status: grant.application.as_ref().map(|asked| asked.status),
        reason: grant
            .application
            .and_then(|asked| asked.reviewed)
            .map(|said| said.reason)
            .unwrap_or_default(),
        id: grant.id,
        relation: grant.relation,
        from: grant.from,
        to: grant.to,
        purposes: grant.purposes,
        limits,
        paused: grant.paused,
    })
}

fn named(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    mut seen: Vec<GrantSeen>,
) -> Result<Vec<GrantSeen>, Stop> {
    let ids: Vec<String> = seen.iter().map(|grant| grant.person.clone()).collect();
    for (grant, person) in seen.iter_mut().zip(rows::<Person>(desk, &ids)?) {
        let name = person.map(|person| person.name).unwrap_or_default();
        grant.name = if context.actor.role == Role::Resident { masked_name(&name) } else { name };
    }
    Ok(seen)
}

/// What relatives granted a person, in order of filing. The caller has checked who asks.
///
/// # Errors
/// Those of the store.
pub fn granted_to(desk: &mut Desk<'_>, context: &Context<'_>, person: &str) -> Result<Vec<GrantSeen>, Stop> {
    let grants = desk.get::<Grants>(person)?.map(|row| (*row).clone()).unwrap_or_default();
    let mut seen = Vec::with_capacity(grants.grants.len());
    for grant in grants.grants {
        let grantor = grant.grantor.clone();
        seen.push(one(desk, context, grant, grantor)?);
    }
    named(desk, context, seen)
}

/// What a person granted relatives. The caller has checked who asks.
///
/// # Errors
/// Those of the store.
pub fn granted_by(desk: &mut Desk<'_>, context: &Context<'_>, person: &str) -> Result<Vec<GrantSeen>, Stop> {
    let prefix = format!("{person}/");
    let listed = desk.view().page("granted", &prefix, "", MOST_RELATIVES)?;
    let beneficiaries: Vec<String> =
        listed.iter().filter_map(|(id, _)| id.strip_prefix(&prefix).map(str::to_owned)).collect();
    let mut seen = Vec::new();
    for (beneficiary, grants) in beneficiaries.iter().zip(rows::<Grants>(desk, &beneficiaries)?) {
        let grants = grants.map(|row| row.grants).unwrap_or_default();
        for grant in grants.into_iter().filter(|grant| grant.grantor == person) {
            seen.push(one(desk, context, grant, beneficiary.clone())?);
        }
    }
    named(desk, context, seen)
}
