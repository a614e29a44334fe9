//! 基金年终结账 of many areas as long work: each area is one step; those that are through are told from the books.

use crate::actor::Actor;
use crate::clearing::fund_books;
use crate::command::{CloseFundYear, Command, ReleaseFundYear};
use crate::desk::{Desk, Row};
use crate::job::{Job, Progress, Step};
use crate::office::{Answer, Failure, Office};
use crate::row::{FundMonth, FundYear, fund_year_id};
use crate::stop::Stop;

/// Which half of the close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FundWork {
    /// 申请.
    Submit,
    /// 复核, by somebody else.
    Release,
}

/// The close of a calendar year of the funds of some areas.
#[derive(Clone, Debug)]
pub struct FundClose {
    areas: Vec<String>,
    year: i16,
    work: FundWork,
    at: usize,
}

impl FundClose {
    /// Of these areas, in this order.
    pub fn new(areas: Vec<String>, year: i16, work: FundWork) -> FundClose {
        FundClose { areas, year, work, at: 0 }
    }

    /// The area that the work stands at; `None` when all are through.
    pub fn area(&self) -> Option<&str> {
        self.areas.get(self.at).map(String::as_str)
    }

    /// Whether there is nothing to do in an area.
    fn is_through(&self, desk: &mut Desk<'_>, area: &str) -> Result<bool, Stop> {
        let Some(row) = desk.get::<FundYear>(&fund_year_id(area, self.year))? else { return Ok(false) };
        if row.closed_on.is_some() {
            return Ok(true);
        }
        match self.work {
            // What was booked since is submitted once more.
            FundWork::Submit => {
                let books = fund_books(desk, area, self.year)?;
                Ok(row.is_still(&books.into_iter().map(|book| (book.name, book.closing)).collect()))
            }
            FundWork::Release => Ok(false),
        }
    }
}

impl Job for FundClose {
    fn next(&mut self, office: &Office, actor: &Actor) -> Result<Option<Step>, Failure> {
        while let Some(area) = self.areas.get(self.at) {
            let (through, seq) =
                office.look(actor, |desk, context| Ok((self.is_through(desk, area)?, context.seq)))?;
            if through {
                self.at += 1;
                continue;
            }
            let (year, area) = (self.year, area.clone());
            let (name, command) = match self.work {
                FundWork::Submit => {
                    ("submit", Command::CloseFundYear(CloseFundYear { area: area.clone(), year }))
                }
                FundWork::Release => {
                    ("release", Command::ReleaseFundYear(ReleaseFundYear { area: area.clone(), year }))
                }
            };
            // Whatever was booked since makes it another step: what was refused, or submitted, before may come out otherwise now.
            return Ok(Some(Step { key: format!("fund-year/{name}/{area}/{year}/{seq}"), command }));
        }
        Ok(None)
    }

    fn took(&mut self, _answer: &Answer) -> Progress {
        self.at += 1;
        Progress { done: self.at as u64, of: Some(self.areas.len() as u64) }
    }
}

/// Every area in whose funds anything was ever booked, in order of code.
///
/// # Errors
/// Those of the store.
pub fn fund_areas(desk: &mut Desk<'_>) -> Result<Vec<String>, Stop> {
    let mut areas = Vec::new();
    let mut after = String::new();
    while let Some((id, _)) = desk.view().page(FundMonth::KIND, "", &after, 1)?.into_iter().next() {
        let area = id.split('/').next().unwrap_or_default().to_owned();
        // The first id after all of this area: what follows the stroke in the order of bytes.
        after = format!("{area}0");
        areas.push(area);
    }
    Ok(areas)
}
