//! The pages of the sandbox: they send, list, decode and explain without a script.

use axum::body::Body;
use axum::http::Request;

use crate::common::{Reply, get, send};
use crate::kit::Sandbox;

async fn form(sandbox: &Sandbox, path: &str, origin: &str, body: &str) -> Reply {
    let request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("host", "localhost:8080")
        .header("origin", origin);
    send(sandbox.state.clone(), request.body(Body::from(body.to_owned())).unwrap()).await
}

const OWN: &str = "http://localhost:8080";

async fn page(sandbox: &Sandbox, path: &str) -> String {
    let reply = sandbox.ask("GET", path, None).await;
    assert_eq!(reply.status, 200, "{path}");
    reply.text
}

#[tokio::test]
async fn a_sequence_is_played_and_every_amount_explained() {
    let sandbox = Sandbox::new();
    let first = page(&sandbox, "/sandbox").await;
    for word in [
        "沙箱在职",
        "沙箱第一医院",
        "DEMO-D001",
        "先要 <code>mdtrt_id</code>（2201、2401、2102 给出）",
        "还没有报文。",
        "现在没有故障。",
    ] {
        assert!(first.contains(word), "{word}");
    }
    let who = "sequence=outpatient&person=employee&institution=hospital";
    let one = form(&sandbox, "/sandbox/send", OWN, &format!("{who}&step=5")).await;
    assert_eq!(one.status, 303, "{}", one.text);
    let back = one.headers.iter().find(|(name, _)| name == "location").unwrap();
    assert_eq!(back.1, format!("/sandbox?{who}#step-5"));
    assert!(!page(&sandbox, &format!("/sandbox?{who}")).await.contains("先要 <code>mdtrt_id</code>"));
    assert_eq!(form(&sandbox, "/sandbox/play", OWN, who).await.status, 303);
    let log = page(&sandbox, "/sandbox/log").await;
    assert!(log.contains("2207") && log.contains("/sandbox/settlements/S"), "{log}");
    assert!(!log.contains("<b>失败</b>"), "{log}");
    let at = log.find("<code>2207</code>").unwrap();
    let number = log[..at].rsplit_once("/sandbox/messages/").unwrap().1.split('"').next().unwrap();
    let message = page(&sandbox, &format!("/sandbox/messages/{number}")).await;
    for word in ["医疗类别：<b>普通门诊</b>", "数值 16,2", "这次一共 390.00 元", "依据：起付", "每一格都一致"]
    {
        assert!(message.contains(word), "{word}");
    }
    let sheet = message.split("/sandbox/settlements/").nth(1).unwrap().split('"').next().unwrap();
    assert!(page(&sandbox, &format!("/sandbox/settlements/{sheet}")).await.contains("医疗费用结算单"));
    let number_of = |infno: &str| {
        let at = log.find(&format!("<code>{infno}</code>")).unwrap();
        log[..at].rsplit_once("/sandbox/messages/").unwrap().1.split('"').next().unwrap().to_owned()
    };
    let tried = page(&sandbox, &format!("/sandbox/messages/{}", number_of("2206"))).await;
    for word in ["试算，没有入账", "这次一共 390.00 元", "依据：起付", "每一格都一致"]
    {
        assert!(tried.contains(word), "{word}");
    }
    assert!(!tried.contains("/sandbox/settlements/"), "nothing is booked");
    let cancelled = page(&sandbox, &format!("/sandbox/messages/{}", number_of("2208"))).await;
    assert!(cancelled.contains("被撤销的结算") && cancelled.contains("这次一共 390.00 元"));
    for link in log.split("\"/sandbox/settlements/").skip(1) {
        let id = link.split('"').next().unwrap();
        assert!(
            page(&sandbox, &format!("/sandbox/settlements/{id}")).await.contains("医疗费用结算单"),
            "{id}"
        );
    }
}

#[tokio::test]
async fn every_transaction_and_table_has_its_page() {
    let sandbox = Sandbox::new();
    let list = page(&sandbox, "/sandbox/transactions").await;
    let numbers: Vec<&str> =
        list.split("/sandbox/transactions/").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(numbers.len() > 200, "{}", numbers.len());
    for number in &numbers {
        let one = page(&sandbox, &format!("/sandbox/transactions/{number}")).await;
        let known = gongji_nhsa::fields::transaction(number).unwrap();
        for field in known.nodes.iter().flat_map(|node| &node.fields) {
            assert!(
                one.contains(&format!("<details><summary><code>{}</code>", field.name)),
                "{number} {}",
                field.name
            );
        }
    }
    for name in gongji_nhsa::tables::tables().keys() {
        page(&sandbox, &format!("/sandbox/tables/{name}")).await;
    }
}

#[tokio::test]
async fn forms_of_other_sites_change_nothing() {
    let sandbox = Sandbox::new();
    for (path, body) in [
        ("/sandbox/send", "sequence=outpatient&step=1&person=employee&institution=hospital"),
        ("/sandbox/play", "sequence=outpatient&person=employee&institution=hospital"),
        ("/sandbox/faults", "kind=down&times=1"),
        ("/sandbox/faults/off", "id=1"),
    ] {
        let reply = form(&sandbox, path, "http://evil.example", body).await;
        assert_eq!(reply.status, 403, "{path}");
    }
    assert!(page(&sandbox, "/sandbox").await.contains("还没有报文。"));
    assert_eq!(
        form(&sandbox, "/sandbox/faults", OWN, "kind=down&infno=&times=2&milliseconds=1").await.status,
        303
    );
    let page_with = page(&sandbox, "/sandbox").await;
    assert!(page_with.contains("<b>平台停机（503）</b> 全部交易，还有 2 次"), "{page_with}");
    assert_eq!(form(&sandbox, "/sandbox/faults/off", OWN, "id=1").await.status, 303);
    assert!(page(&sandbox, "/sandbox").await.contains("现在没有故障。"));
}

#[tokio::test]
async fn what_is_not_there_is_said_to_be_missing() {
    let sandbox = Sandbox::new();
    for path in [
        "/sandbox?sequence=x",
        "/sandbox?person=x",
        "/sandbox/messages/9",
        "/sandbox/transactions/x",
        "/sandbox/tables/x",
        "/sandbox/settlements/S1",
    ] {
        assert_eq!(sandbox.ask("GET", path, None).await.status, 404, "{path}");
    }
    for path in ["/sandbox", "/sandbox/log", "/sandbox/messages/1", "/sandbox/transactions"] {
        assert_eq!(get(path).await.status, 404, "{path}");
    }
}
