//! A year in invented areas whose rules know everything: nothing is refused, and every kind of business is done.

use std::path::Path;

use gongji_policy::SourceText;

use crate::tests::made_under;
use crate::{Demo, Report};

/// What is done in a year besides registering people and settling their bills.
const DONE: [&str; 70] = [
    "open_fund",
    "record_income",
    "cancel_income",
    "register_employer",
    "declare_wages",
    "declare_pensions",
    "choose_base",
    "precredit_accounts",
    "credit_accounts",
    "clear_accounts",
    "bill_contributions",
    "receive_payment",
    "split_contributions",
    "charge_late_fee",
    "bill_flexible",
    "record_debits",
    "debit_supplement",
    "pay_premium",
    "apply_mutual_aid",
    "review_grant",
    "order_grants",
    "pause_grant",
    "resume_grant",
    "end_grant",
    "open_wallet",
    "transfer_to_wallet",
    "accept_transfer",
    "decline_transfer",
    "return_transfers",
    "find_unusual_use",
    "file_away",
    "register_chronic",
    "choose_institution",
    "register_maternity",
    "register_newborn",
    "renew_filing",
    "end_filing",
    "cancel_filing",
    "review_filing",
    "open_visit",
    "upload_lines",
    "settle",
    "settle_at_once",
    "cancel_settlement",
    "readjudicate",
    "submit_claim",
    "decide_claim_lines",
    "report_claim",
    "send_back_claim",
    "approve_claim",
    "withdraw_claim",
    "expire_claim",
    "pay_person",
    "return_payment",
    "recover_from_person",
    "propose_correction_batch",
    "find_corrections",
    "release_correction_batch",
    "compare_totals",
    "compare_details",
    "confirm_days",
    "open_clearing",
    "approve_clearing",
    "pay_clearing",
    "return_clearing_payment",
    "open_area_payment",
    "approve_area_payment",
    "close_accounts",
    "close_fund_year",
    "release_fund_year",
];

/// The same rules in three areas of three provinces; the third credits accounts a year ahead and clears them.
fn rules() -> Vec<SourceText> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/agency");
    let all = gongji_packs::PackTexts::from_folder(&folder).expect("the fixtures").rules;
    let known: Vec<SourceText> = all.into_iter().filter(|text| text.name.starts_with("990301-")).collect();
    let mut texts = Vec::new();
    for (code, name) in [("990301", "云江市"), ("980301", "海山市"), ("970301", "长川市")] {
        for text in &known {
            let (file, mut body) = (
                text.name.replace("990301", code),
                text.text.replace("990301", code).replace("云江市", name),
            );
            if code == "970301" {
                body = ahead(&body);
            }
            texts.push(SourceText { name: file, text: body });
        }
    }
    texts
}

/// The rules of accounts that are credited a year ahead.
fn ahead(body: &str) -> String {
    let cleared = r#"[parameter.account_clearing.applied]
from = "2020-01-01"
source = "example"
value = true

[parameter.account_clearing.shortfall_from]
from = "2020-01-01"
source = "example"
value = "current_year"

[parameter.account_clearing.surplus_to]
from = "2020-01-01"
source = "example"
value = "carried_over"

[parameter.account_clearing.rounding]
from = "2020-01-01"
source = "example"
value = "half_up_fen"
"#;
    let applied =
        "[parameter.account_clearing.applied]\nfrom = \"2020-01-01\"\nsource = \"example\"\nvalue = false\n";
    let negative =
        "[parameter.year_roll.negative]\nfrom = \"2020-01-01\"\nsource = \"example\"\nvalue = \"kept\"\n\n";
    let monthly = "value = \"month\"\n";
    body.replace(applied, cleared)
        .replace(monthly, "value = \"year\"\n")
        .replace("[parameter.account_use.allowed]", &format!("{negative}[parameter.account_use.allowed]"))
}

fn a_year() -> Report {
    made_under(rules(), Demo { people: 240, seed: 11, years: 1 })
}

#[test]
fn where_the_rules_know_everything_nothing_is_refused_and_every_business_is_done() {
    let made = a_year();
    let year = made.year.as_ref().expect("a year");
    assert_eq!(made.areas, 3);
    assert!(made.refused.is_empty() && year.refused.is_empty(), "{:?} {:?}", made.refused, year.refused);
    assert!(year.late_fees > 0 && year.failed_debits > 0, "{year:?}");
    assert_eq!(year.retried_debits, year.failed_debits);
    assert_eq!((year.closed, year.funds_closed), (3, 3));
    let missing: Vec<&str> = DONE.into_iter().filter(|kind| !year.kinds.contains_key(kind)).collect();
    assert_eq!(missing, [""; 0], "{:#?}", year.kinds);
    assert_eq!(year.booked, year.kinds.values().sum::<u64>());
    let again = a_year();
    assert_eq!((made.head, made.year), (again.head, again.year));
}
