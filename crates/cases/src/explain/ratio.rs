//! Ratios and standards as expressions with the numbers in them.

use gongji_money::Rate;
use gongji_policy::plan::{Cited, Part};
use gongji_policy::view::ValueWords;
use gongji_policy::{
    AmountAdjust, AmountChange, AmountRule, Dimension, Facts, RatioChange, RatioLayer, Setting, Table,
};

use super::figures::grouped;

/// The row that a part cites.
fn row_of(cited: &[Cited<'_>], part: Part, path: &str) -> Option<usize> {
    cited.iter().find(|cited| cited.part == part && cited.path == path).map(|cited| cited.row)
}

fn known<'table, V>(table: &'table Table<V>, cited: &[Cited<'_>], part: Part) -> Option<&'table V> {
    match &table.rows.get(row_of(cited, part, &table.path)?)?.value {
        Setting::Known(value) => Some(value),
        Setting::Unknown(_) => None,
    }
}

fn bracketed(expression: &str) -> String {
    if expression.contains([' ', '（']) { format!("({expression})") } else { expression.to_owned() }
}

/// How the ratio of a band came about: `1 − (1 − 85%) × 60% = 91%`; empty where nothing changed it.
pub(crate) fn ratio_formula(
    layer: &RatioLayer,
    cited: &[Cited<'_>],
    facts: &Facts,
    band: usize,
    result: &str,
) -> String {
    let Some(base) = known(&layer.ratio, cited, Part::Ratio(band)) else { return String::new() };
    let mut expression = base.to_percent();
    let mut changed = false;
    for (index, adjust) in layer.ratio_adjust.iter().enumerate() {
        let part = Part::RatioAdjust(band, index);
        let next = match &adjust.change {
            RatioChange::Points { points, per_year_of_age } => {
                let Some(points) = known(points, cited, part).filter(|points| **points != Rate::ZERO) else {
                    continue;
                };
                let sign = if *points < Rate::ZERO { "−" } else { "+" };
                let magnitude = points.to_percent();
                let magnitude = magnitude.trim_start_matches('-');
                match facts.get(Dimension::Age).filter(|_| *per_year_of_age) {
                    Some(age) => format!("{expression} {sign} {magnitude} × {age}"),
                    None => format!("{expression} {sign} {magnitude}"),
                }
            }
            RatioChange::TimesFund(table) => {
                let Some(factor) = known(table, cited, part).filter(|factor| **factor != Rate::ONE) else {
                    continue;
                };
                format!("{} × {factor}", bracketed(&expression))
            }
            RatioChange::TimesOwn(table) => {
                let Some(factor) = known(table, cited, part).filter(|factor| **factor != Rate::ONE) else {
                    continue;
                };
                format!("1 − (1 − {}) × {factor}", bracketed(&expression))
            }
            RatioChange::Floor(table) => match known(table, cited, part) {
                Some(least) if *least > Rate::ZERO => format!("max({expression}, {least})"),
                _ => continue,
            },
            RatioChange::Ceiling(table) => match known(table, cited, part) {
                Some(most) if *most < Rate::ONE => format!("min({expression}, {most})"),
                _ => continue,
            },
        };
        expression = next;
        changed = true;
    }
    if changed { format!("{expression} = {result}") } else { String::new() }
}

fn amount_words(rule: &AmountRule, indices: &[Table<AmountRule>]) -> String {
    match rule {
        AmountRule::Fixed(amount) => amount.to_string(),
        other => format!("（{}）", other.words(indices)),
    }
}

/// How an amount came about: `900.00 × 50%`; empty where it is the plain figure of its row.
pub(crate) fn amount_formula(
    amount: &Table<AmountRule>,
    adjusts: &[AmountAdjust],
    cited: &[Cited<'_>],
    facts: &Facts,
    part: Part,
    part_of: impl Fn(usize) -> Part,
    indices: &[Table<AmountRule>],
) -> String {
    let Some(base) = known(amount, cited, part) else { return String::new() };
    let mut expression = amount_words(base, indices);
    let mut changed = !matches!(base, AmountRule::Fixed(_));
    for (index, adjust) in adjusts.iter().enumerate() {
        let value = |table| known(table, cited, part_of(index)).filter(|rule| matters(rule));
        let next = match &adjust.change {
            AmountChange::Times(table) => {
                let Some(factor) = known(table, cited, part_of(index)).filter(|factor| **factor != Rate::ONE)
                else {
                    continue;
                };
                format!("{} × {factor}", bracketed(&expression))
            }
            AmountChange::Minus { amount, per_repeat } => {
                let repeats = facts.get(Dimension::Ordinal).unwrap_or(1) - 1;
                match value(amount) {
                    Some(_) if *per_repeat && repeats == 0 => continue,
                    Some(less) if *per_repeat => {
                        format!("{expression} − {} × {repeats}", amount_words(less, indices))
                    }
                    Some(less) => format!("{expression} − {}", amount_words(less, indices)),
                    None => continue,
                }
            }
            AmountChange::Plus(table) => match value(table) {
                Some(more) => format!("{expression} + {}", amount_words(more, indices)),
                None => continue,
            },
            AmountChange::Floor(table) => match value(table) {
                Some(least) => format!("max({expression}, {})", amount_words(least, indices)),
                None => continue,
            },
            AmountChange::Ceiling(table) => match value(table) {
                Some(most) => format!("min({expression}, {})", amount_words(most, indices)),
                None => continue,
            },
        };
        expression = next;
        changed = true;
    }
    if changed { expression } else { String::new() }
}

/// Whether an adjustment's amount changes anything.
fn matters(rule: &AmountRule) -> bool {
    !matches!(rule, AmountRule::Unlimited | AmountRule::NotApplied)
        && !matches!(rule, AmountRule::Fixed(amount) if amount.is_zero())
}

/// The bounds of a band as people read them, positions on the band's axis in fen.
pub(crate) fn band_range(bounds: &[i64], band: usize, included: bool) -> String {
    let upper = bounds.get(band - 1).copied().filter(|bound| *bound != i64::MAX);
    let lower = if band >= 2 { bounds.get(band - 2).copied() } else { None };
    // 以下、以内 count the bound to the band below; 不满 to the one above.
    let (over, upto) = if included { ("超过", "以下（含）") } else { ("", "不满") };
    match (lower, upper) {
        (None, None) => String::new(),
        (None, Some(upper)) if included => format!("{} 元{upto}", grouped(upper)),
        (None, Some(upper)) => format!("{upto} {} 元", grouped(upper)),
        (Some(lower), None) if included => format!("{over} {} 元", grouped(lower)),
        (Some(lower), None) => format!("{} 元以上（含）", grouped(lower)),
        (Some(lower), Some(upper)) => format!("{}–{} 元", grouped(lower), grouped(upper)),
    }
}
