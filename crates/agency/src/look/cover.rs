//! Cover on a day, with the reason.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::sight::seen;
use crate::access::{Action, Scope, allowed};
use crate::context::Context;
use crate::desk::Desk;
use crate::refusal::Refusal;
use crate::row::{Cover, Person};
use crate::stop::Stop;

/// How somebody is covered on a day.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoverState {
    /// 正常参保.
    Covered,
    /// 待遇暂停.
    Paused,
    /// The first cover, or the next one, begins later.
    NotYet,
    /// 参保终止.
    Ended,
    /// Died before.
    Died,
}

impl CoverState {
    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            CoverState::Covered => "正常参保",
            CoverState::Paused => "待遇暂停",
            CoverState::NotYet => "尚未参保",
            CoverState::Ended => "参保终止",
            CoverState::Died => "已经死亡",
        }
    }
}

/// Cover on a day.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CoverOn {
    /// Whose.
    pub person: String,
    /// The day.
    pub date: Date,
    /// How.
    pub state: CoverState,
    /// Why, in words.
    pub reason: String,
    /// The cover of that day, or the last one before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cover: Option<Cover>,
}

/// How a person is covered on a day, and why.
pub fn cover_on(person: &Person, date: Date) -> CoverOn {
    let (state, reason, cover) = state_on(person, date);
    CoverOn { person: person.id.clone(), date, state, reason, cover: cover.cloned() }
}

fn state_on(person: &Person, date: Date) -> (CoverState, String, Option<&Cover>) {
    if let Some(died) = person.died_on.filter(|died| *died < date) {
        return (CoverState::Died, format!("{died} 死亡"), person.covers.last());
    }
    if let Some(cover) = person.cover_on(date) {
        let state = if cover.paused { CoverState::Paused } else { CoverState::Covered };
        return (state, format!("{} 起：{}", cover.from, cover.reason), Some(cover));
    }
    if let Some(last) = person.covers.iter().rev().find(|cover| cover.from <= date) {
        let to = last.to.map(|to| to.to_string()).unwrap_or_default();
        let next = person.covers.iter().find(|cover| cover.from > date);
        let next = next.map(|next| format!("；{} 起再参保", next.from)).unwrap_or_default();
        return (CoverState::Ended, format!("{to} 终止：{}{next}", last.ended), Some(last));
    }
    match person.covers.first() {
        Some(first) => (CoverState::NotYet, format!("{} 起参保", first.from), None),
        None => (CoverState::NotYet, "没有参保登记".to_owned(), None),
    }
}

/// How a person is covered on a day, for whoever may see the person, and for an institution that is about to treat.
///
/// # Errors
/// The refusals `denied` and `no_person`.
pub fn cover(desk: &mut Desk<'_>, context: &Context<'_>, person: &str, date: Date) -> Result<CoverOn, Stop> {
    let treats = Scope { institution: Some(&context.actor.name), ..Scope::default() };
    if context.may(Action::SeePerson).is_err() && allowed(context.actor, Action::Treat, treats) {
        let person = desk
            .get::<Person>(person)?
            .ok_or_else(|| Refusal::new("no_person", "没有这个参保人").at("person").found(person))?;
        return Ok(cover_on(&person, date));
    }
    Ok(cover_on(&*seen(desk, context, person)?, date))
}
