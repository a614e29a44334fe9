//! Why a bill has no answer under a plan.

use super::{Cited, Part};
use crate::lookup::Lookup;
use crate::model::{Dimension, Setting, Table};

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

impl<'pack, V> Lookup<'pack, V> {
    /// The value that was found in `table`, its row cited; or why there is none.
    ///
    /// # Errors
    /// [`Refusal::Unknown`], [`Refusal::NeedsAnswer`] or [`Refusal::NoRule`], naming the table.
    pub fn decide(
        self,
        part: Part,
        table: &'pack Table<V>,
        cited: &mut Vec<Cited<'pack>>,
    ) -> Result<&'pack V, Refusal> {
        let path = || table.path.clone();
        match self {
            Lookup::Found(index, row) => {
                cited.push(Cited::of(part, table, index, row));
                match &row.value {
                    Setting::Known(value) => Ok(value),
                    Setting::Unknown(reason) => {
                        Err(Refusal::Unknown { reason: reason.clone(), path: path() })
                    }
                }
            }
            Lookup::NeedsAnswer(dimension) => Err(Refusal::NeedsAnswer { dimension, path: path() }),
            Lookup::NoRow => Err(Refusal::NoRule { path: path() }),
        }
    }
}
