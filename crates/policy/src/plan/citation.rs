//! Which rows decided a resolution.

use jiff::civil::Date;

use crate::model::{Row, SourceId, Span, Table};

/// Which parameter of a layer a row decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Whether the layer takes part.
    Applies,
    /// The standard of the deductible.
    Deductible,
    /// The adjustment of the deductible at this position.
    DeductibleAdjust(usize),
    /// The further limit of the deductible at this position.
    DeductibleLimit(usize),
    /// The bounds of the bands.
    Bounds,
    /// The ratio of this band, counted from 1.
    Ratio(usize),
    /// For this band, the adjustment of the ratio at this position.
    RatioAdjust(usize, usize),
    /// The cap at this position.
    Cap(usize),
    /// For the cap at this position, the adjustment at that one.
    CapAdjust(usize, usize),
    /// The guaranteed share.
    Guarantee,
    /// Whether an item is paid for at all.
    Covered,
    /// The limit of one unit's price.
    PriceCap,
    /// The bounds of the unit price's bands.
    UnitBounds,
    /// The share paid upfront (of this band of the unit price, counted from 1; 0 without bands).
    Upfront(usize),
    /// The tag of an item's in-scope money.
    Tag,
    /// A parameter of a calculation beyond the bill.
    Parameter,
}

/// A row that decided, with its provenance; borrowed from the pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cited<'pack> {
    /// Which parameter it decided.
    pub part: Part,
    /// The table's path.
    pub path: &'pack str,
    /// What the table is called.
    pub label: &'pack str,
    /// The row's position in its table.
    pub row: usize,
    /// The source, an index into the pack's sources.
    pub source: SourceId,
    /// The article, where the row names it.
    pub article: Option<&'pack str>,
    /// The row's remark.
    pub note: Option<&'pack str>,
    /// For yes/no rows: the sentence people read.
    pub reason: Option<&'pack str>,
    /// First day in force.
    pub from: Date,
    /// Last day in force.
    pub to: Option<Date>,
    /// Where the row stands.
    pub span: &'pack Span,
}

impl<'pack> Cited<'pack> {
    /// The citation of one row.
    pub fn of<V>(part: Part, table: &'pack Table<V>, row: usize, found: &'pack Row<V>) -> Cited<'pack> {
        Cited {
            part,
            path: &table.path,
            label: &table.label,
            row,
            source: found.source,
            article: found.article.as_deref(),
            note: found.note.as_deref(),
            reason: found.reason.as_deref(),
            from: found.from,
            to: found.to,
            span: &found.span,
        }
    }
}
