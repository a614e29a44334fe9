//! Finding somebody by what is shown at a counter.

use serde::Serialize;

use super::sight::{masked_name, seen};
use crate::access::{Action, Scope, allowed};
use crate::context::Context;
use crate::desk::Desk;
use crate::refusal::Refusal;
use crate::row::{CertificateHolder, Person};
use crate::stop::Stop;

/// Who was found.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    /// 人员编号.
    pub person: String,
    /// 姓名.
    pub name: String,
    /// The certificate's number, masked.
    pub certificate: String,
}

/// The person who holds a certificate or a credential. `kind` is the name of a kind of either (`id_card`, `social_security_card` …). Institutions find
/// whom they treat, with the name masked; staff whom they may see; residents themselves.
///
/// # Errors
/// The refusal `no_person`, in the same words for somebody whom the actor may not see; `denied`.
pub fn find_person(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    kind: &str,
    number: &str,
) -> Result<Found, Stop> {
    let number: String = number.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
    let missing =
        || Refusal::new("no_person", "没有持这个证件的参保人").at("number").found(crate::row::mask(&number));
    let treats = Scope { institution: Some(&context.actor.name), ..Scope::default() };
    let treating = context.may(Action::SeePerson).is_err() && allowed(context.actor, Action::Treat, treats);
    if !treating {
        context.may(Action::SeePerson)?;
    }
    let holder = desk.get::<CertificateHolder>(&format!("{kind}/{number}"))?.ok_or_else(missing)?;
    let person = if treating {
        desk.need::<Person>(&holder.person)?
    } else {
        seen(desk, context, &holder.person).map_err(|stop| match stop {
            Stop::Refused(_) => missing().into(),
            other => other,
        })?
    };
    Ok(Found {
        person: person.id.clone(),
        name: if treating { masked_name(&person.name) } else { person.name.clone() },
        certificate: person.masked_number(),
    })
}
