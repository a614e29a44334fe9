//! Reconciliation, clearing and statements of funds on the command line.

use serde_json::{Value, json};

use crate::kit::{Areas, Books, first_word};

fn book(books: &Books, kind: &str, body: Value) -> String {
    let out = books.run(&["book", kind], &body.to_string());
    assert!(out.starts_with("exit 0"), "{kind}: {out}");
    out
}

/// An insured person, an institution, two bills of 2025.
fn year(books: &Books) -> String {
    let hospital = json!({
        "id": "H1", "name": "示例医院", "area": "990301", "facts": { "level": "2", "facility_type": "hospital" },
        "from": "2020-01-01",
    });
    book(books, "register_institution", hospital);
    let certificate = json!({ "kind": "passport", "number": "PA000001" });
    let person = json!({
        "area": "990301", "name": "甲", "certificate": certificate, "sex": "female", "birth_date": "1980-02-03",
    });
    let person = first_word(&book(books, "register_person", person), 'P');
    let cover = json!({
        "person": person, "area": "990301", "scheme": "employee", "from": "2020-01-01",
        "facts": { "category": "employed" }, "reason": "新参保",
    });
    book(books, "enrol", cover);
    for (date, total) in [("2025-03-05", "4000.00"), ("2025-04-07", "1234.56")] {
        let visit = json!({ "person": person, "institution": "H1", "care_type": "outpatient", "date": date });
        let charges = json!({ "total": total });
        book(books, "settle_at_once", json!({ "visit": visit, "charges": charges }));
    }
    person
}

#[test]
fn days_differences_clearings_and_funds_are_shown() {
    let books = Books::with_areas_of(Areas::Agency);
    insta::assert_snapshot!(
        "fund_nothing",
        books.run(&["fund", "statement", "990301", "--year", "2025"], "")
    );
    year(&books);
    let days = ["clearing", "days", "H1", "--from", "2025-03-01", "--to", "2025-04-30"];
    insta::assert_snapshot!("clearing_days", books.run(&days, ""));
    let told = json!({
        "scheme": "employee", "clearing_type": "11", "count": 1, "total": "4000.00",
        "fund_paid": "2280.00", "account_paid": "0.00", "cash_paid": "1720.00",
    });
    let march = |groups: Vec<Value>| json!({ "institution": "H1", "from": "2025-03-05", "to": "2025-03-05", "groups": groups });
    let wrong = first_word(&book(&books, "compare_totals", march(Vec::new())), 'R');
    insta::assert_snapshot!("clearing_comparison", books.run(&["clearing", "comparison", &wrong], ""));
    let same = book(&books, "compare_totals", march(vec![told]));
    assert!(same.contains("\"agrees\": true"), "{same}");
    let days = json!({ "institution": "H1", "from": "2025-03-05", "to": "2025-03-05" });
    book(&books, "confirm_days", days);
    let deductions = json!([{ "scheme": "employee", "amount": "80.00", "reason": "超标准收费" }]);
    let asked =
        json!({ "institution": "H1", "month": "2025-03", "withhold": "5%", "deductions": deductions });
    let clearing = first_word(&book(&books, "open_clearing", asked), 'C');
    let shown = books.run(&["clearing", "show", &clearing], "");
    // The day is that of the run.
    let shown: String =
        shown.lines().filter(|line| !line.contains("申请")).map(|line| format!("{line}\n")).collect();
    insta::assert_snapshot!("clearing_show", shown);
    insta::assert_snapshot!(
        "clearing_list",
        books.run(&["clearing", "list", "990301", "--month", "2025-03"], "")
    );
    insta::assert_snapshot!(
        "clearing_none",
        books.run(&["clearing", "list", "990301", "--month", "2025-04"], "")
    );
    insta::assert_snapshot!(
        "clearing_areas",
        books.run(&["clearing", "areas", "990301", "--month", "2025-03"], "")
    );
    let statement = ["fund", "statement", "990301", "--year", "2025"];
    insta::assert_snapshot!("fund_statement", books.run(&[&statement[..], &["--months"]].concat(), ""));
    insta::assert_snapshot!("fund_csv", books.run(&[&statement[..], &["--csv", "-"]].concat(), ""));
    insta::assert_snapshot!("fund_svg", books.run(&[&statement[..], &["--svg", "-"]].concat(), ""));
    close_funds(&books);
    let json = books.run(&[&statement[..], &["--format", "json"]].concat(), "");
    assert!(json.contains("\"months_of_reserve\": \"-12.0\""), "{json}");
    // Nobody releases what the same person submitted.
    let alone = books.run(&["book", "approve_clearing"], &json!({ "clearing": clearing }).to_string());
    assert!(alone.starts_with("exit 2") && alone.contains("经办人不能复核自己经办的业务"), "{alone}");
    let audited = books.run(&["audit"], "");
    assert!(audited.contains("核对无误"), "{audited}");
}

/// The funds' year: submitted, released by somebody else, and nothing left to do.
fn close_funds(books: &Books) {
    let mut told = String::new();
    for (who, what) in [
        ("复核", "release"),
        ("经办", "close"),
        ("经办", "close"),
        ("经办", "release"),
        ("复核", "release"),
        ("复核", "release"),
    ] {
        let out = books.run(&["fund", what, "--year", "2025", "--as", who], "");
        told.push_str(&format!("# {who} fund {what}\n{out}\n"));
    }
    told.push_str(&books.run(&["fund", "close", "990303", "--year", "2025"], ""));
    told.push_str(&books.run(&["person", "returns", "990301"], ""));
    insta::assert_snapshot!("fund_close", told);
}
