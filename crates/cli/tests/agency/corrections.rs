//! A retroactive change of rules on the command line, from other rules to the audit, over a file and over a database.

use std::fs;
use std::path::{Path, PathBuf};

use gongji_store::testing::temporary_postgres;

use crate::kit::{Areas, Books, first_word};

/// The invented areas with another share of outpatient care from March on.
fn changed(into: &Path) -> PathBuf {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/agency");
    let to = into.join("changed");
    for area in fs::read_dir(&from).expect("areas") {
        let area = area.expect("an area").path();
        let folder = to.join(area.file_name().expect("a name"));
        fs::create_dir_all(&folder).expect("a folder");
        for file in fs::read_dir(&area).expect("files") {
            let file = file.expect("a file").path();
            let mut text = fs::read_to_string(&file).expect("a text");
            let sixty =
                "{ category = \"retired\", value = \"70%\" },\n  { otherwise = true, value = \"60%\" },";
            if file.ends_with("990301-yunjiang/employee.toml") {
                assert!(text.contains(sixty));
                text = text.replace(sixty, "{ category = \"retired\", value = \"70%\" },\n  { otherwise = true, to = \"2026-02-28\", value = \"60%\" },\n  { otherwise = true, from = \"2026-03-01\", value = \"70%\" },");
            }
            fs::write(folder.join(file.file_name().expect("a name")), text).expect("written");
        }
    }
    to
}

const SETUP: &str = r#"
{"kind":"register_person","key":"1","area":"990301","name":"王小明","certificate":{"kind":"passport","number":"E12345678"},"sex":"female","birth_date":"1980-02-03"}
{"kind":"register_institution","key":"2","id":"H1","name":"云江示例医院","area":"990301","facts":{"level":"2","facility_type":"hospital"},"from":"2020-01-01"}
"#;

fn told(books: &Books, place: &[(&str, &str)]) {
    let changed = changed(books.folder());
    let changed = changed.to_str().expect("a path");
    let ok = |rules: Option<&str>, arguments: &[&str], input: &str| {
        let mut variables = place.to_vec();
        variables.extend(rules.map(|rules| ("GONGJI_POLICIES", rules)));
        let told = books.run_with(arguments, input, &variables);
        assert!(told.starts_with("exit 0"), "{arguments:?}: {told}");
        told
    };
    let set_up = ok(None, &["book", "--lines", "-"], SETUP.trim_start());
    let person = first_word(set_up.split("\"person\"").nth(1).expect("a person"), 'P');
    let enrol = format!(
        r#"{{"person":"{person}","area":"990301","scheme":"employee","from":"2020-01-01","facts":{{"category":"employed"}},"reason":"新参保"}}"#
    );
    ok(None, &["book", "enrol"], &enrol);
    let bill = format!(
        r#"{{"visit":{{"person":"{person}","institution":"H1","care_type":"outpatient","date":"2026-03-10"}},"charges":{{"total":"700.00"}}}}"#
    );
    ok(None, &["book", "settle_at_once"], &bill);
    let found = ok(
        Some(changed),
        &[
            "correction",
            "find",
            "--area",
            "990301",
            "--from",
            "2026-03-01",
            "--reason",
            "示例文件追溯",
            "--as",
            "经办甲",
        ],
        "",
    );
    assert!(found.contains("重算 1 笔，其中 1 笔不同") && found.contains("退给个人 50.00"), "{found}");
    let batch = first_word(&found, 'K');
    let same = books.run_with(
        &["correction", "release", &batch, "--as", "经办甲"],
        "",
        &[place, &[("GONGJI_POLICIES", changed)]].concat(),
    );
    assert!(same.starts_with("exit 2") && same.contains("不能复核自己经办的业务"), "{same}");
    let released = ok(Some(changed), &["correction", "release", &batch, "--as", "复核乙"], "");
    assert!(released.contains("放行 1 笔，未放行 0 笔"), "{released}");
    let lines = ok(Some(changed), &["correction", "lines", &batch], "");
    assert!(lines.contains("统筹基金 +50.00") && lines.contains("放行为 S"), "{lines}");
    let listed = ok(Some(changed), &["correction", "list", "--area", "990301"], "");
    assert!(listed.contains("已放行"), "{listed}");
    let again = ok(Some(changed), &["correction", "release", &batch, "--as", "复核乙"], "");
    assert!(again.contains("先前已经办完"), "{again}");
    let taken_back =
        ok(Some(changed), &["correction", "cancel", &batch, "--reason", "文件撤销", "--as", "复核乙"], "");
    assert!(taken_back.contains("恢复 1 笔，未恢复 0 笔"), "{taken_back}");
    let audited = ok(None, &["audit"], "");
    assert!(audited.contains("核对无误") && audited.contains("1 笔有效结算"), "{audited}");
}

#[test]
fn a_retroactive_change_in_a_file() {
    let books = Books::with_areas_of(Areas::Agency);
    told(&books, &[("GONGJI_DATA", "books")]);
}

#[test]
fn a_retroactive_change_in_a_database() {
    if let Some(database) = temporary_postgres().expect("a server") {
        let books = Books::with_areas_of(Areas::Agency);
        told(&books, &[("GONGJI_STORE", database.url())]);
    }
}

#[test]
fn a_claim_is_shown_with_its_account_masked() {
    let books = Books::with_areas_of(Areas::Agency);
    let ok = |arguments: &[&str], input: &str| {
        let told = books.run(arguments, input);
        assert!(told.starts_with("exit 0"), "{arguments:?}: {told}");
        told
    };
    let set_up = ok(&["book", "--lines", "-"], SETUP.trim_start());
    let person = first_word(set_up.split("\"person\"").nth(1).expect("a person"), 'P');
    let enrol = format!(
        r#"{{"person":"{person}","area":"990301","scheme":"employee","from":"2020-01-01","facts":{{"category":"employed"}},"reason":"新参保"}}"#
    );
    ok(&["book", "enrol"], &enrol);
    let items = r#"{"area":"990301","items":[{"code":"A1","name":"甲类药","kind":"drug","class":"A","from":"2020-01-01"}]}"#;
    ok(&["book", "put_items"], items);
    let submit = format!(
        r#"{{"person":"{person}","institution":{{"name":"某市人民医院","area":"991100"}},"care_type":"outpatient","date":"2026-03-05","lines":[{{"code":"A1","name":"甲类药","quantity":"5","unit_price":"100.00","amount":"500.00"}}],"documents":[{{"kind":"invoice","no":"Q-1","amount":"500.00"}}]}}"#
    );
    let submitted = ok(&["book", "submit_claim", "--as", "经办甲"], &submit);
    let claim = first_word(submitted.split("\"claim\"").nth(1).expect("a claim"), 'R');
    let decide = format!(r#"{{"claim":"{claim}","lines":[{{"line":1,"verdict":"accept"}}]}}"#);
    ok(&["book", "decide_claim_lines", "--as", "经办甲"], &decide);
    let one = format!(r#"{{"claim":"{claim}"}}"#);
    ok(&["book", "report_claim", "--as", "经办甲"], &one);
    let same = books.run(&["book", "approve_claim", "--as", "经办甲"], &one);
    assert!(same.starts_with("exit 2") && same.contains("不能复核自己经办的业务"), "{same}");
    let approved = ok(&["book", "approve_claim", "--as", "复核乙"], &one);
    let settlement = first_word(approved.split("\"id\"").nth(1).expect("a settlement"), 'S');
    let pay = format!(
        r#"{{"person":"{person}","area":"990301","claim":"{claim}","to":{{"bank":{{"holder":"王小明","bank":"示例银行","number":"6222020000000000000"}}}}}}"#
    );
    let paid = ok(&["book", "pay_person", "--as", "经办甲"], &pay);
    assert!(!paid.contains("6222020000000000000"), "{paid}");
    let shown = ok(&["claim", "show", &claim], "");
    assert!(shown.contains("622************0000") && !shown.contains("6222020000000000000"), "{shown}");
    assert!(shown.contains("已支付") && shown.contains("报销复核通过"), "{shown}");
    let listed = ok(&["claim", "list", "--area", "990301", "--status", "paid"], "");
    assert!(listed.contains("1 项") && listed.contains("某市人民医院"), "{listed}");
    let explained = ok(&["settlement", "explain", &settlement], "");
    assert!(explained.contains("分毫不差") && explained.contains("某市人民医院"), "{explained}");
    assert!(ok(&["claim", "reasons"], "").contains("应由第三人负担"));
    assert!(ok(&["audit"], "").contains("核对无误"));
}
