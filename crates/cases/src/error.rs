//! Why a case has no answer, in words for people.

use std::fmt;

/// What went wrong, as a stable code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// The text is not JSON, or ends too early.
    MalformedJson,
    /// Lists and objects lie too deep in each other.
    TooDeep,
    /// More of something than is accepted.
    TooMany,
    /// A number or text larger than is accepted.
    TooLarge,
    /// A field that the case format does not know.
    UnknownField,
    /// A field that stands twice.
    DuplicateField,
    /// A field that must be there.
    MissingField,
    /// Another kind of JSON value than expected.
    WrongType,
    /// An amount that is not yuan with at most two decimals.
    MalformedAmount,
    /// An amount given as a JSON number.
    AmountAsNumber,
    /// A negative charge or balance.
    NegativeAmount,
    /// Text that is not a date, or a date outside the accepted years.
    MalformedDate,
    /// Text that is not a rate or quantity.
    MalformedNumber,
    /// A name that is not among those accepted.
    UnknownValue,
    /// The portions are more than the total.
    PortionsExceedTotal,
    /// Portions and lines at once.
    PortionsAndLines,
    /// A line's amount is not quantity × price.
    LineAmount,
    /// Dates in the wrong order.
    DatesGoBack,
    /// Two fields that contradict each other.
    Contradiction,
    /// A kind of event that this version does not answer.
    NotOffered,
    /// No pack for the area.
    NoArea,
    /// The area has no rules for the scheme.
    NoScheme,
    /// No rules for the kind of care on that day.
    NoBenefit,
    /// The benefit has no rules for this value.
    OutsideDomain,
    /// The answer depends on an unanswered question.
    NeedsAnswer,
    /// The pack says that no source gives the value.
    UnknownInPack,
    /// No row of a table serves the case.
    NoRule,
    /// The engine contradicts itself; never the caller's fault.
    Internal,
}

impl ErrorCode {
    /// The code as machines read it.
    pub const fn name(self) -> &'static str {
        match self {
            ErrorCode::MalformedJson => "malformed_json",
            ErrorCode::TooDeep => "too_deep",
            ErrorCode::TooMany => "too_many",
            ErrorCode::TooLarge => "too_large",
            ErrorCode::UnknownField => "unknown_field",
            ErrorCode::DuplicateField => "duplicate_field",
            ErrorCode::MissingField => "missing_field",
            ErrorCode::WrongType => "wrong_type",
            ErrorCode::MalformedAmount => "malformed_amount",
            ErrorCode::AmountAsNumber => "amount_as_number",
            ErrorCode::NegativeAmount => "negative_amount",
            ErrorCode::MalformedDate => "malformed_date",
            ErrorCode::MalformedNumber => "malformed_number",
            ErrorCode::UnknownValue => "unknown_value",
            ErrorCode::PortionsExceedTotal => "portions_exceed_total",
            ErrorCode::PortionsAndLines => "portions_and_lines",
            ErrorCode::LineAmount => "line_amount",
            ErrorCode::DatesGoBack => "dates_go_back",
            ErrorCode::Contradiction => "contradiction",
            ErrorCode::NotOffered => "not_offered",
            ErrorCode::NoArea => "no_area",
            ErrorCode::NoScheme => "no_scheme",
            ErrorCode::NoBenefit => "no_benefit",
            ErrorCode::OutsideDomain => "outside_domain",
            ErrorCode::NeedsAnswer => "needs_answer",
            ErrorCode::UnknownInPack => "unknown_in_pack",
            ErrorCode::NoRule => "no_rule",
            ErrorCode::Internal => "internal",
        }
    }
}

/// Why a case has no answer. [`fmt::Display`] gives the whole message in Chinese.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseError {
    /// What went wrong.
    pub code: ErrorCode,
    /// Where in the case: `events[0].charges.total`; empty where it is the whole.
    pub field: String,
    /// What is wrong, in a short sentence.
    pub problem: String,
    /// What was found, empty where that says nothing.
    pub found: String,
    /// What would be accepted, empty where that says nothing.
    pub expected: String,
    /// What to do, where more can be said.
    pub hint: Option<Box<str>>,
}

impl CaseError {
    /// An error at a field.
    pub fn new(code: ErrorCode, field: impl Into<String>, problem: impl Into<String>) -> CaseError {
        CaseError {
            code,
            field: field.into(),
            problem: problem.into(),
            found: String::new(),
            expected: String::new(),
            hint: None,
        }
    }

    /// The same with what was found.
    #[must_use]
    pub fn found(mut self, found: impl Into<String>) -> CaseError {
        self.found = shorten(found.into());
        self
    }

    /// The same with what would be accepted.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> CaseError {
        self.expected = expected.into();
        self
    }

    /// The same with what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> CaseError {
        self.hint = Some(hint.into().into_boxed_str());
        self
    }

    /// Whether the input is at fault (exit code 2, status 422) and not the engine (exit code 1, status 500).
    pub fn is_bad_input(&self) -> bool {
        self.code != ErrorCode::Internal
    }
}

/// Text of the input as an error repeats it: at most 80 characters.
fn shorten(text: String) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

impl fmt::Display for CaseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.field.is_empty() {
            write!(formatter, "{}：", self.field)?;
        }
        formatter.write_str(&self.problem)?;
        match (self.found.is_empty(), self.expected.is_empty()) {
            (false, false) => write!(formatter, "。写的是 {}；应为 {}", self.found, self.expected)?,
            (false, true) => write!(formatter, "。写的是 {}", self.found)?,
            (true, false) => write!(formatter, "。应为 {}", self.expected)?,
            (true, true) => {}
        }
        if let Some(hint) = &self.hint {
            write!(formatter, "。{hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for CaseError {}
