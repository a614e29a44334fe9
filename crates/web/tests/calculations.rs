//! Every calculation and the five questions: the page, and the same question over the API.

#![expect(clippy::unwrap_used, reason = "a test that meets an error fails")]

mod common;
#[path = "common/text.rs"]
mod text;

use axum::body::Body;
use axum::http::Request;
use common::{Reply, get, over, send};
use gongji_cases::request::calculation_kinds;
use serde_json::{Value, json};
use text::text_of;

/// For each kind an address of the invented area, and a piece of the sentence that it comes to.
const ASKED: [(&str, &str, &str); 16] = [
    (
        "contribution",
        "category=employed&e_period=2025-03&e_wage=8,000&e_funds=medical",
        "合计（每月） 800.00 元",
    ),
    (
        "premium",
        "category=adult&birth=1985-01-01&e_coverage_year=2025&e_paid_on=2024-11-20",
        "个人应缴 400.00 元",
    ),
    ("account_credit", "category=employed&age=45&e_period=2025-03&e_wage=8000", "划入金额 160.00 元"),
    ("account_credit", "category=employed&age=45&e_period=2022-12&e_wage=8000", "划入金额 320.00 元"),
    (
        "account_interest",
        "e_from=2025-01-01&e_to=2025-12-31&carried=1000&e_movements=2025-06-05+%E5%BD%93%E5%B9%B4%E8%B4%A6%E6%88%B7+%2B480.00%0A2025-07-01+carried_over+-100",
        "利息",
    ),
    (
        "account_clearing",
        "e_date=2025-12-31&e_period=2025-01&e_precredited=1200&e_due=900&current=250&carried=100",
        "清算差额 -300.00 元",
    ),
    ("year_roll", "e_date=2026-01-01&current=250&carried=100", "转入历年 250.00 元"),
    ("waiting_period", "scheme=employee&e_paid_on=2025-06-10&e_missed_months=4", "6 个月"),
    (
        "waiting_period",
        "scheme=resident&category=adult&birth=1985-01-01&e_coverage_year=2025&e_paid_on=2025-04-10&e_missed_years=2",
        "4 个月",
    ),
    (
        "maternity_allowance",
        "e_date=2025-06-10&e_birth=caesarean&e_employers=5+9000%0A7+8000&e_babies=2",
        "128 天",
    ),
    (
        "account_use",
        "e_date=2025-06-10&e_purpose=pharmacy&e_beneficiary=self&e_amount=100&current=30&carried=200",
        "账户支付合计 100.00 元",
    ),
    ("cover", "scheme=employee&category=employed&e_date=2025-06-10&e_periods=2024-01+2025-06", "是否在保 是"),
    ("retirement_top_up", "e_date=2025-06-10&e_paid_months=240&e_base=5000", "一次性补缴 30,000.00 元"),
    ("retirement_status", "birth=1965-02-01&sex=male&e_date=2025-06-10&e_paid_months=300", "2025-03-01"),
    (
        "transfer",
        "e_date=2025-10-10&e_time=10:00&e_beneficiary=spouse&e_amount=500&carried=800&e_taken=true",
        "500.00 元",
    ),
    (
        "cap_reward",
        "e_date=2025-06-10&e_history=%E6%98%AF+%E5%90%A6+%E5%90%A6%0A%E6%98%AF+%E5%90%A6+%E5%90%A6",
        "限额",
    ),
];

/// The invented area that has a rule for every calculation.
const WHOLE: &str = "../cases/tests/packs/990301-whole";

async fn get_whole(address: &str) -> Reply {
    send(over(WHOLE, 1 << 20), Request::get(address).body(Body::empty()).unwrap()).await
}

async fn post_whole(address: &str, body: String) -> Reply {
    let request = Request::post(address).header("content-type", "application/json");
    send(over(WHOLE, 1 << 20), request.body(Body::from(body)).unwrap()).await
}

fn address(kind: &str, more: &str) -> String {
    format!("/calculate/{kind}?area=990301&q=1&{more}")
}

/// The question that a page shows as JSON.
fn json_of(page: &str) -> String {
    let shown = page.split("<pre").nth(1).and_then(|rest| rest.split_once('>')).unwrap().1;
    let shown = shown.split("</pre>").next().unwrap();
    shown.replace("&#34;", "\"").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

#[tokio::test]
async fn every_kind_is_answered_by_page_and_interface_alike() {
    for (kind, _) in calculation_kinds() {
        assert!(ASKED.iter().any(|(asked, ..)| *asked == kind), "no address asks {kind}");
    }
    for (kind, more, expected) in ASKED {
        let page = get_whole(&address(kind, more)).await;
        let text = text_of(&page.text);
        assert_eq!(page.status, 200, "{kind}: {text}");
        assert!(text.contains(expected), "{kind}: {text}");
        let answer = post_whole("/api/v1/quotes", json_of(&page.text)).await;
        assert_eq!(answer.status, 200, "{kind}: {}", answer.text);
        let answer: Value = serde_json::from_str(&answer.text).unwrap();
        let result = &answer["results"][0];
        assert_eq!(result["kind"], kind);
        let sentence: String = text.split_whitespace().collect();
        let told: String = result["sentence"].as_str().unwrap().split_whitespace().collect();
        assert!(sentence.contains(&told), "{kind}: {told}");
        for step in result["steps"].as_array().unwrap() {
            assert!(text.contains(step["label"].as_str().unwrap()), "{kind}: {step}");
        }
    }
}

#[tokio::test]
async fn every_form_opens_with_its_defaults() {
    for (kind, label) in calculation_kinds() {
        let page = get_whole(&format!("/calculate/{kind}")).await;
        assert_eq!(page.status, 200, "{kind}");
        assert!(text_of(&page.text).starts_with("← 其他计算"), "{kind}");
        assert!(page.text.contains(label), "{kind}");
        assert!(page.text.contains("name=\"area\""), "{kind}");
    }
}

macro_rules! shows {
    ($($name:ident: $address:expr;)*) => {
        $(#[tokio::test]
        async fn $name() {
            let reply = get_whole(&$address).await;
            insta::assert_snapshot!(format!("{}\n{}", reply.status, text_of(&reply.text)));
        })*
    };
}

const AT_WORK: &str = "/five?q=1&area=990301&category=employed&date=2025-03-05&age=45&wage=8,000&current=300&carried=1200&since=2015-01";

shows! {
    index: "/calculate";
    form_of_a_contribution: "/calculate/contribution";
    contribution: address("contribution", ASKED[0].1);
    interest: address("account_interest", ASKED[4].1);
    use_of_the_account: address("account_use", ASKED[8].1);
    bad_rows: address("maternity_allowance", "e_date=2025-06-10&e_birth=vaginal&e_employers=5+9000%0Asix+8000");
    missing_wage: address("contribution", "category=employed&e_period=2025-03");
    missing_age: address("account_credit", "category=employed&e_period=2022-03&e_wage=8000");
    no_rule: address("transfer", "e_date=2025-01-10&e_time=10:00&e_beneficiary=spouse&e_amount=500&carried=800");
    no_such_kind: "/calculate/inheritance_tax";
    five_form: "/five";
    five: AT_WORK;
    five_resident: "/five?q=1&area=990301&category=adult&date=2025-03-05&age=40&kin1=spouse&kin1_carried=3000";
    five_with_little: "/five?q=1&area=990301&category=employed&date=2025-03-05";
    five_bad: "/five?q=1&area=990301&category=employed&date=yesterday&age=x&wage=1.234&since=2015";
    five_nowhere: "/five?q=1&area=990999&category=employed&date=2025-03-05";
}

#[tokio::test]
async fn the_page_and_the_interface_answer_the_five_questions_alike() {
    let page = get_whole(AT_WORK).await;
    let answer = post_whole("/api/v1/five-questions", json_of(&page.text)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let answer: Value = serde_json::from_str(&answer.text).unwrap();
    let text: String = text_of(&page.text).split_whitespace().collect();
    for question in answer["questions"].as_array().unwrap() {
        let told: String = question["answer"].as_str().unwrap().split_whitespace().collect();
        assert!(text.contains(&told), "{told}");
    }
    let asked: Value = serde_json::from_str(&json_of(&page.text)).unwrap();
    assert_eq!(answer["case"], asked);
    let then = post_whole("/api/v1/five-questions?on=2022-12-31", json_of(&page.text)).await;
    assert!(then.text.contains("\"law_date\":\"2022-12-31\""), "{}", then.text);
}

#[tokio::test]
async fn the_interface_refuses_what_it_cannot_read() {
    let person = json!({ "pooling_area": "990301", "scheme": "employee", "category": "employed" });
    let bodies = [
        json!({ "person": person, "date": "2025-03-05", "salary": "1.00" }),
        json!({ "person": person }),
        json!({ "person": { "pooling_area": "990999", "scheme": "employee" }, "date": "2025-03-05" }),
    ];
    let mut gallery = Vec::new();
    for body in bodies {
        let reply = post_whole("/api/v1/five-questions", body.to_string()).await;
        assert_eq!(reply.kind, "application/problem+json");
        gallery.push(format!("{} {}", reply.status, reply.text));
    }
    insta::assert_snapshot!(gallery.join("\n"));
}

#[tokio::test]
async fn what_people_type_stays_text() {
    let attack = "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    for address in [
        format!("/five?q=1&area={attack}&category={attack}&date={attack}&wage={attack}"),
        address("contribution", &format!("e_period={attack}&e_wage={attack}&category={attack}")),
        address("cover", &format!("e_periods={attack}&e_date=2025-01-01")),
        format!("/calculate/{attack}"),
    ] {
        let reply = get_whole(&address).await;
        assert!(!reply.text.contains("<script>alert"), "{address}");
    }
}

#[tokio::test]
async fn an_area_without_the_rules_is_answered_with_what_is_missing() {
    let page =
        get("/calculate/contribution?q=1&area=990201&category=employed&e_period=2026-03&e_wage=8000").await;
    assert_eq!(page.status, 422);
    assert!(text_of(&page.text).contains("暂无依据，不作计算"), "{}", text_of(&page.text));
    let five = get("/five?q=1&area=990201&category=employed&date=2026-03-05&wage=8000").await;
    assert_eq!((five.status, five.kind.as_str()), (200, "text/html; charset=utf-8"));
    assert!(five.headers.iter().any(|(name, _)| name == "content-security-policy"));
    assert!(text_of(&five.text).contains("暂无依据，不作计算"), "{}", text_of(&five.text));
}
