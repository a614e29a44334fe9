//! Calculations behind amounts that are no bill's: asked of the rules, kept with the record, explained again later.

use gongji_cases::Case;
use gongji_cases::answer::CalculationAnswer;
use gongji_cases::request::{Event, Person as Insured, Purses, Question};
use gongji_cases::settle::{Past, Rulebook, Worked};
use gongji_money::Fen;
use jiff::civil::Date;
use serde_json::value::RawValue;

use crate::context::Context;
use crate::port::StoreError;
use crate::record::Calculated;
use crate::row::{Cover, Person, Standing};
use crate::settlement::person_of;
use crate::stop::Stop;

/// A question about a person, ready for the rules.
#[derive(Clone, Debug)]
pub struct Sum {
    /// The person's id; empty where the question is about nobody known.
    pub person: String,
    /// The person as the rules see them.
    pub insured: Insured,
    /// The account.
    pub purses: Purses,
    /// What earlier calculations left.
    pub past: Past,
    /// What is asked, and on which day.
    pub event: Event,
}

impl Sum {
    /// A question about a person under a stretch of insurance, on a day.
    ///
    /// # Errors
    /// A name in the cover that the rules do not know.
    pub fn of(
        person: &Person,
        cover: &Cover,
        standing: Option<&Standing>,
        day: Date,
        question: Question,
    ) -> Result<Sum, Stop> {
        let mut purses = Purses::default();
        if let Some(standing) = standing {
            purses.current_year = Fen::new(standing.current_year);
            purses.carried_over = Fen::new(standing.carried_over);
        }
        Ok(Sum {
            person: person.id.clone(),
            insured: person_of(person, cover)?,
            purses,
            past: Past::default(),
            event: Event::asking(question, day, &cover.area),
        })
    }

    /// What the rules say.
    ///
    /// # Errors
    /// What the rules refuse, as a refusal.
    pub fn worked<'sum>(&'sum self, rules: &'sum Rulebook) -> Result<Worked<'sum>, Stop> {
        Ok(rules.calculate(&self.insured, &self.purses, &self.past, &self.event)?)
    }

    /// The question as a record keeps it. What earlier calculations left must stand in the question itself.
    ///
    /// # Errors
    /// A case that is no JSON, which never happens.
    pub fn kept(&self, context: &Context<'_>) -> Result<Calculated, Stop> {
        self.kept_under(context.edition)
    }

    /// The same under the rules of an edition.
    ///
    /// # Errors
    /// As [`Sum::kept`].
    pub(crate) fn kept_under(&self, edition: &str) -> Result<Calculated, Stop> {
        let case = Case {
            person: self.insured.clone(),
            purses: self.purses.clone(),
            accumulated: std::collections::BTreeMap::new(),
            events: vec![self.event.clone()],
        };
        let text = case.to_json().to_string();
        let case = RawValue::from_string(text).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        Ok(Calculated { edition: edition.to_owned(), person: self.person.clone(), case })
    }
}

/// A kept calculation with every word, under `rules`, which must be those of its edition.
///
/// # Errors
/// A stored question that cannot be read; what the rules refuse, which they did not when it was booked.
pub fn explained(rules: &Rulebook, kept: &Calculated) -> Result<CalculationAnswer, Stop> {
    let damaged = |error: String| StoreError::Corrupt(format!("计算的案例{error}"));
    let mut case = Case::read(kept.case.get()).map_err(|error| damaged(format!("读不懂：{error}")))?;
    let event = case.events.pop().ok_or_else(|| damaged("没有事件".to_owned()))?;
    Ok(rules.explain_calculation(&case.person, &case.purses, &Past::default(), &event)?)
}
