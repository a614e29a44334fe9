//! Clauses: the row that decided, with its source, and the value it gave in words.

use gongji_policy::plan::{Cited, Part};
use gongji_policy::view::ValueWords;
use gongji_policy::{
    AmountAdjust, AmountChange, AmountRule, Benefit, Catalogue, Layer, LayerKind, Pack, RatioChange, Row,
    Table,
};

use crate::answer::{Clause, Day};

fn words<V: ValueWords>(table: &Table<V>, row: usize, indices: &[Table<AmountRule>]) -> String {
    table.rows.get(row).map_or_else(String::new, |row: &Row<V>| row.value.words(indices))
}

fn adjust_words(adjust: Option<&AmountAdjust>, row: usize, indices: &[Table<AmountRule>]) -> String {
    match adjust.map(|adjust| &adjust.change) {
        Some(AmountChange::Times(table)) => format!("× {}", words(table, row, indices)),
        Some(AmountChange::Minus { amount, per_repeat: true }) => {
            format!("每多住一次减 {}", words(amount, row, indices))
        }
        Some(AmountChange::Minus { amount, per_repeat: false }) => {
            format!("减 {}", words(amount, row, indices))
        }
        Some(AmountChange::Plus(table)) => format!("加 {}", words(table, row, indices)),
        Some(AmountChange::Floor(table)) => format!("不低于 {}", words(table, row, indices)),
        Some(AmountChange::Ceiling(table)) => format!("不高于 {}", words(table, row, indices)),
        None => String::new(),
    }
}

/// The value that a cited row of a layer gave, as people read it. A row of an index speaks through the amount it feeds.
pub(crate) fn value_of(layer: &Layer, cited: &Cited<'_>, indices: &[Table<AmountRule>]) -> String {
    if let Some(index) = indices.iter().find(|index| index.path == cited.path) {
        return words(index, cited.row, indices);
    }
    let row = cited.row;
    let caps = match &layer.kind {
        LayerKind::Ratio(ratio) => ratio.caps.as_slice(),
        LayerKind::Purse(purse) => purse.caps.as_slice(),
        _ => &[],
    };
    match (cited.part, &layer.kind) {
        (Part::Applies, _) => {
            layer.applies.as_ref().map_or_else(String::new, |table| words(table, row, indices))
        }
        (Part::Cap(cap), _) => caps.get(cap).map_or_else(String::new, |cap| words(&cap.amount, row, indices)),
        (Part::CapAdjust(cap, adjust), _) => {
            adjust_words(caps.get(cap).and_then(|cap| cap.adjust.get(adjust)), row, indices)
        }
        (Part::Guarantee, LayerKind::Guarantee(guarantee)) => words(&guarantee.rate, row, indices),
        (Part::Deductible, LayerKind::Ratio(ratio)) => ratio
            .deductible
            .as_ref()
            .map_or_else(String::new, |deductible| words(&deductible.amount, row, indices)),
        (Part::DeductibleAdjust(adjust), LayerKind::Ratio(ratio)) => {
            let adjust = ratio.deductible.as_ref().and_then(|deductible| deductible.adjust.get(adjust));
            adjust_words(adjust, row, indices)
        }
        (Part::DeductibleLimit(limit), LayerKind::Ratio(ratio)) => ratio
            .deductible
            .as_ref()
            .and_then(|deductible| deductible.limits.get(limit))
            .map_or_else(String::new, |limit| words(&limit.amount, row, indices)),
        (Part::Bounds, LayerKind::Ratio(ratio)) => {
            ratio.bands.as_ref().map_or_else(String::new, |bands| words(&bands.bounds, row, indices))
        }
        (Part::Ratio(_), LayerKind::Ratio(ratio)) => words(&ratio.ratio, row, indices),
        (Part::RatioAdjust(_, adjust), LayerKind::Ratio(ratio)) => {
            match ratio.ratio_adjust.get(adjust).map(|adjust| &adjust.change) {
                Some(RatioChange::Points { points, per_year_of_age }) => {
                    let per = if *per_year_of_age { "，每岁" } else { "" };
                    format!("加减 {}{per}", words(points, row, indices))
                }
                Some(RatioChange::TimesFund(table)) => format!("基金比例 × {}", words(table, row, indices)),
                Some(RatioChange::TimesOwn(table)) => format!("自付比例 × {}", words(table, row, indices)),
                Some(RatioChange::Floor(table)) => format!("不低于 {}", words(table, row, indices)),
                Some(RatioChange::Ceiling(table)) => format!("不高于 {}", words(table, row, indices)),
                None => String::new(),
            }
        }
        _ => String::new(),
    }
}

/// The value that a cited row of a catalogue gave.
pub(crate) fn catalogue_value(
    catalogue: &Catalogue,
    cited: &Cited<'_>,
    indices: &[Table<AmountRule>],
) -> String {
    let row = cited.row;
    match (cited.part, &catalogue.unit_bands) {
        (Part::Covered, _) => words(&catalogue.covered, row, indices),
        (Part::PriceCap, _) => words(&catalogue.price_cap, row, indices),
        (Part::UnitBounds, Some(bands)) => words(&bands.bounds, row, indices),
        (Part::Upfront(0), _) => words(&catalogue.upfront, row, indices),
        (Part::Upfront(_), Some(bands)) => words(&bands.upfront, row, indices),
        (Part::Tag, _) => catalogue.tag.as_ref().map_or_else(String::new, |table| words(table, row, indices)),
        _ => String::new(),
    }
}

/// What a cited row decided, as people read it.
fn parameter(cited: &Cited<'_>) -> String {
    match cited.part {
        Part::Ratio(band) if band > 1 => format!("第 {band} 段{}", cited.label),
        Part::RatioAdjust(band, _) if band > 1 => format!("第 {band} 段{}", cited.label),
        _ => cited.label.to_owned(),
    }
}

/// The clause of a cited row.
pub(crate) fn clause(pack: &Pack, cited: &Cited<'_>, value: String) -> Clause {
    let source = pack.sources.get(cited.source);
    let note = [cited.note, source.and_then(|source| source.note.as_deref())]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("；");
    let article = cited.article.or_else(|| source.and_then(|source| source.article.as_deref()));
    Clause {
        parameter: parameter(cited),
        value,
        rule_id: format!("{}:{}#{}", pack.area.code, cited.path, cited.row + 1),
        document: source.map_or_else(String::new, |source| source.document.clone()),
        article: article.map(str::to_owned),
        address: source.map_or_else(String::new, |source| source.address.clone()),
        grade: source.map_or("unverified", |source| source.grade.name()).to_owned(),
        grade_label: source.map_or("未核实", |source| source.grade.label()).to_owned(),
        in_force: (Day(cited.from), cited.to.map(Day)),
        published: source.and_then(|source| source.published).map(Day),
        quote: source.and_then(|source| source.quote.clone()),
        note: Some(note).filter(|note| !note.is_empty()),
        source: source.map_or_else(String::new, |source| source.id.clone()),
        file: pack.files.get(cited.span.file).cloned().unwrap_or_default(),
    }
}

/// The clause on which a benefit itself rests, for layers without a table of their own.
pub(crate) fn benefit_clause(pack: &Pack, scheme: &str, benefit: &Benefit, parameter: &str) -> Clause {
    let path = format!("{scheme}.benefit.{}", benefit.name);
    let cited = Cited {
        part: Part::Applies,
        path: &path,
        label: parameter,
        row: 0,
        source: benefit.source,
        article: None,
        note: None,
        reason: None,
        from: benefit.from,
        to: benefit.to,
        span: &benefit.span,
    };
    let mut clause = clause(pack, &cited, String::new());
    clause.rule_id = format!("{}:{path}", pack.area.code);
    clause
}
