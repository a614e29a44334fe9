//! What a bill must know of what came before it.

use gongji_policy::Period;
use jiff::civil::Date;

use crate::facts::day_by;
use crate::request::Event;
use crate::run::{Run, insurance_year};

/// What must be loaded of a person before a bill can be settled: the running totals of this scheme, in these periods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The insured area (统筹区).
    pub pooling_area: String,
    /// The scheme (险种) whose counters it reads.
    pub scheme: String,
    /// The day whose law will be applied.
    pub law_day: Date,
    /// First and last day of the insurance year in which its counters are kept.
    pub year: (Date, Date),
    /// The day of the event that picks that year, and the month and day of shorter counters.
    pub year_day: Date,
    /// The first day of any period of a counter by year, month or day: that of the year, or earlier where months do not
    /// begin with it.
    pub since: Date,
    /// Whether the scheme has counters by stay: those of the bill's stay are read, whatever the year in which it began.
    pub by_stay: bool,
    /// Whether the scheme has counters that never start again.
    pub lifetime: bool,
}

impl Reach {
    pub(super) fn of(run: &Run<'_>, event: &Event) -> Reach {
        let area = &run.pack.area;
        let day = day_by(area.year_date, event);
        let year = insurance_year(area, day);
        let has = |period: Period| run.scheme.counters.iter().any(|counter| counter.period == period);
        let month = day.first_of_month();
        Reach {
            pooling_area: area.code.clone(),
            scheme: run.scheme.name.clone(),
            law_day: day_by(area.law_date, event),
            year,
            year_day: day,
            since: if has(Period::Month) { year.0.min(month) } else { year.0 },
            by_stay: has(Period::Stay),
            lifetime: has(Period::Lifetime),
        }
    }
}
