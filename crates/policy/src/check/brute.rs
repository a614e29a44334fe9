//! The proof against brute force: random small tables, every point of their space looked at one by one.

use jiff::civil::Date;
use proptest::prelude::*;

use gongji_money::Fen;

use super::proof::{Findings, prove};
use super::region::Region;
use crate::model::*;

const DAYS: i64 = 8;

fn day(number: i64) -> Date {
    day_of_number(19_000 + number).unwrap()
}

/// Level (choice of six), age (interval), band and condition (open).
fn constraint(dimension: Dimension) -> BoxedStrategy<Constraint> {
    match dimension {
        Dimension::Level => (1_u64..64).prop_map(Constraint::OneOf).boxed(),
        Dimension::Condition => (1_u64..8).prop_map(Constraint::OneOf).boxed(),
        Dimension::Band => (1_u64..16).prop_map(Constraint::OneOf).boxed(),
        _ => (0_i64..12, 0_i64..12)
            .prop_map(|(left, right)| Constraint::Between {
                low: if left == 0 { i64::MIN } else { left.min(right) },
                high: if right == 11 { i64::MAX } else { left.max(right) },
            })
            .boxed(),
    }
}

fn row<V: std::fmt::Debug + Clone + 'static>(
    dimensions: &'static [Dimension],
    value: BoxedStrategy<V>,
) -> impl Strategy<Value = Row<V>> {
    let when: Vec<_> = dimensions.iter().map(|dimension| prop::option::of(constraint(*dimension))).collect();
    let setting =
        prop_oneof![5 => value.prop_map(Setting::Known), 1 => Just(Setting::Unknown("?".to_owned()))];
    (when, prop::bool::weighted(0.25), -2..DAYS + 2, prop::option::of(0..DAYS), setting).prop_map(
        move |(when, otherwise, from, length, value)| Row {
            when: dimensions.iter().zip(when).filter_map(|(dimension, it)| Some((*dimension, it?))).collect(),
            otherwise,
            from: day(if from > 3 { from } else { -2 }),
            to: length.map(|length| day(from + length)),
            value,
            source: 0,
            article: None,
            note: None,
            reason: None,
            span: Span::default(),
        },
    )
}

fn table<V>(rows: Vec<Row<V>>) -> Table<V> {
    Table { path: "table".to_owned(), label: String::new(), rows, span: Span::default() }
}

fn matching<'t, V>(table: &'t Table<V>, facts: &Facts, at: Date) -> Vec<(usize, &'t Row<V>)> {
    let holds = |row: &Row<V>| {
        row.in_force(at)
            && row
                .when
                .iter()
                .all(|(dimension, it)| facts.get(*dimension).is_some_and(|value| it.allows(value)))
    };
    let rows: Vec<_> = table.rows.iter().enumerate().filter(|(_, row)| holds(row)).collect();
    let plain: Vec<_> = rows.iter().copied().filter(|(_, row)| !row.otherwise).collect();
    if plain.is_empty() { rows } else { plain }
}

fn alike<V: PartialEq>(left: &Setting<V>, right: &Setting<V>) -> bool {
    left == right || matches!((left, right), (Setting::Unknown(_), Setting::Unknown(_)))
}

/// Whether some point has no row, and whether some point has two values.
fn look_everywhere(table: &Table<u8>, bounds: Option<&Table<Vec<Fen>>>, domain: &Domain) -> (bool, bool) {
    let (mut gap, mut conflict) = (false, false);
    let allowed = |dimension, value| domain.get(&dimension).is_none_or(|it: &Constraint| it.allows(value));
    for at in (0..DAYS).map(day) {
        for (level, age, condition) in (0..6).flat_map(|level| {
            (0..14).flat_map(move |age| (0..3).map(move |condition| (level, age, condition)))
        }) {
            if !allowed(Dimension::Level, level) || !allowed(Dimension::Age, age) {
                continue;
            }
            let facts = Facts::default()
                .with(Dimension::Level, level)
                .with(Dimension::Age, age)
                .with(Dimension::Condition, condition);
            let bands = bounds.map_or(1, |bounds| {
                let serving = matching(bounds, &facts, at);
                let lengths = serving.iter().filter_map(|(_, row)| match &row.value {
                    Setting::Known(bounds) => Some(bounds.len() as i64 + 1),
                    Setting::Unknown(_) => None,
                });
                lengths.max().unwrap_or(1)
            });
            for band in 1..=bands {
                let rows = matching(table, &facts.clone().with(Dimension::Band, band), at);
                gap |= rows.is_empty();
                conflict |= rows.iter().any(|(_, row)| !alike(&row.value, &rows[0].1.value));
            }
        }
    }
    (gap, conflict)
}

fn verdict(findings: &Findings) -> (bool, bool) {
    assert!(!findings.too_many);
    (findings.gap.is_some() || findings.date_gap.is_some(), !findings.conflicts.is_empty())
}

/// The counterexamples must be real: no row at the gap, two values at the conflict.
fn confirm(table: &Table<u8>, findings: &Findings) {
    let facts = |witness: &super::proof::Witness| {
        witness
            .complete
            .iter()
            .fold(Facts::default(), |facts, (dimension, value)| facts.with(*dimension, *value))
    };
    for witness in findings.gap.iter().chain(&findings.date_gap) {
        assert!(matching(table, &facts(witness), witness.day).is_empty(), "{witness:?}");
    }
    for ((first, second), witness) in &findings.conflicts {
        let serving: Vec<_> =
            matching(table, &facts(witness), witness.day).into_iter().map(|(row, _)| row).collect();
        assert!(serving.contains(first) && serving.contains(second), "{witness:?} {serving:?}");
    }
}

const PLAIN: &[Dimension] = &[Dimension::Level, Dimension::Condition, Dimension::Age];
const BANDED: &[Dimension] = &[Dimension::Level, Dimension::Band, Dimension::Age];
const OF_BOUNDS: &[Dimension] = &[Dimension::Level, Dimension::Age];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn the_verdict_is_that_of_brute_force(
        rows in prop::collection::vec(row(PLAIN, (0_u8..2).boxed()), 0..7),
        level in prop::option::of(1_u64..64),
        age in prop::option::of((0_i64..12, 0_i64..12)),
    ) {
        let table = table(rows);
        let mut domain = Domain::new();
        domain.extend(level.map(|mask| (Dimension::Level, Constraint::OneOf(mask))));
        domain.extend(age.map(|(low, more)| (Dimension::Age, Constraint::Between { low, high: low + more })));
        let names = ["none", "a", "b"].map(str::to_owned).to_vec();
        let values = OpenValues::from([(Dimension::Condition, names)]);
        let region = Region::new(&domain, day(0), Some(day(DAYS - 1)), &values);
        let findings = prove(&table, &region, None);
        prop_assert_eq!(verdict(&findings), look_everywhere(&table, None, &domain));
        confirm(&table, &findings);
    }

    #[test]
    fn bands_are_those_of_the_bounds_that_serve(
        rows in prop::collection::vec(row(BANDED, (0_u8..2).boxed()), 0..7),
        bounds in prop::collection::vec(row(OF_BOUNDS, (0_usize..4).prop_map(|many| vec![Fen::ZERO; many]).boxed()), 0..4),
    ) {
        let (table, bounds) = (table(rows), table(bounds));
        let values = OpenValues::new();
        let domain = Domain::new();
        let region = Region::new(&domain, day(0), Some(day(DAYS - 1)), &values);
        let findings = prove(&table, &region, Some(&bounds));
        let by_band = table.rows.iter().any(|row| row.when.iter().any(|(dimension, _)| *dimension == Dimension::Band));
        let expected = look_everywhere(&table, by_band.then_some(&bounds), &domain);
        prop_assert_eq!(verdict(&findings), expected);
        confirm(&table, &findings);
    }

    #[test]
    fn a_dead_row_never_serves(rows in prop::collection::vec(row(PLAIN, (0_u8..2).boxed()), 1..5), level in 1_u64..64) {
        let table = table(rows);
        let domain = Domain::from([(Dimension::Level, Constraint::OneOf(level))]);
        let values = OpenValues::new();
        let region = Region::new(&domain, day(0), Some(day(DAYS - 1)), &values);
        let dead: Vec<_> = prove(&table, &region, None).dead.into_iter().map(|(row, _)| row).collect();
        for (number, row) in table.rows.iter().enumerate() {
            let reachable = (0..DAYS).any(|at| row.in_force(day(at)))
                && row.when.iter().all(|(dimension, it)| match dimension {
                    Dimension::Level => (0..6).any(|value| it.allows(value) && level >> value & 1 == 1),
                    Dimension::Condition => it.allows(0),
                    _ => (0..=150).any(|value| it.allows(value)),
                });
            prop_assert_eq!(dead.contains(&number), !reachable);
        }
    }
}

#[test]
fn too_many_combinations_are_said_to_be_too_many() {
    let dimensions =
        [Dimension::Age, Dimension::YearsTotal, Dimension::YearsLocalPaid, Dimension::YearsContinuous];
    let rows = (0..80_i64).map(|number| {
        let when = dimensions.iter().enumerate().map(|(axis, dimension)| {
            let low = (number * [7, 11, 13, 17][axis]) % 80;
            (*dimension, Constraint::Between { low, high: low + 20 })
        });
        Row {
            when: when.collect(),
            otherwise: false,
            from: day(0),
            to: None,
            value: Setting::Known(1),
            source: 0,
            article: None,
            note: None,
            reason: None,
            span: Span::default(),
        }
    });
    let table = table(rows.collect());
    let (values, domain) = (OpenValues::new(), Domain::new());
    let region = Region::new(&domain, day(0), None, &values);
    let findings = prove(&table, &region, None);
    assert!(findings.too_many);
    let told = super::report::proof_diagnostics(&table_of_rates(&table), &region, &findings, &[]);
    assert!(told.iter().any(|it| it.code == crate::Code::LimitExceeded));
}

/// The same conditions over a kind of value that has words.
fn table_of_rates(from: &Table<u8>) -> Table<gongji_money::Rate> {
    let rows = from.rows.iter().map(|row| Row {
        when: row.when.clone(),
        otherwise: row.otherwise,
        from: row.from,
        to: row.to,
        value: Setting::Known(gongji_money::Rate::ZERO),
        source: row.source,
        article: None,
        note: None,
        reason: None,
        span: row.span.clone(),
    });
    Table { path: from.path.clone(), label: String::new(), rows: rows.collect(), span: from.span.clone() }
}
