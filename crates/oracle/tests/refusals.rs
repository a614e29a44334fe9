//! Which row serves, and when there is none.

use gongji_money::Fen;
use gongji_oracle::build::*;
use gongji_oracle::{Balances, BillInput, Refusal, adjudicate};
use gongji_policy::{
    AmountRule, BandAxis, Constraint, Dimension, Facts, Payer, Portion, Row, Setting, Table,
};
use jiff::civil::date;

const NONE: i64 = 0;
const EXTREME: i64 = 1;

fn is(dimension: Dimension, choice: i64) -> (Dimension, Constraint) {
    (dimension, Constraint::OneOf(1 << choice))
}

fn otherwise<V>(row: Row<V>) -> Row<V> {
    Row { otherwise: true, ..row }
}

/// The deductible taken in fen from a bill of 1,000 yuan under this table.
fn taken(table: Table<AmountRule>, facts: Facts) -> Result<i64, Refusal> {
    let mut pool = ratio(percent(50));
    pool.deductible = Some(deductible(table));
    let mut pack = pack(scheme(
        Vec::new(),
        benefit(vec![ratio_layer("pool", Payer::PooledFund, &[Portion::InScope], pool)]),
    ));
    let domain = &mut pack.schemes[0].benefits[0].domain;
    domain.insert(Dimension::Age, Constraint::Between { low: 18, high: i64::MAX });
    let bill = BillInput {
        facts,
        law_date: date(2024, 5, 1),
        non_covered: Fen::ZERO,
        over_limit_price: Fen::ZERO,
        upfront_self_pay: Fen::ZERO,
        in_scope: vec![Fen::new(100_000)],
        stay_days: 1,
    };
    let scheme = &pack.schemes[0];
    let outcome = adjudicate(&pack, scheme, &scheme.benefits[0], &bill, &mut [], &mut Balances::default())?;
    Ok(outcome.tags[0].deductible)
}

fn aided() -> Table<AmountRule> {
    table(
        "deductible",
        vec![
            otherwise(row(Vec::new(), yuan(300))),
            row(vec![is(Dimension::Aid, EXTREME)], yuan(0)),
            otherwise(row(vec![is(Dimension::Aid, EXTREME), is(Dimension::Level, 3)], yuan(50))),
        ],
    )
}

#[test]
fn otherwise_serves_what_no_other_row_serves() {
    assert_eq!(taken(aided(), Facts::default().with(Dimension::Aid, EXTREME)), Ok(0));
    assert_eq!(
        taken(aided(), Facts::default().with(Dimension::Aid, NONE).with(Dimension::Level, 3)),
        Ok(30_000)
    );
}

#[test]
fn an_unanswered_question_is_an_error_only_where_it_matters() {
    let needs = |dimension| Err(Refusal::NeedsAnswer { dimension, path: "deductible".to_owned() });
    assert_eq!(taken(aided(), Facts::default()), needs(Dimension::Aid));
    let level = |choice, amount| row(vec![is(Dimension::Level, choice)], yuan(amount));
    let rest = || otherwise(row(Vec::new(), yuan(100)));
    assert_eq!(taken(table("deductible", vec![level(1, 100), rest()]), Facts::default()), Ok(10_000));
    let differs = taken(table("deductible", vec![level(1, 200), rest()]), Facts::default());
    assert_eq!(differs, needs(Dimension::Level));
    // The domain leaves nobody under 18, and rows for all six levels leave nothing to the rest.
    let young = row(vec![(Dimension::Age, Constraint::Between { low: i64::MIN, high: 17 })], yuan(0));
    assert_eq!(taken(table("deductible", vec![young.clone(), rest()]), Facts::default()), Ok(10_000));
    let all = row(vec![(Dimension::Level, Constraint::OneOf(0b11_1111))], yuan(250));
    assert_eq!(taken(table("deductible", vec![all, rest()]), Facts::default()), Ok(25_000));
}

#[test]
fn unknown_values_and_gaps_refuse() {
    let unknown = Row { value: Setting::Unknown("未公布".to_owned()), ..row(Vec::new(), yuan(0)) };
    let refused = Err(Refusal::Unknown { reason: "未公布".to_owned(), path: "deductible".to_owned() });
    assert_eq!(taken(table("deductible", vec![unknown]), Facts::default()), refused);
    let no_rule = Err(Refusal::NoRule { path: "deductible".to_owned() });
    let ended = Row { to: Some(date(2024, 4, 30)), ..row(Vec::new(), yuan(0)) };
    assert_eq!(taken(table("deductible", vec![ended]), Facts::default()), no_rule);
    let begins = Row { from: date(2024, 5, 1), ..row(Vec::new(), yuan(7)) };
    assert_eq!(taken(table("deductible", vec![begins]), Facts::default()), Ok(700));
}

#[test]
fn only_bands_that_hold_money_are_read() {
    let mut shares = by_band(&[50, 80]);
    shares.rows[1].value = Setting::Unknown("未公布".to_owned());
    let mut pool = ratio(shares);
    pool.bands = Some(bands(BandAxis::Net, &[1_000]));
    let pack = pack(scheme(
        Vec::new(),
        benefit(vec![ratio_layer("pool", Payer::PooledFund, &[Portion::InScope], pool)]),
    ));
    let fold = |fen: i64| {
        let bill = BillInput {
            facts: Facts::default(),
            law_date: date(2024, 5, 1),
            non_covered: Fen::ZERO,
            over_limit_price: Fen::ZERO,
            upfront_self_pay: Fen::ZERO,
            in_scope: vec![Fen::new(fen)],
            stay_days: 1,
        };
        let scheme = &pack.schemes[0];
        adjudicate(&pack, scheme, &scheme.benefits[0], &bill, &mut [], &mut Balances::default())
    };
    assert_eq!(fold(100_000).map(|outcome| outcome.paid), Ok(vec![50_000]));
    assert!(matches!(fold(100_001), Err(Refusal::Unknown { .. })));
}
