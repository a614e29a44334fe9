//! The close: accounts that were credited ahead are cleared, interest, the turn of the year, and the funds' year.

use gongji_agency::command::{ClearAccounts, CloseAccounts, CloseFundYear, Command, ReleaseFundYear};
use jiff::civil::Date;

use super::work::Work;
use crate::DemoError;
use crate::ground::Area;

impl Work<'_> {
    /// The close of an area's accounts and funds: with interest where the rules know it, and without where they do not.
    pub fn close(&mut self, area: &Area, last: Date) -> Result<(), DemoError> {
        // Where an insurance year is not the calendar's, the one that ended last.
        let (begun, ends) = self.office.rules().book().insurance_year(&area.code, last);
        let year = if ends > last { begun.yesterday().unwrap_or(begun) } else { last };
        let code = &area.code;
        self.steps(&["not_cleared_here"], |after| {
            Command::ClearAccounts(ClearAccounts { area: code.clone(), year, after })
        })?;
        let close = |interest: bool| {
            move |after| Command::CloseAccounts(CloseAccounts { area: code.clone(), year, after, interest })
        };
        if self.steps(&[], close(true))? || self.steps(&[], close(false))? {
            self.made.closed += 1;
        }
        let (area, year) = (code.clone(), last.year());
        let submit = CloseFundYear { area: area.clone(), year };
        if self.book(Command::CloseFundYear(submit))?.is_some()
            && self.review(Command::ReleaseFundYear(ReleaseFundYear { area, year }))?.is_some()
        {
            self.made.funds_closed += 1;
        }
        Ok(())
    }
}
