//! Institutions: public, like the list that every agency posts.

use jiff::civil::Date;
use serde::Deserialize;

use super::{Page, rows, walk};
use crate::context::Context;
use crate::desk::Desk;
use crate::refusal::Refusal;
use crate::row::Institution;
use crate::stop::Stop;

/// What is looked for; what is left out fits all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstitutionSearch {
    /// The area that settles with it.
    #[serde(default)]
    pub area: Option<String>,
    /// 机构级别.
    #[serde(default)]
    pub level: Option<String>,
    /// 机构类型.
    #[serde(default)]
    pub facility_type: Option<String>,
    /// Part of the name, or of the code.
    #[serde(default)]
    pub text: Option<String>,
    /// A day on which it must be designated.
    #[serde(default)]
    pub on: Option<Date>,
}

impl InstitutionSearch {
    fn fits(&self, institution: &Institution) -> bool {
        let same = |asked: &Option<String>, has: &Option<String>| asked.is_none() || asked == has;
        let text = self.text.as_deref().unwrap_or_default();
        same(&self.level, &institution.level)
            && same(&self.facility_type, &institution.facility_type)
            && (institution.name.contains(text) || institution.id.contains(text))
            && self.on.is_none_or(|day| institution.is_designated(day))
    }
}

/// Institutions by area and code. Everybody may ask.
///
/// # Errors
/// Those of the store.
pub fn institutions(
    desk: &mut Desk<'_>,
    _context: &Context<'_>,
    search: &InstitutionSearch,
    after: &str,
    limit: usize,
) -> Result<Page<Institution>, Stop> {
    let prefix = search.area.as_ref().map(|area| format!("{area}/")).unwrap_or_default();
    walk(desk, ("institution_in", &prefix, after), limit, |desk, part| {
        let code =
            |(id, _): &(String, String)| id.split_once('/').map_or(id.as_str(), |(_, code)| code).to_owned();
        let ids: Vec<String> = part.iter().map(code).collect();
        let found = rows::<Institution>(desk, &ids)?;
        Ok(found.into_iter().map(|row| row.filter(|row| search.fits(row))).collect())
    })
}

/// An institution. Everybody may ask.
///
/// # Errors
/// The refusal `no_institution`.
pub fn institution(desk: &mut Desk<'_>, _context: &Context<'_>, id: &str) -> Result<Institution, Stop> {
    let found = desk.get::<Institution>(id)?;
    found
        .map(|row| (*row).clone())
        .ok_or_else(|| Refusal::new("no_institution", "没有这个机构").at("institution").found(id).into())
}
