//! Who may see a person.

use std::sync::Arc;

use crate::access::{Action, Scope, allowed};
use crate::context::Context;
use crate::desk::Desk;
use crate::refusal::Refusal;
use crate::row::{Person, PersonIn};
use crate::stop::Stop;

/// A person whom the actor may see: the own one, or one who is or was insured in the actor's areas, or, before the first cover, is known there.
///
/// # Errors
/// The refusals `denied` and `no_person`.
pub(super) fn seen(desk: &mut Desk<'_>, context: &Context<'_>, id: &str) -> Result<Arc<Person>, Stop> {
    context.may(Action::SeePerson)?;
    let own = Scope { person: Some(id), ..Scope::default() };
    let free = allowed(context.actor, Action::SeePerson, own);
    if !free && context.actor.areas.is_empty() {
        // A resident, and it is somebody else: whether there is such a person is not told.
        context.allow(Action::SeePerson, own)?;
    }
    let person = desk
        .get::<Person>(id)?
        .ok_or_else(|| Refusal::new("no_person", "没有这个参保人").at("person").found(id))?;
    if free || in_areas(desk, context, &person)? {
        return Ok(person);
    }
    context.allow(Action::SeePerson, own)?;
    Ok(person)
}

fn in_areas(desk: &mut Desk<'_>, context: &Context<'_>, person: &Person) -> Result<bool, Stop> {
    let may = |area: &str| {
        let scope = Scope { area: Some(area), person: Some(&person.id), institution: None };
        allowed(context.actor, Action::SeePerson, scope)
    };
    if person.covers.iter().any(|cover| may(&cover.area)) {
        return Ok(true);
    }
    if !person.covers.is_empty() {
        return Ok(false);
    }
    for area in &context.actor.areas {
        if may(area) && desk.get::<PersonIn>(&format!("{area}/{}", person.id))?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the actor reads certificate numbers in full: the person, and whoever keeps people.
pub(super) fn reads_numbers(context: &Context<'_>, person: &Person) -> bool {
    let own = Scope { person: Some(&person.id), ..Scope::default() };
    let keeps = context.may(Action::KeepPeople).is_ok();
    keeps
        || (context.actor.role == crate::actor::Role::Resident
            && allowed(context.actor, Action::SeePerson, own))
}

/// A name of which others see the first character only.
pub(super) fn masked_name(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map(|first| format!("{first}{}", "*".repeat(characters.count()))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_masked() {
        assert_eq!(masked_name("张小明"), "张**");
        assert_eq!(masked_name("李"), "李");
        assert_eq!(masked_name(""), "");
    }
}
