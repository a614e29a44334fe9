//! What differs between two packs, or between two days of one.

use jiff::civil::Date;

use super::parameter::{ParameterView, RowView, parameters};
use crate::model::Pack;

/// Two rows side by side; one is missing where the other has no counterpart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowDiff {
    /// The row on the left.
    pub left: Option<RowView>,
    /// The row on the right.
    pub right: Option<RowView>,
}

/// A parameter that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterDiff {
    /// The path in the packs.
    pub path: String,
    /// What it is called.
    pub label: String,
    /// The rows that differ.
    pub rows: Vec<RowDiff>,
}

/// The parameters whose values, conditions or intervals differ between two packs. Sources and notes alone make no difference.
pub fn diff(left: &Pack, right: &Pack) -> Vec<ParameterDiff> {
    let same = |left: &RowView, right: &RowView| {
        left.conditions == right.conditions
            && left.value == right.value
            && (left.from, left.to) == (right.from, right.to)
    };
    pair(parameters(left), parameters(right), &same)
}

/// The parameters whose values differ between two days of one pack: what is in force on one of them and not on the other.
pub fn diff_dates(pack: &Pack, left: Date, right: Date) -> Vec<ParameterDiff> {
    let on = |day: Date| {
        let mut all = parameters(pack);
        for parameter in &mut all {
            let used = parameter.in_use(day);
            parameter.rows.retain(|row| used && row.in_force(day));
        }
        all
    };
    // A rule that was issued anew with the same value changed nothing.
    let same =
        |left: &RowView, right: &RowView| left.conditions == right.conditions && left.value == right.value;
    pair(on(left), on(right), &same)
}

fn pair(
    left: Vec<ParameterView>,
    mut right: Vec<ParameterView>,
    same: &dyn Fn(&RowView, &RowView) -> bool,
) -> Vec<ParameterDiff> {
    let mut found = Vec::new();
    for one in left {
        // Where several benefits give one path different rows, the first goes with the first.
        let other = right.iter().position(|other| other.path == one.path).map(|at| right.remove(at));
        let rows = pair_rows(one.rows, other.map(|other| other.rows).unwrap_or_default(), same);
        found.push(ParameterDiff { path: one.path, label: one.label, rows });
    }
    found.extend(right.into_iter().map(|other| ParameterDiff {
        path: other.path,
        label: other.label,
        rows: pair_rows(Vec::new(), other.rows, same),
    }));
    found.retain(|parameter| !parameter.rows.is_empty());
    found
}

/// Leaves out what is the same on both sides and sets side by side what has the same conditions, best with the same days.
fn pair_rows(
    left: Vec<RowView>,
    mut right: Vec<RowView>,
    same: &dyn Fn(&RowView, &RowView) -> bool,
) -> Vec<RowDiff> {
    let mut left: Vec<_> = left
        .into_iter()
        .filter(|row| match right.iter().position(|other| same(row, other)) {
            Some(at) => {
                right.remove(at);
                false
            }
            None => true,
        })
        .map(|row| RowDiff { left: Some(row), right: None })
        .collect();
    let same_days = |row: &RowView, other: &RowView| (row.from, row.to) == (other.from, other.to);
    for by_days in [true, false] {
        for pair in left.iter_mut().filter(|pair| pair.right.is_none()) {
            let Some(row) = &pair.left else { continue };
            let fits =
                |other: &RowView| other.conditions == row.conditions && (!by_days || same_days(row, other));
            pair.right = right.iter().position(fits).map(|at| right.remove(at));
        }
    }
    left.extend(right.into_iter().map(|row| RowDiff { left: None, right: Some(row) }));
    left
}
