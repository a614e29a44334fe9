//! A synthetic population for demonstrations, tests and measurements: families, institutions, accounts, years of bills.
//!
//! Nobody in it exists: names say 演示, certificate numbers are of areas that nobody is given. Where people live is taken from the packs, by trying
//! which of them can settle such bills; what they are like stands in `assets/mix.toml`. Everything goes through the [`Office`] as commands, in an order
//! that depends on the seed alone: the same packs, people, seed and years give the same journal, hash by hash.

mod bill;
mod family;
mod ground;
mod home;
mod lane;
mod mix;
mod random;
pub mod sandbox;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod whole_year;
mod year;

use std::collections::BTreeMap;

use gongji_agency::actor::Actor;
use gongji_agency::command::{Command, InstitutionFacts, ItemAsked, PutItems, RegisterInstitution, Yuan};
use gongji_agency::context::end_of;
use gongji_agency::office::{Failure, Office};
use gongji_agency::port::{FixedClock, Head, StoreError};
use gongji_money::Fen;
use jiff::civil::Date;

use bill::Maker;
use family::Families;
use lane::{Lane, Yard};

pub use mix::Mix;
pub use year::Year;

/// So many families share a lane.
const TOGETHER: usize = 250;

/// So many lanes: while one waits for its commits, the others hand in.
const LANES: usize = 3;

/// Before midnight, in milliseconds: when the clock stands.
const SIX_HOURS: i64 = 6 * 3_600_000;

/// What to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demo {
    /// How many people.
    pub people: u64,
    /// The seed.
    pub seed: u64,
    /// How many years of bills, the last one ending when everything is booked.
    pub years: u16,
}

/// What was made.
#[derive(Clone, Debug)]
pub struct Report {
    /// People registered.
    pub people: u64,
    /// Families.
    pub families: u64,
    /// Areas.
    pub areas: u64,
    /// Institutions registered.
    pub institutions: u64,
    /// Settlements booked, those cancelled or reversed later included.
    pub settlements: u64,
    /// Commands booked.
    pub booked: u64,
    /// Commands refused, by the refusal's code.
    pub refused: BTreeMap<String, u64>,
    /// The contributions of the last year and the turn to the next, where they were asked for.
    pub year: Option<Year>,
    /// The end of the journal.
    pub head: Head,
}

/// How far a demonstration is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many people are through.
    People(u64),
    /// The year's contributions: so many areas are through, of how many.
    Year {
        /// Done.
        done: u64,
        /// In all.
        of: u64,
    },
}

/// Why no population was made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The mix cannot be read.
    #[error("演示数据的配方不对：{0}")]
    Mix(String),
    /// There are records already.
    #[error("那里已经有 {0} 条记录；演示数据只写进新的账，换一个目录")]
    NotEmpty(u64),
    /// No pack can settle what the mix asks.
    #[error("没有一个统筹区的政策包能结算演示的账单")]
    NoArea,
    /// The records are real ones, or somebody else's demonstration.
    #[error("那里的账不是沙箱的：沙箱里谁都能以任何机构的名义办理，只用新的目录，或以前的沙箱")]
    NotASandbox,
    /// The pack that was asked for is not there, or cannot settle what a sandbox needs.
    #[error("沙箱不能放在“{0}”：没有这个统筹区，或它的规则结算不了门诊、药店和住院；不写就由程序选一个")]
    NotThere(String),
    /// The office.
    #[error("{0}")]
    Office(#[from] Failure),
    /// The store.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The office no longer answers.
    #[error("记账的一方没有答复")]
    Silent,
}

/// The clock under which a demonstration is booked: it stands, at six in the evening of the mix's last day.
///
/// # Errors
/// A mix that cannot be read.
pub fn clock() -> Result<FixedClock, DemoError> {
    Ok(FixedClock::at(end_of(Mix::shipped()?.booked_on) - SIX_HOURS))
}

/// Makes a population. `progress` hears how many people are through.
///
/// # Errors
/// Records that are there already; packs that cannot settle; the store's failure.
pub fn load(office: &Office, demo: Demo, progress: &mut dyn FnMut(u64)) -> Result<Report, DemoError> {
    let mix = Mix::shipped()?;
    Ok(populate(office, (&mix, demo), false, progress)?.0)
}

/// Makes a population, and on top of it a year of contributions, its close and the first month of the next year. `clock` is the one of the
/// office, of [`clock`]; it is moved into that month.
///
/// # Errors
/// As [`load`].
pub fn load_with_year(
    office: &Office,
    clock: &FixedClock,
    demo: Demo,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, DemoError> {
    let mix = Mix::shipped()?;
    let (mut report, areas, homes) =
        populate(office, (&mix, demo), true, &mut |people| progress(Progress::People(people)))?;
    let made = year::run(office, clock, (&mix, demo.seed), &areas, &homes, progress)?;
    report.booked += made.booked;
    report.year = Some(made);
    report.head = head(office)?;
    Ok(report)
}

/// The population and where it lives; its families, where their employers are named.
fn populate(
    office: &Office,
    (mix, demo): (&Mix, Demo),
    with_employers: bool,
    progress: &mut dyn FnMut(u64),
) -> Result<(Report, Vec<ground::Area>, Vec<home::Home>), DemoError> {
    let started = head(office)?;
    // The texts of the rules are the one record that opening an office makes.
    if started.seq > 1 {
        return Err(DemoError::NotEmpty(started.seq));
    }
    let last = mix.booked_on.year();
    let years: Vec<i16> = (0..demo.years.max(1))
        .rev()
        .filter_map(|back| i16::try_from(back).ok().and_then(|back| last.checked_sub(back)))
        .collect();
    let areas = ground::areas(mix, office.rules().book(), &years);
    if areas.is_empty() {
        return Err(DemoError::NoArea);
    }
    let mut report = Report {
        people: 0,
        families: 0,
        areas: areas.len() as u64,
        institutions: 0,
        settlements: 0,
        booked: 0,
        refused: BTreeMap::new(),
        year: None,
        head: started,
    };
    let clerk = Actor::operator("演示");
    let since = Date::new(last - 20, 1, 1).unwrap_or(Date::MIN);
    prepare(office, &clerk, mix, &areas, since, &mut report)?;
    let yard = Yard {
        office,
        maker: Maker { mix, areas: &areas, years: &years },
        areas: &areas,
        seed: demo.seed,
        clerk,
    };
    let families = Families::new(mix, &areas, demo.seed, demo.people);
    let mut families = if with_employers { families.employed() } else { families }.peekable();
    let mut homes = Vec::new();
    let mut lanes: Vec<Lane> = (0..LANES).map(|_| Lane::new()).collect();
    loop {
        for lane in &mut lanes {
            lane.hear(&mut report)?;
            if lane.is_done() {
                let next: Vec<_> = families.by_ref().take(TOGETHER).collect();
                report.families += next.len() as u64;
                lane.take(next);
            }
            lane.hand_in(&yard);
            let here = lane.homes();
            if with_employers {
                homes.extend(here);
            }
            progress(report.people);
        }
        if families.peek().is_none() && lanes.iter().all(Lane::is_done) {
            break;
        }
    }
    report.head = head(office)?;
    Ok((report, areas, homes))
}

/// Catalogue and institutions.
fn prepare(
    office: &Office,
    clerk: &Actor,
    mix: &Mix,
    areas: &[ground::Area],
    since: Date,
    report: &mut Report,
) -> Result<(), DemoError> {
    let items = mix.item.iter().map(|item| ItemAsked {
        code: item.code.clone(),
        name: item.name.clone(),
        kind: item.kind,
        unit: item.unit.clone(),
        class: item.class.clone(),
        item_class: None,
        upfront_ratio: item.upfront_ratio.clone(),
        price_caps: item.cap.iter().map(|cap| ("*".to_owned(), Yuan(Fen::new(cap * 100)))).collect(),
        from: since,
        to: None,
    });
    let put = PutItems { area: "000000".to_owned(), items: items.collect() };
    office.book(clerk, "demo-items", Command::PutItems(put))?;
    report.booked += 1;
    for area in areas {
        for kind in &mix.institution {
            let made = ground::institution(&area.code, &area.name, kind, since);
            let key = format!("demo-{}", made.id);
            let command = RegisterInstitution {
                id: made.id,
                name: made.name,
                area: made.area,
                facts: InstitutionFacts {
                    level: made.level,
                    grade: made.grade,
                    admin_level: made.admin_level,
                    facility_type: made.facility_type,
                    group: made.group,
                },
                from: since,
                to: None,
            };
            office.book(clerk, &key, Command::RegisterInstitution(command))?;
            report.booked += 1;
            report.institutions += 1;
        }
    }
    Ok(())
}

fn head(office: &Office) -> Result<Head, DemoError> {
    let mut head = Head::START;
    office.store().read(&mut |view| {
        head = view.head()?;
        Ok(())
    })?;
    Ok(head)
}
