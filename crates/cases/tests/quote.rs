//! Quotes over the operators' fixtures: answers, receipts, what-ifs, refusals.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::Path;
use std::sync::OnceLock;

use gongji_cases::{Case, ErrorCode, QuoteOptions, WorkedExample, explain_text, quote, verify, what_if};
use gongji_money::Fen;
use gongji_packs::PackTexts;
use gongji_policy::{Pack, read_packs};
use proptest::prelude::*;
use serde_json::{Value, json};

/// The packs, and the cases by the name of their text.
type Fixtures = (Vec<Pack>, Vec<(String, Value)>);

fn fixtures() -> &'static Fixtures {
    static FIXTURES: OnceLock<Fixtures> = OnceLock::new();
    FIXTURES.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/policies");
        let texts = PackTexts::from_folder(&root).unwrap();
        let (packs, _) = read_packs(&texts.rules);
        let cases = texts
            .cases
            .iter()
            .map(|text| {
                let example = WorkedExample::read(&text.text).unwrap();
                (text.name.clone(), serde_json::from_str(&example.case).unwrap())
            })
            .collect();
        (packs, cases)
    })
}

/// A fixture's case by part of its name.
fn case(name: &str) -> Value {
    let (_, cases) = fixtures();
    cases.iter().find(|(known, _)| known.contains(name)).unwrap_or_else(|| panic!("no {name}")).1.clone()
}

fn ask(case: &Value) -> Result<gongji_cases::Answer, gongji_cases::CaseError> {
    quote(&fixtures().0, &Case::read(&case.to_string())?, QuoteOptions::default())
}

#[test]
fn an_explained_answer() {
    let answer = ask(&case("990163-fund-first")).unwrap();
    // The last two lines name hashes, which change with every word of the pack.
    let text = explain_text(&answer);
    let steady: Vec<&str> =
        text.lines().filter(|line| !line.starts_with("试算") && !line.starts_with("回执")).collect();
    insta::assert_snapshot!(steady.join("\n"));
}

#[test]
fn an_answer_verifies_until_it_is_touched() {
    let (packs, cases) = fixtures();
    for (name, case) in cases.iter().step_by(7) {
        let Ok(answer) = ask(case) else { continue };
        let text = serde_json::to_string(&answer).unwrap();
        let same = verify(packs, &text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(same.same, "{name}: {same:?}");
        assert_eq!(serde_json::from_str::<gongji_cases::Answer>(&text).unwrap(), answer, "{name}");
    }
    let mut touched = serde_json::to_value(ask(&case("990163-fund-first")).unwrap()).unwrap();
    touched["results"][0]["pooled_paid"] = json!("1.00");
    touched["results"][0]["receipt"]["engine"] = json!("gongji 0.0.0");
    let shown = verify(packs, &touched.to_string()).unwrap();
    assert!(!shown.same);
    assert_eq!(shown.differences.len(), 1);
    assert_eq!(shown.differences[0].place, "results[0].pooled_paid");
    assert_eq!(shown.receipt.len(), 1);
    assert_eq!(shown.receipt[0].computed, gongji_cases::ENGINE);
}

#[test]
fn options_are_part_of_the_answer() {
    let packs = &fixtures().0;
    let case = Case::read(&case("990163-fund-first").to_string()).unwrap();
    let day = "2025-01-02".parse().unwrap();
    let options = QuoteOptions { on: Some(day), known_on: Some(day) };
    let answer = quote(packs, &case, options).unwrap();
    let bill = answer.last().unwrap();
    assert_eq!(bill.benefit.law_date.0, day);
    assert_eq!(answer.options.on.unwrap().0, day);
    let plain = quote(packs, &case, QuoteOptions::default()).unwrap();
    assert_ne!(bill.receipt.case, plain.last().unwrap().receipt.case);
    assert!(verify(packs, &serde_json::to_string(&answer).unwrap()).unwrap().same);
}

#[test]
fn a_bill_of_nothing_is_explained_and_counts_as_no_admission() {
    let mut value = case("990104-ordinal-to-zero");
    let events = value["events"].as_array_mut().unwrap();
    let mut nothing = events[0].clone();
    nothing["charges"] = json!({ "total": "0.00" });
    events.truncate(1);
    events.insert(0, nothing);
    let answer = ask(&value).unwrap();
    let ordinals: Vec<_> = answer.bills().map(|bill| bill.benefit.ordinal).collect();
    assert_eq!(ordinals, [Some(1), Some(1)]);
    let empty = answer.bills().next().unwrap();
    assert_eq!(empty.sentence, "这次没有费用。");
    assert!(empty.rows.iter().all(|row| !row.reason.is_empty()));
    assert!(empty.steps.iter().all(|step| !step.triggered && !step.reason.is_empty()));
}

#[test]
fn bills_of_one_stay_are_one_admission() {
    let mut value = case("990104-ordinal-to-zero");
    let events = value["events"].as_array_mut().unwrap();
    events.truncate(1);
    events[0]["stay"] = json!("S1");
    let mut moved = events[0].clone();
    moved["stay"] = json!("S2");
    moved["transfer_from"] = json!("S1");
    let mut other = events[0].clone();
    other["stay"] = json!("S3");
    let same = events[0].clone();
    events.extend([same, moved, other]);
    let answer = ask(&value).unwrap();
    let ordinals: Vec<_> = answer.bills().map(|bill| bill.benefit.ordinal).collect();
    assert_eq!(ordinals, [Some(1), Some(1), Some(1), Some(2)]);
}

#[test]
fn institutions_must_be_told_apart_where_counters_run_by_institution() {
    let mut value = case("990103-once-a-day");
    let events = value["events"].as_array_mut().unwrap();
    events.truncate(1);
    events[0]["facility"]["id"] = Value::Null;
    let second = events[0].clone();
    assert!(ask(&json!({ "person": value["person"], "events": [second] })).is_ok());
    let second = value["events"][0].clone();
    value["events"].as_array_mut().unwrap().push(second);
    let error = ask(&value).unwrap_err();
    assert_eq!((error.code, error.field.as_str()), (ErrorCode::NeedsAnswer, "events[1].facility.id"));
}

#[test]
fn the_case_in_an_answer_asks_the_same_again() {
    let (packs, cases) = fixtures();
    for (name, case) in cases {
        let Ok(answer) = ask(case) else { continue };
        let again = Case::read(&answer.case.to_string()).unwrap();
        let second = quote(packs, &again, QuoteOptions::default()).unwrap();
        assert_eq!(second, answer, "{name}");
    }
}

#[test]
fn a_burden_curve_passes_through_its_own_bill_and_is_linear_between_points() {
    let (packs, cases) = fixtures();
    let mut kinks = 0;
    for (name, value) in cases.iter().step_by(5) {
        let Ok(answer) = ask(value) else { continue };
        let case = Case::read(&value.to_string()).unwrap();
        let Ok(curve) = what_if::burden_curve(packs, &case, QuoteOptions::default(), None) else { continue };
        let own = &curve.points[curve.own];
        let bill = answer.last().unwrap();
        assert_eq!((own.total, own.burden), (bill.total_charge, bill.personal_burden), "{name}");
        assert!(curve.points.windows(2).all(|pair| pair[0].total <= pair[1].total), "{name}");
        kinks += curve.points.iter().filter(|point| point.kink.is_some()).count();
        for pair in curve.points.windows(2) {
            let (from, to) = (&pair[0], &pair[1]);
            let middle = from.total.fen() + (to.total.fen() - from.total.fen()) / 2;
            let end = Some(Fen::new(middle));
            // A curve that ends in the middle computes that total by the same call.
            let mut asked = value.clone();
            let last = asked["events"].as_array_mut().unwrap().last_mut().unwrap();
            if last["charges"].get("total").is_none() || bill.total_charge.fen() < middle {
                continue;
            }
            last["charges"]["total"] = json!(Fen::new(middle).to_string());
            let Ok(other) = ask(&asked) else { continue };
            let span = i128::from((to.total.fen() - from.total.fen()).max(1));
            let rise = i128::from(to.burden.fen() - from.burden.fen());
            let wanted = i128::from(from.burden.fen()) + rise * i128::from(middle - from.total.fen()) / span;
            let found = i128::from(other.last().unwrap().personal_burden.fen());
            assert!((found - wanted).abs() <= 4, "{name}: at {end:?} {found} and not {wanted}, {curve:#?}");
        }
    }
    assert!(kinks > 20, "only {kinks} kinks");
}

#[test]
fn what_ifs_come_from_the_same_engine() {
    let (packs, cases) = fixtures();
    let mut compared = 0;
    for (name, value) in cases {
        let Ok(answer) = ask(value) else { continue };
        let case = Case::read(&value.to_string()).unwrap();
        // A calculation has nothing to vary.
        let Some(bill) = answer.results.last().and_then(|result| result.bill()) else { continue };
        let own = bill.personal_burden;
        for comparison in [
            what_if::lower_level(packs, &case, QuoteOptions::default()).unwrap(),
            what_if::filing(packs, &case, QuoteOptions::default()).unwrap(),
            Some(
                what_if::on_date(
                    packs,
                    &case,
                    QuoteOptions::default(),
                    answer.last().unwrap().benefit.law_date.0,
                )
                .unwrap(),
            ),
        ]
        .into_iter()
        .flatten()
        {
            assert_eq!(comparison.own.personal_burden, own, "{name}");
            let Some(other) = comparison.other else { continue };
            compared += 1;
            let difference = comparison.difference.unwrap();
            assert_eq!(difference.fen(), other.personal_burden.fen() - own.fen(), "{name}");
        }
    }
    assert!(compared > 100, "only {compared} comparisons");
}

#[test]
fn gallery_of_refusals_by_rules() {
    let base = case("990163-fund-first");
    let with = |pointer: &str, value: Value| {
        let mut case = base.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        case.pointer_mut(parent).unwrap()[name] = value;
        case
    };
    let cases = [
        ("没有这个统筹区", with("/person/pooling_area", json!("990999")), ErrorCode::NoArea),
        ("没有这个险种", with("/person/scheme", json!("resident")), ErrorCode::NoScheme),
        ("没有这种医疗类别", with("/events/0/care_type", json!("home_bed")), ErrorCode::NoBenefit),
        ("早于任何规则", with("/events/0/date", json!("1990-01-01")), ErrorCode::NoBenefit),
        ("没有这种病种", with("/events/0/condition", json!("flu")), ErrorCode::UnknownValue),
        ("累计写错", with("/accumulated", json!({ "admision": 1 })), ErrorCode::UnknownField),
        ("转自不明", with("/events/0/transfer_from", json!("S9")), ErrorCode::UnknownValue),
        (
            "标签不明",
            with("/events/0/charges/in_scope_by_tag", json!({ "drug": "1.00" })),
            ErrorCode::UnknownValue,
        ),
    ];
    let mut gallery = String::new();
    for (title, case, code) in cases {
        let error = ask(&case).expect_err(title);
        assert_eq!(error.code, code, "{title}: {error}");
        gallery.push_str(&format!("{title}\n  [{}] {error}\n", error.code.name()));
    }
    insta::assert_snapshot!(gallery);
}

/// Every pointer into a value.
fn pointers(value: &Value, at: &str, into: &mut Vec<String>) {
    into.push(at.to_owned());
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| pointers(member, &format!("{at}/{name}"), into));
        }
        Value::Array(entries) => {
            entries
                .iter()
                .enumerate()
                .for_each(|(index, entry)| pointers(entry, &format!("{at}/{index}"), into));
        }
        _ => {}
    }
}

fn wound() -> impl Strategy<Value = Value> {
    let words = vec![
        "0.00",
        "0.01",
        "10000000000.00",
        "123456.78",
        "2024-02-29",
        "1999-12-31",
        "none",
        "primary",
        "special",
        "retired",
        "outpatient",
        "inpatient",
        "year_end",
        "referral",
        "990101",
        "110000",
        "A",
        "C",
        "100%",
        "x",
        "",
    ];
    prop_oneof![
        prop::sample::select(words).prop_map(Value::from),
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0_i64..2_000).prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// A worked example with up to three wounds is answered with every identity holding, or refused as bad input.
    #[test]
    fn wounded_cases_never_panic_and_never_break_an_identity(
        which in any::<prop::sample::Index>(),
        wounds in prop::collection::vec((any::<prop::sample::Index>(), wound()), 1..4),
    ) {
        let (_, cases) = fixtures();
        let mut case = cases[which.index(cases.len())].1.clone();
        for (place, value) in wounds {
            let mut places = Vec::new();
            pointers(&case, "", &mut places);
            if let Some(target) = case.pointer_mut(&places[place.index(places.len())]) {
                *target = value;
            }
        }
        if let Err(error) = ask(&case) {
            prop_assert!(error.is_bad_input(), "{}", error);
        }
    }

    /// A fund-first pack: what is in the purses never changes the fund's part.
    #[test]
    fn purses_move_nothing_but_the_family_s_part(current in 0_i64..1_000_000, carried in 0_i64..1_000_000) {
        let mut value = case("990163-fund-first");
        let fund = |answer: &gongji_cases::Answer| answer.last().unwrap().fund_paid_total;
        let before = ask(&value).unwrap();
        value["purses"] = json!({
            "current_year": Fen::new(current).to_string(), "carried_over": Fen::new(carried).to_string(),
        });
        let after = ask(&value).unwrap();
        prop_assert_eq!(fund(&before), fund(&after));
        prop_assert_eq!(before.last().unwrap().personal_burden, after.last().unwrap().personal_burden);
    }
}
