//! Where the population lives: the areas whose packs can settle its bills, found by trying.

use std::collections::BTreeMap;
use std::sync::Arc;

use gongji_agency::row::{Certificate, CertificateKind, Cover, Designation, Institution, Person, YearsPaid};
use gongji_agency::settlement::{Asked, event_of, person_of};
use gongji_cases::request::{Charges, Purses};
use gongji_cases::settle::{History, Rulebook};
use gongji_money::Fen;
use gongji_policy::{Dimension, Pack};
use jiff::civil::Date;

use crate::mix::{InstitutionKind, Mix, Profile};

/// One area with what its rules can settle.
#[derive(Clone, Debug)]
pub struct Area {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// For each profile that can live here, by kind of bill and year the places (in order of the mix) whose bills can be settled.
    pub settles: BTreeMap<String, BTreeMap<(String, i16), Vec<usize>>>,
    /// For each profile the facts of its cover that only the pack can say.
    pub tiers: BTreeMap<String, Option<String>>,
    /// The filing under which a bill from elsewhere can be settled in the last year, by profile and kind of bill.
    pub away: BTreeMap<(String, String), &'static str>,
}

/// Filings away from home that are tried, in this order.
const FILINGS: [&str; 3] = ["referral", "long_stay", "temporary"];

/// The code of an institution.
pub fn institution_id(area: &str, kind: &InstitutionKind) -> String {
    format!("H{area}{}", kind.code)
}

/// An institution as it is registered.
pub fn institution(area: &str, name: &str, kind: &InstitutionKind, since: Date) -> Institution {
    Institution {
        id: institution_id(area, kind),
        name: format!("{}演示{}", name.trim_end_matches('市'), kind.name),
        area: area.to_owned(),
        level: Some(kind.level.clone()),
        grade: Some(kind.grade.clone()),
        admin_level: Some(kind.admin_level.clone()),
        facility_type: Some(kind.facility_type.clone()),
        group: None,
        designated: vec![Designation { from: since, to: None }],
    }
}

/// The cover of somebody of a profile.
pub fn cover(area: &str, profile: &Profile, tier: Option<&str>, since: Date, born: Date) -> Cover {
    let employee = profile.scheme == "employee";
    let years = profile.years_paid.map(|[_, most]| most);
    Cover {
        area: area.to_owned(),
        scheme: profile.scheme.clone(),
        from: since,
        to: None,
        paused: false,
        reason: "新参保".to_owned(),
        ended: String::new(),
        category: profile.category.clone(),
        post_type: (profile.category == "employed").then(|| "worker".to_owned()),
        account_option: employee.then(|| "with_account".to_owned()),
        premium_tier: tier.map(str::to_owned),
        assistance: Some(Vec::new()),
        supplements: Some(if employee { vec!["large_sum".to_owned()] } else { Vec::new() }),
        retired_on: profile.retired_at.and_then(|age| years_after(born, age)),
        years: YearsPaid { total: years, local_paid: years, continuous: years, deemed: None },
        employer: None,
    }
}

/// The day so many years after another.
pub fn years_after(day: Date, years: i64) -> Option<Date> {
    day.checked_add(jiff::Span::new().try_years(years).ok()?).ok()
}

/// The areas whose packs settle bills of everybody in the mix, in order of code.
pub fn areas(mix: &Mix, rules: &Rulebook, years: &[i16]) -> Vec<Area> {
    rules.packs().iter().filter_map(|pack| area(mix, rules, pack, years)).collect()
}

/// The area of a pack; `None` where somebody of the mix could have no bill in the last year.
pub fn area(mix: &Mix, rules: &Rulebook, pack: &Pack, years: &[i16]) -> Option<Area> {
    let code = &pack.area.code;
    let last = *years.last()?;
    let mut area = Area {
        code: code.clone(),
        name: pack.area.name.clone(),
        settles: BTreeMap::new(),
        tiers: BTreeMap::new(),
        away: BTreeMap::new(),
    };
    for (name, profile) in &mix.profile {
        let scheme = pack.scheme(&profile.scheme)?;
        let tier = scheme.values.get(&Dimension::PremiumTier).and_then(|names| names.last()).cloned();
        let mut kinds = BTreeMap::new();
        for kind in profile.bills.keys() {
            let settles =
                |place: &InstitutionKind, year: i16, in_area: &str, filing: Option<&'static str>| {
                    [profile.ages[0], profile.ages[1]].iter().all(|age| {
                        let try_out = Try { mix, code, profile, tier: tier.as_deref(), kind, year };
                        try_out.settles(rules, *age, place, in_area, filing).unwrap_or(false)
                    })
                };
            for year in years {
                let places: Vec<usize> = mix
                    .institution
                    .iter()
                    .enumerate()
                    .filter(|(_, place)| place.care.contains(kind) && settles(place, *year, code, None))
                    .map(|(at, _)| at)
                    .collect();
                if !places.is_empty() {
                    kinds.insert((kind.clone(), *year), places);
                }
            }
            let Some(places) = kinds.get(&(kind.clone(), last)) else { continue };
            // Tried at one place in one other area: a bill from yet another that is refused all the same is counted as refused.
            let elsewhere =
                rules.packs().iter().map(|pack| &pack.area.code).find(|other| {
                    *other != code && other.get(..2) != code.get(..2) && !other.ends_with("0000")
                });
            let at = places.first().and_then(|place| mix.institution.get(*place));
            if let (Some(elsewhere), Some(place)) = (elsewhere, at)
                && let Some(filing) =
                    FILINGS.into_iter().find(|filing| settles(place, last, elsewhere, Some(*filing)))
            {
                area.away.insert((name.clone(), kind.clone()), filing);
            }
        }
        // Whoever could have no bill at all in the last year does not live here. Of earlier years there are bills where there were rules.
        if !kinds.keys().any(|(_, year)| *year == last) {
            return None;
        }
        area.settles.insert(name.clone(), kinds);
        area.tiers.insert(name.clone(), tier);
    }
    Some(area)
}

/// A bill that is tried out.
pub struct Try<'mix> {
    /// The mix.
    pub mix: &'mix Mix,
    /// Where the person is insured.
    pub code: &'mix str,
    /// Who.
    pub profile: &'mix Profile,
    /// 缴费档次.
    pub tier: Option<&'mix str>,
    /// The kind of bill.
    pub kind: &'mix str,
    /// In the middle of this year.
    pub year: i16,
}

impl Try<'_> {
    fn settles(
        &self,
        rules: &Rulebook,
        age: i64,
        place: &InstitutionKind,
        in_area: &str,
        filing: Option<&str>,
    ) -> Option<bool> {
        let since = Date::new(self.year, 1, 1).ok()?;
        self.at(rules, age, institution(in_area, "", place, since), filing, &[])
    }

    /// Whether somebody of an age could settle the dearest such bill at an institution; `None` for a question that cannot be asked.
    pub fn at(
        &self,
        rules: &Rulebook,
        age: i64,
        institution: Institution,
        filing: Option<&str>,
        conditions: &[String],
    ) -> Option<bool> {
        let date = Date::new(self.year, 6, 15).ok()?;
        let born = years_after(date, -age - 1)?;
        let since = Date::new(self.year, 1, 1).ok()?;
        let person = Person {
            id: "P1".to_owned(),
            name: String::new(),
            certificate: Certificate { kind: CertificateKind::IdCard, number: String::new() },
            sex: "female".to_owned(),
            birth_date: born,
            died_on: None,
            registered_on: since,
            covers: vec![cover(self.code, self.profile, self.tier, since, born)],
            credentials: Vec::new(),
            files: false,
            wallet: false,
            mother: None,
        };
        let kind = self.mix.bill.get(self.kind)?;
        let total = Fen::new(kind.amounts.iter().map(|[_, high, _]| *high).max()?.checked_mul(100)?);
        let insured = person_of(&person, person.covers.first()?).ok()?;
        let stays = kind.days.is_some();
        let asked = Asked {
            institution: Arc::new(institution),
            person: Arc::new(person),
            visit: None,
            claim: None,
            care_type: self.kind.to_owned(),
            date,
            admitted_on: if stays { date.checked_sub(jiff::Span::new().days(5)).ok()? } else { date },
            discharged_on: date,
            filing: filing.map(str::to_owned),
            stay: Some("V1".to_owned()),
            mid_stay: false,
            from_emergency: false,
            family_doctor: Some(false),
            cause: None,
            conditions: conditions.to_vec(),
            prescribed_by: None,
            charges: Charges::Portions {
                total,
                non_covered: Fen::ZERO,
                over_limit_price: Fen::ZERO,
                upfront_self_pay: Fen::ZERO,
                by_tag: BTreeMap::new(),
            },
            use_account: true,
            use_mutual_aid: true,
            expect: None,
        };
        let event = event_of(&asked, self.code).ok()?;
        Some(rules.settle(&insured, &Purses::default(), &event, &History::default()).is_ok())
    }
}
