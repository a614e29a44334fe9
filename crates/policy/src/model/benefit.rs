//! A benefit: for some kinds of care, over an interval, an ordered stack of layers.

use jiff::civil::Date;

use super::{Domain, Layer, SourceId, Span};

/// An ordered stack of layers for some kinds of care. Benefits of one scheme that share a care type never overlap in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Benefit {
    /// The name in the pack.
    pub name: String,
    /// 名称.
    pub label: String,
    /// The kinds of care it serves: indices of [`super::Dimension::CareType`].
    pub care_types: Vec<i64>,
    /// First day in force.
    pub from: Date,
    /// Last day in force; `None` while still in force.
    pub to: Option<Date>,
    /// Where the benefit's existence comes from.
    pub source: SourceId,
    /// For whom and where it has rules: the scheme's domain narrowed.
    pub domain: Domain,
    /// Tags of in-scope money, `general` first. Lines without a tag are `general`.
    pub tags: Vec<String>,
    /// The counter of admissions that gives the ordinal of this one; index into the scheme's counters.
    pub admissions: Option<usize>,
    /// For `year_end`: the counters whose sum is the in-scope amount of the event.
    pub in_scope_from: Vec<usize>,
    /// The stack, in order.
    pub layers: Vec<Layer>,
    /// Where the benefit stands.
    pub span: Span,
}
