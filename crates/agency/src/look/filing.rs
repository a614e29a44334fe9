//! What was filed: by person, and of an area.

use jiff::civil::Date;
use serde::Serialize;

use super::sight::{masked_name, seen};
use super::{Page, rows, walk};
use crate::access::{Action, Scope};
use crate::actor::Role;
use crate::context::Context;
use crate::desk::Desk;
use crate::filing::NEEDS;
use crate::row::{Filing, FilingKind, FilingStatus, Filings, Person, Reviewed};
use crate::stop::Stop;

/// A document as it is shown.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProofSeen {
    /// Which.
    pub kind: String,
    /// The term that people read.
    pub label: String,
    /// Its number.
    pub number: String,
}

/// A filing as it is shown.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FilingSeen {
    /// Its number.
    pub id: String,
    /// Whose.
    pub person: String,
    /// The person's name; residents see its first character.
    pub name: String,
    /// What is filed.
    pub kind: FilingKind,
    /// The term that people read.
    pub label: &'static str,
    /// 参保地.
    pub home: String,
    /// Where to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// At which institutions; any where empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub institutions: Vec<String>,
    /// The disease, by a name of the pack.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disease: Option<String>,
    /// The kind of care that it opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub care_type: Option<String>,
    /// First day.
    pub from: Date,
    /// Last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// How it stands.
    pub status: FilingStatus,
    /// The term that people read.
    pub status_label: &'static str,
    /// Whether it holds today.
    pub in_force: bool,
    /// When it was filed.
    pub filed_on: Date,
    /// Who filed it; not told to residents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The institution that filed it on the person's behalf.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// 补办: the visit for which it was made up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visit: Option<String>,
    /// What was shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<ProofSeen>,
    /// What a second person said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<Reviewed>,
    /// Why it was ended or cancelled.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub ended: String,
}

/// The filings of one person.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonFilings {
    /// Whose.
    pub person: String,
    /// In order of filing.
    pub filings: Vec<FilingSeen>,
}

/// Which filings of an area are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FilingSearch {
    /// Of this kind alone.
    pub kind: Option<FilingKind>,
    /// That stand so alone.
    pub status: Option<FilingStatus>,
}

impl FilingSearch {
    fn finds(&self, filing: &Filing) -> bool {
        self.kind.is_none_or(|kind| kind == filing.kind)
            && self.status.is_none_or(|status| status == filing.status)
    }
}

fn shown(context: &Context<'_>, person: &Person, filing: Filing) -> FilingSeen {
    let resident = context.actor.role == Role::Resident;
    let proofs = filing.proofs.into_iter().map(|proof| ProofSeen {
        label: NEEDS.proof_label(&proof.kind).to_owned(),
        kind: proof.kind,
        number: proof.number,
    });
    FilingSeen {
        person: person.id.clone(),
        name: if resident { masked_name(&person.name) } else { person.name.clone() },
        label: filing.kind.label(),
        status_label: filing.status.label(),
        in_force: filing.status == FilingStatus::Valid
            && filing.from <= context.today
            && filing.to.is_none_or(|to| context.today <= to),
        by: (!resident).then_some(filing.by),
        proofs: proofs.collect(),
        reviewed: filing
            .reviewed
            .map(|said| Reviewed { by: if resident { String::new() } else { said.by }, ..said }),
        id: filing.id,
        kind: filing.kind,
        home: filing.home,
        area: filing.area,
        institutions: filing.institutions,
        disease: filing.disease,
        care_type: filing.care_type,
        from: filing.from,
        to: filing.to,
        status: filing.status,
        filed_on: filing.filed_on,
        at: filing.at,
        visit: filing.visit,
        ended: filing.ended,
    }
}

/// What was filed for a person, in order of filing.
///
/// # Errors
/// The refusals `denied` and `no_person`.
pub fn filings(desk: &mut Desk<'_>, context: &Context<'_>, person: &str) -> Result<PersonFilings, Stop> {
    let known = seen(desk, context, person)?;
    let row = desk.get::<Filings>(person)?.map(|row| (*row).clone()).unwrap_or_default();
    let filings = row.filings.into_iter().map(|filing| shown(context, &known, filing));
    Ok(PersonFilings { person: person.to_owned(), filings: filings.collect() })
}

/// What was filed by people insured in an area, person by person; people without any that is asked for are left out.
///
/// # Errors
/// The refusal `denied`.
pub fn filings_in(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    (area, search): (&str, FilingSearch),
    after: &str,
    limit: usize,
) -> Result<Page<PersonFilings>, Stop> {
    context.allow(Action::SeeArea, Scope { area: Some(area), ..Scope::default() })?;
    let prefix = format!("{area}/");
    let after = if after.is_empty() { String::new() } else { format!("{prefix}{after}") };
    let mut page = walk(desk, ("filings_in", &prefix, &after), limit, |desk, part| {
        let people: Vec<String> =
            part.iter().filter_map(|(id, _)| id.strip_prefix(&prefix).map(str::to_owned)).collect();
        let (filed, persons) = (rows::<Filings>(desk, &people)?, rows::<Person>(desk, &people)?);
        let entries = filed.into_iter().zip(persons).map(|(filed, person)| {
            let person = person?;
            let of_area =
                filed?.filings.into_iter().filter(|known| known.home == area && search.finds(known));
            let filings: Vec<FilingSeen> = of_area.map(|known| shown(context, &person, known)).collect();
            (!filings.is_empty()).then(|| PersonFilings { person: person.id.clone(), filings })
        });
        Ok(entries.collect())
    })?;
    page.next = page.next.map(|next| next.strip_prefix(&prefix).map(str::to_owned).unwrap_or(next));
    Ok(page)
}
