//! Parameters in words, differences, and changed packs.

#![expect(clippy::unwrap_used, reason = "a test stops where its premises fail")]

mod common;
#[path = "common/sample.rs"]
mod sample;

use std::collections::BTreeSet;

use common::all_packs;
use gongji_policy::view::{AnyTable, diff, diff_dates, mutations, parameters, visit_tables};
use gongji_policy::{Code, Severity, check_pack};
use jiff::civil::date;
use sample::pack;

const EMPLOYEE: &str = r#"
[scheme]
label = "职工医保"
rounding = "half_up_fen"

[domain]
category = ["employed", "retired"]

[values]
item_class = ["bed"]

[catalogue.covered]
source = "early"
from = "2020-01-01"
value = true
[catalogue.upfront]
source = "early"
from = "2020-01-01"
rows = [ { class = "B", value = "10%" }, { otherwise = true, value = "0%" } ]
[catalogue.price_cap]
source = "early"
from = "2020-01-01"
rows = [ { item_class = "bed", value = 50 }, { otherwise = true, value = "not_applied" } ]

[layer.own_account]
label = "个人账户"
kind = "purse"
payer = "carried_over"
purse = "carried_over"
base = ["own_share", "deductible"]

[layer.own_account.applies]
source = "early"
from = "2020-01-01"
rows = [
  { category = "retired", value = true },
  { category = "employed", unknown = "原文未列" },
]

[benefit.inpatient]
label = "住院"
care_types = ["inpatient"]
from = "2020-01-01"
source = "early"
stack = ["pool", "own_account"]

[benefit.inpatient.layer.pool]
label = "统筹基金"
payer = "pooled_fund"
base = ["in_scope"]

[benefit.inpatient.layer.pool.deductible]
label = "起付标准"
value = { index = "average_wage", rate = "1%", rounding = "truncate_yuan" }

[benefit.inpatient.layer.pool.bands]
axis = "gross"
bound = "included"
value = [10000, 50000]

[benefit.inpatient.layer.pool.ratio]
rows = [
  { age = "70..", level = ["1", "2"], value = "92.5%", article = "第九条", note = "另一说 92%" },
  { otherwise = true, to = "2022-12-31", value = "80%" },
  { otherwise = true, from = "2023-01-01", value = "85%", source = "late" },
]

[benefit.outpatient]
label = "普通门诊"
care_types = ["outpatient"]
from = "2021-01-01"
source = "early"
stack = ["pool", "own_account"]

[benefit.outpatient.layer.pool]
label = "统筹基金"
payer = "pooled_fund"
base = ["in_scope"]

[benefit.outpatient.layer.pool.ratio]
value = "50%"
"#;

#[test]
fn every_parameter_in_words() {
    let mut text = String::new();
    for parameter in parameters(&pack(EMPLOYEE)) {
        text.push_str(&format!("{} [{}]\n", parameter.label, parameter.path));
        for row in &parameter.rows {
            text.push_str(&format!("  {} | {} | {}", row.conditions, row.interval(), row.value));
            text.push_str(&format!(" | {} {}", row.source, row.grade.label()));
            for remark in [&row.article, &row.note].into_iter().flatten() {
                text.push_str(&format!(" | {remark}"));
            }
            text.push('\n');
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn a_pack_differs_from_itself_in_nothing() {
    for pack in all_packs() {
        assert_eq!(diff(&pack, &pack), Vec::new());
    }
}

#[test]
fn packs_side_by_side() {
    let left = pack(EMPLOYEE);
    let changed = EMPLOYEE.replace("value = \"50%\"", "value = \"55%\"").replace(
        "{ class = \"B\", value = \"10%\" }",
        "{ class = \"B\", value = \"10%\", source = \"late\" }, { class = \"C\", value = \"100%\" }",
    );
    let found = diff(&left, &pack(&changed));
    let paths: Vec<_> = found.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(paths, ["employee.catalogue.upfront", "employee.benefit.outpatient.layer.pool.ratio"]);
    // Another source alone is no difference.
    assert_eq!(found[0].rows.len(), 1);
    assert_eq!(found[0].rows[0].left, None);
    assert_eq!(found[0].rows[0].right.as_ref().unwrap().conditions, "目录类别：丙类");
    let [row] = found[1].rows.as_slice() else { panic!("{:#?}", found[1].rows) };
    let values = (row.left.as_ref().unwrap().value.as_str(), row.right.as_ref().unwrap().value.as_str());
    assert_eq!(values, ("50%", "55%"));
}

#[test]
fn days_side_by_side() {
    let pack = pack(EMPLOYEE);
    assert_eq!(diff_dates(&pack, date(2021, 5, 1), date(2022, 5, 1)), Vec::new());
    let found = diff_dates(&pack, date(2022, 12, 31), date(2023, 1, 1));
    let shown: Vec<_> = found
        .iter()
        .map(|it| {
            let [row] = it.rows.as_slice() else { panic!("{:#?}", it.rows) };
            let value = |row: &Option<gongji_policy::view::RowView>| row.as_ref().unwrap().value.clone();
            (it.label.as_str(), value(&row.left), value(&row.right))
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("职工平均工资", "60,000.00 元".to_owned(), "72,000.00 元".to_owned()),
            ("职工医保 · 住院 · 统筹基金 · 支付比例", "80%".to_owned(), "85%".to_owned()),
        ]
    );
    // Before its benefit, a parameter is not there.
    let found = diff_dates(&pack, date(2020, 12, 31), date(2021, 1, 1));
    let paths: Vec<_> = found.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(paths, ["employee.benefit.outpatient.layer.pool.ratio"]);
}

#[test]
fn every_row_has_a_mutation_and_every_mutation_changes_its_row_alone() {
    let pack = pack(EMPLOYEE);
    let all = mutations(&pack);
    let mut rows = BTreeSet::new();
    for view in parameters(&pack) {
        rows.extend((0..view.rows.len()).map(|row| (view.path.clone(), row)));
    }
    let touched: BTreeSet<_> = all.iter().map(|it| (it.path.clone(), it.row)).collect();
    assert_eq!(touched, rows);
    for mutation in &all {
        let changed = mutation.apply(&pack);
        let found = diff(&pack, &changed);
        let paths: Vec<_> = found.iter().map(|it| it.path.as_str()).collect();
        assert_eq!(paths, [mutation.path.as_str()], "{}", mutation.change);
        assert_eq!(found[0].rows.len(), 1, "{}", mutation.change);
    }
    let ratio: Vec<_> = all
        .iter()
        .filter(|it| it.path.ends_with("inpatient.layer.pool.ratio"))
        .map(|it| (it.conditions.as_str(), it.change.as_str()))
        .collect();
    assert_eq!(ratio[0], ("机构级别：一级、二级；年龄：70 岁及以上", "92.5% → 91.5%"));
    assert_eq!(ratio[1].1, "92.5% → 93.5%");
}

#[test]
fn a_shared_row_is_changed_wherever_it_stands() {
    let pack = pack(EMPLOYEE);
    let mutation = mutations(&pack).into_iter().find(|it| it.path.ends_with("own_account.applies")).unwrap();
    let changed = mutation.apply(&pack);
    let mut flags = Vec::new();
    visit_tables(&changed, |_, table| {
        if let AnyTable::Flag(table) = table
            && table.path.ends_with("own_account.applies")
        {
            flags.push(table.rows[0].value.clone());
        }
    });
    assert_eq!(flags, [gongji_policy::Setting::Known(false), gongji_policy::Setting::Known(false)]);
}

#[test]
fn mutations_of_every_pack_keep_its_tables_complete() {
    // A changed value may lead out of bounds or into a difference between rows; it never opens a gap.
    for pack in &all_packs() {
        for mutation in mutations(pack).into_iter().step_by(17) {
            let changed = mutation.apply(pack);
            assert!(changed != *pack, "{} {}", mutation.path, mutation.change);
            let found = check_pack(&changed, None);
            let gap = found.iter().find(|it| {
                it.code.severity() == Severity::Error
                    && matches!(it.code, Code::Gap | Code::DateGap | Code::OutsideDomain)
            });
            assert!(gap.is_none(), "{} {}: {gap:#?}", mutation.path, mutation.change);
        }
    }
}

#[test]
fn every_pack_of_the_repository_is_sound() {
    for pack in all_packs() {
        let found = check_pack(&pack, None);
        let errors: Vec<_> = found.iter().filter(|it| it.code.severity() == Severity::Error).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", pack.area.code);
    }
}
