//! The lines of a bill, split by the catalogue of the area of care.

use gongji_money::Fen;
use gongji_policy::plan::Refusal;
use gongji_policy::{Benefit, Dimension, Facts, Pack, Scheme};
use gongji_rules::{Bill, Line, LineSplit, split_line};
use jiff::civil::Date;

use super::refusal::refused;
use crate::error::{CaseError, ErrorCode};
use crate::facts::{event_field, open_value};
use crate::request::LineInput;

/// How many lines are kept for the answer.
pub(crate) const LINES_TOLD: usize = 1_000;

/// One line with its portions.
#[derive(Clone, Debug)]
pub(crate) struct SplitLine<'pack> {
    /// The line as asked.
    pub input: &'pack LineInput,
    /// Its portions.
    pub split: LineSplit<'pack>,
}

/// Whose catalogue splits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CatalogueOf<'pack> {
    pub pack: &'pack Pack,
    pub scheme: &'pack Scheme,
}

/// Splits lines and adds them to the bill. Gives the first thousand for the answer.
///
/// # Errors
/// The line that the catalogue refuses, named.
pub(crate) fn split<'pack>(
    catalogue_of: CatalogueOf<'pack>,
    benefit: &Benefit,
    lines: &'pack [LineInput],
    facts: &Facts,
    day: Date,
    index: usize,
    bill: &mut Bill,
) -> Result<Vec<SplitLine<'pack>>, CaseError> {
    let scheme = catalogue_of.scheme;
    let Some(catalogue) = &scheme.catalogue else {
        return Err(CaseError::new(
            ErrorCode::NoRule,
            event_field(index, "charges.lines"),
            format!("{}没有目录规则，不能拆分明细", catalogue_of.pack.area.name),
        )
        .hint("请改写四个部分：total、non_covered、over_limit_price、upfront_self_pay"));
    };
    let mut told = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let field = |name: &str| event_field(index, &format!("charges.lines[{number}]{name}"));
        let item_class =
            open_value(scheme, Dimension::ItemClass, line.item_class.as_deref(), || field(".item_class"))?;
        let facts = facts.clone().with(Dimension::Class, line.class).with(Dimension::ItemClass, item_class);
        let asked = Line {
            quantity: line.quantity,
            unit_price: line.unit_price,
            amount: line.amount,
            upfront_ratio: line.upfront_ratio,
            price_cap: line.price_cap,
        };
        let split = split_line(catalogue, &asked, &facts, day).map_err(|refusal| {
            let mut error = refused(&refusal, index, scheme, &scheme.domain, day);
            if !matches!(refusal, Refusal::NeedsAnswer { .. }) {
                error.field = field("");
            }
            error
        })?;
        bill.non_covered += split.non_covered.fen();
        bill.over_limit_price += split.over_limit_price.fen();
        bill.upfront_self_pay += split.upfront_self_pay.fen();
        bill.in_scope[tag_of(benefit, split.tag)] += split.in_scope.fen();
        let parts = [split.non_covered, split.over_limit_price, split.upfront_self_pay, split.in_scope];
        if Fen::checked_sum(parts) != Some(line.amount) {
            return Err(CaseError::new(ErrorCode::Internal, field(""), "明细拆分后与金额不符"));
        }
        if told.len() < LINES_TOLD {
            told.push(SplitLine { input: line, split });
        }
    }
    Ok(told)
}

/// The position of a tag among those of the benefit; one that the benefit does not declare is `general`.
pub(crate) fn tag_of(benefit: &Benefit, tag: Option<&str>) -> usize {
    tag.and_then(|tag| benefit.tags.iter().position(|known| known == tag)).unwrap_or(0)
}
