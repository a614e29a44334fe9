//! Indices must answer on every day on which a row multiplies them, and no two of their rows may disagree.

use std::collections::BTreeSet;

use super::proof::prove;
use super::region::Region;
use super::report::proof_diagnostics;
use super::tables::own_region;
use crate::diagnostic::Diagnostic;
use crate::model::{AmountRule, Domain, OpenValues, Pack, Setting, Table};
use crate::view::{AnyTable, Role, visit_tables};

/// Every index over its own days, and over the days of the rows that use it.
pub(super) fn check_indices(pack: &Pack) -> Vec<Diagnostic> {
    let none = OpenValues::new();
    let mut found = Vec::new();
    for index in &pack.indices {
        let Some(from) = index.rows.iter().map(|row| row.from).min() else { continue };
        let open = index.rows.iter().any(|row| row.to.is_none());
        let to = if open { None } else { index.rows.iter().filter_map(|row| row.to).max() };
        let region = Region::new(&Domain::new(), from, to, &none);
        let mut findings = prove(index, &region, None);
        // Days on which nobody asks may be missing.
        (findings.gap, findings.date_gap) = (None, None);
        found.extend(proof_diagnostics(index, &region, &findings, &pack.indices));
    }
    let mut told = BTreeSet::new();
    visit_tables(pack, |place, table| {
        let AnyTable::Amount(table) = table else { return };
        let Some(scheme) = place.scheme.and_then(|scheme| pack.schemes.get(scheme)) else { return };
        let used_in = scheme
            .benefits
            .iter()
            .enumerate()
            .filter(|(benefit, _)| place.benefit.is_none_or(|it| it == *benefit));
        let regions: Vec<_> = match place.role {
            Role::Parameter => own_region(pack, place, &table.rows).into_iter().collect(),
            _ => used_in.map(|(_, benefit)| Region::of_benefit(scheme, benefit)).collect(),
        };
        for region in regions {
            for (number, index) in uses(table) {
                let (Some(row), Some(figures)) = (table.rows.get(number), pack.indices.get(index)) else {
                    continue;
                };
                let region = region.within(&row.when, row.from, row.to);
                let mut findings = prove(figures, &region, None);
                findings.conflicts.clear();
                let diagnostics = proof_diagnostics(figures, &region, &findings, &pack.indices);
                for diagnostic in diagnostics {
                    if told.insert((index, row.span.file, row.span.bytes.start, number)) {
                        found.push(diagnostic.and(row.span.clone(), "这一行要用这个指标"));
                    }
                }
            }
        }
    });
    found
}

/// The rows of a table that multiply an index, with the index.
fn uses(table: &Table<AmountRule>) -> Vec<(usize, usize)> {
    let rows = table.rows.iter().enumerate();
    rows.filter_map(|(number, row)| match row.value {
        Setting::Known(AmountRule::OfIndex { index, .. }) => Some((number, index)),
        _ => None,
    })
    .collect()
}
