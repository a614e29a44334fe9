//! Running totals that carry from bill to bill.

/// Over what a counter runs before it starts again from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// The insurance year of the area.
    Year,
    /// The calendar month.
    Month,
    /// The calendar day.
    Day,
    /// One stay: the bills with the same stay id, and those of a stay that it was transferred from.
    Stay,
    /// Never starts again.
    Lifetime,
}

/// A running total in fen (or a count), kept per person, name, scope and period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter {
    /// The name, also a key of `accumulated` in cases and answers.
    pub name: String,
    /// 名称.
    pub label: String,
    /// Over what it runs.
    pub period: Period,
    /// Whether each institution has its own.
    pub per_facility: bool,
    /// Which common key of the case format states it: `admissions`, `deductible_paid`, `pooled_paid`, `in_scope_self_pay`.
    pub stated_as: Option<String>,
}
