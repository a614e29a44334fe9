//! The dated decision table: rows of conditions over declared dimensions, each with a value, an interval and a source.

use std::ops::Range;

use jiff::civil::Date;

use super::{Dimension, SourceId};

/// Where in the pack's texts something stands: a file's index in [`super::Pack::files`] and a byte range in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Index into [`super::Pack::files`].
    pub file: usize,
    /// Bytes from–to.
    pub bytes: Range<usize>,
}

/// The values of one dimension that a row speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// A set of choice indices as a bit mask: bit `i` for choice `i` (flags: bit 0 false, bit 1 true).
    OneOf(u64),
    /// A closed interval of numbers or days; `i64::MIN` and `i64::MAX` where open.
    Between {
        /// The first value.
        low: i64,
        /// The last value.
        high: i64,
    },
}

impl Constraint {
    /// Whether the value lies within.
    pub fn allows(&self, value: i64) -> bool {
        match *self {
            Constraint::OneOf(mask) => (0..64).contains(&value) && mask >> value & 1 == 1,
            Constraint::Between { low, high } => low <= value && value <= high,
        }
    }
}

/// A value, or the honest statement that no source gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting<V> {
    /// The value.
    Known(V),
    /// No source gives it; a bill that reaches it is refused with this reason.
    Unknown(String),
}

/// One row of a decision table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<V> {
    /// The conditions, at most one a dimension, in order of [`Dimension`]. A dimension not named is free.
    pub when: Vec<(Dimension, Constraint)>,
    /// Whether the row serves exactly what no other row of its interval serves (`otherwise = true`).
    pub otherwise: bool,
    /// First day in force.
    pub from: Date,
    /// Last day in force; `None` while still in force.
    pub to: Option<Date>,
    /// The value.
    pub value: Setting<V>,
    /// The source, an index into [`super::Pack::sources`].
    pub source: SourceId,
    /// The article of the source, where the row names it.
    pub article: Option<String>,
    /// A remark for readers: the losing reading of an ambiguity, a conflict between sources.
    pub note: Option<String>,
    /// For yes/no tables: the sentence people read when this row decides.
    pub reason: Option<String>,
    /// Where the row stands.
    pub span: Span,
}

impl<V> Row<V> {
    /// Whether the day lies in the row's interval.
    pub fn in_force(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// A decision table. The checker proves it complete and free of conflicts over its benefit's domain and interval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table<V> {
    /// The parameter's path in the pack, such as `employee.benefit.inpatient.layer.pool.ratio`.
    pub path: String,
    /// What it is called.
    pub label: String,
    /// The rows.
    pub rows: Vec<Row<V>>,
    /// Where the table stands.
    pub span: Span,
}
