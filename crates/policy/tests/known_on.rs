//! What people could have known on a day.

#![expect(clippy::unwrap_used, reason = "a test stops where its premises fail")]

mod common;
#[path = "common/sample.rs"]
mod sample;

use common::all_packs;
use gongji_policy::{Pack, Table, known_on};
use jiff::civil::{Date, date};
use sample::pack;

const EMPLOYEE: &str = r#"
[scheme]
label = "职工医保"
rounding = "half_up_fen"

[benefit.inpatient]
label = "住院"
care_types = ["inpatient"]
from = "2020-01-01"
source = "early"
stack = ["pool"]

[benefit.inpatient.layer.pool]
payer = "pooled_fund"
base = ["in_scope"]

[benefit.inpatient.layer.pool.deductible]
rows = [
  { level = "3", to = "2022-12-31", value = 900 },
  { level = ["1", "2"], to = "2022-12-31", value = 500 },
  { level = "special", to = "2022-06-30", value = 1200 },
  { level = "special", from = "2022-07-01", to = "2022-12-31", value = 1100 },
  { level = ["primary", "ungraded"], value = 200 },
  { level = ["1", "2", "3", "special"], from = "2023-01-01", value = 400, source = "late" },
]

[benefit.inpatient.layer.pool.ratio]
rows = [
  { to = "2022-12-31", value = "80%" },
  { from = "2023-01-01", value = "85%", source = "undated" },
]

[benefit.outpatient]
label = "普通门诊"
care_types = ["outpatient", "emergency"]
from = "2020-01-01"
to = "2022-12-31"
source = "early"
stack = ["pool"]

[benefit.outpatient.layer.pool]
payer = "pooled_fund"
base = ["in_scope"]

[benefit.outpatient.layer.pool.ratio]
rows = [
  { to = "2020-12-31", value = "50%" },
  { from = "2021-01-01", value = "55%" },
]

[benefit.outpatient_2023]
label = "普通门诊（共济保障）"
care_types = ["outpatient"]
from = "2023-01-01"
source = "late"
stack = ["pool"]

[benefit.outpatient_2023.layer.pool]
inherit = "employee.benefit.outpatient.layer.pool"

[benefit.outpatient_2023.layer.pool.ratio]
from = "2023-01-01"
to = "9999-12-31"
rows = [ { value = "60%" } ]
"#;

fn deductible(pack: &Pack) -> &Table<gongji_policy::AmountRule> {
    match &pack.schemes[0].benefits[0].layers[0].kind {
        gongji_policy::LayerKind::Ratio(layer) => &layer.deductible.as_ref().unwrap().amount,
        _ => unreachable!(),
    }
}

fn ratio(pack: &Pack, benefit: usize) -> &Table<gongji_money::Rate> {
    match &pack.schemes[0].benefits[benefit].layers[0].kind {
        gongji_policy::LayerKind::Ratio(layer) => &layer.ratio,
        _ => unreachable!(),
    }
}

fn intervals<V>(table: &Table<V>) -> Vec<(Date, Option<Date>)> {
    table.rows.iter().map(|row| (row.from, row.to)).collect()
}

#[test]
fn a_row_goes_on_while_nobody_knows_its_successor() {
    let pack = pack(EMPLOYEE);
    let before = known_on(&pack, date(2022, 12, 14));
    let first = date(2020, 1, 1);
    assert_eq!(
        intervals(deductible(&before)),
        [
            (first, None),
            (first, None),
            // Superseded by a row that was known, not by the hidden one.
            (first, Some(date(2022, 6, 30))),
            (date(2022, 7, 1), None),
            (first, None),
        ]
    );
    let after = known_on(&pack, date(2022, 12, 15));
    assert_eq!(deductible(&after), deductible(&pack));
}

#[test]
fn a_source_without_a_date_is_known_from_the_first_day_in_force() {
    let pack = pack(EMPLOYEE);
    let before = known_on(&pack, date(2022, 12, 31));
    assert_eq!(intervals(ratio(&before, 0)), [(date(2020, 1, 1), None)]);
    let after = known_on(&pack, date(2023, 1, 1));
    assert_eq!(ratio(&after, 0), ratio(&pack, 0));
}

#[test]
fn a_benefit_goes_on_with_its_rows() {
    let pack = pack(EMPLOYEE);
    let before = known_on(&pack, date(2022, 12, 14));
    let benefits = &before.schemes[0].benefits;
    assert_eq!(benefits.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["inpatient", "outpatient"]);
    assert_eq!(benefits[1].to, None);
    assert_eq!(
        intervals(ratio(&before, 1)),
        [(date(2020, 1, 1), Some(date(2020, 12, 31))), (date(2021, 1, 1), None)]
    );
    assert_eq!(known_on(&pack, date(2023, 1, 1)).schemes[0].benefits, pack.schemes[0].benefits);
}

#[test]
fn indices_are_hidden_too() {
    let pack = pack(EMPLOYEE);
    assert_eq!(intervals(&known_on(&pack, date(2022, 1, 1)).indices[0]), [(date(2020, 1, 1), None)]);
}

#[test]
fn before_the_first_source_nothing_is_known() {
    let pack = known_on(&pack(EMPLOYEE), date(2019, 10, 31));
    assert_eq!(pack.schemes[0].benefits, Vec::new());
    assert_eq!(pack.indices[0].rows, Vec::new());
}

#[test]
fn in_the_end_everything_is_known() {
    for pack in all_packs() {
        assert!(known_on(&pack, Date::MAX) == pack, "{}", pack.area.code);
    }
}

#[test]
fn what_is_known_never_conflicts() {
    // What was hidden may leave gaps (then a bill has no rule), never two answers.
    use gongji_policy::{Code, check_pack};
    for pack in all_packs() {
        for year in 2005..2027 {
            for (month, day) in [(1, 1), (6, 15), (12, 31)] {
                let day = date(year, month, day);
                let found = check_pack(&known_on(&pack, day), None);
                let clash = found.iter().find(|it| matches!(it.code, Code::Conflict | Code::DateOverlap));
                assert!(clash.is_none(), "{} {day}: {clash:#?}", pack.area.code);
            }
        }
    }
}
