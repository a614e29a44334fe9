//! The run of a case: each event under the rules of its day, with what the events before it left.

mod calculation;
mod event;
mod lines;
mod period;
mod refusal;
mod sharing;
mod state;

use std::borrow::Cow;

use gongji_policy::{Pack, Scheme, known_on};
use jiff::civil::Date;

pub(crate) use event::Outcome;
pub(crate) use state::{State, counts_times};

use crate::error::{CaseError, ErrorCode};
use crate::request::Case;

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

/// The packs that one case needs, as they were known on the day that the options name.
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
        let all = packs
            .iter()
            .filter(|pack| needed(&pack.area.code))
            .map(|pack| match options.known_on {
                Some(day) => Cow::Owned(known_on(pack, day)),
                None => Cow::Borrowed(pack),
            })
            .collect();
        Packs { all }
    }

    /// The pack of an area.
    pub fn get(&self, code: &str) -> Option<&Pack> {
        self.all.iter().find(|pack| pack.area.code == code).map(|pack| &**pack)
    }

    /// The pack and scheme under which the person is insured.
    pub fn insured(&self, case: &Case, shipped: &[Pack]) -> Result<(&Pack, &Scheme), CaseError> {
        let person = &case.person;
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

/// A case in progress.
#[derive(Debug)]
pub(crate) struct Run<'packs> {
    pub packs: &'packs Packs<'packs>,
    pub pack: &'packs Pack,
    pub scheme: &'packs Scheme,
    pub case: &'packs Case,
    pub options: QuoteOptions,
}
