//! What was found: every check with its outcome.

use serde::{Serialize, Serializer};

use crate::catalogue::{Check, Level, group_title};

/// What became of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// As it should be.
    Passed,
    /// Otherwise.
    Failed,
    /// Otherwise where editions differ.
    Noted,
    /// Not looked at.
    Skipped,
}

/// A check and its outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Its id.
    pub id: &'static str,
    /// What its group is called.
    pub group: &'static str,
    /// What it is.
    pub title: &'static str,
    /// Whether a platform must pass it.
    #[serde(serialize_with = "level")]
    pub level: Level,
    /// What became of it.
    pub outcome: Outcome,
    /// How often it was looked at and was as it should be.
    pub passes: u32,
    /// How often not.
    pub failures: u32,
    /// What was expected, where it was otherwise.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub expected: String,
    /// What was found the first time; why it was not looked at.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub found: String,
    /// The transaction that was answered otherwise.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub number: String,
    /// Its message's id.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
}

fn level<S: Serializer>(level: &Level, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(match level {
        Level::Must => "must",
        Level::Should => "should",
    })
}

/// A whole report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The address.
    pub base: String,
    /// How many checks passed.
    pub passed: usize,
    /// How many failed.
    pub failed: usize,
    /// How many are otherwise where editions differ.
    pub noted: usize,
    /// How many were not looked at.
    pub skipped: usize,
    /// How many messages were sent.
    pub messages: u32,
    /// The checks.
    pub checks: Vec<Checked>,
}

/// What is known of a check so far.
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub passes: u32,
    pub failures: u32,
    pub expected: String,
    pub found: String,
    pub number: String,
    pub message: String,
    pub skipped: Option<String>,
}

impl Found {
    /// The check as it is reported.
    pub fn checked(self, check: &Check, unreached: &str) -> Checked {
        let outcome = match (self.failures, self.passes, check.level) {
            (0, 0, _) => Outcome::Skipped,
            (0, _, _) => Outcome::Passed,
            (_, _, Level::Must) => Outcome::Failed,
            (_, _, Level::Should) => Outcome::Noted,
        };
        let found = match outcome {
            Outcome::Skipped => self.skipped.unwrap_or_else(|| unreached.to_owned()),
            _ => self.found,
        };
        Checked {
            id: check.id,
            group: group_title(check.group()),
            title: check.title,
            level: check.level,
            outcome,
            passes: self.passes,
            failures: self.failures,
            expected: self.expected,
            found,
            number: self.number,
            message: self.message,
        }
    }
}

impl Report {
    /// A report of checks.
    pub fn new(base: String, messages: u32, checks: Vec<Checked>) -> Report {
        let many = |outcome: Outcome| checks.iter().filter(|check| check.outcome == outcome).count();
        Report {
            base,
            passed: many(Outcome::Passed),
            failed: many(Outcome::Failed),
            noted: many(Outcome::Noted),
            skipped: many(Outcome::Skipped),
            messages,
            checks,
        }
    }
}
