//! Proves every table of a pack, each over the cases of the benefits that use it.

use std::collections::BTreeMap;

use gongji_money::Fen;

use super::proof::{Findings, prove};
use super::region::{Axis, Region};
use super::report::{proof_diagnostics, table_words};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Dimension, LayerKind, Pack, PurseKind, Row, Scheme, Span, Table};
use crate::view::{AnyTable, Place, Role, ValueWords, interval_words, visit_tables, with_table};

/// A row in all the tables where it stands: layers and inherited tables repeat it.
struct Occurrences {
    /// Whether some table uses it.
    alive: bool,
    /// What to say if none does.
    finding: Option<Diagnostic>,
}

/// What identifies a row of the text: its place, and its table and number for rows without one.
type RowKey = (usize, usize, usize, String, usize);

fn row_key<V>(table: &Table<V>, number: usize, row: &Row<V>) -> RowKey {
    let Span { file, bytes } = &row.span;
    if bytes.is_empty() {
        (*file, 0, 0, table.path.clone(), number)
    } else {
        (*file, bytes.start, bytes.end, String::new(), 0)
    }
}

/// Gaps, conflicts, date gaps and overlaps of every table, and rows that can never serve.
pub(super) fn check_tables(pack: &Pack) -> Vec<Diagnostic> {
    let mut checker = Checker { pack, found: Vec::new(), rows: BTreeMap::new() };
    visit_tables(pack, |place, table| checker.table(place, table));
    let Checker { mut found, rows, .. } = checker;
    found.extend(rows.into_values().filter(|row| !row.alive).filter_map(|row| row.finding));
    found
}

struct Checker<'a> {
    pack: &'a Pack,
    found: Vec<Diagnostic>,
    rows: BTreeMap<RowKey, Occurrences>,
}

impl<'a> Checker<'a> {
    fn table(&mut self, place: Place, table: AnyTable<'_>) {
        let bounds = bounds(self.pack, place);
        with_table!(AnyTable, table, table => {
            let regions = match place.role {
                Role::Parameter => own_region(self.pack, place, &table.rows).into_iter().collect(),
                _ => regions(self.pack, place),
            };
            self.prove(table, &regions, bounds);
        });
    }

    fn prove<V: PartialEq + ValueWords>(
        &mut self,
        table: &Table<V>,
        regions: &[Region<'a>],
        bounds: Option<&Table<Vec<Fen>>>,
    ) {
        for region in regions {
            let findings = prove(table, region, bounds);
            self.note_rows(table, region, &findings);
            for diagnostic in proof_diagnostics(table, region, &findings, &self.pack.indices) {
                // A table that several benefits share fails once, not once for each.
                let known = |other: &Diagnostic| {
                    other.code == diagnostic.code
                        && other.message == diagnostic.message
                        && other.primary == diagnostic.primary
                        && other.secondary == diagnostic.secondary
                };
                if !self.found.iter().any(known) {
                    self.found.push(diagnostic);
                }
            }
        }
    }

    fn note_rows<V: ValueWords>(&mut self, table: &Table<V>, region: &Region<'_>, findings: &Findings) {
        let dead: BTreeMap<_, _> = findings.dead.iter().copied().collect();
        for (number, row) in table.rows.iter().enumerate() {
            // Rows of another pack answer for that pack's areas too.
            if !self.own(&row.span) {
                continue;
            }
            let occurrences = self
                .rows
                .entry(row_key(table, number, row))
                .or_insert(Occurrences { alive: false, finding: None });
            match dead.get(&number) {
                None => occurrences.alive = true,
                Some(axis) => {
                    occurrences
                        .finding
                        .get_or_insert_with(|| dead_row(table, row, *axis, region, &self.pack.indices));
                }
            }
        }
    }

    /// Whether the place lies in this pack's own texts.
    fn own(&self, span: &Span) -> bool {
        self.pack.files.get(span.file).is_none_or(|file| file.starts_with(&self.pack.area.code))
    }
}

fn dead_row<V: ValueWords>(
    table: &Table<V>,
    row: &Row<V>,
    axis: Axis,
    region: &Region<'_>,
    indices: &[Table<crate::model::AmountRule>],
) -> Diagnostic {
    let why = match axis {
        Axis::Day => {
            let (row, region) = (interval_words(row.from, row.to), interval_words(region.from, region.to));
            format!("这一行的期间是 {row}，而这张表只用于 {region}")
        }
        Axis::Of(Dimension::Band) => "这一层的 bands 没有分出这么多费用段".to_owned(),
        Axis::Of(dimension) => {
            format!(
                "这一行的 {}（{}）不在待遇或险种的适用范围（domain）之内",
                dimension.name(),
                dimension.label()
            )
        }
    };
    let message = format!("{}有一行永远不会适用", table_words(table));
    Diagnostic::new(
        Code::OutsideDomain,
        message,
        row.span.clone(),
        format!("值为 {}", row.value.words(indices)),
    )
    .note(why)
    .hint("删去这一行，或更正它的条件、日期，或放宽适用范围")
}

/// The region of a calculation's parameter: the scheme's domain over the table's own days.
pub(super) fn own_region<'a, V>(pack: &'a Pack, place: Place, rows: &[Row<V>]) -> Option<Region<'a>> {
    let scheme = pack.schemes.get(place.scheme?)?;
    let from = rows.iter().map(|row| row.from).min()?;
    let open = rows.iter().any(|row| row.to.is_none());
    let to = if open { None } else { rows.iter().filter_map(|row| row.to).max() };
    Some(Region::new(&scheme.domain, from, to, &scheme.values))
}

/// The regions over which a table must be complete.
fn regions<'a>(pack: &'a Pack, place: Place) -> Vec<Region<'a>> {
    let Some(scheme) = place.scheme.and_then(|scheme| pack.schemes.get(scheme)) else {
        // Indices must answer where a row multiplies them; see `check_indices`.
        return Vec::new();
    };
    match place.benefit {
        Some(benefit) => scheme
            .benefits
            .get(benefit)
            .map(|benefit| Region::of_benefit(scheme, benefit))
            .into_iter()
            .collect(),
        None => {
            let uses =
                |benefit: &&crate::model::Benefit| place.role != Role::Sharing || draws_on_relatives(benefit);
            scheme.benefits.iter().filter(uses).map(|benefit| Region::of_benefit(scheme, benefit)).collect()
        }
    }
}

/// Whether a layer of the benefit draws on relatives' accounts; only then must the sharing table answer.
fn draws_on_relatives(benefit: &crate::model::Benefit) -> bool {
    benefit.layers.iter().any(|layer| match &layer.kind {
        LayerKind::Purse(purse) => purse.purse == PurseKind::Relatives,
        _ => false,
    })
}

/// The bounds that cut the bands of a table's dimension `band`.
fn bounds(pack: &Pack, place: Place) -> Option<&Table<Vec<Fen>>> {
    let scheme: &Scheme = pack.schemes.get(place.scheme?)?;
    match place.role {
        Role::UnitUpfront => scheme.catalogue.as_ref()?.unit_bands.as_ref().map(|bands| &bands.bounds),
        Role::Ratio | Role::RatioAdjust => {
            match &scheme.benefits.get(place.benefit?)?.layers.get(place.layer?)?.kind {
                LayerKind::Ratio(layer) => layer.bands.as_ref().map(|bands| &bands.bounds),
                _ => None,
            }
        }
        _ => None,
    }
}
