//! The run of a case: each event under the rules of its day, with what the events before it left.

mod booking;
mod calculation;
mod event;
mod kept;
mod lines;
mod period;
mod portions;
mod refusal;
mod sharing;
mod sink;
mod state;
mod totals;

use std::borrow::Cow;

use gongji_policy::{Pack, Scheme, known_on};
use jiff::civil::Date;

pub(crate) use calculation::Calculated;
pub(crate) use event::Outcome;
pub(crate) use kept::Kept;
pub(crate) use period::insurance_year;
pub(crate) use sink::CellSteps;
pub(crate) use state::{State, counts_times};
pub(crate) use totals::Totals;

use crate::error::{CaseError, ErrorCode};
use crate::request::{Case, Person};

/// Under which law a case is answered, where not under that of each event's own day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QuoteOptions {
    /// Applies the law of this day to every event. Periods, ages and the order of events stay those of the events.
    pub on: Option<Date>,
    /// Answers as people could have known on this day: what was published later is hidden.
    pub known_on: Option<Date>,
}

/// How many areas an error lists.
const MOST_OFFERED: usize = 20;

/// Packs in order of their areas: those that one case needs, as they were known on the day that the options name, or all.
#[derive(Debug)]
pub(crate) struct Packs<'packs> {
    all: Vec<Cow<'packs, Pack>>,
}

impl<'packs> Packs<'packs> {
    /// The packs of the insured area and of the areas of care.
    pub fn for_case(packs: &'packs [Pack], case: &Case, options: &QuoteOptions) -> Packs<'packs> {
        let needed = |code: &str| {
            code == case.person.pooling_area || case.events.iter().any(|event| event.care_area == code)
        };
        let needed = packs.iter().filter(|pack| needed(&pack.area.code));
        Packs::in_order(needed.map(|pack| match options.known_on {
            Some(day) => Cow::Owned(known_on(pack, day)),
            None => Cow::Borrowed(pack),
        }))
    }

    /// Every pack, with all that it says.
    pub fn all(packs: &'packs [Pack]) -> Packs<'packs> {
        Packs::in_order(packs.iter().map(Cow::Borrowed))
    }

    fn in_order(packs: impl Iterator<Item = Cow<'packs, Pack>>) -> Packs<'packs> {
        let mut all: Vec<_> = packs.collect();
        all.sort_by(|one, other| one.area.code.cmp(&other.area.code));
        Packs { all }
    }

    /// The pack of an area.
    pub fn get(&self, code: &str) -> Option<&Pack> {
        let position = self.all.binary_search_by(|pack| pack.area.code.as_str().cmp(code)).ok()?;
        self.all.get(position).map(|pack| &**pack)
    }

    /// The packs of some areas with the hashes of their texts, each once, in order: `410100@sha256:…,990101@sha256:…`.
    pub fn named<'code>(&self, areas: impl Iterator<Item = &'code str>) -> String {
        let mut named: Vec<&Pack> = Vec::new();
        for pack in areas.filter_map(|area| self.get(area)) {
            if !named.iter().any(|known| known.area.code == pack.area.code) {
                named.push(pack);
            }
        }
        let each: Vec<String> =
            named.iter().map(|pack| format!("{}@sha256:{}", pack.area.code, pack.content_hash)).collect();
        each.join(",")
    }

    /// The pack and scheme under which the person is insured.
    pub fn insured(&self, person: &Person, shipped: &[Pack]) -> Result<(&Pack, &Scheme), CaseError> {
        let pack =
            self.get(&person.pooling_area).filter(|pack| !pack.schemes.is_empty()).ok_or_else(|| {
                let offered: Vec<String> = shipped
                    .iter()
                    .filter(|pack| pack.schemes.iter().any(|scheme| !scheme.benefits.is_empty()))
                    .map(|pack| format!("{}（{}）", pack.area.code, pack.area.name))
                    .collect();
                let more = if offered.len() > MOST_OFFERED { "……" } else { "" };
                let offered =
                    offered.iter().take(MOST_OFFERED).map(String::as_str).collect::<Vec<_>>().join("、")
                        + more;
                CaseError::new(ErrorCode::NoArea, "person.pooling_area", "没有这个统筹区的规则")
                    .found(person.pooling_area.clone())
                    .expected(offered)
            })?;
        let scheme = pack.scheme(&person.scheme).ok_or_else(|| {
            let offered: Vec<String> =
                pack.schemes.iter().map(|scheme| format!("{}（{}）", scheme.name, scheme.label)).collect();
            CaseError::new(
                ErrorCode::NoScheme,
                "person.scheme",
                format!("{}没有这个险种的规则", pack.area.name),
            )
            .found(person.scheme.clone())
            .expected(offered.join("、"))
        })?;
        Ok((pack, scheme))
    }
}

/// The events of one person in progress.
#[derive(Debug)]
pub(crate) struct Run<'packs> {
    pub packs: &'packs Packs<'packs>,
    pub pack: &'packs Pack,
    pub scheme: &'packs Scheme,
    pub person: &'packs Person,
    pub options: QuoteOptions,
    /// Plans and resolutions that are kept between bills, where a rulebook runs them.
    pub kept: Option<&'packs Kept>,
}
