//! A year of the agency on top of the population: money in, families, filings, reimbursement, corrections, clearing, its close; and the first month
//! of the next year.
//!
//! Area by area, what is handed in follows from the answers before and from what is booked. Where the rules of an area do not know what a command
//! asks, they refuse it: the area goes without, and the refusal is counted. Nothing is filled in.

mod claim;
mod clear;
mod close;
mod collect;
mod correct;
mod file;
mod income;
mod round;
mod share;
mod wallet;
mod work;

use std::collections::{BTreeMap, VecDeque};

use gongji_agency::actor::Actor;
use gongji_agency::context::end_of;
use gongji_agency::office::Office;
use gongji_agency::port::FixedClock;
use gongji_money::Fen;
use jiff::civil::Date;

use crate::ground::Area;
use crate::home::Home;
use crate::mix::Mix;
use crate::random::Random;
use crate::{DemoError, Progress, SIX_HOURS};
use round::{Line, rounds};
use work::Work;

/// What became of the year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Year {
    /// Employers registered.
    pub employers: u64,
    /// Bills made: of employers, and of people who pay for themselves.
    pub bills: u64,
    /// Fees for bills that were paid late.
    pub late_fees: u64,
    /// Debits that failed.
    pub failed_debits: u64,
    /// Debits that were tried again.
    pub retried_debits: u64,
    /// Residents' premiums.
    pub premiums: u64,
    /// Areas whose accounts were closed.
    pub closed: u64,
    /// Areas whose funds' year was closed.
    pub funds_closed: u64,
    /// Commands booked.
    pub booked: u64,
    /// Commands booked, by their names.
    pub kinds: BTreeMap<&'static str, u64>,
    /// Work that was refused, by the command and the refusal's code: `charge_late_fee unknown_in_pack`.
    pub refused: BTreeMap<String, u64>,
}

impl Year {
    /// Counts what was made elsewhere, too.
    fn add(&mut self, other: Year) {
        self.employers += other.employers;
        self.bills += other.bills;
        self.late_fees += other.late_fees;
        self.failed_debits += other.failed_debits;
        self.retried_debits += other.retried_debits;
        self.premiums += other.premiums;
        self.closed += other.closed;
        self.funds_closed += other.funds_closed;
        self.booked += other.booked;
        for (kind, times) in other.kinds {
            *self.kinds.entry(kind).or_default() += times;
        }
        for (code, times) in other.refused {
            *self.refused.entry(code).or_default() += times;
        }
    }
}

/// A bill that an employer has not paid in time.
struct Owed {
    bill: String,
    fen: Fen,
}

/// One area on its way through the year.
struct Place<'run> {
    area: &'run Area,
    /// Employers that are billed, with what they owe of the months before.
    employers: BTreeMap<String, Vec<Owed>>,
    /// Whether those who pay for themselves are billed.
    flexible: bool,
    /// Whether retired people's accounts are credited month by month.
    retired: bool,
    /// Whether the rules know a late fee.
    late_fees: bool,
    /// Debits to come: the day, the bills, and whether they failed before.
    debits: VecDeque<(Date, Vec<String>, bool)>,
    /// What premiums left open at the treasury.
    subsidy: Fen,
    /// Grants that are paused until the next year: beneficiary and number.
    paused: Vec<(String, String)>,
    random: Random,
}

impl Place<'_> {
    fn of(area: &Area, seed: u64) -> Place<'_> {
        Place {
            area,
            employers: BTreeMap::new(),
            flexible: false,
            retired: true,
            late_fees: true,
            debits: VecDeque::new(),
            subsidy: Fen::ZERO,
            paused: Vec::new(),
            random: Random::of(seed ^ 0xC011, area.code.parse().unwrap_or_default()),
        }
    }
}

/// What every area works with.
#[derive(Clone, Copy)]
struct Ground<'run> {
    office: &'run Office,
    mix: &'run Mix,
    areas: &'run [Area],
    seed: u64,
}

impl<'run> Ground<'run> {
    /// Somebody at work, whose keys begin so.
    fn work(self, prefix: String, line: Line) -> Work<'run> {
        let Ground { office, mix, areas, seed } = self;
        let (clerk, reviewer) = (Actor::operator("演示"), Actor::operator("演示复核"));
        Work { office, clerk, reviewer, mix, areas, seed, prefix, keys: 0, line, made: Year::default() }
    }

    /// The year of an area.
    fn year<'area>(
        self,
        line: Line,
        area: &'area Area,
        homes: &[&Home],
    ) -> Result<(Place<'area>, Year), DemoError> {
        let mut work = self.work(format!("demo-year-{}", area.code), line);
        let last = self.mix.booked_on;
        let year = last.year();
        let first = first_of(year, 1)?;
        let mut place = Place::of(area, self.seed);
        work.open(area, first)?;
        work.declare(&mut place, homes, year)?;
        for month in 1..=12 {
            work.month(&mut place, first_of(year, month)?, last)?;
        }
        work.supplements(area, first)?;
        work.share(&mut place, homes, last)?;
        work.wallets(&place, homes, last)?;
        work.file(&place, homes, last)?;
        work.premiums(&mut place, homes, year)?;
        work.newborn(&mut place, homes, last)?;
        work.claims(&place, homes, last)?;
        work.corrections(&place, homes, last)?;
        Ok((place, work.made))
    }

    /// The turn of an area's year, and the first month of the next, up to today.
    fn turn(self, line: Line, mut place: Place<'_>, january: Date) -> Result<Year, DemoError> {
        let area = place.area;
        let mut work = self.work(format!("demo-turn-{}", area.code), line);
        let last = self.mix.booked_on;
        let (first, today) = (first_of(last.year(), 1)?, january.last_of_month());
        work.debit(&mut place, today)?;
        work.treasury(&mut place)?;
        work.back(&mut place)?;
        work.clear(area, first, last)?;
        work.correct(area, first_of(last.year(), 12)?, last)?;
        work.close(area, last)?;
        work.ahead(&place, january)?;
        work.month(&mut place, january, today)?;
        Ok(work.made)
    }
}

/// Runs the year of the mix's last day, closes it and begins the next.
pub(crate) fn run(
    office: &Office,
    clock: &FixedClock,
    (mix, seed): (&Mix, u64),
    areas: &[Area],
    homes: &[Home],
    progress: &mut dyn FnMut(Progress),
) -> Result<Year, DemoError> {
    let ground = Ground { office, mix, areas, seed };
    let (all, of) = (areas.len() as u64, 2 * areas.len() as u64);
    let mut made = Year::default();
    let here = |at: usize| -> Vec<&Home> { homes.iter().filter(|home| home.area == at).collect() };
    let inputs = areas.iter().enumerate().map(|(at, area)| (area, here(at))).collect();
    let work = |line, (area, homes): (_, Vec<&Home>)| ground.year(line, area, &homes);
    let mut through = |done| progress(Progress::Year { done, of });
    let mut places = Vec::with_capacity(areas.len());
    for (place, year) in rounds(office, inputs, work, &mut through)? {
        made.add(year);
        places.push(place);
    }
    // A second year begins: the end of its first month.
    let january = first_of(mix.booked_on.year().saturating_add(1), 1)?;
    clock.set(end_of(january.last_of_month()) - SIX_HOURS);
    let work = |line, place| ground.turn(line, place, january);
    let mut through = |done| progress(Progress::Year { done: all + done, of });
    for year in rounds(office, places, work, &mut through)? {
        made.add(year);
    }
    let between = |line, ()| {
        let mut work = ground.work("demo-between".to_owned(), line);
        work.settle_between(january)?;
        Ok(work.made)
    };
    for year in rounds(office, vec![()], between, &mut |_| {})? {
        made.add(year);
    }
    Ok(made)
}

fn first_of(year: i16, month: i8) -> Result<Date, DemoError> {
    Date::new(year, month, 1).map_err(|error| DemoError::Mix(error.to_string()))
}

fn period(first: Date) -> String {
    format!("{:04}-{:02}", first.year(), first.month())
}
