//! The same bill elsewhere, otherwise filed, or under another day's rules.

use gongji_policy::view::value_words;
use gongji_policy::{Dimension, Pack};
use jiff::civil::Date;

use super::{Comparison, Figures};
use crate::answer::Yuan;
use crate::error::{CaseError, ErrorCode};
use crate::quote::Standing;
use crate::request::{Case, Event, index_of};
use crate::run::{Packs, QuoteOptions};

/// 您家少付 935.74 元.
fn burden_words(difference: i64) -> String {
    match difference {
        0 => "您家付的一样多".to_owned(),
        less if less < 0 => format!("您家少付 {} 元", Yuan::of_fen(-less).grouped()),
        more => format!("您家多付 {} 元", Yuan::of_fen(more).grouped()),
    }
}

fn compared(
    kind: &str,
    change: String,
    own: Figures,
    other: Result<Figures, CaseError>,
    after: &str,
) -> Result<Comparison, CaseError> {
    let (other, difference, sentence) = match other {
        Ok(other) => {
            let difference = other.personal_burden.fen() - own.personal_burden.fen();
            let sentence = format!("{change}：同样费用下，{}。{after}", burden_words(difference));
            (Some(other), Some(Yuan::of_fen(difference)), sentence)
        }
        Err(error) if error.code == ErrorCode::Internal => return Err(error),
        Err(error) => (None, None, format!("{change}：{}，暂无依据，不作计算。", error.problem)),
    };
    Ok(Comparison { kind: kind.to_owned(), change, own, other, difference, sentence })
}

impl Standing<'_> {
    /// What the last event comes to, and what it would with another event in its place.
    fn figures(&self, event: &Event) -> Result<Figures, CaseError> {
        let mut state = self.state.clone();
        Ok(Figures::of(&self.run.event(self.index, event, &mut state)?))
    }
}

/// Facilities of the next lower level, nearest first: the same otherwise, then of a lower administrative level, without a
/// grade, and for the lowest level a community institution.
fn lower_facilities(event: &Event) -> Vec<Event> {
    let levels = ["special", "3", "2", "1", "primary"].map(|name| index_of(Dimension::Level, name));
    let Some(position) = levels.iter().position(|level| *level == event.facility.level) else {
        return Vec::new();
    };
    let Some(lower) = levels.get(position + 1).copied().flatten() else { return Vec::new() };
    let mut at = event.clone();
    at.facility.level = Some(lower);
    // Rules by institution are rules for this one, not for another; what ran up there stays there.
    at.facility.id = event.facility.id.as_ref().map(|id| format!("非 {id}"));
    at.facility.group = None;
    let primary = index_of(Dimension::Level, "primary");
    let community = index_of(Dimension::FacilityType, "community");
    let mut facilities = Vec::new();
    let types = if Some(lower) == primary {
        vec![community, event.facility.facility_type]
    } else {
        vec![event.facility.facility_type]
    };
    for facility_type in types {
        let own_admin = event.facility.admin_level;
        let admins = ["municipal", "county", "township"].map(|name| index_of(Dimension::AdminLevel, name));
        let below = admins.into_iter().filter(|admin| own_admin.is_some() && *admin < own_admin);
        for admin in std::iter::once(own_admin).chain(below).chain([None]) {
            for grade in [event.facility.grade, None] {
                let mut next = at.clone();
                next.facility.facility_type = facility_type;
                next.facility.admin_level = admin;
                next.facility.grade = grade;
                if !facilities.contains(&next) {
                    facilities.push(next);
                }
            }
        }
    }
    facilities
}

/// The last bill at a facility of the next lower level; `None` where there is no lower one or the event has no facility.
///
/// # Errors
/// As [`crate::quote`], where the case itself has no answer.
pub fn lower_level(
    packs: &[Pack],
    case: &Case,
    options: QuoteOptions,
) -> Result<Option<Comparison>, CaseError> {
    let known = Packs::for_case(packs, case, &options);
    let standing = Standing::new(&known, packs, case, options)?;
    let own = standing.figures(standing.last)?;
    let facilities = lower_facilities(standing.last);
    let mut first_refusal = None;
    for event in &facilities {
        match standing.figures(event) {
            Ok(other) => {
                let change = format!("换成{}", facility_words(event, &standing));
                return compared("lower_level", change, own, Ok(other), "（只比较费用，不是就医建议）")
                    .map(Some);
            }
            Err(error) => first_refusal = first_refusal.or(Some((event, error))),
        }
    }
    match first_refusal {
        Some((event, error)) => {
            let change = format!("换成{}", facility_words(event, &standing));
            compared("lower_level", change, own, Err(error), "").map(Some)
        }
        None => Ok(None),
    }
}

/// 二级医院（区县）.
fn facility_words(event: &Event, standing: &Standing<'_>) -> String {
    let values = &standing.run.scheme.values;
    let words = |dimension, value: Option<i64>| value.map(|value| value_words(dimension, value, values));
    let kind = match event.facility.facility_type {
        Some(kind) if Some(kind) != index_of(Dimension::FacilityType, "hospital") => {
            value_words(Dimension::FacilityType, kind, values)
        }
        _ => "医院".to_owned(),
    };
    let level = words(Dimension::Level, event.facility.level).unwrap_or_default();
    let more: Vec<String> = [
        words(Dimension::AdminLevel, event.facility.admin_level),
        words(Dimension::Grade, event.facility.grade),
    ]
    .into_iter()
    .flatten()
    .filter(|word| word != "无")
    .collect();
    let more = if more.is_empty() { String::new() } else { format!("（{}）", more.join("、")) };
    format!("{level}{kind}{more}")
}

/// The last bill filed where it was not, or not filed where it was; `None` at home.
///
/// # Errors
/// As [`crate::quote`], where the case itself has no answer.
pub fn filing(packs: &[Pack], case: &Case, options: QuoteOptions) -> Result<Option<Comparison>, CaseError> {
    let known = Packs::for_case(packs, case, &options);
    let standing = Standing::new(&known, packs, case, options)?;
    let own = standing.figures(standing.last)?;
    let unfiled = index_of(Dimension::Filing, "none");
    let local = index_of(Dimension::Filing, "local");
    if standing.last.care_area == case.person.pooling_area || standing.last.filing == local {
        return Ok(None);
    }
    let others: Vec<Option<i64>> = if standing.last.filing == unfiled {
        ["temporary", "referral", "long_stay"].map(|name| index_of(Dimension::Filing, name)).to_vec()
    } else {
        vec![unfiled]
    };
    let values = &standing.run.scheme.values;
    let mut refusal = None;
    for filing in others.into_iter().flatten() {
        let event = Event { filing: Some(filing), ..standing.last.clone() };
        let change = if Some(filing) == unfiled {
            "未备案到外地".to_owned()
        } else {
            format!("办了备案（{}）再到外地", value_words(Dimension::Filing, filing, values))
        };
        match standing.figures(&event) {
            Ok(other) => {
                let after = "急诊抢救视同备案；出院结算前可以补办。";
                return compared("filing", change, own, Ok(other), after).map(Some);
            }
            Err(error) => refusal = refusal.or(Some((change, error))),
        }
    }
    match refusal {
        Some((change, error)) => compared("filing", change, own, Err(error), "").map(Some),
        None => Ok(None),
    }
}

/// The last bill as the whole case comes out under the law of another day.
///
/// # Errors
/// As [`crate::quote`], where the case itself has no answer.
pub fn on_date(
    packs: &[Pack],
    case: &Case,
    options: QuoteOptions,
    day: Date,
) -> Result<Comparison, CaseError> {
    let known = Packs::for_case(packs, case, &options);
    let standing = Standing::new(&known, packs, case, options)?;
    let own = standing.figures(standing.last)?;
    let there = QuoteOptions { on: Some(day), ..options };
    let other = Standing::new(&known, packs, case, there).and_then(|other| other.figures(other.last));
    compared("on_date", format!("按 {day} 的规则"), own, other, "")
}
