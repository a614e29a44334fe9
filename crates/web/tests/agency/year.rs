//! Claims, corrections, families, filings and employers over HTTP: what is shown, to whom, and what is wrong with a question.

use serde_json::json;

use crate::kit::told;
use crate::seed::{Seeded, seeded};

/// A claim, a batch of corrections, a grant, a wallet, a filing and an employer.
async fn set_out(agency: &Seeded) -> [String; 3] {
    let person = &agency.insured;
    let claim = json!({
        "person": person, "institution": { "name": "某市人民医院", "area": "990202", "facts": { "level": "3", "facility_type": "hospital" } },
        "care_type": "outpatient", "date": "2026-03-01",
        "lines": [{ "code": "A1", "name": "A 类项目", "quantity": "2", "unit_price": "100.00", "amount": "200.00" }],
        "documents": [{ "kind": "invoice", "no": "00000001", "amount": "200.00" }],
    });
    let claim = agency.book("clerk", "submit_claim", "claim", claim).await;
    let batch = json!({ "area": "990201", "from": "2026-03-01", "reason": "示例文件追溯" });
    let batch = agency.book("clerk", "propose_correction_batch", "batch", batch).await;
    let batch = batch["result"]["batch"].as_str().unwrap().to_owned();
    agency.book("clerk", "find_corrections", "find", json!({ "batch": batch, "step": 1 })).await;
    let cover = json!({
        "person": agency.ended, "area": "990201", "scheme": "employee", "from": "2026-01-01", "reason": "再就业",
        "facts": { "category": "employed" },
    });
    agency.book("clerk", "enrol", "again", cover).await;
    let grant = json!({
        "grantor": person, "beneficiary": agency.ended, "relation": "spouse", "from": "2026-03-05",
        "limits": { "per_draw": "100.00" },
    });
    agency.book("resident", "grant_mutual_aid", "grant", grant).await;
    agency.book("other-resident", "open_wallet", "wallet", json!({ "person": agency.ended })).await;
    let filing = json!({
        "person": person, "filing": "temporary", "area": "990202", "from": "2026-03-05",
    });
    agency.book("resident", "file_away", "filing", filing).await;
    let employer = json!({ "id": "E1", "name": "示例厂", "area": "990201", "from": "2020-01-01" });
    agency.book("clerk", "register_employer", "employer", employer).await;
    [claim["result"]["claim"].as_str().unwrap().to_owned(), batch, person.clone()]
}

#[tokio::test]
async fn what_is_kept_of_a_year_is_read() {
    let agency = seeded().await;
    let [claim, batch, person] = set_out(&agency).await;
    let other = &agency.ended;
    let asked = [
        ("clerk", "/api/v1/claims?area=990201&status=open".to_owned()),
        ("clerk", format!("/api/v1/claims/{claim}")),
        ("resident", format!("/api/v1/people/{person}/claims?limit=1")),
        ("resident", format!("/api/v1/people/{person}/payments")),
        ("clerk", "/api/v1/corrections?area=990201".to_owned()),
        ("reviewer", format!("/api/v1/corrections/{batch}")),
        ("reviewer", format!("/api/v1/corrections/{batch}/lines?person={person}")),
        ("other-resident", format!("/api/v1/people/{other}/grants")),
        ("resident", format!("/api/v1/people/{person}/draws")),
        ("other-resident", format!("/api/v1/people/{other}/transfers")),
        ("clerk", "/api/v1/flags?area=990201".to_owned()),
        ("resident", format!("/api/v1/people/{person}/filings")),
        ("clerk", "/api/v1/filings?area=990201".to_owned()),
        ("clerk", "/api/v1/employers?area=990201".to_owned()),
        ("clerk", "/api/v1/employers/E1".to_owned()),
        ("clerk", "/api/v1/payers/E1/bills".to_owned()),
        ("clerk", "/api/v1/arrears?area=990201".to_owned()),
        ("clerk", "/api/v1/clearing/areas?area=990201&month=2026-03".to_owned()),
        ("auditor", "/api/v1/clearing/netting?month=2026-03".to_owned()),
    ];
    let mut story = Vec::new();
    for (token, address) in asked {
        let reply = agency.get(token, &address).await;
        assert_eq!(reply.status, 200, "{token} {address}: {}", reply.text);
        story.push(format!("# {token} {address}\n{}", told(&reply)));
    }
    insta::assert_snapshot!(story.join("\n\n"));
}

#[tokio::test]
async fn what_is_asked_wrongly_is_told() {
    let agency = seeded().await;
    let [claim, batch, person] = set_out(&agency).await;
    let asked = [
        "/api/v1/claims".to_owned(),
        "/api/v1/claims?area=9902".to_owned(),
        "/api/v1/claims?area=990201&status=lost".to_owned(),
        "/api/v1/claims?area=990201&limit=0".to_owned(),
        "/api/v1/claims?area=990201&sort=up".to_owned(),
        "/api/v1/claims/R999".to_owned(),
        format!("/api/v1/claims/{claim}?full=1"),
        "/api/v1/people/P999/claims".to_owned(),
        format!("/api/v1/people/{person}/claims?limit=501"),
        format!("/api/v1/people/{person}/payments"),
        "/api/v1/corrections".to_owned(),
        "/api/v1/corrections?area=x".to_owned(),
        "/api/v1/corrections/K999".to_owned(),
        format!("/api/v1/corrections/{batch}/lines?part=1"),
        "/api/v1/people/P999/grants".to_owned(),
        "/api/v1/people/P999/draws".to_owned(),
        "/api/v1/people/P999/transfers".to_owned(),
        format!("/api/v1/people/{person}/transfers?limit=1"),
        "/api/v1/flags".to_owned(),
        "/api/v1/flags?area=990201&status=gone".to_owned(),
        "/api/v1/people/P999/filings".to_owned(),
        "/api/v1/filings?area=990201&kind=holiday".to_owned(),
        "/api/v1/employers/E9".to_owned(),
        "/api/v1/payers/E9/bills".to_owned(),
        "/api/v1/bills/C9".to_owned(),
        "/api/v1/bills/C9/lines".to_owned(),
        "/api/v1/arrears".to_owned(),
        "/api/v1/clearings?area=990201&month=2026-13".to_owned(),
        "/api/v1/clearing/areas?area=990201&month=2026-3".to_owned(),
        "/api/v1/clearing/areas?month=2026-03".to_owned(),
        "/api/v1/clearing/netting".to_owned(),
        "/api/v1/clearing/netting?month=march".to_owned(),
        "/api/v1/funds/statement?year=2026".to_owned(),
        "/api/v1/funds/statement?area=990201".to_owned(),
        "/api/v1/funds/statement.csv?area=990201&year=1".to_owned(),
    ];
    let mut gallery = Vec::new();
    for address in asked {
        gallery.push(format!("# {address}\n{}", told(&agency.get("clerk", &address).await)));
    }
    insta::assert_snapshot!(gallery.join("\n\n"));
}

#[tokio::test]
async fn what_belongs_to_others_is_not_shown() {
    let agency = seeded().await;
    let [claim, batch, person] = set_out(&agency).await;
    let addresses = [
        "/api/v1/claims?area=990201".to_owned(),
        format!("/api/v1/claims/{claim}"),
        format!("/api/v1/people/{person}/claims"),
        format!("/api/v1/people/{person}/payments"),
        "/api/v1/claim-reasons".to_owned(),
        "/api/v1/corrections?area=990201".to_owned(),
        format!("/api/v1/corrections/{batch}"),
        format!("/api/v1/corrections/{batch}/lines"),
        format!("/api/v1/people/{person}/grants"),
        format!("/api/v1/people/{person}/draws"),
        format!("/api/v1/people/{person}/transfers"),
        "/api/v1/flags?area=990201".to_owned(),
        format!("/api/v1/people/{person}/filings"),
        "/api/v1/filings?area=990201".to_owned(),
        "/api/v1/employers/E1".to_owned(),
        "/api/v1/payers/E1/bills".to_owned(),
        "/api/v1/arrears?area=990201".to_owned(),
        "/api/v1/clearings?area=990201".to_owned(),
        "/api/v1/clearing/areas?area=990201&month=2026-03".to_owned(),
        "/api/v1/clearing/netting?month=2026-03".to_owned(),
        "/api/v1/funds/statement?area=990201&year=2026".to_owned(),
        "/api/v1/funds/statement.csv?area=990201&year=2026".to_owned(),
    ];
    let tokens =
        ["", "hospital", "clerk", "foreign-clerk", "reviewer", "auditor", "resident", "other-resident"];
    let mut seen = Vec::new();
    for address in addresses {
        let mut row = format!("{address:<56}");
        for token in tokens {
            let name = if token.is_empty() { "nobody" } else { token };
            row += &format!(" {name}:{}", agency.get(token, &address).await.status);
        }
        seen.push(row);
    }
    insta::assert_snapshot!(seen.join("\n"));
}
