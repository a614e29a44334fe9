//! Families: what becomes of grants, wallets, and what of their use is unusual.

mod flag;
mod keep;
mod review;
mod send;
mod take;
mod wallet;

pub use flag::{FindUnusualUse, ReviewFlag};
pub use keep::{OrderGrants, PauseGrant, ResumeGrant};
pub use review::ReviewGrant;
pub use send::TransferToWallet;
pub use take::{AcceptTransfer, DeclineTransfer, ReturnTransfers};
pub use wallet::OpenWallet;

use std::sync::Arc;

use super::check;
use crate::access::{Action, Scope};
use crate::actor::Role;
use crate::context::Context;
use crate::desk::Desk;
use crate::refusal::Refusal;
use crate::row::{Cover, Grants, Person};
use crate::stop::Stop;

/// The person for whom the actor decides about shared money: the own one, or one of the area.
fn acting_for(desk: &mut Desk<'_>, context: &Context<'_>, person: &str) -> Result<Arc<Person>, Stop> {
    if context.actor.role == Role::Resident {
        context.allow(Action::Share, Scope { person: Some(person), ..Scope::default() })?;
    }
    check::kept_person(desk, context, Action::Share, person)
}

/// The cover of today of somebody who takes part: insured, alive, not paused.
fn takes_part<'person>(
    field: &str,
    person: &'person Person,
    context: &Context<'_>,
) -> Result<&'person Cover, Refusal> {
    if let Some(died) = person.died_on {
        return Err(Refusal::new("person_died", "参保人已经死亡").at(field).found(died));
    }
    let cover = person
        .cover_on(context.today)
        .ok_or_else(|| Refusal::new("not_covered", "今天没有参保").at(field).found(context.today))?;
    match cover.paused {
        false => Ok(cover),
        true => Err(Refusal::new("cover_paused", "待遇暂停期间不能共济").at(field).found(cover.from)),
    }
}

/// The grants of a beneficiary and the place of one among them.
fn grant_of(desk: &mut Desk<'_>, beneficiary: &str, grant: &str) -> Result<(Grants, usize), Stop> {
    let missing = || Refusal::new("no_grant", "没有这项授权").at("grant").found(grant);
    let grants = (*desk.get::<Grants>(beneficiary)?.ok_or_else(missing)?).clone();
    let at = grants.grants.iter().position(|known| known.id == grant).ok_or_else(missing)?;
    Ok((grants, at))
}
