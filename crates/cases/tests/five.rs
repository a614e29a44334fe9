//! The five questions, over an invented area that has every rule, over the fixtures, and over the shipped packs.

#![expect(clippy::unwrap_used, reason = "a test that meets an error fails")]

use std::collections::BTreeSet;
use std::path::Path;

use gongji_cases::{FiveAnswer, FiveCase, QuoteOptions, five_questions};
use gongji_packs::PackTexts;
use gongji_policy::{Pack, check_pack, read_packs};
use serde_json::{Value, json};

fn packs_of(texts: &PackTexts) -> Vec<Pack> {
    let (packs, findings) = read_packs(&texts.rules);
    assert!(findings.is_empty(), "{findings:#?}");
    packs
}

fn whole() -> Vec<Pack> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/packs");
    packs_of(&PackTexts::from_folder(&root).unwrap())
}

fn answer(packs: &[Pack], asked: &Value) -> FiveAnswer {
    let case = FiveCase::read(&asked.to_string()).unwrap_or_else(|error| panic!("{error}"));
    five_questions(packs, &case, QuoteOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn employed() -> Value {
    json!({
        "person": { "pooling_area": "990301", "scheme": "employee", "category": "employed" },
        "purses": { "current_year": "300.00", "carried_over": "1200.00" },
        "date": "2025-03-05", "age": 45, "wage": "8000.00", "paid_since": "2015-01",
    })
}

fn told(answer: &FiveAnswer) -> String {
    let mut text = String::new();
    for question in &answer.questions {
        text.push_str(&format!("# {}\n{}\n", question.title, question.answer));
        for part in &question.parts {
            let rows: Vec<&str> = part.clauses.iter().map(|clause| clause.rule_id.as_str()).collect();
            text.push_str(&format!(
                "- {} [{}] {}; {}; {} <{}>\n",
                part.name,
                part.label,
                part.value,
                part.sentence,
                part.formula,
                rows.join(" ")
            ));
        }
        for gap in &question.gaps {
            text.push_str(&format!("? {} ({}, {}): {}\n", gap.label, gap.code, gap.field, gap.why));
        }
        for correction in &question.corrections {
            text.push_str(&format!("! {} {}\n", correction.rows.join(" "), correction.sentence));
        }
    }
    text
}

fn value<'a>(answer: &'a FiveAnswer, question: &str, part: &str) -> &'a str {
    let found = answer.question(question).and_then(|question| question.part(part));
    found.map_or_else(|| panic!("no {question}.{part}\n{}", told(answer)), |part| part.value.as_str())
}

#[test]
fn the_invented_area_is_sound() {
    for pack in whole() {
        let findings = check_pack(&pack, None);
        assert!(findings.is_empty(), "{findings:#?}");
    }
}

#[test]
fn at_work() {
    let found = answer(&whole(), &employed());
    // 8,000 × 2% from the person, × 8% from the employer; the account gets the person's part.
    assert_eq!(value(&found, "pool", "person_medical"), "160.00 元");
    assert_eq!(value(&found, "pool", "employer_medical"), "640.00 元");
    assert_eq!(value(&found, "pool", "to_pool"), "640.00 元");
    assert_eq!(value(&found, "account", "credit"), "160.00 元");
    // 45 years: 4% before the reform.
    assert_eq!(value(&found, "account", "credit_before"), "320.00 元");
    // (20,000 − 1,000) × 85%; (3,000 − 500) × 60%.
    assert_eq!(value(&found, "pool", "pool_pays_inpatient"), "16,150.00 元");
    assert_eq!(value(&found, "pool", "pool_pays_outpatient"), "1,500.00 元");
    assert_eq!(value(&found, "balance", "inpatient"), "基金付的一样多");
    assert_eq!(value(&found, "relief", "inpatient_carried_over"), "1,200.00 元");
    // Half of 640 in the months of the reduction.
    assert_eq!(value(&found, "relief", "reduced_2020-02"), "320.00 元");
    insta::assert_snapshot!(told(&found));
}

#[test]
fn retired() {
    let mut asked = employed();
    asked["person"]["category"] = json!("retired");
    asked["age"] = json!(66);
    asked["pension"] = json!("4000.00");
    asked.as_object_mut().unwrap().remove("wage");
    let found = answer(&whole(), &asked);
    assert_eq!(value(&found, "account", "credit"), "95.00 元");
    assert_eq!(value(&found, "account", "credit_before"), "180.00 元");
    assert_eq!(value(&found, "pool", "total"), "0.00 元");
    insta::assert_snapshot!(told(&found));
}

#[test]
fn a_resident_has_no_account() {
    let asked = json!({
        "person": { "pooling_area": "990301", "scheme": "resident", "category": "adult" },
        "purses": { "mutual_aid": [{ "relation": "spouse", "pooling_area": "990301", "carried_over": "3000.00" }] },
        "date": "2025-03-05", "age": 40,
    });
    let found = answer(&whole(), &asked);
    assert_eq!(value(&found, "pool", "person"), "400.00 元");
    assert_eq!(value(&found, "mutual_aid", "relative_1"), "3,000.00 元");
    assert_eq!(value(&found, "mutual_aid", "ratio_unchanged"), "基金付的一样多");
    assert_eq!(value(&found, "relief", "inpatient_relatives"), "3,000.00 元");
    assert!(found.question("account").is_some_and(|question| question.parts.is_empty()));
    insta::assert_snapshot!(told(&found));
}

#[test]
fn before_the_circle_was_widened() {
    let mut asked = employed();
    asked["date"] = json!("2024-07-25");
    let found = answer(&whole(), &asked);
    let question = found.question("mutual_aid").unwrap();
    assert!(question.corrections.iter().any(|correction| correction.rows == ["S1-003"]), "{}", told(&found));
    asked["date"] = json!("2024-07-26");
    let found = answer(&whole(), &asked);
    let question = found.question("mutual_aid").unwrap();
    let widened = question.corrections.iter().find(|correction| correction.rows == ["S2-020"]).unwrap();
    assert!(widened.sentence.contains("第九条，2024-07-26 起"), "{}", widened.sentence);
}

#[test]
fn where_the_account_pays_first_the_balance_matters() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/policies");
    let packs = packs_of(&PackTexts::from_folder(&root).unwrap());
    let asked = json!({
        "person": { "pooling_area": "990165", "scheme": "employee", "category": "employed" },
        "purses": { "current_year": "300.00" }, "date": "2026-03-05", "age": 40,
    });
    let found = answer(&packs, &asked);
    let question = found.question("balance").unwrap();
    assert!(question.answer.contains("当年余额会改变基金付多少"), "{}", told(&found));
    assert!(question.corrections.iter().any(|correction| correction.rows.contains(&"S2-008".to_owned())));
    assert!(!question.corrections.iter().any(|correction| correction.rows.contains(&"S4-004".to_owned())));
}

#[test]
fn what_is_not_known_is_a_gap_and_no_figure() {
    let mut asked = employed();
    asked.as_object_mut().unwrap().remove("wage");
    let found = answer(&whole(), &asked);
    let account = found.question("account").unwrap();
    assert!(account.part("credit").is_none());
    let gap = account.gaps.iter().find(|gap| gap.label == "每月划入").unwrap();
    assert_eq!((gap.code.as_str(), gap.field.as_str()), ("missing_field", "wage"));
    assert!(gap.why.contains("不作计算"), "{}", gap.why);
    let unknown = account.gaps.iter().find(|gap| gap.code == "unknown_in_pack").unwrap();
    assert!(unknown.label.contains("接种疫苗") && unknown.why.contains("暂无依据，不作计算"), "{unknown:?}");
}

#[test]
fn the_answer_carries_its_question() {
    let found = answer(&whole(), &employed());
    assert_eq!(answer(&whole(), &found.case), found);
    let text = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::from_str::<FiveAnswer>(&text).unwrap(), found);
}

#[test]
fn every_part_of_money_has_its_clause_or_its_formula() {
    let plain = ["balance", "total", "relative_1", "premium_aid", "fiscal_subsidy"];
    for category in ["employed", "flexible", "retired"] {
        let mut asked = employed();
        asked["person"]["category"] = json!(category);
        for question in answer(&whole(), &asked).questions {
            for part in question.parts.iter().filter(|part| part.amount.is_some()) {
                let is_plain = plain.contains(&part.name.as_str()) || part.name.ends_with("_cash");
                assert!(
                    is_plain || !part.clauses.is_empty() || !part.formula.is_empty(),
                    "{category} {}.{}",
                    question.name,
                    part.name
                );
            }
        }
    }
}

#[test]
fn a_wrong_question_is_refused_with_its_field() {
    let refused = |change: fn(&mut Value)| {
        let mut asked = employed();
        change(&mut asked);
        let read = FiveCase::read(&asked.to_string());
        match read.map(|case| five_questions(&whole(), &case, QuoteOptions::default())) {
            Err(error) | Ok(Err(error)) => format!("{}: {error}", error.code.name()),
            Ok(Ok(_)) => panic!("answered"),
        }
    };
    let gallery = [
        refused(|asked| asked["wages"] = json!("1.00")),
        refused(|asked| asked["wage"] = json!(8000)),
        refused(|asked| asked["base"] = json!("1.00")),
        refused(|asked| asked["person"]["birth_date"] = json!("1980-01-01")),
        refused(|asked| asked["age"] = json!(200)),
        refused(|asked| asked["date"] = json!("2025-02-30")),
        refused(|asked| asked["paid_since"] = json!("2015")),
        refused(|asked| asked["family"] = json!(["spuose"])),
        refused(|asked| {
            asked["bill"] =
                json!({ "kind": "account_use", "date": "2025-03-05", "purpose": "cash", "amount": "1.00" })
        }),
        refused(|asked| asked["person"]["pooling_area"] = json!("990999")),
        refused(|asked| asked["purses"]["carried_over"] = json!("-1.00")),
    ];
    insta::assert_snapshot!(gallery.join("\n"));
}

#[test]
fn every_saying_is_set_right_for_somebody_somewhere() {
    let shipped = packs_of(&PackTexts::shipped());
    let mut heard: BTreeSet<String> = BTreeSet::new();
    let areas: Vec<&Pack> =
        shipped.iter().filter(|pack| pack.schemes.iter().any(|scheme| !scheme.benefits.is_empty())).collect();
    for pack in areas {
        for (scheme, category) in [("employee", "employed"), ("employee", "retired"), ("resident", "adult")] {
            for date in ["2024-07-01", "2025-03-05"] {
                let asked = json!({
                    "person": { "pooling_area": pack.area.code, "scheme": scheme, "category": category,
                        "supplements": [], "assistance": [] },
                    "purses": { "current_year": "800.00", "carried_over": "1500.00" },
                    "date": date, "age": 61, "wage": "9000.00", "pension": "4000.00",
                });
                let case = FiveCase::read(&asked.to_string()).unwrap();
                let Ok(answer) = five_questions(&shipped, &case, QuoteOptions::default()) else { continue };
                let corrections = answer.questions.into_iter().flat_map(|question| question.corrections);
                heard.extend(corrections.flat_map(|correction| correction.rows));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/sayings.toml");
    let text = std::fs::read_to_string(root).unwrap();
    let rows: BTreeSet<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("rows = "))
        .flat_map(|list| list.split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>())
        .collect();
    assert!(!rows.is_empty());
    let silent: Vec<_> = rows.difference(&heard).collect();
    assert!(silent.is_empty(), "nobody hears of {silent:?}");
}
