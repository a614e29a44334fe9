//! The findings of a table's proof as diagnostics, in the pack's words.

use super::proof::{Findings, Witness};
use super::region::{Axis, Region};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{AmountRule, Dimension, DimensionKind, OpenValues, Row, Table};
use crate::view::{ValueWords, interval_words, value_name, value_words};

/// Conflicts of one table that are told one by one; of more only the number is.
const TOLD: usize = 5;

/// One value as a row would write it: `category = "retired"（退休）`.
fn written(dimension: Dimension, value: i64, values: &OpenValues) -> String {
    let name = value_name(dimension, value, values);
    let words = value_words(dimension, value, values);
    match dimension.kind() {
        DimensionKind::Choice(_) | DimensionKind::Open if words == name => {
            format!("{} = \"{name}\"", dimension.name())
        }
        DimensionKind::Choice(_) | DimensionKind::Open => {
            format!("{} = \"{name}\"（{words}）", dimension.name())
        }
        DimensionKind::Date => format!("{} = \"{name}\"（{}）", dimension.name(), dimension.label()),
        DimensionKind::Flag | DimensionKind::Integer { .. } => {
            format!("{} = {name}（{}）", dimension.name(), dimension.label())
        }
    }
}

/// A concrete case: `2023-05-01，category = "retired"（退休），level = "3"（三级）`.
pub(super) fn case_words(witness: &Witness, values: &OpenValues) -> String {
    let mut parts = vec![witness.day.to_string()];
    parts.extend(witness.values.iter().map(|(dimension, value)| written(*dimension, *value, values)));
    parts.join("，")
}

/// The table's name for people: `「基金支付比例」（employee.benefit.inpatient.layer.pool.ratio）`.
pub(super) fn table_words<V>(table: &Table<V>) -> String {
    if table.label.is_empty() {
        format!("「{}」", table.path)
    } else {
        format!("「{}」（{}）", table.label, table.path)
    }
}

/// Gaps, conflicts and overlaps of a table as diagnostics. Dead rows are not among them: they are judged over all places where
/// a row stands.
pub(super) fn proof_diagnostics<V: ValueWords>(
    table: &Table<V>,
    region: &Region<'_>,
    findings: &Findings,
    indices: &[Table<AmountRule>],
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let name = table_words(table);
    if let Some(witness) = &findings.gap {
        let case = case_words(witness, region.values);
        found.push(
            Diagnostic::new(Code::Gap, format!("{name}有空缺：有的情形没有任何一行适用"), table.span.clone(), "这张表")
                .note(format!("例如：{case}"))
                .hint("补上这一情形的行；其余情形取值相同的，写 otherwise = true；没有来源的，写 unknown = \"原因\""),
        );
    }
    if let Some(witness) = &findings.date_gap {
        let case = case_words(witness, region.values);
        let mut diagnostic = Diagnostic::new(
            Code::DateGap,
            format!("{name}的日期有空档：这一天没有任何一行适用"),
            table.span.clone(),
            "这张表",
        )
        .note(format!("例如：{case}"))
        .hint("检查各行的 from 与 to：to 是最后一天（含），下一行的 from 应为次日");
        if let Some((row, label)) = nearest(table, witness) {
            diagnostic = diagnostic.and(row.span.clone(), label);
        }
        found.push(diagnostic);
    }
    for ((first, second), witness) in findings.conflicts.iter().take(TOLD) {
        let (Some(first), Some(second)) = (table.rows.get(*first), table.rows.get(*second)) else { continue };
        found.push(conflict(table, first, second, witness, region.values, indices));
    }
    if findings.conflicts.len() > TOLD
        && let Some(last) = found.pop()
    {
        found.push(last.note(format!("这张表另有 {} 处同类冲突未列出", findings.conflicts.len() - TOLD)));
    }
    if findings.too_many {
        found.push(
            Diagnostic::new(
                Code::LimitExceeded,
                format!("{name}的条件组合过多，无法证明完整"),
                table.span.clone(),
                "这张表",
            )
            .hint("减少同一张表里互相交叉的区间条件，或把表拆开"),
        );
    }
    found
}

fn conflict<V: ValueWords>(
    table: &Table<V>,
    first: &Row<V>,
    second: &Row<V>,
    witness: &Witness,
    values: &OpenValues,
    indices: &[Table<AmountRule>],
) -> Diagnostic {
    let says =
        |row: &Row<V>| format!("{}，值为 {}", interval_words(row.from, row.to), row.value.words(indices));
    let same_days = (first.from, first.to) == (second.from, second.to);
    let by_date = first.when == second.when && first.otherwise == second.otherwise && !same_days;
    let name = table_words(table);
    let (code, message, hint) = if by_date {
        let hint = "前一行的 to 应写到后一行 from 的前一天";
        (Code::DateOverlap, format!("{name}有两行条件相同、日期重叠，而取值不同"), hint)
    } else {
        let hint = if first.otherwise {
            "两行都是 otherwise，都来兜底：收窄其中一行的条件，使两行不相交"
        } else {
            "行没有先后之分：收窄其中一行的条件，或把兜底的一行写成 otherwise = true"
        };
        (Code::Conflict, format!("{name}有两行同时适用，而取值不同"), hint)
    };
    Diagnostic::new(code, message, first.span.clone(), says(first))
        .and(second.span.clone(), says(second))
        .note(format!("例如：{}", case_words(witness, values)))
        .hint(hint)
}

/// The row that would serve the case but for its dates, nearest in time.
fn nearest<'t, V>(table: &'t Table<V>, witness: &Witness) -> Option<(&'t Row<V>, String)> {
    use super::grid::Extent;
    let fits = |row: &&Row<V>| {
        let extent = Extent::of(*row);
        witness.complete.iter().all(|(dimension, value)| extent.allows(Axis::Of(*dimension), *value))
    };
    let before = table.rows.iter().filter(fits).filter(|row| row.to.is_some_and(|to| to < witness.day));
    let after = table.rows.iter().filter(fits).filter(|row| row.from > witness.day);
    let last = before.max_by_key(|row| row.to).map(|row| (row, "只到这一天之前"));
    let next = after.min_by_key(|row| row.from).map(|row| (row, "这一天之后才开始"));
    last.or(next).map(|(row, label)| (row, format!("{}，{label}", interval_words(row.from, row.to))))
}
