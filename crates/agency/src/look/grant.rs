//! Who may draw on whose account.

use jiff::civil::Date;
use serde::Serialize;

use super::rows;
use super::sight::masked_name;
use crate::actor::Role;
use crate::context::Context;
use crate::desk::Desk;
use crate::row::{Grants, Person};
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
    /// Whether it is in force today.
    pub in_force: bool,
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

fn in_force(context: &Context<'_>, from: Date, to: Option<Date>) -> bool {
    from <= context.today && to.is_none_or(|to| context.today <= to)
}

/// What relatives granted a person, in order of filing. The caller has checked who asks.
///
/// # Errors
/// Those of the store.
pub fn granted_to(desk: &mut Desk<'_>, context: &Context<'_>, person: &str) -> Result<Vec<GrantSeen>, Stop> {
    let grants = desk.get::<Grants>(person)?.map(|row| (*row).clone()).unwrap_or_default();
    let seen = grants.grants.into_iter().map(|grant| GrantSeen {
        in_force: in_force(context, grant.from, grant.to),
        id: grant.id,
        person: grant.grantor,
        name: String::new(),
        relation: grant.relation,
        from: grant.from,
        to: grant.to,
    });
    named(desk, context, seen.collect())
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
            seen.push(GrantSeen {
                in_force: in_force(context, grant.from, grant.to),
                id: grant.id,
                person: beneficiary.clone(),
                name: String::new(),
                relation: grant.relation,
                from: grant.from,
                to: grant.to,
            });
        }
    }
    named(desk, context, seen)
}
