//! Why a bill has no answer under a plan.

use crate::model::Dimension;

/// Why a bill has no answer. Nothing is guessed in its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The answer depends on this unanswered dimension; `path` names the table that asks.
    NeedsAnswer {
        /// The dimension.
        dimension: Dimension,
        /// The table.
        path: String,
    },
    /// No source gives the value.
    Unknown {
        /// The pack's words.
        reason: String,
        /// The table.
        path: String,
    },
    /// The benefit has no rules for this value of the dimension.
    OutsideDomain {
        /// The dimension.
        dimension: Dimension,
        /// The value: a choice's index, a number, a day since 1970-01-01.
        value: i64,
    },
    /// No row serves the case on that day.
    NoRule {
        /// The table.
        path: String,
    },
    /// The pack gives no such parameter at all.
    NotStated {
        /// The table that is missing.
        path: String,
        /// What it is called.
        label: &'static str,
    },
    /// A ratio or amount has more digits than the engine's integers carry; `policy check` refuses such a pack.
    TooFine {
        /// The table.
        path: String,
    },
}
