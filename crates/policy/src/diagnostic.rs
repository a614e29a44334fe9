//! What the reader and the checks have to say about a pack: a code, the place, a counterexample, a hint.

use crate::model::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The pack is refused.
    Error,
    /// The pack is used, somebody should look.
    Warning,
}

/// Every finding there is. The code is stable: papers and scripts may refer to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "`title` says what each means")]
pub enum Code {
    Syntax,
    UnknownField,
    MissingField,
    WrongType,
    BadAmount,
    BadRate,
    BadDate,
    BadInterval,
    UnknownName,
    UndeclaredAxis,
    UndeclaredRounding,
    MissingSource,
    MissingDates,
    DanglingReference,
    ReferenceCycle,
    DuplicateName,
    Gap,
    Conflict,
    DateGap,
    DateOverlap,
    EmptyInterval,
    OutsideDomain,
    RatioOutOfRange,
    RatioTooFine,
    BoundsNotAscending,
    TagWithoutOpener,
    MixedBase,
    CounterMismatch,
    LimitExceeded,
    Stale,
    NonMonotone,
}

impl Code {
    /// Every code.
    pub const ALL: [Code; 31] = [
        Code::Syntax,
        Code::UnknownField,
        Code::MissingField,
        Code::WrongType,
        Code::BadAmount,
        Code::BadRate,
        Code::BadDate,
        Code::BadInterval,
        Code::UnknownName,
        Code::UndeclaredAxis,
        Code::UndeclaredRounding,
        Code::MissingSource,
        Code::MissingDates,
        Code::DanglingReference,
        Code::ReferenceCycle,
        Code::DuplicateName,
        Code::Gap,
        Code::Conflict,
        Code::DateGap,
        Code::DateOverlap,
        Code::EmptyInterval,
        Code::OutsideDomain,
        Code::RatioOutOfRange,
        Code::RatioTooFine,
        Code::BoundsNotAscending,
        Code::TagWithoutOpener,
        Code::MixedBase,
        Code::CounterMismatch,
        Code::LimitExceeded,
        Code::Stale,
        Code::NonMonotone,
    ];

    /// The stable number: `P001` …
    pub fn number(self) -> String {
        format!("P{:03}", self as u16 + 1)
    }

    /// Whether the finding refuses the pack.
    pub const fn severity(self) -> Severity {
        match self {
            Code::Stale | Code::NonMonotone => Severity::Warning,
            _ => Severity::Error,
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind.
    pub code: Code,
    /// What is wrong: what was expected, what was found.
    pub message: String,
    /// The place, and what stands there.
    pub primary: (Span, String),
    /// Further places, such as the other row of a conflict.
    pub secondary: Vec<(Span, String)>,
    /// Notes, above all the concrete counterexample.
    pub notes: Vec<String>,
    /// What to do.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// A finding with only a place.
    pub fn new(code: Code, message: impl Into<String>, place: Span, label: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            message: message.into(),
            primary: (place, label.into()),
            secondary: Vec::new(),
            notes: Vec::new(),
            hint: None,
        }
    }

    /// With one more place.
    #[must_use]
    pub fn and(mut self, place: Span, label: impl Into<String>) -> Diagnostic {
        self.secondary.push((place, label.into()));
        self
    }

    /// With a note.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Diagnostic {
        self.notes.push(note.into());
        self
    }

    /// With a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Diagnostic {
        self.hint = Some(hint.into());
        self
    }
}
