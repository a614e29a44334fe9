//! The text of every page, as a reader without a screen would get it.

#![expect(clippy::unwrap_used, reason = "a test that meets an error fails")]

mod common;
#[path = "common/text.rs"]
mod text;

use common::{Reply, get};
use text::text_of;

const FIRST: &str = "area=990201&scheme=employee&care=inpatient&date=2026-03-05";

fn bill(more: &str) -> String {
    format!(
        "{FIRST}&category=employed&supp=large_sum&level=3&place=home&total=28630.93&non=1236.50&over=480&upfront=1927.07\
         &carried=2156.30&kin1=spouse&kin1_carried=3000&q=1{more}"
    )
}

fn told(reply: &Reply) -> String {
    assert_eq!(reply.kind, "text/html; charset=utf-8");
    assert!(reply.headers.iter().any(|(name, _)| name == "content-security-policy"));
    format!("{}\n{}", reply.status, text_of(&reply.text))
}

macro_rules! page {
    ($name:ident, $address:expr) => {
        #[tokio::test]
        async fn $name() {
            insta::assert_snapshot!(told(&get(&$address).await));
        }
    };
}

page!(start, "/");
page!(form, format!("/?{FIRST}"));
page!(form_of_another_benefit, format!("/?{}", FIRST.replace("inpatient", "outpatient")));
page!(result, format!("/bill?{}", bill("")));
page!(
    result_by_lines,
    format!(
        "/bill?{FIRST}&category=retired&level=2&place=home&q=1&lines=%E5%BA%8A%E4%BD%8D%20%E7%94%B2%2010%2050%0A%E6%94%AF%E6%9E%B6%20%E4%B9%99%201%208000%2020%25%0A%E7%9C%BC%E9%95%9C%20%E4%B8%99%201%20300"
    )
);
page!(statement, format!("/bill/print?{}", bill("")));
page!(areas, "/areas");
page!(matrix, "/matrix");
page!(area, "/areas/990201");
page!(no_such_area, "/areas/990999");
page!(no_such_page, "/nowhere");
page!(no_rule_that_day, format!("/?{}", FIRST.replace("2026-03-05", "1990-01-01")));
page!(missing_level, format!("/bill?{FIRST}&category=employed&place=home&total=20000&q=1"));
page!(missing_total, format!("/bill?{FIRST}&category=employed&level=3&q=1"));
page!(bad_answers, format!("/bill?{FIRST}&category=employed&level=3&total=12.345&age=x&lines=%E8%8D%AF&q=1"));

#[tokio::test]
async fn keeping_the_accounts_changes_the_cash_and_not_the_fund() {
    let all = get(&format!("/bill?{}", bill(""))).await;
    let none = get(&format!("/bill?{}", bill("&use=none"))).await;
    for page in [&all, &none] {
        assert!(page.text.contains("<dt>医保基金付</dt><dd>20,632.88</dd>"));
    }
    assert!(text_of(&all.text).contains("现金 2,841.75"));
    assert!(text_of(&none.text).contains("现金 7,998.05"));
}

#[tokio::test]
async fn what_people_type_is_text_and_nothing_else() {
    let attack = "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    for address in [
        format!("/bill?{}", bill(&format!("&lines={attack}"))),
        format!("/?{FIRST}&total={attack}&age={attack}"),
        format!("/?area={attack}&scheme={attack}&care={attack}&date={attack}"),
        format!("/areas/{attack}"),
    ] {
        let reply = get(&address).await;
        assert!(!reply.text.contains("<script>alert"), "{address}");
    }
}

#[tokio::test]
async fn no_page_refers_to_another_origin() {
    for address in [
        "/".to_owned(),
        format!("/?{FIRST}"),
        format!("/bill?{}", bill("")),
        format!("/bill/print?{}", bill("")),
        "/areas/990201".to_owned(),
    ] {
        let page = get(&address).await.text;
        for attribute in ["href=\"", "src=\"", "action=\""] {
            for target in page.split(attribute).skip(1) {
                assert!(
                    target.starts_with(['/', '#']) && !target.starts_with("//"),
                    "{address}: {}",
                    &target[..40.min(target.len())]
                );
            }
        }
        // The policy forbids both; a page that had them would lose them.
        assert!(!page.contains(" style=\"") && !page.contains("<style"), "{address}");
        assert!(!page.contains(" onclick=") && !page.contains("javascript:"), "{address}");
    }
}

#[tokio::test]
async fn a_method_that_a_page_does_not_take() {
    let request = axum::http::Request::post("/bill").body(axum::body::Body::empty()).unwrap();
    let reply = common::send(common::state(1024), request).await;
    insta::assert_snapshot!(told(&reply));
}
