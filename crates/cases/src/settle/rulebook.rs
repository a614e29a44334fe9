//! The rules of every area, ready to settle.

use gongji_money::Fen;
use gongji_policy::Pack;
use jiff::civil::Date;

use super::{History, Past, Reach, Settled, Worked};
use crate::answer::{BillAnswer, CalculationAnswer, Receipt};
use crate::error::{CaseError, ErrorCode};
use crate::explain::{bill_answer, calculation_answer};
use crate::facts::event_field;
use crate::quote::ENGINE;
use crate::request::{Case, Event, Person, Purses, hash};
use crate::run::{Calculated, CellSteps, Kept, Packs, QuoteOptions, Run, State};

/// A line's four portions. They sum to what it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Portions {
    /// 全自费.
    pub non_covered: Fen,
    /// 超限价自费.
    pub over_limit_price: Fen,
    /// 先行自付.
    pub upfront_self_pay: Fen,
    /// 符合政策范围.
    pub in_scope: Fen,
}

/// The rules of every area, with plans and resolutions kept between bills. Threads share one.
#[derive(Debug)]
pub struct Rulebook {
    packs: &'static [Pack],
    all: Packs<'static>,
    kept: Kept,
}

impl Rulebook {
    /// The rules of these checked packs, which live as long as the program.
    pub fn new(packs: &'static [Pack]) -> Rulebook {
        Rulebook { packs, all: Packs::all(packs), kept: Kept::new(packs) }
    }

    /// The packs.
    pub fn packs(&self) -> &'static [Pack] {
        self.packs
    }

    fn run<'run>(&'run self, person: &'run Person, event: &Event) -> Result<Run<'run>, CaseError> {
        if event.calculation.is_some() {
            let error = CaseError::new(ErrorCode::NotOffered, "events[0].kind", "只有账单可以结算");
            return Err(error.expected("bill，或 year_end"));
        }
        event.check(person, |name| event_field(0, name))?;
        Run::new(&self.all, self.packs, person, QuoteOptions::default(), Some(&self.kept))
    }

    /// What of a person's history a bill reads.
    ///
    /// # Errors
    /// No rules for the area or scheme; an event that is no bill.
    pub fn reach(&self, person: &Person, event: &Event) -> Result<Reach, CaseError> {
        Ok(Reach::of(&self.run(person, event)?, event))
    }

    /// One bill, every fen. Nothing is moved: the caller keeps what comes out, if it books it.
    ///
    /// `event.stay` is the first stay of a chain of transfers, `event.transfer_from` is none. A bill without a stay is one
    /// of its own.
    ///
    /// # Errors
    /// As [`crate::quote`] for a case of this one event.
    pub fn settle(
        &self,
        person: &Person,
        purses: &Purses,
        event: &Event,
        history: &History,
    ) -> Result<Settled, CaseError> {
        let run = self.run(person, event)?;
        let outcome = run.fold::<CellSteps>(0, event, &mut State::kept(purses, history))?;
        Ok(Settled::of(&run, &outcome))
    }

    /// How the lines of a bill are split into the four portions, in order, the first thousand; none where the bill states its portions. What earlier bills
    /// left does not matter to it.
    ///
    /// # Errors
    /// As [`Rulebook::settle`] for somebody whose first bill it is.
    pub fn split(&self, person: &Person, event: &Event) -> Result<Vec<Portions>, CaseError> {
        let run = self.run(person, event)?;
        let (purses, history) = (Purses::default(), History::default());
        let outcome = run.fold::<CellSteps>(0, event, &mut State::kept(&purses, &history))?;
        let portions = outcome.lines.iter().map(|line| Portions {
            non_covered: line.split.non_covered,
            over_limit_price: line.split.over_limit_price,
            upfront_self_pay: line.split.upfront_self_pay,
            in_scope: line.split.in_scope,
        });
        Ok(portions.collect())
    }

    /// The same bill with every word: the answer that [`crate::quote`] gives. Its amounts are those of
    /// [`Rulebook::settle`]; its receipt's case hash covers person, purses, event and history.
    ///
    /// # Errors
    /// As [`Rulebook::settle`]; an internal one where an identity does not hold.
    pub fn explain(
        &self,
        person: &Person,
        purses: &Purses,
        event: &Event,
        history: &History,
    ) -> Result<BillAnswer, CaseError> {
        let run = self.run(person, event)?;
        let outcome = run.fold::<Vec<_>>(0, event, &mut State::kept(purses, history))?;
        let areas = [run.pack.area.code.as_str(), event.care_area.as_str()];
        let receipt = Receipt {
            engine: ENGINE.to_owned(),
            packs: run.packs.named(areas.into_iter()),
            case: asked(person, purses, event, history)?,
        };
        bill_answer(&run, &outcome, receipt)
    }
}

impl Rulebook {
    fn calculation<'run>(
        &'run self,
        person: &'run Person,
        purses: &Purses,
        past: &Past,
        event: &'run Event,
    ) -> Result<(Run<'run>, Calculated<'run>, Purses), CaseError> {
        let Some(asked) = &event.calculation else {
            let error = CaseError::new(ErrorCode::NotOffered, "events[0].kind", "账单不是计算");
            return Err(error.expected("contribution、account_credit 等"));
        };
        let run = Run::new(&self.all, self.packs, person, QuoteOptions::default(), Some(&self.kept))?;
        let nothing = History::default();
        let mut state = State::kept(purses, &nothing);
        state.transfers.clone_from(&past.transfers);
        state.precredits.clone_from(&past.precredits);
        let done = run.calculation(0, event, asked, &mut state)?;
        Ok((run, done, state.purses))
    }

    /// A calculation that is no bill: a contribution, a credit, interest. Nothing is moved.
    ///
    /// # Errors
    /// As [`crate::quote`] for a case of this one event.
    pub fn calculate<'run>(
        &'run self,
        person: &'run Person,
        purses: &Purses,
        past: &Past,
        event: &'run Event,
    ) -> Result<Worked<'run>, CaseError> {
        let (_, done, purses) = self.calculation(person, purses, past, event)?;
        Ok(Worked { sheet: done.sheet, law_day: done.law_day, purses })
    }

    /// The same calculation with every word: the answer that [`crate::quote`] gives.
    ///
    /// # Errors
    /// As [`Rulebook::calculate`].
    pub fn explain_calculation(
        &self,
        person: &Person,
        purses: &Purses,
        past: &Past,
        event: &Event,
    ) -> Result<CalculationAnswer, CaseError> {
        let (run, done, _) = self.calculation(person, purses, past, event)?;
        let receipt = Receipt {
            engine: ENGINE.to_owned(),
            packs: run.packs.named(std::iter::once(run.pack.area.code.as_str())),
            case: asked(person, purses, event, &History::default())?,
        };
        Ok(calculation_answer(&run, done.asked, &done.sheet, (event.date, done.law_day), receipt))
    }

    /// The insurance year in which a day lies, first and last day; the calendar year where the area has no rules.
    pub fn insurance_year(&self, area: &str, day: Date) -> (Date, Date) {
        match self.all.get(area) {
            Some(pack) => crate::run::insurance_year(&pack.area, day),
            None => {
                let first = Date::new(day.year(), 1, 1).unwrap_or(Date::MIN);
                (first, Date::new(day.year(), 12, 31).unwrap_or(Date::MAX))
            }
        }
    }
}

/// The hash of everything that a bill was settled from.
fn asked(person: &Person, purses: &Purses, event: &Event, history: &History) -> Result<String, CaseError> {
    let case = Case {
        person: person.clone(),
        purses: purses.clone(),
        accumulated: std::collections::BTreeMap::new(),
        events: vec![event.clone()],
    };
    let history = serde_json::to_value(history)
        .map_err(|error| CaseError::new(ErrorCode::Internal, "", error.to_string()))?;
    Ok(hash(&serde_json::json!({ "case": case.to_json(), "history": history })))
}
