//! The engine as this crate asks it: text in, answer out. Called on threads that may compute for long.

use gongji_cases::{Answer, Case, CaseError, QuoteOptions, quote};

use crate::Gongji;

/// Answers a case.
///
/// # Errors
/// What the engine refuses, with the field.
pub fn answer(state: &Gongji, text: &str, options: QuoteOptions) -> Result<Answer, CaseError> {
    let case = Case::read(text)?;
    quote(&state.packs, &case, options)
}
