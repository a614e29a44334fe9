//! Why a command was refused, in words for people and a code for machines.

use std::fmt;

use gongji_cases::CaseError;
use serde::{Deserialize, Serialize};

/// A refusal: nothing was booked. The same key asked again is refused in the same words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What went wrong, stable for machines: `no_person`, `cover_ended` …
    pub code: Box<str>,
    /// Which field of the command, empty where it is the whole.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub field: Box<str>,
    /// What is wrong.
    pub problem: Box<str>,
    /// What was found.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub found: Box<str>,
    /// What would be accepted.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub expected: Box<str>,
    /// What to do.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub hint: Box<str>,
}

impl Refusal {
    /// A refusal with its code and problem.
    pub fn new(code: &str, problem: impl Into<Box<str>>) -> Refusal {
        Refusal {
            code: code.into(),
            field: Box::default(),
            problem: problem.into(),
            found: Box::default(),
            expected: Box::default(),
            hint: Box::default(),
        }
    }

    /// The same at a field of the command.
    #[must_use]
    pub fn at(mut self, field: impl Into<Box<str>>) -> Refusal {
        self.field = field.into();
        self
    }

    /// The same with what was found.
    #[must_use]
    pub fn found(mut self, found: impl fmt::Display) -> Refusal {
        self.found = found.to_string().into();
        self
    }

    /// The same with what would be accepted.
    #[must_use]
    pub fn expected(mut self, expected: impl fmt::Display) -> Refusal {
        self.expected = expected.to_string().into();
        self
    }

    /// The same with what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl fmt::Display) -> Refusal {
        self.hint = hint.to_string().into();
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.field.is_empty() {
            write!(to, "{}：", self.field)?;
        }
        to.write_str(&self.problem)?;
        if !self.found.is_empty() {
            write!(to, "。写的是 {}", self.found)?;
        }
        if !self.expected.is_empty() {
            write!(to, "。应为 {}", self.expected)?;
        }
        if !self.hint.is_empty() {
            write!(to, "。{}", self.hint)?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

impl From<CaseError> for Refusal {
    fn from(error: CaseError) -> Refusal {
        Refusal {
            code: error.code.name().into(),
            field: error.field.into(),
            problem: error.problem.into(),
            found: error.found.into(),
            expected: error.expected.into(),
            hint: error.hint.unwrap_or_default(),
        }
    }
}
