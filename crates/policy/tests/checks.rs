//! Checks that texts cannot reach, because the reader refuses first, and what they must let pass.

#![expect(clippy::unwrap_used, reason = "a test stops where its premises fail")]

#[path = "common/sample.rs"]
mod sample;

use gongji_policy::{
    AmountAdjust, AmountChange, AmountRule, Code, Deductible, LayerKind, Pack, RatioLayer, Setting,
    check_pack, day_of_number,
};
use jiff::civil::date;
use sample::pack;

const EMPLOYEE: &str = r#"
[scheme]
label = "职工医保"
rounding = "half_up_fen"

[counter.admissions]
label = "住院次数"
period = "year"

[layer.own_account]
label = "个人账户"
kind = "purse"
payer = "carried_over"
purse = "carried_over"
base = ["deductible", "own_share"]

[layer.own_account.applies]
source = "early"
from = "2020-01-01"
rows = [
  { care_type = "inpatient", value = true },
  { care_type = "outpatient", value = false },
  { otherwise = true, value = true },
]

[benefit.inpatient]
label = "住院"
care_types = ["inpatient"]
from = "2020-01-01"
source = "early"
stack = ["current_year", "pool", "own_account"]

[benefit.inpatient.layer.current_year]
label = "当年账户"
kind = "purse"
payer = "current_year"
purse = "current_year"
base = ["in_scope"]

[benefit.inpatient.layer.pool]
payer = "pooled_fund"
base = ["in_scope"]

[benefit.inpatient.layer.pool.deductible]
value = { index = "average_wage", rate = "1%", rounding = "truncate_yuan" }

[benefit.inpatient.layer.pool.ratio]
value = "85%"

[benefit.outpatient]
label = "普通门诊"
care_types = ["outpatient"]
from = "2020-01-01"
source = "early"
stack = ["pool", "own_account"]

[benefit.outpatient.layer.pool]
payer = "pooled_fund"
base = ["in_scope"]

[benefit.outpatient.layer.pool.ratio]
value = "50%"
"#;

fn pool(pack: &mut Pack) -> &mut RatioLayer {
    match &mut pack.schemes[0].benefits[0].layers[1].kind {
        LayerKind::Ratio(layer) => layer,
        _ => unreachable!(),
    }
}

fn deductible(pack: &mut Pack) -> &mut Deductible {
    pool(pack).deductible.as_mut().unwrap()
}

fn codes(pack: &Pack) -> Vec<Code> {
    check_pack(pack, None).iter().map(|it| it.code).collect()
}

#[test]
fn a_row_of_a_shared_layer_lives_where_one_benefit_uses_it() {
    // Each benefit alone would call a row dead; an account may stand before the opener.
    assert_eq!(codes(&pack(EMPLOYEE)), []);
}

#[test]
fn a_row_that_no_benefit_uses_is_told_once() {
    let mut pack = pack(EMPLOYEE);
    pack.schemes[0].benefits.remove(0);
    let same = pack.schemes[0].benefits[0].clone();
    pack.schemes[0].benefits.push(same);
    pack.schemes[0].benefits[1].care_types = vec![1];
    let found: Vec<_> =
        check_pack(&pack, None).into_iter().filter(|it| it.code == Code::OutsideDomain).collect();
    let [one] = found.as_slice() else { panic!("{found:#?}") };
    assert!(one.notes[0].contains("care_type"), "{:?}", one.notes);
}

#[test]
fn a_deductible_without_limit_is_refused() {
    let mut pack = pack(EMPLOYEE);
    for amount in [AmountRule::Unlimited, AmountRule::NotApplied] {
        deductible(&mut pack).amount.rows[0].value = Setting::Known(amount);
        assert_eq!(codes(&pack), [Code::BadAmount]);
    }
}

#[test]
fn an_adjustment_that_depends_on_the_bill_is_refused() {
    let mut pack = pack(EMPLOYEE);
    let mut amount = deductible(&mut pack).amount.clone();
    let change = |amount| AmountAdjust { label: "减收".to_owned(), change: AmountChange::Plus(amount) };
    amount.rows[0].value = Setting::Known(AmountRule::NotApplied);
    deductible(&mut pack).adjust = vec![change(amount.clone())];
    assert_eq!(codes(&pack), []);
    let measure = gongji_policy::BillMeasure::Total;
    amount.rows[0].value = Setting::Known(AmountRule::Steps { measure, steps: Vec::new() });
    deductible(&mut pack).adjust = vec![change(amount)];
    assert_eq!(codes(&pack), [Code::BadAmount]);
}

#[test]
fn an_index_must_be_an_amount() {
    let mut pack = pack(EMPLOYEE);
    pack.indices[0].rows[0].value = Setting::Known(AmountRule::Unlimited);
    assert_eq!(codes(&pack), [Code::BadAmount]);
}

#[test]
fn an_index_that_ends_too_early_is_told_with_the_row_that_asks() {
    let mut pack = pack(EMPLOYEE);
    pack.indices[0].rows.pop();
    let found = check_pack(&pack, None);
    let [one] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!(one.code, Code::DateGap);
    assert_eq!(one.notes, ["例如：2023-01-01"]);
    assert!(one.secondary.iter().any(|(_, label)| label.contains("要用这个指标")));
    // Nobody asks on days after the row's own.
    deductible(&mut pack).amount.rows[0].to = day_of_number(19_357);
    assert_eq!(deductible(&mut pack).amount.rows[0].to, Some(date(2022, 12, 31)));
    let found = check_pack(&pack, None);
    assert!(found.iter().all(|it| it.message.contains("deductible")), "{found:#?}");
}

#[test]
fn only_year_end_takes_its_amount_from_counters() {
    let mut pack = pack(EMPLOYEE);
    pack.schemes[0].benefits[0].in_scope_from = vec![0];
    assert_eq!(codes(&pack), [Code::CounterMismatch]);
    pack.schemes[0].benefits[0].in_scope_from.clear();
    pack.schemes[0].benefits[1].care_types = vec![11];
    pack.schemes[0].benefits[1].in_scope_from = vec![0];
    assert!(!codes(&pack).contains(&Code::CounterMismatch));
    // A count of admissions is no amount.
    pack.schemes[0].benefits[0].admissions = Some(0);
    assert!(codes(&pack).contains(&Code::CounterMismatch));
}

#[test]
fn staleness_counts_from_the_day_given() {
    let pack = pack(EMPLOYEE);
    let stale = |day| check_pack(&pack, Some(day)).iter().filter(|it| it.code == Code::Stale).count();
    // 400 days after the last look, and one more: the area and its three sources.
    assert_eq!(stale(date(2027, 12, 6)), 0);
    assert_eq!(stale(date(2027, 12, 7)), 4);
}
