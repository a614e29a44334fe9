//! The facts of one event along every dimension of decision tables.

use gongji_policy::{Dimension, Facts, Scheme, day_number};
use jiff::civil::Date;

use crate::error::{CaseError, ErrorCode};
use crate::request::{Event, Facility, Person, SUPPLEMENTS, nearest};

/// Where an event stands in the case, for errors.
pub(crate) fn event_field(index: usize, name: &str) -> String {
    format!("events[{index}].{name}")
}

/// Age in whole years on a day; a birthday counts from the day itself, 29 February from 1 March in other years.
pub(crate) fn age(born: Date, day: Date) -> i64 {
    let had_birthday = (day.month(), day.day()) >= (born.month(), born.day());
    i64::from(day.year()) - i64::from(born.year()) - i64::from(!had_birthday)
}

/// 就医地 seen from 参保地: the index of `home`, `province`, `away`.
pub(crate) fn place(home: &str, care: &str) -> i64 {
    if home == care {
        0
    } else if home.get(..2) == care.get(..2) {
        1
    } else {
        2
    }
}

/// The position of a pack's name along an open dimension; `None` in the case is `none`, the first.
pub(crate) fn open_value(
    scheme: &Scheme,
    dimension: Dimension,
    name: Option<&str>,
    field: impl FnOnce() -> String,
) -> Result<i64, CaseError> {
    let Some(name) = name else { return Ok(0) };
    let names = scheme.values.get(&dimension).map_or(&[][..], Vec::as_slice);
    if let Some(index) = names.iter().position(|known| known == name) {
        return Ok(index as i64);
    }
    let accepted: Vec<&str> = names.iter().map(String::as_str).filter(|name| *name != "none").collect();
    let label = dimension.label();
    let error =
        CaseError::new(ErrorCode::UnknownValue, field(), format!("{}的规则里没有这个{label}", scheme.label))
            .found(format!("“{name}”"));
    Err(match nearest(name, accepted.iter().copied()) {
        _ if accepted.is_empty() => error.hint(format!("本统筹区没有按{label}区分的规则，请不要填写")),
        Some(near) => error.expected(accepted.join("、")).hint(format!("是不是想写 {near}？")),
        None => error.expected(accepted.join("、")),
    })
}

/// How strictly names of the pack are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    /// A name that the scheme does not declare is refused.
    Refused,
    /// It counts as `none`: another area's catalogue cannot know this area's names.
    Ignored,
}

/// The day on which the event's own law falls, and the day that picks its insurance year.
pub(crate) fn day_by(rule: gongji_policy::DateRule, event: &Event) -> Date {
    match rule {
        gongji_policy::DateRule::Settled => event.date,
        gongji_policy::DateRule::Admitted => event.admitted_on.unwrap_or(event.date),
        gongji_policy::DateRule::Discharged => event.discharged_on.unwrap_or(event.date),
    }
}

fn set_facility(facts: &mut Facts, facility: &Facility) {
    facts.set(Dimension::Level, facility.level);
    // An absent grade or administrative level is `none`, the first name.
    facts.set(Dimension::Grade, Some(facility.grade.unwrap_or(0)));
    facts.set(Dimension::AdminLevel, Some(facility.admin_level.unwrap_or(0)));
    facts.set(Dimension::FacilityType, facility.facility_type);
}

/// What is known of an event along every dimension but the ordinal, which the history gives. `own_day` is the day of the
/// event's own law, on which the age is counted even where another day's law is asked for.
///
/// # Errors
/// A name that the scheme does not declare, unless `names` ignores such; an age beyond 150.
pub(crate) fn facts_of(
    person: &Person,
    index: usize,
    event: &Event,
    scheme: &Scheme,
    own_day: Date,
    names: Names,
) -> Result<Facts, CaseError> {
    let open = |dimension, name: Option<&str>, field: &dyn Fn() -> String| match (
        open_value(scheme, dimension, name, field),
        names,
    ) {
        (Err(_), Names::Ignored) => Ok(0),
        (read, _) => read,
    };
    let mut facts = Facts::default();
    facts.set(Dimension::Category, person.category);
    facts.set(Dimension::Sex, person.sex);
    facts.set(Dimension::PostType, person.post_type);
    facts.set(Dimension::AccountOption, person.account_option);
    let tier =
        open(Dimension::PremiumTier, person.premium_tier.as_deref(), &|| "person.premium_tier".to_owned())?;
    facts.set(Dimension::PremiumTier, Some(tier));
    facts.set(Dimension::Aid, person.assistance.as_deref().map(|has| aid(scheme, has)));
    for (position, (_, dimension)) in SUPPLEMENTS.into_iter().enumerate() {
        facts.set(dimension, person.supplements.map(|has| i64::from(has[position])));
    }
    facts.set(Dimension::YearsTotal, person.years.total);
    facts.set(Dimension::YearsLocalPaid, person.years.local_paid);
    facts.set(Dimension::YearsContinuous, person.years.continuous);
    facts.set(Dimension::RetiredOn, person.retired_on.map(day_number));
    facts.set(Dimension::BirthDate, person.birth_date.map(day_number));
    if let Some(born) = person.birth_date {
        let years = age(born, own_day);
        if !(0..=150).contains(&years) {
            return Err(CaseError::new(ErrorCode::TooLarge, "person.birth_date", "年龄不在范围内")
                .found(format!("{born}，到 {own_day} 为 {years} 岁"))
                .expected("0 到 150 岁"));
        }
        facts.set(Dimension::Age, Some(years));
    }
    set_facility(&mut facts, &event.facility);
    let group = open(Dimension::FacilityGroup, event.facility.group.as_deref(), &|| {
        event_field(index, "facility.group")
    })?;
    facts.set(Dimension::FacilityGroup, Some(group));
    facts.set(Dimension::CareType, Some(event.care_type));
    let place = place(&person.pooling_area, &event.care_area);
    // At home nobody files: `local`, the first name.
    facts.set(Dimension::Filing, event.filing.or((place == 0).then_some(0)));
    facts.set(Dimension::Place, Some(place));
    // Without a prescription the issuer is `none`, which stands before the levels.
    let issuer = event.issued_by.as_ref().map_or(Some(0), |issuer| issuer.level.map(|level| level + 1));
    facts.set(Dimension::IssuedByLevel, issuer);
    facts.set(Dimension::FamilyDoctor, event.family_doctor.map(i64::from));
    facts.set(Dimension::FromEmergency, Some(i64::from(event.from_emergency)));
    facts.set(Dimension::MidStay, Some(i64::from(event.mid_stay)));
    facts.set(Dimension::Cause, Some(event.cause));
    let mut condition = 0;
    for (position, name) in event.conditions.iter().enumerate().rev() {
        condition = open(Dimension::Condition, Some(name), &|| {
            event_field(index, &format!("condition[{position}]"))
        })?;
    }
    facts.set(Dimension::Condition, Some(condition));
    facts.set(Dimension::ConditionCount, Some(event.conditions.len() as i64));
    facts.set(Dimension::StayDays, Some(stay_days(event)));
    facts.set(Dimension::AdmittedOn, Some(day_number(event.admitted_on.unwrap_or(event.date))));
    Ok(facts)
}

/// What is known of the person alone, for calculations that are no bill; the age on `day`.
///
/// # Errors
/// As [`facts_of`].
pub(crate) fn person_facts(
    person: &Person,
    index: usize,
    event: &Event,
    scheme: &Scheme,
    day: Date,
) -> Result<Facts, CaseError> {
    use Dimension as D;
    let born_later = person.birth_date.is_some_and(|born| born > day);
    let own_day = if born_later { person.birth_date.unwrap_or(day) } else { day };
    let all = facts_of(person, index, event, scheme, own_day, Names::Refused)?;
    let mut facts = Facts::default();
    let of_person = [
        D::Category,
        D::Sex,
        D::PostType,
        D::AccountOption,
        D::PremiumTier,
        D::Aid,
        D::LargeSum,
        D::Commercial,
        D::CivilServant,
        D::Enterprise,
        D::Age,
        D::YearsTotal,
        D::YearsLocalPaid,
        D::YearsContinuous,
        D::RetiredOn,
        D::BirthDate,
    ];
    for dimension in of_person {
        facts.set(dimension, all.get(dimension));
    }
    Ok(facts)
}

/// The identity that decides: the first in the scheme's order that the person has; `none` where the scheme weighs none.
fn aid(scheme: &Scheme, has: &[i64]) -> i64 {
    scheme.aid_order.iter().copied().find(|identity| has.contains(identity)).unwrap_or(0)
}

/// Days of stay: from admission to discharge, the day of discharge not counted, at least one.
pub(crate) fn stay_days(event: &Event) -> i64 {
    let admitted = event.admitted_on.unwrap_or(event.date);
    let discharged = event.discharged_on.unwrap_or(event.date);
    (day_number(discharged) - day_number(admitted)).max(1)
}

/// The field of the case that answers a dimension.
pub(crate) fn field_of(dimension: Dimension, index: usize) -> String {
    use Dimension as D;
    let in_event = |name: &str| event_field(index, name);
    match dimension {
        D::Category => "person.category".to_owned(),
        D::Sex => "person.sex".to_owned(),
        D::PostType => "person.post_type".to_owned(),
        D::AccountOption => "person.account_option".to_owned(),
        D::PremiumTier => "person.premium_tier".to_owned(),
        D::Aid => "person.assistance".to_owned(),
        D::LargeSum | D::Commercial | D::CivilServant | D::Enterprise => "person.supplements".to_owned(),
        D::YearsTotal => "person.years.total".to_owned(),
        D::YearsLocalPaid => "person.years.local_paid".to_owned(),
        D::YearsContinuous => "person.years.continuous".to_owned(),
        D::RetiredOn => "person.retired_on".to_owned(),
        D::BirthDate | D::Age => "person.birth_date".to_owned(),
        D::Relation => "purses.mutual_aid".to_owned(),
        D::Level => in_event("facility.level"),
        D::Grade => in_event("facility.grade"),
        D::AdminLevel => in_event("facility.admin_level"),
        D::FacilityType => in_event("facility.type"),
        D::FacilityGroup => in_event("facility.group"),
        D::CareType => in_event("care_type"),
        D::Filing => in_event("filing"),
        D::Place => in_event("care_area"),
        D::IssuedByLevel => in_event("prescription.issued_by.level"),
        D::FamilyDoctor => in_event("family_doctor"),
        D::FromEmergency => in_event("from_emergency"),
        D::MidStay => in_event("mid_stay"),
        D::Cause => in_event("cause"),
        D::Condition | D::ConditionCount => in_event("condition"),
        D::Class | D::ItemClass | D::Band => in_event("charges.lines"),
        D::Ordinal => in_event("stay"),
        D::StayDays | D::AdmittedOn => in_event("admitted_on"),
        D::Fund => in_event("funds"),
        D::Contributor => in_event("contributor"),
        D::Purpose => in_event("purpose"),
        D::Beneficiary => in_event("beneficiary"),
        D::SubAccount => in_event("sub_account"),
        D::Birth => in_event("birth"),
        D::GestationWeeks => in_event("gestation_weeks"),
        D::MonthsMissed => in_event("months_missed"),
        D::Repaired => in_event("repaired"),
        D::StatusChanged => in_event("status_changed"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_turn_on_the_birthday() {
        let day = Date::constant;
        assert_eq!(age(day(1955, 3, 1), day(2023, 2, 28)), 67);
        assert_eq!(age(day(1955, 3, 1), day(2023, 3, 1)), 68);
        assert_eq!(age(day(2000, 2, 29), day(2023, 2, 28)), 22);
        assert_eq!(age(day(2000, 2, 29), day(2023, 3, 1)), 23);
        assert_eq!(age(day(2023, 5, 1), day(2023, 5, 1)), 0);
    }

    #[test]
    fn places_by_code() {
        assert_eq!(place("990100", "990100"), 0);
        assert_eq!(place("990100", "990200"), 1);
        assert_eq!(place("990100", "980100"), 2);
    }
}
