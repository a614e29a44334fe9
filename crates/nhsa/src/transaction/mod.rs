//! The transactions that are offered, one file a noun of the field.

mod cancel;
mod catalogue;
mod charged;
mod credential;
mod dictionary;
mod eligibility;
mod fees;
mod filing;
mod institution;
mod matching;
mod order;
mod page;
mod person;
mod pharmacy;
mod query;
mod reconcile;
mod reverse;
mod settle;
mod settlement_list;
mod settlement_list_shown;
mod sign;
mod statement;
mod transfer;
mod typed;
mod visit;

pub use transfer::download;

use crate::call::Call;
use crate::fault::Fault;
use crate::wire::Wire;

pub use reconcile::bills;

/// How a transaction is answered.
pub type Handler = fn(&Call<'_>) -> Result<Wire, Fault>;

/// The transactions that are offered by the number whose fields they have.
pub const OFFERED: &[(&str, Handler)] = &[
    ("1101", person::coverage),
    ("1162", credential::decode),
    ("1201", institution::find),
    ("1301", catalogue::download),
    ("1302", catalogue::download),
    ("1303", catalogue::download),
    ("1304", catalogue::ethnic),
    ("1305", catalogue::download),
    ("1306", catalogue::download),
    ("1307", catalogue::download),
    ("1308", catalogue::download),
    ("1309", catalogue::download),
    ("1310", catalogue::download),
    ("1311", catalogue::download),
    ("1312", catalogue::insurance),
    ("1313", catalogue::download),
    ("1314", catalogue::download),
    ("1315", catalogue::download),
    ("1316", catalogue::matched),
    ("1317", matching::query),
    ("1318", catalogue::price_caps),
    ("1319", catalogue::first_shares),
    ("1901", dictionary::table),
    ("2001", eligibility::check),
    ("2101", pharmacy::try_out),
    ("2102", pharmacy::settle),
    ("2103", cancel::settlement),
    ("2201", visit::register),
    ("2202", visit::cancel),
    ("2203", visit::describe),
    ("2203A", visit::describe),
    ("2204", fees::upload),
    ("2205", fees::cancel_batch),
    ("2206", settle::try_out),
    ("2207", settle::settle),
    ("2208", cancel::settlement),
    ("2301", fees::upload),
    ("2302", fees::cancel_lines),
    ("2303", settle::try_out),
    ("2304", settle::settle),
    ("2305", cancel::settlement),
    ("2306", fees::remark),
    ("2401", visit::admit),
    ("2402", visit::discharge),
    ("2403", visit::change),
    ("2404", visit::cancel),
    ("2405", visit::discharge_undone),
    ("2501", filing::refer),
    ("2502", filing::cancel),
    ("2503", filing::chronic),
    ("2504", filing::cancel),
    ("2505", filing::choose),
    ("2506", filing::cancel),
    ("2601", reverse::reverse),
    ("3201", reconcile::totals),
    ("3202", statement::details),
    ("3301", matching::upload),
    ("3302", matching::cancel),
    ("4101", settlement_list::upload),
    ("4102", settlement_list::change_state),
    ("4103", settlement_list_shown::query),
    ("5201", query::visits),
    ("5202", query::diagnoses),
    ("5203", query::settlement),
    ("5204", charged::lines),
    ("5205", charged::chronic_drugs),
    ("5206", query::accumulators),
    ("5301", filing::chronic_now),
    ("5302", filing::chosen_now),
    ("5303", query::admitted),
    ("5304", filing::referrals),
    ("6101", credential::decode_for_payment),
    ("6201", order::upload),
    ("6202", order::pay),
    ("6203", order::refund),
    ("6204", order::synchronise),
    ("6301", order::query),
    ("6401", order::cancel),
    ("9001", sign::sign_in),
    ("9002", sign::sign_out),
    ("9101", transfer::upload),
    ("9102", transfer::download_in_a_message),
];

/// A forms that have the fields of their plain form.
const A_FORMS: &[(&str, &str)] =
    &[("2102A", "2102"), ("2206A", "2206"), ("2207A", "2207"), ("2303A", "2303"), ("2304A", "2304")];

/// The number whose fields a transaction has: that of the plain form for an A form.
pub fn plain(number: &str) -> &str {
    A_FORMS.iter().find(|(form, _)| *form == number).map_or(number, |(_, plain)| plain)
}

/// The handler of a number.
///
/// # Errors
/// The faults `not_offered` for a known transaction and `unknown_transaction`.
pub fn find(number: &str) -> Result<(&'static str, Handler), Fault> {
    let plain = plain(number);
    if let Some((number, handler)) = OFFERED.iter().find(|(offered, _)| *offered == plain) {
        return Ok((number, *handler));
    }
    Err(match crate::fields::transaction(number) {
        Some(known) => {
            Fault::new("not_offered", format!("交易 {number}（{}）属于本接口，本平台尚未提供", known.name))
        }
        None => Fault::new("unknown_transaction", format!("未知交易编号 {number}")),
    })
}
