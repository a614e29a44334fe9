//! How long the proof of a table of thousands of rows takes: `cargo bench -p gongji-policy --bench check`.

use std::time::Instant;

use gongji_money::{Fen, Rate, Rounding};
use gongji_policy::*;
use jiff::civil::Date;

const FIRST: Date = Date::constant(2020, 1, 1);

fn row<V>(when: Vec<(Dimension, Constraint)>, value: V) -> Row<V> {
    Row {
        when,
        otherwise: false,
        from: FIRST,
        to: None,
        value: Setting::Known(value),
        source: 0,
        article: None,
        note: None,
        reason: None,
        span: Span::default(),
    }
}

fn table<V>(path: &str, rows: Vec<Row<V>>) -> Table<V> {
    Table { path: path.to_owned(), label: String::new(), rows, span: Span::default() }
}

fn pack(ratio: Table<Rate>, values: OpenValues) -> Pack {
    let layer = Layer {
        name: "pool".to_owned(),
        label: "统筹基金".to_owned(),
        payer: Payer::PooledFund,
        field: AnswerField::PooledPaid,
        fund_account: None,
        base: vec![PortionSelector { portion: Portion::InScope, tag: TagSelector::All }],
        applies: None,
        kind: LayerKind::Ratio(Box::new(RatioLayer {
            deductible: None,
            bands: Some(Bands {
                axis: BandAxis::Gross,
                bounds: table("bands", vec![row(Vec::new(), vec![Fen::new(1_000_000), Fen::new(5_000_000)])]),
                bound_included: true,
            }),
            ratio,
            ratio_adjust: Vec::new(),
            caps: Vec::new(),
            rounding: Rounding::HALF_UP_FEN,
            round_each_band: false,
        })),
        adds: Vec::new(),
        span: Span::default(),
    };
    let benefit = Benefit {
        name: "inpatient".to_owned(),
        label: "住院".to_owned(),
        care_types: vec![5],
        from: FIRST,
        to: None,
        source: 0,
        domain: Domain::new(),
        tags: vec!["general".to_owned()],
        admissions: None,
        in_scope_from: Vec::new(),
        layers: vec![layer],
        span: Span::default(),
    };
    let scheme = Scheme {
        name: "employee".to_owned(),
        label: "职工医保".to_owned(),
        values,
        aid_order: Vec::new(),
        domain: Domain::new(),
        counters: Vec::new(),
        benefits: vec![benefit],
        exclusion: None,
        sharing: None,
        catalogue: None,
        parameters: Vec::new(),
    };
    Pack {
        area: Area {
            code: "990000".to_owned(),
            name: "示例市".to_owned(),
            parent: None,
            year_start: YearStart { month: 1, day: 1 },
            law_date: DateRule::Settled,
            year_date: DateRule::Settled,
            last_checked: FIRST,
            notice: None,
            span: Span::default(),
        },
        sources: Vec::new(),
        indices: Vec::new(),
        schemes: vec![scheme],
        files: Vec::new(),
        content_hash: String::new(),
    }
}

/// One row for each point: 8 categories × 6 levels × 3 bands × 7 ages × 5 conditions = 5,040 rows over five dimensions.
fn points() -> (Table<Rate>, OpenValues) {
    let mut rows = Vec::new();
    for category in 0..8 {
        for level in 0..6 {
            for band in 1..=3 {
                for age in 0..7 {
                    for condition in 0..5 {
                        let low = if age == 0 { i64::MIN } else { age * 10 };
                        let high = if age == 6 { i64::MAX } else { age * 10 + 9 };
                        let when = vec![
                            (Dimension::Category, Constraint::OneOf(1 << category)),
                            (Dimension::Level, Constraint::OneOf(1 << level)),
                            (Dimension::Condition, Constraint::OneOf(1 << condition)),
                            (Dimension::Band, Constraint::Between { low: band, high: band }),
                            (Dimension::Age, Constraint::Between { low, high }),
                        ];
                        let percent = 50 + (category + level + age + condition) as i32 + 2 * band as i32;
                        rows.push(row(when, Rate::percent(percent)));
                    }
                }
            }
        }
    }
    let names = ["none", "a", "b", "c", "d"].map(str::to_owned).to_vec();
    (table("points", rows), OpenValues::from([(Dimension::Condition, names)]))
}

/// Nested intervals of age, years and days, 5,000 rows that overlap with one value, and a remainder.
fn overlaps() -> (Table<Rate>, OpenValues) {
    let mut rows: Vec<_> = (0..5_000_i64)
        .map(|number| {
            let when = vec![
                (Dimension::Category, Constraint::OneOf(1 << (number % 8) | 1 << (number / 8 % 8))),
                (Dimension::Level, Constraint::OneOf(1 << (number / 64 % 6))),
                (Dimension::Age, Constraint::Between { low: number % 97, high: number % 97 + 20 }),
                (Dimension::YearsTotal, Constraint::Between { low: number % 31, high: number % 31 + 9 }),
                (Dimension::Place, Constraint::OneOf(1 << (number % 3))),
            ];
            row(when, Rate::percent(80))
        })
        .collect();
    rows.push(Row { otherwise: true, ..row(Vec::new(), Rate::percent(70)) });
    (table("overlaps", rows), OpenValues::new())
}

/// Vintages: 250 intervals of ten days for each of 20 combinations.
fn vintages() -> (Table<Rate>, OpenValues) {
    let first = day_number(FIRST);
    let mut rows = Vec::new();
    for category in 0..4_i64 {
        for level in 0..5_i64 {
            for vintage in 0..250_i64 {
                let when = vec![
                    (Dimension::Category, Constraint::OneOf(0b11 << (2 * category))),
                    (Dimension::Level, Constraint::OneOf(if level == 4 { 0b11_0000 } else { 1 << level })),
                ];
                let mut row = row(when, Rate::percent((50 + vintage % 40) as i32));
                row.from = day_of_number(first + 10 * vintage).unwrap_or(FIRST);
                row.to = if vintage == 249 { None } else { day_of_number(first + 10 * vintage + 9) };
                rows.push(row);
            }
        }
    }
    (table("vintages", rows), OpenValues::new())
}

fn main() {
    for (name, (ratio, values)) in [("points", points()), ("overlaps", overlaps()), ("vintages", vintages())]
    {
        let rows = ratio.rows.len();
        let pack = pack(ratio, values);
        let start = Instant::now();
        let found = check_pack(&pack, None);
        let errors = found.iter().filter(|diagnostic| diagnostic.code.severity() == Severity::Error).count();
        let micros = start.elapsed().as_micros();
        println!("{name:10} {rows:6} rows  {:5}.{} ms  {errors} errors", micros / 1_000, micros / 100 % 10);
        for diagnostic in found.iter().take(2) {
            println!("    {} {} {:?}", diagnostic.code.number(), diagnostic.message, diagnostic.notes);
        }
    }
}
