//! The people of an area.

use jiff::civil::Date;
use serde::Serialize;

use super::cover::{CoverState, cover_on};
use super::{Page, rows, walk};
use crate::access::{Action, Scope};
use crate::context::Context;
use crate::desk::{Desk, Row};
use crate::row::{Person, PersonIn};
use crate::stop::Stop;

/// A person in a list.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonBrief {
    /// 人员编号.
    pub id: String,
    /// 姓名.
    pub name: String,
    /// The certificate's number, masked.
    pub certificate: String,
    /// 出生日期.
    pub birth_date: Date,
    /// How covered today.
    pub state: CoverState,
    /// Where insured now or last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// Under which scheme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// 人员类别.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
}

fn brief(person: &Person, today: Date) -> PersonBrief {
    let on = cover_on(person, today);
    let cover = on.cover.as_ref();
    PersonBrief {
        id: person.id.clone(),
        name: person.name.clone(),
        certificate: person.masked_number(),
        birth_date: person.birth_date,
        state: on.state,
        area: cover.map(|cover| cover.area.clone()),
        scheme: cover.map(|cover| cover.scheme.clone()),
        category: cover.map(|cover| cover.category.clone()),
    }
}

/// Whoever an area knows: insured there now or before, or registered there. `text` is part of a name or a whole number of a person; empty for all.
///
/// # Errors
/// The refusal `denied`.
pub fn people(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    (area, text): (&str, &str),
    after: &str,
    limit: usize,
) -> Result<Page<PersonBrief>, Stop> {
    context.allow(Action::SeeArea, Scope { area: Some(area), ..Scope::default() })?;
    let prefix = format!("{area}/");
    let today = context.today;
    walk(desk, (PersonIn::KIND, &prefix, after), limit, |desk, part| {
        let ids: Vec<String> =
            part.iter().map(|(id, _)| id.strip_prefix(&prefix).unwrap_or(id).to_owned()).collect();
        let fits = |person: &Person| text.is_empty() || person.id == text || person.name.contains(text);
        let people = rows::<Person>(desk, &ids)?;
        Ok(people.into_iter().map(|person| person.filter(fits).map(|person| brief(&person, today))).collect())
    })
}
