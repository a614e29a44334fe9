//! Where a sandbox lies: an area whose rules settle what its people are there for, found by trying.

use gongji_agency::command::InstitutionFacts;
use gongji_agency::row::{Designation, Institution};
use gongji_cases::settle::Rulebook;
use gongji_policy::{Dimension, Pack};

use super::cast::{Cast, Place};
use crate::DemoError;
use crate::ground::{self, Area, Try};
use crate::mix::Mix;

/// The area of a sandbox, and the one where the visitor is insured.
pub struct Found {
    /// Where the sandbox lies.
    pub home: Area,
    /// Where the visitor is insured; `None` where nobody's rules take a bill from here.
    pub away: Option<Area>,
    /// The disease under which care of chronic diseases can be settled.
    pub condition: Option<String>,
}

/// Profiles and kinds of bills that a home must settle in the year.
const WANTED: [(&str, &str); 6] = [
    ("worker", "outpatient"),
    ("worker", "pharmacy"),
    ("worker", "inpatient"),
    ("pensioner", "inpatient"),
    ("villager", "outpatient"),
    ("pupil", "outpatient"),
];

/// Finds the places for a year; `asked` is the code or name of the area that the sandbox shall lie in.
///
/// # Errors
/// [`DemoError::NoArea`], and [`DemoError::NotThere`] for one that was asked for and cannot be.
pub fn find(
    rules: &Rulebook,
    mix: &Mix,
    cast: &Cast,
    asked: Option<&str>,
    year: i16,
) -> Result<Found, DemoError> {
    let packs = rules.packs();
    let rank = |pack: &Pack| cast.homes.iter().position(|code| *code == pack.area.code).unwrap_or(usize::MAX);
    let mut homes: Vec<&Pack> = match asked {
        Some(asked) => {
            packs.iter().filter(|pack| pack.area.code == asked || pack.area.name == asked).collect()
        }
        None => packs.iter().collect(),
    };
    homes.sort_by_key(|pack| rank(pack));
    let home = homes.into_iter().find_map(|pack| {
        let area = ground::area(mix, rules, pack, &[year])?;
        let settles = |(profile, kind): &(&str, &str)| {
            area.settles.get(*profile).is_some_and(|kinds| kinds.contains_key(&((*kind).to_owned(), year)))
        };
        WANTED.iter().all(settles).then_some((pack, area))
    });
    let Some((pack, home)) = home else {
        return Err(asked.map_or(DemoError::NoArea, |asked| DemoError::NotThere(asked.to_owned())));
    };
    let hospital = cast.institution.first().map(|place| institution(&home.code, place, cast.since));
    let away = hospital.as_ref().zip(mix.profile.get("worker")).and_then(|(hospital, profile)| {
        let takes = |other: &&Pack, kind: &str| {
            let try_out = Try { mix, code: &other.area.code, profile, tier: None, kind, year };
            try_out.at(rules, 40, hospital.clone(), Some("referral"), &[]).unwrap_or(false)
        };
        let mut others = packs.iter().filter(|other| {
            other.area.code != home.code
                && !other.area.code.ends_with("0000")
                && other.scheme("employee").is_some()
        });
        others.find(|other| takes(other, "inpatient"))
    });
    let away = away.and_then(|pack| ground::area(mix, rules, pack, &[year]).or_else(|| Some(bare(pack))));
    let condition = hospital.and_then(|hospital| condition(rules, mix, pack, &hospital, year));
    Ok(Found { home, away, condition })
}

/// An area of which nothing was tried.
fn bare(pack: &Pack) -> Area {
    Area {
        code: pack.area.code.clone(),
        name: pack.area.name.clone(),
        settles: std::collections::BTreeMap::new(),
        tiers: std::collections::BTreeMap::new(),
        away: std::collections::BTreeMap::new(),
    }
}

/// The first disease of a pack under which care of chronic diseases is settled.
fn condition(rules: &Rulebook, mix: &Mix, pack: &Pack, hospital: &Institution, year: i16) -> Option<String> {
    let names = pack.scheme("employee")?.values.get(&Dimension::Condition)?;
    let profile = mix.profile.get("worker")?;
    let mut mix = mix.clone();
    // What such care costs is what an ordinary visit costs.
    let bill = mix.bill.get("outpatient")?.clone();
    mix.bill.insert("chronic_outpatient".to_owned(), bill);
    let code = &pack.area.code;
    let settles = |name: &&String| {
        let try_out = Try { mix: &mix, code, profile, tier: None, kind: "chronic_outpatient", year };
        try_out.at(rules, 56, hospital.clone(), None, std::slice::from_ref(*name)).unwrap_or(false)
    };
    names.iter().find(settles).cloned()
}

/// An institution of an area.
pub fn institution(area: &str, place: &Place, since: jiff::civil::Date) -> Institution {
    let letter = if place.facility_type == "pharmacy" { 'P' } else { 'H' };
    Institution {
        id: format!("{letter}{area}{}", place.code),
        name: place.name.clone(),
        area: area.to_owned(),
        level: Some(place.level.clone()),
        grade: Some(place.grade.clone()),
        admin_level: Some(place.admin_level.clone()),
        facility_type: Some(place.facility_type.clone()),
        group: None,
        designated: vec![Designation { from: since, to: None }],
    }
}

/// What is registered of it.
pub fn facts(institution: &Institution) -> InstitutionFacts {
    InstitutionFacts {
        level: institution.level.clone(),
        grade: institution.grade.clone(),
        admin_level: institution.admin_level.clone(),
        facility_type: institution.facility_type.clone(),
        group: None,
    }
}
