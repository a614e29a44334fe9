//! What is booked of an institution on the present day: what an honest close of day states.

use gongji_money::Fen;

use crate::bill::Bill;
use crate::call::Call;
use crate::envelope::Request;
use crate::fields::{Direction, transaction};
use crate::file::base64_of;
use crate::moment;
use crate::platform::Platform;
use crate::tables::Codes;
use crate::transaction::bills;
use crate::wire::Wire;

/// The bills of the present day with a kind of clearing, each with what `row` makes of it.
fn each<T>(
    platform: &Platform,
    institution: &str,
    clearing: &str,
    row: impl Fn(&Bill, Codes<'_>) -> T,
) -> Option<Vec<T>> {
    let request = Request {
        number: "3201".to_owned(),
        message: "totals".to_owned(),
        institution: institution.to_owned(),
        care_area: String::new(),
        input: Wire::Null,
    };
    let today = moment::plain(platform.now()).get(..10)?.parse().ok()?;
    let found = Call::look_only(platform.office(), &request, "3201", |call| {
        let codes = call.codes();
        let bills = bills(call, today, today)?;
        let of_kind = bills.iter().filter(|bill| bill.clearing(codes) == clearing);
        Ok(of_kind.map(|bill| row(bill, codes)).collect())
    });
    found.ok()
}

fn yuan(fen: i64) -> String {
    Fen::new(fen).to_string()
}

/// Number and sums for an insurance and a kind of clearing, by the names that the close's request gives them.
pub fn of(
    platform: &Platform,
    institution: &str,
    insurance: &str,
    clearing: &str,
) -> Option<[(&'static str, String); 4]> {
    let rows = each(platform, institution, clearing, |bill, codes| {
        let same = codes.exact("insutype", &bill.settlement().scheme) == Some(insurance);
        let sums = [1, bill.total(), bill.fund_total(codes), bill.account()];
        if same { sums } else { [0; 4] }
    })?;
    let sum = |at: usize| rows.iter().map(|row| row[at]).sum::<i64>();
    Some([
        ("stmt_setl_cnt", sum(0).to_string()),
        ("stmt_medfee_sumamt", yuan(sum(1))),
        ("stmt_fund_pay_sumamt", yuan(sum(2))),
        ("stmt_acct_pay", yuan(sum(3))),
    ])
}

/// The institution's own list of the bills of a kind of clearing, as 9101 takes it for 3202: rows of text in base64.
pub fn file(platform: &Platform, institution: &str, clearing: &str) -> Option<String> {
    let columns = &transaction("3202")?.node(Direction::FileIn, "")?.fields;
    let rows = each(platform, institution, clearing, |bill, codes| {
        let made = bill.settlement();
        let value = |name: &str| match name {
            "setl_id" => bill.id().unwrap_or_default(),
            "psn_no" => made.person.clone(),
            "mdtrt_id" => match bill.visit() {
                Wire::Text(visit) => visit,
                _ => String::new(),
            },
            "medfee_sumamt" => yuan(bill.total()),
            "fund_pay_sumamt" => yuan(bill.fund_total(codes)),
            "acct_pay" => yuan(bill.account()),
            "refd_setl_flag" => if bill.is_negative() { "1" } else { "0" }.to_owned(),
            _ => "null".to_owned(),
        };
        columns.iter().map(|column| value(column.name)).collect::<Vec<_>>().join("\t")
    })?;
    Some(base64_of(format!("{}\n", rows.join("\n")).as_bytes()))
}
