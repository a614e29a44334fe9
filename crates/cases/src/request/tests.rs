//! Requests that are read, and the gallery of those that are refused.

use std::collections::BTreeMap;

use gongji_money::Fen;
use gongji_policy::Dimension;
use jiff::civil::Date;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Case, Charges, Event, Person, choice, choice_name};

/// A complete and valid case.
fn valid() -> Value {
    json!({
        "person": {
            "pooling_area": "990100", "scheme": "employee", "category": "retired", "birth_date": "1955-03-01",
            "sex": "male", "retired_on": "2015-03-01", "years": { "total": 32, "local_paid": 20 }, "assistance": []
        },
        "purses": {
            "current_year": "0.00", "carried_over": "2156.30",
            "mutual_aid": [
                { "relation": "spouse", "pooling_area": "990100", "current_year": "0.00", "carried_over": "3000.00" }
            ]
        },
        "accumulated": { "admissions": 1, "pooled_paid": "100.00" },
        "events": [
            {
                "kind": "bill", "date": "2023-05-30", "care_type": "inpatient",
                "facility": { "level": "3", "grade": "A", "admin_level": "provincial", "type": "hospital" },
                "care_area": "990100", "filing": "local",
                "charges": {
                    "total": "20000.00", "non_covered": "0.00", "over_limit_price": "0.00", "upfront_self_pay": "0.00"
                }
            },
            {
                "kind": "bill", "date": "2023-06-02", "care_type": "outpatient", "condition": "hypertension",
                "facility": { "level": "1", "type": "community", "id": "H1" },
                "charges": { "lines": [
                    { "code": "X1", "name": "检查", "class": "B", "quantity": "1.5", "unit_price": "3.33",
                      "amount": "5.00", "upfront_ratio": "10%" },
                    { "class": "A", "amount": "7.50", "quantity": 3 }
                ] }
            },
            { "kind": "year_end", "date": "2023-12-31" }
        ]
    })
}

/// The valid case with one place changed.
fn with(pointer: &str, value: Value) -> String {
    let mut case = valid();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match case.pointer_mut(parent).unwrap() {
        Value::Object(members) => {
            members.insert(name.to_owned(), value);
        }
        Value::Array(entries) => entries[name.parse::<usize>().unwrap()] = value,
        _ => panic!("{pointer} leads nowhere"),
    }
    case.to_string()
}

fn without(pointer: &str) -> String {
    let mut case = valid();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    case.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name).unwrap();
    case.to_string()
}

#[test]
fn a_case_reads_back_from_its_own_json() {
    let case = Case::read(&valid().to_string()).unwrap();
    let written = case.to_json();
    assert_eq!(Case::read(&written.to_string()).unwrap(), case);
    assert_eq!(Case::read(&written.to_string()).unwrap().to_json(), written);
    assert_eq!(case.events[1].filing, Some(0), "at home the filing is local");
    assert_eq!(case.person.account_option, Some(0), "employees have an account unless they say otherwise");
}

/// Journals keep this text: it is not to change by a byte.
#[test]
fn a_case_is_written_byte_for_byte_as_ever() {
    let mut asked = valid();
    asked["person"]["supplements"] = json!(["large_sum"]);
    asked["person"]["assistance"] = json!(["minimum_living"]);
    asked["events"][0]["admitted_on"] = json!("2023-05-20");
    asked["events"][0]["discharged_on"] = json!("2023-05-30");
    asked["events"][0]["stay"] = json!("S\"1\"\n");
    asked["events"][0]["charges"]["in_scope_by_tag"] = json!({ "检查": "1.00" });
    asked["events"][1]["prescription"] = json!({ "issued_by": { "level": "3" } });
    asked["events"][1]["family_doctor"] = json!(true);
    let case = Case::read(&asked.to_string()).unwrap();
    let text = serde_json::to_string(&case).unwrap();
    insta::assert_snapshot!(text);
    assert_eq!(case.to_json().to_string(), text);
    let [first, ..] = case.events.as_slice() else { panic!("events") };
    let one = super::OneEvent { person: &case.person, purses: &case.purses, events: [first] };
    let alone = Case { accumulated: BTreeMap::new(), events: vec![first.clone()], ..case.clone() };
    assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&alone).unwrap());
}

#[test]
fn one_meaning_has_one_hash() {
    let text = r#"{"b": 1, "a": ["x", {"d": null, "c": true}]}"#;
    let value: Value = serde_json::from_str(text).unwrap();
    assert_eq!(super::canonical::canonical(&value), r#"{"a":["x",{"c":true,"d":null}],"b":1}"#);
    let other: Value = serde_json::from_str(r#"{"a":["x",{"c":true,"d":null}],"b":1}"#).unwrap();
    assert_eq!(super::canonical::hash(&value), super::canonical::hash(&other));
    assert_eq!(
        super::canonical::hash(&json!({})),
        "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    );
}

#[test]
fn gallery_of_refusals() {
    let event = "/events/0";
    let charges = "/events/0/charges";
    let line = "/events/1/charges/lines/0";
    let at = |parent: &str, name: &str| format!("{parent}/{name}");
    let cases = [
        ("截断", valid().to_string()[..200].to_owned()),
        ("不是 JSON", "{\"person\": }".to_owned()),
        ("空文本", String::new()),
        ("不是对象", "[1]".to_owned()),
        ("嵌套过深", "[".repeat(5_000)),
        ("未知字段", with("/persons", json!({}))),
        ("未知字段，拼写相近", with("/person/pooling_aera", json!("990100"))),
        ("重复字段", "{\"person\": {}, \"person\": {}}".to_owned()),
        ("缺参保人", without("/person")),
        ("缺险种", without("/person/scheme")),
        ("险种不对", with("/person/scheme", json!("employe"))),
        ("地区代码不对", with("/person/pooling_area", json!("zz"))),
        ("人员类别不对", with("/person/category", json!("retire"))),
        ("出生日期不对", with("/person/birth_date", json!("1955-02-30"))),
        ("出生日期写法不对", with("/person/birth_date", json!("19550301"))),
        ("退休早于出生", with("/person/retired_on", json!("1950-01-01"))),
        ("年限不对", with("/person/years/total", json!(-1))),
        ("救助身份 none", with("/person/assistance", json!(["none"]))),
        ("救助身份不对", with("/person/assistance", json!(["minimum_life"]))),
        ("补充保险不对", with("/person/supplements", json!(["large"]))),
        ("余额为负", with("/purses/carried_over", json!("-1.00"))),
        ("余额是数字", with("/purses/carried_over", json!(2156.3))),
        ("关系更远", with("/purses/mutual_aid/0/relation", json!("parent_in_law"))),
        ("关系不对", with("/purses/mutual_aid/0/relation", json!("spous"))),
        ("亲属过多", with("/purses/mutual_aid", json!(vec![json!({}); 101]))),
        ("累计写成小数", with("/accumulated/pooled_paid", json!("1.234"))),
        ("没有事件", with("/events", json!([]))),
        ("事件过多", with("/events", json!(vec![json!({}); 10_001]))),
        ("保费事件不认账单的字段", with("/events/0/kind", json!("premium"))),
        ("没有这种事件", with("/events/0/kind", json!("bil"))),
        ("日期倒退", with("/events/1/date", json!("2023-05-29"))),
        ("医疗类别不对", with("/events/0/care_type", json!("in_patient"))),
        ("缺日期", without("/events/0/date")),
        ("缺费用", without(charges)),
        ("入院晚于出院", with("/events/0/admitted_on", json!("2023-06-01"))),
        ("出院晚于结算", with("/events/0/discharged_on", json!("2023-06-01"))),
        (
            "早于出生",
            with(
                "/person",
                json!({
                    "pooling_area": "990100", "scheme": "resident", "birth_date": "2023-06-01"
                }),
            ),
        ),
        ("级别不对", with("/events/0/facility/level", json!("三级"))),
        ("级别是数字", with("/events/0/facility/level", json!(3))),
        ("跨省却是本地", with("/events/0/care_area", json!("980100"))),
        (
            "从自己转来",
            with(event, {
                let mut bill = valid()["events"][0].clone();
                bill["stay"] = json!("s1");
                bill["transfer_from"] = json!("s1");
                bill
            }),
        ),
        ("年度结算带费用", with("/events/2/charges", json!({ "total": "1.00" }))),
        ("年度结算有医疗类别", with("/events/2/care_type", json!("inpatient"))),
        ("缺总额", without("/events/0/charges/total")),
        ("总额是整数", with(&at(charges, "total"), json!(20000))),
        ("总额是小数", with(&at(charges, "total"), json!(20000.5))),
        ("总额三位小数", with(&at(charges, "total"), json!("20000.123"))),
        ("总额带千分位", with(&at(charges, "total"), json!("20,000.00"))),
        ("总额为负", with(&at(charges, "total"), json!("-0.01"))),
        ("总额过大", with(&at(charges, "total"), json!("10000000000.01"))),
        ("总额溢出", with(&at(charges, "total"), json!("99999999999999999999"))),
        ("总额是空", with(&at(charges, "total"), json!(""))),
        ("部分超过总额", with(&at(charges, "non_covered"), json!("20000.01"))),
        ("标签超过范围", with(&at(charges, "in_scope_by_tag"), json!({ "drug": "20000.01" }))),
        ("部分与明细并写", with(&at("/events/1/charges", "total"), json!("12.50"))),
        ("明细为空", with("/events/1/charges/lines", json!([]))),
        ("明细金额不符", with(&at(line, "amount"), json!("4.99"))),
        ("明细类别不对", with(&at(line, "class"), json!("乙"))),
        ("明细缺类别", without("/events/1/charges/lines/0/class")),
        ("明细数量为零", with(&at(line, "quantity"), json!("0"))),
        ("明细数量过大", with(&at(line, "quantity"), json!("10000000000000000000"))),
        ("明细比例过大", with(&at(line, "upfront_ratio"), json!("110%"))),
        ("明细除不尽", with("/events/1/charges/lines/1/amount", json!("7.51"))),
        ("明细缺金额", with("/events/1/charges/lines/1", json!({ "class": "A" }))),
        ("文字过长", with("/events/0/stay", json!("长".repeat(1_001)))),
        ("布尔写成文字", with("/events/0/mid_stay", json!("yes"))),
    ];
    let mut gallery = String::new();
    for (title, text) in cases {
        let error = Case::read(&text).expect_err(title);
        assert!(error.is_bad_input(), "{title}");
        gallery.push_str(&format!("{title}\n  [{}] {error}\n", error.code.name()));
    }
    insta::assert_snapshot!(gallery);
}

#[test]
fn a_million_lines_and_one_more() {
    let line = r#"{"class":"A","amount":"0.01"}"#;
    let text = |lines: usize| {
        let mut text = String::from(
            r#"{"person":{"pooling_area":"990100","scheme":"employee"},"events":[{"kind":"bill","date":"2023-05-30","care_type":"outpatient","charges":{"lines":["#,
        );
        for index in 0..lines {
            if index > 0 {
                text.push(',');
            }
            text.push_str(line);
        }
        text.push_str("]}}]}");
        text
    };
    let error = Case::read(&text(1_000_001)).unwrap_err();
    assert_eq!(error.code, crate::ErrorCode::TooMany);
    assert_eq!(error.field, "events[0].charges.lines");
    let case = Case::read(&text(1_000)).unwrap();
    assert_eq!(case.events[0].charges.as_ref().unwrap().total().fen(), 1_000);
}

/// JSON of any shape, with names and values that the format uses among others.
fn any_json() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "person",
        "events",
        "kind",
        "bill",
        "date",
        "2023-05-30",
        "1.00",
        "employee",
        "charges",
        "lines",
        "total",
        "",
        "-1",
        "990100",
        "A",
        "10%",
        "level",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        words.clone().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((words.clone(), inner), 0..5).prop_map(|members| {
                Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
            }),
        ]
    })
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

proptest! {
    #[test]
    fn no_text_panics(text in ".{0,200}") {
        let _ = Case::read(&text);
    }

    #[test]
    fn no_json_panics(value in any_json()) {
        let _ = Case::read(&value.to_string());
    }

    #[test]
    fn a_valid_case_with_one_wound_is_read_or_refused(
        place in any::<prop::sample::Index>(), wound in any_json(), cut in any::<prop::sample::Index>(),
    ) {
        let mut case = valid();
        let mut places = Vec::new();
        pointers(&case, "", &mut places);
        if let Some(target) = case.pointer_mut(place.get(places.as_slice()).as_str()) {
            *target = wound;
        }
        let text = case.to_string();
        if let Ok(read) = Case::read(&text) {
            prop_assert_eq!(Case::read(&read.to_json().to_string()), Ok(read));
        }
        let mut end = cut.index(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let _ = Case::read(&text[..end]);
    }
}

#[test]
fn what_is_built_from_names_is_what_is_read() {
    let read = Case::read(
        r#"{"person":{"pooling_area":"990101","scheme":"employee"},"events":[
            {"kind":"bill","date":"2024-05-30","care_type":"inpatient","charges":{"total":"12.50"}},
            {"kind":"year_end","date":"2024-12-31"}]}"#,
    )
    .unwrap();
    let person = Person::new("990101", "employee");
    let local = choice(Dimension::Filing, "local");
    let inpatient = choice(Dimension::CareType, "inpatient").unwrap();
    assert_eq!(choice_name(Dimension::CareType, inpatient), "inpatient");
    assert_eq!(choice(Dimension::CareType, "hospital"), None);
    let mut bill = Event::bill(Date::constant(2024, 5, 30), inpatient, "990101");
    bill.charges = Some(Charges::in_scope(Fen::new(1_250)));
    let mut year_end = Event::year_end(Date::constant(2024, 12, 31), "990101");
    (bill.filing, year_end.filing) = (local, local);
    assert_eq!((read.person, read.events), (person, vec![bill, year_end]));
}

#[test]
fn a_calculation_written_in_two_ways_is_one_case() {
    let case = |event: Value| {
        let mut case = valid();
        case["events"] = json!([event]);
        Case::read(&case.to_string()).unwrap()
    };
    let pairs = [
        (
            json!({ "kind": "contribution", "period": "2024-07", "base": "8000" }),
            json!({ "funds": ["medical", "large_sum", "maternity"], "wage": "8000.00", "debit_failed": false,
                    "period": "2024-07", "kind": "contribution", "date": "2024-07-01",
                    "contributors": ["employer", "person"] }),
        ),
        (
            json!({ "kind": "maternity_allowance", "date": "2024-05-01", "birth": "vaginal", "average_wage": "8000.00" }),
            json!({ "kind": "maternity_allowance", "date": "2024-05-01", "birth": "vaginal", "babies": 1,
                    "beneficiary": "self", "employers": [{ "months": 12, "average_wage": "8000" }] }),
        ),
        (
            json!({ "kind": "account_use", "date": "2024-05-01", "purpose": "pharmacy", "amount": "5" }),
            json!({ "kind": "account_use", "date": "2024-05-01", "purpose": "pharmacy", "amount": "5.00", "beneficiary": "self" }),
        ),
    ];
    for (left, right) in pairs {
        let (left, right) = (case(left), case(right));
        assert_eq!(super::hash(&left.to_json()), super::hash(&right.to_json()));
    }
}

#[test]
fn every_calculation_reads_back_as_it_was_written() {
    let events = [
        json!({ "kind": "account_interest", "from": "2024-01-01", "to": "2024-12-31",
                "opening": { "current_year": "-5.00", "carried_over": "7.50" },
                "movements": [{ "date": "2024-02-01", "sub_account": "carried_over", "out": "1.25" }] }),
        json!({ "kind": "account_clearing", "date": "2025-06-30", "period": "2024-07", "precredited": "1.00",
                "months": [{ "from": "2024-07", "to": "2024-09", "wage": "5000" }, { "from": "2024-10", "to": "2025-06", "base": "5100.00" }] }),
        json!({ "kind": "year_roll", "date": "2025-07-01" }),
        json!({ "kind": "waiting_period", "paid_on": "2025-03-01", "missed_months": 3, "status_changed": false }),
        json!({ "kind": "cover", "date": "2025-03-01", "paid_months": 300, "province_months": 12,
                "periods": [{ "from": "2024-01", "to": "2024-03" }, { "from": "2024-05", "to": "2024-06", "repaired": true }] }),
        json!({ "kind": "retirement_top_up", "date": "2025-03-01", "retirees": [{ "age": 62, "count": 3 }, { "count": 2 }] }),
        json!({ "kind": "retirement_top_up", "date": "2025-03-01", "retirees": 3, "average_wage": "6000" }),
        json!({ "kind": "retirement_status", "date": "2025-03-01", "local_months": 5 }),
        json!({ "kind": "transfer", "date": "2025-10-01", "time": "06:05", "beneficiary": "spouse", "amount": "5",
                "beneficiary_area": "990213", "beneficiary_insured": true, "wallet_opened": false, "taken": false }),
        json!({ "kind": "account_use", "date": "2024-05-01", "purpose": "inheritance", "circumstance": "death" }),
        json!({ "kind": "cap_reward", "date": "2024-05-01", "history": [{ "insured": false }, { "claimed": true }] }),
        json!({ "kind": "account_credit", "period": "2024-05", "pension": "3000", "joined_on": "2024-05-06" }),
        json!({ "kind": "maternity_allowance", "date": "2024-05-01", "birth": "miscarriage", "gestation_weeks": 12,
                "employers": [{ "months": 5, "average_wage": "8000" }, { "months": 7, "average_wage": "9000" }], "months_since": 4 }),
    ];
    for event in events {
        let mut asked = valid();
        asked["events"] = json!([event]);
        let read = Case::read(&asked.to_string()).unwrap();
        assert_eq!(Case::read(&read.to_json().to_string()).unwrap(), read, "{event}");
    }
}
