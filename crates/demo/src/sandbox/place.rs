//! Where a sandbox lies: an area whose rules settle what its people are there for, found by trying.

use gongji_agency::command::InstitutionFacts;
use gongji_agency::row::{Designation, FilingKind, Institution};
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
    /// Where the visitor is insured, and what is filed there for care here; `None` where nobody's rules take a bill from here.
    pub away: Option<(Area, FilingKind)>,
    /// Another area, that somebody of here can be referred to; empty where there is none.
    pub elsewhere: String,
    /// The disease under which care of chronic diseases can be settled.
    pub condition: Option<String>,
    /// A disease that can be registered, whether its care can be settled or not.
    pub disease: String,
}

/// What is filed for the visitor, in this order: the first holds until it is ended.
const FILINGS: [FilingKind; 3] = [FilingKind::LongStay, FilingKind::Referral, FilingKind::Temporary];

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
        let takes = |other: &Pack, kind: &str, filing: FilingKind| {
            let try_out = Try { mix, code: &other.area.code, profile, tier: None, kind, year };
            try_out.at(rules, 40, hospital.clone(), Some(filing.name()), &[]).unwrap_or(false)
        };
        // Rather an area that takes visits as well as stays.
        [&["inpatient", "outpatient"][..], &["inpatient"]].into_iter().find_map(|kinds| {
            others(packs, &home.code).filter(|other| other.scheme("employee").is_some()).find_map(|other| {
                let all = |filing: &FilingKind| kinds.iter().all(|kind| takes(other, kind, *filing));
                Some((other, FILINGS.into_iter().find(all)?))
            })
        })
    });
    let away = away.map(|(pack, filing)| {
        let area = ground::area(mix, rules, pack, &[year]).unwrap_or_else(|| bare(pack));
        (area, filing)
    });
    let other = others(packs, &home.code).next().map(|pack| pack.area.code.clone());
    let elsewhere = away.as_ref().map(|(area, _)| area.code.clone()).or(other).unwrap_or_default();
    let condition = hospital.and_then(|hospital| condition(rules, mix, pack, &hospital, year));
    let declared = || diseases(pack).next().cloned();
    let disease = condition.clone().or_else(declared).unwrap_or_else(|| DISEASE.to_owned());
    Ok(Found { home, away, elsewhere, condition, disease })
}

/// What is registered where the rules tell no diseases apart: any code is kept.
const DISEASE: &str = "diabetes";

/// The areas besides one, without those that stand for a whole province.
fn others<'packs>(packs: &'packs [Pack], home: &str) -> impl Iterator<Item = &'packs Pack> {
    packs.iter().filter(move |pack| pack.area.code != home && !pack.area.code.ends_with("0000"))
}

/// The diseases that the rules for employees tell apart.
fn diseases(pack: &Pack) -> impl Iterator<Item = &String> {
    let declared = pack.scheme("employee").and_then(|scheme| scheme.values.get(&Dimension::Condition));
    declared.into_iter().flatten().filter(|name| *name != "none")
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
    diseases(pack).find(settles).cloned()
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
