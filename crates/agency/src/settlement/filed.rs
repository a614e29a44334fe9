//! What was filed for a person decides what a bill says of it: filing away from home, registered diseases, family doctor.

use std::sync::Arc;

use gongji_cases::request::{Event, choice};
use gongji_policy::{DateRule, Dimension};
use jiff::civil::Date;

use super::Asked;
use crate::context::Context;
use crate::desk::Desk;
use crate::filing::NEEDS;
use crate::refusal::Refusal;
use crate::row::{Cover, Filing, FilingKind, Filings, Institution, Person};
use crate::stop::Stop;

/// The day whose filings count, as the pack of the insured area says for its law.
fn law_day(context: &Context<'_>, home: &str, asked: &Asked) -> Date {
    let pack = context.rules.packs().iter().find(|pack| pack.area.code == home);
    match pack.map(|pack| pack.area.law_date) {
        Some(DateRule::Settled) => asked.date,
        Some(DateRule::Admitted) => asked.admitted_on,
        Some(DateRule::Discharged) | None => asked.discharged_on,
    }
}

/// The filings of a person, fetched only where there ever were any.
fn of_person(desk: &mut Desk<'_>, person: &Person) -> Result<Option<Arc<Filings>>, Stop> {
    if person.files { desk.get::<Filings>(&person.id) } else { Ok(None) }
}

/// The filings away from home that hold on a day for an institution, the preferred first.
pub fn away_filing<'row>(
    filings: &'row Filings,
    home: &str,
    institution: &Institution,
    day: Date,
) -> Vec<&'row Filing> {
    let holds =
        |filing: &&Filing| filing.kind.is_away() && filing.holds(home, day) && filing.serves(institution);
    let mut held: Vec<&Filing> = filings.filings.iter().filter(holds).collect();
    held.sort_by_key(|filing| filing.kind);
    held
}

/// The filing of a bill away from home by a name of the case format: what holds that day; `none` where nothing does. What is stated must be
/// among what holds, but for what may be stated where nothing was filed.
///
/// # Errors
/// The refusal `filing_differs`.
fn away(
    filings: Option<&Filings>,
    (home, institution, day): (&str, &Institution, Date),
    stated: Option<&str>,
) -> Result<&'static str, Refusal> {
    let held = filings.map(|filings| away_filing(filings, home, institution, day)).unwrap_or_default();
    let first = held.first().map(|filing| filing.kind.name());
    let Some(stated) = stated else { return Ok(first.unwrap_or("none")) };
    if let Some(filing) = held.iter().find(|filing| filing.kind.name() == stated) {
        return Ok(filing.kind.name());
    }
    let unfiled = NEEDS.away.iter().find(|known| known.unfiled && known.kind.name() == stated);
    match unfiled {
        Some(known) => Ok(known.kind.name()),
        None if stated == "none" && held.is_empty() => Ok("none"),
        None => {
            let names: Vec<&str> = held.iter().map(|filing| filing.kind.name()).collect();
            Err(Refusal::new("filing_differs", "与已办理的备案不符")
                .at("visit.filing")
                .found(stated)
                .expected(if names.is_empty() { "none".to_owned() } else { names.join("、") })
                .hint(format!("{day} 在{}的备案以登记为准；出院结算前可以补办", institution.name)))
        }
    }
}

/// The registrations that a kind of care asks for.
fn registered<'row>(
    filings: Option<&'row Filings>,
    (home, institution, day): (&str, &Institution, Date),
    (kind, care_type): (FilingKind, &str),
) -> Result<Vec<&'row Filing>, Refusal> {
    let of_care = |filing: &&Filing| {
        filing.kind == kind
            && filing.care_type.as_deref().is_none_or(|known| known == care_type)
            && filing.holds(home, day)
            && filing.serves(institution)
    };
    let held: Vec<&Filing> =
        filings.map(|row| row.filings.iter().filter(of_care).collect()).unwrap_or_default();
    if !held.is_empty() {
        return Ok(held);
    }
    Err(Refusal::new(
        "not_registered",
        format!("这种医疗类别要先办理{}登记", kind.label().trim_end_matches("登记")),
    )
    .at("visit.care_type")
    .found(format!("{care_type}，{day}，{}", institution.name))
    .hint("登记要已经复核、当天有效，并包括这家机构"))
}

/// Diseases that a bill states must be registered.
fn diseases(held: &[&Filing], stated: &[String]) -> Result<(), Refusal> {
    let known = |name: &String| held.iter().any(|filing| filing.disease.as_ref() == Some(name));
    match stated.iter().find(|name| !known(name)) {
        None => Ok(()),
        Some(name) => {
            let names: Vec<&str> = held.iter().filter_map(|filing| filing.disease.as_deref()).collect();
            Err(Refusal::new("not_registered", "这个病种没有登记")
                .at("visit.conditions")
                .found(name)
                .expected(names.join("、")))
        }
    }
}

/// Checks what a visit states when it opens against what is filed, so that nobody is refused only at the end of a stay.
///
/// # Errors
/// The refusals `filing_differs` and `not_registered`.
pub fn stated(
    desk: &mut Desk<'_>,
    (person, institution): (&Person, &Institution),
    day: Date,
    (care_type, filing, conditions): (&str, Option<&str>, &[String]),
) -> Result<(), Stop> {
    let needs = NEEDS.of_care(care_type);
    let Some(cover) = person.cover_on(day) else { return Ok(()) };
    if filing.is_none() && needs.is_none() {
        return Ok(());
    }
    let filings = of_person(desk, person)?;
    let place = (cover.area.as_str(), institution, day);
    if filing.is_some() && institution.area != cover.area {
        away(filings.as_deref(), place, filing)?;
    }
    if let Some(kind) = needs {
        let held = registered(filings.as_deref(), place, (kind, care_type))?;
        if kind == FilingKind::Chronic {
            diseases(&held, conditions)?;
        }
    }
    Ok(())
}

/// Puts what is filed into a bill.
///
/// # Errors
/// The refusals `filing_differs`, `not_registered` and `family_doctor_differs`.
pub(super) fn derive(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    asked: &Asked,
    cover: &Cover,
    event: &mut Event,
) -> Result<(), Stop> {
    let is_away = asked.institution.area != cover.area;
    let needs = NEEDS.of_care(&asked.care_type);
    if !is_away && needs.is_none() && !asked.person.files {
        return Ok(());
    }
    let filings = of_person(desk, &asked.person)?;
    let filings = filings.as_deref();
    let day = law_day(context, &cover.area, asked);
    let place = (cover.area.as_str(), &*asked.institution, day);
    if is_away {
        // What a clerk states with a bill that was paid elsewhere, documents say, and a second person checks.
        let of_claim = asked.claim.is_some();
        let stated = asked.filing.as_deref().filter(|name| !of_claim || *name != "none");
        if !of_claim || stated.is_none() {
            event.filing = choice(Dimension::Filing, away(filings, place, stated)?);
        }
    }
    if let Some(kind) = needs {
        let held = registered(filings, place, (kind, &asked.care_type))?;
        if kind == FilingKind::Chronic {
            diseases(&held, &asked.conditions)?;
            if asked.conditions.is_empty() {
                event.conditions = known_diseases(context, cover, &held);
            }
        }
    }
    if let Some(filings) = filings {
        let signed =
            |filing: &&Filing| filing.kind == FilingKind::FamilyDoctor && filing.holds(&cover.area, day);
        if let Some(filing) = filings.filings.iter().find(signed) {
            if asked.family_doctor == Some(false) {
                return Err(Refusal::new("family_doctor_differs", "已签约家庭医生")
                    .at("visit.family_doctor")
                    .found("false")
                    .expected(format!("true，{} 起签约 {}", filing.from, filing.institutions.join("、")))
                    .into());
            }
            event.family_doctor = Some(true);
        }
    }
    Ok(())
}

/// The registered diseases by which the rules tell bills apart.
fn known_diseases(context: &Context<'_>, cover: &Cover, held: &[&Filing]) -> Vec<String> {
    let pack = context.rules.packs().iter().find(|pack| pack.area.code == cover.area);
    let scheme = pack.and_then(|pack| pack.scheme(&cover.scheme));
    let names = scheme.and_then(|scheme| scheme.values.get(&Dimension::Condition));
    let mut diseases: Vec<String> = Vec::new();
    for disease in held.iter().filter_map(|filing| filing.disease.as_ref()) {
        if names.is_some_and(|names| names.contains(disease)) && !diseases.contains(disease) {
            diseases.push(disease.clone());
        }
    }
    diseases
}
