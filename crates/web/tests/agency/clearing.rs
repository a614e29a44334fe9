//! Clearing and statements of funds over HTTP.

use serde_json::json;

use crate::kit::told;
use crate::seed::seeded;

#[tokio::test]
async fn an_institution_compares_its_days_and_staff_read_clearings_and_funds() {
    let agency = seeded().await;
    let bill = json!({
        "visit": { "person": agency.insured, "institution": "H1", "care_type": "outpatient", "date": "2026-03-03" },
        "charges": { "total": "900.00" },
    });
    let settled = agency.give("hospital", "settle_at_once", "clearing-1", bill).await;
    assert_eq!(settled.status, 201, "{}", settled.text);
    let days = "/api/v1/institutions/H1/days?from=2026-03-03&to=2026-03-03";
    let compare = json!({ "institution": "H1", "from": "2026-03-03", "to": "2026-03-03", "bills": [] });
    let compared = agency.give("hospital", "compare_details", "clearing-2", compare).await;
    assert_eq!(compared.status, 201, "{}", compared.text);
    let told_of: serde_json::Value = serde_json::from_str(&compared.text).unwrap();
    let comparison = told_of["result"]["comparison"].as_str().unwrap();
    let asked = [
        ("hospital", days.to_owned()),
        ("resident", days.to_owned()),
        ("hospital", format!("/api/v1/comparisons/{comparison}")),
        ("clerk", "/api/v1/comparisons/R1".to_owned()),
        ("hospital", "/api/v1/institutions/H1/days?from=2026-03-03".to_owned()),
        ("clerk", "/api/v1/clearings?area=990201".to_owned()),
        ("clerk", "/api/v1/clearings/C1".to_owned()),
        ("clerk", "/api/v1/clearing/areas?area=990201&month=2026-03".to_owned()),
        ("clerk", "/api/v1/clearing/netting?month=2026-03".to_owned()),
        ("clerk", "/api/v1/funds/statement?area=990201&year=2026".to_owned()),
        ("clerk", "/api/v1/funds/statement.csv?area=990201&year=2026".to_owned()),
        ("clerk", "/api/v1/funds/statement.svg?area=990201&year=2026".to_owned()),
        ("hospital", "/api/v1/funds/statement?area=990201&year=2026".to_owned()),
        ("clerk", "/api/v1/funds/statement?area=990201&year=26x".to_owned()),
    ];
    let mut story = Vec::new();
    for (token, address) in asked {
        story.push(format!("# {token} {address}\n{}", told(&agency.get(token, &address).await)));
    }
    insta::assert_snapshot!(story.join("\n\n"));
}
