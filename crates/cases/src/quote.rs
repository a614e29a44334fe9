//! From a question to its answer.

use gongji_policy::Pack;

use crate::answer::{Answer, AnsweredOptions, Day, EventAnswer, Receipt};
use crate::error::{CaseError, ErrorCode};
use crate::explain::{bill_answer, calculation_answer, purses_answer};
use crate::request::{Case, Event, EventKind, hash};
use crate::run::{Outcome, Packs, QuoteOptions, Run, State};

/// The engine as receipts name it.
pub const ENGINE: &str = concat!("gongji ", env!("CARGO_PKG_VERSION"));

/// The receipt of a case under options.
fn receipt(run: &Run<'_>, case: &Case, asked: &serde_json::Value, options: &AnsweredOptions) -> Receipt {
    let care = case.events.iter().map(|event| event.care_area.as_str());
    let packs = run.packs.named(std::iter::once(run.pack.area.code.as_str()).chain(care));
    let day = |day: Option<Day>| day.map_or(serde_json::Value::Null, |day| day.to_string().into());
    let asked = serde_json::json!({
        "case": asked,
        "options": { "on": day(options.on), "known_on": day(options.known_on) },
    });
    Receipt { engine: ENGINE.to_owned(), packs, case: hash(&asked) }
}

fn answered(outcome: &Outcome<'_>, run: &Run<'_>, receipt: &Receipt) -> Result<EventAnswer, CaseError> {
    let bill = Box::new(bill_answer(run, outcome, receipt.clone())?);
    Ok(match outcome.event.kind {
        EventKind::Bill => EventAnswer::Bill(bill),
        EventKind::YearEnd | EventKind::Calculation => EventAnswer::YearEnd(bill),
    })
}

fn calculated<'packs>(
    run: &Run<'packs>,
    index: usize,
    event: &'packs Event,
    asked: &'packs crate::request::Calculation,
    state: &mut State<'_>,
    receipt: &Receipt,
) -> Result<EventAnswer, CaseError> {
    let done = run.calculation(index, event, asked, state)?;
    let days = (event.date, done.law_day);
    let answer = calculation_answer(run, done.asked, &done.sheet, days, receipt.clone());
    EventAnswer::calculated(asked.kind, Box::new(answer))
        .ok_or_else(|| CaseError::new(ErrorCode::Internal, "", "没有这种计算"))
}

/// Says where rules may be missing only because they were published after the day that the options name.
fn hidden(mut error: CaseError, known_on: Option<Day>) -> CaseError {
    if let (ErrorCode::NoRule | ErrorCode::NoBenefit, Some(day), None) = (error.code, known_on, &error.hint) {
        error.hint = Some(format!("这里只看 {day} 已经公布的来源，之后公布的规则没有计入").into());
    }
    error
}

/// The state before the first event.
///
/// # Errors
/// A current year below nothing where no clearing of the area can have left it so.
fn opening<'packs>(run: &Run<'_>, case: &'packs Case) -> Result<State<'packs>, CaseError> {
    let current = case.purses.current_year;
    if current.is_negative() && run.scheme.parameter("account_clearing", "applied").is_none() {
        let problem = format!("{}的当年账户没有预划与清算，不会是负数", run.pack.area.name);
        return Err(CaseError::new(ErrorCode::NegativeAmount, "purses.current_year", problem)
            .found(current.to_string())
            .expected("零或正数"));
    }
    Ok(State::new(case))
}

/// Answers a case: every event in order, each with what the earlier ones left. Books nothing.
///
/// # Errors
/// A [`CaseError`] that names the field or the rule; an internal one where an identity does not hold.
pub fn quote(packs: &[Pack], case: &Case, options: QuoteOptions) -> Result<Answer, CaseError> {
    let known = Packs::for_case(packs, case, &options);
    let run = Run::new(&known, packs, &case.person, options, None)?;
    let asked = case.to_json();
    let options = AnsweredOptions { on: options.on.map(Day), known_on: options.known_on.map(Day) };
    let receipt = receipt(&run, case, &asked, &options);
    let mut state = opening(&run, case)?;
    let mut results = Vec::with_capacity(case.events.len());
    for (index, event) in case.events.iter().enumerate() {
        if let Some(asked) = &event.calculation {
            let done = calculated(&run, index, event, asked, &mut state, &receipt);
            results.push(done.map_err(|error| hidden(error, options.known_on))?);
            continue;
        }
        let outcome = run.event(index, event, &mut state).map_err(|error| hidden(error, options.known_on))?;
        results.push(answered(&outcome, &run, &receipt)?);
    }
    Ok(Answer { results, purses: purses_answer(&state.purses, &run), options, case: asked })
}

/// A run that stands before its last event: what-ifs change that event and nothing before it.
pub(crate) struct Standing<'packs> {
    pub run: Run<'packs>,
    pub state: State<'packs>,
    pub last: &'packs Event,
    pub index: usize,
}

impl<'packs> Standing<'packs> {
    /// Runs every event but the last.
    ///
    /// # Errors
    /// As [`quote`].
    pub fn new(
        packs: &'packs Packs<'packs>,
        shipped: &[Pack],
        case: &'packs Case,
        options: QuoteOptions,
    ) -> Result<Standing<'packs>, CaseError> {
        let run = Run::new(packs, shipped, &case.person, options, None)?;
        let mut state = opening(&run, case)?;
        let Some((last, earlier)) = case.events.split_last() else {
            return Err(CaseError::new(ErrorCode::MissingField, "events", "一件事也没有"));
        };
        if last.calculation.is_some() {
            let field = crate::facts::event_field(earlier.len(), "kind");
            return Err(CaseError::new(ErrorCode::NotOffered, field, "只有账单可以换条件试算"));
        }
        for (index, event) in earlier.iter().enumerate() {
            match &event.calculation {
                Some(asked) => drop(run.calculation(index, event, asked, &mut state)?),
                None => drop(run.event(index, event, &mut state)?),
            }
        }
        Ok(Standing { run, state, last, index: earlier.len() })
    }
}
