//! How the year stands, and what readers should know besides.

use serde::{Deserialize, Serialize};

use super::Yuan;

/// A counter before, by and after a bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CounterStatus {
    /// The counter's name in the pack.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// `year`, `month`, `day`, `stay` or `lifetime`.
    pub period: String,
    /// Whether it counts times (admissions) instead of money; then `before`, `this` and `after` are whole numbers.
    pub counts_times: bool,
    /// As it stood before the bill: yuan, or a whole number.
    pub before: String,
    /// What the bill added.
    pub this: String,
    /// As it stands after.
    pub after: String,
    /// The limit that this bill's rules set on it (a cap, or the standard of a cumulative deductible), where there is one.
    pub limit: Option<Yuan>,
    /// What is left below the limit.
    pub left: Option<Yuan>,
    /// What that limit is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_label: Option<String>,
    /// Benefits of the scheme, other than this one, that share the counter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shared_with: Vec<String>,
    /// One sentence for people.
    pub sentence: String,
}

/// What kind of remark a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// The area's own remark, such as "demonstration values".
    Area,
    /// A value that decided is unverified.
    Unverified,
    /// The answer hides what was published after the option's `known_on`.
    KnownOn,
    /// The law of another day than the event's was applied.
    On,
    /// How the engine understood the question: a default, a catalogue of another area, a history that was stated.
    Understood,
    /// The account pays before the fund here, so that its balance changes what the fund pays.
    AccountFirst,
}

/// A remark shown with the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What kind.
    pub kind: NoticeKind,
    /// The remark, for people.
    pub text: String,
}
