//! The engine as this crate asks it: text in, answer out. Called on threads that may compute for long.

use gongji_cases::what_if::{self, Comparison, WhatIfs};
use gongji_cases::{
    Answer, Case, CaseError, FiveAnswer, FiveCase, QuoteOptions, Verification, five_questions, quote,
};
use jiff::civil::Date;
use serde::Serialize;

use crate::Gongji;

/// Answers a case.
///
/// # Errors
/// What the engine refuses, with the field.
pub fn answer(state: &Gongji, text: &str, options: QuoteOptions) -> Result<Answer, CaseError> {
    let case = Case::read(text)?;
    quote(&state.packs, &case, options)
}

/// Answers the five questions.
///
/// # Errors
/// As [`answer`].
pub fn five(state: &Gongji, text: &str, options: QuoteOptions) -> Result<FiveAnswer, CaseError> {
    five_questions(&state.packs, &FiveCase::read(text)?, options)
}

/// The what-ifs about the last event of a case.
#[derive(Clone, Debug, Serialize)]
pub struct Alternatives {
    /// What the engine tries by itself.
    #[serde(flatten)]
    pub what_ifs: WhatIfs,
    /// The same bill under the law of the day that was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_date: Option<Comparison>,
}

/// Tries the last event of a case otherwise; `compare_on` names another day whose law is tried too.
///
/// # Errors
/// As [`answer`].
pub fn what_ifs(
    state: &Gongji,
    text: &str,
    options: QuoteOptions,
    compare_on: Option<Date>,
) -> Result<Alternatives, CaseError> {
    let case = Case::read(text)?;
    let on_date = compare_on.map(|day| what_if::on_date(&state.packs, &case, options, day)).transpose()?;
    Ok(Alternatives { what_ifs: what_if::what_ifs(&state.packs, &case, options)?, on_date })
}

/// Computes an answer again from what it carries.
///
/// # Errors
/// Where the text is no answer, or its case has none under these packs.
pub fn verify(state: &Gongji, answer: &str) -> Result<Verification, CaseError> {
    gongji_cases::verify(&state.packs, answer)
}
