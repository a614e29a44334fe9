//! How the year stands.

use gongji_cases::answer::{BillAnswer, CounterStatus};
use gongji_money::Fen;

use super::share;

/// One running total.
pub struct Meter {
    /// What it is called.
    pub label: String,
    /// Before, by this bill, after; with their unit.
    pub before: String,
    /// What this bill added.
    pub this: String,
    /// As it stands after.
    pub after: String,
    /// The limit, where there is one.
    pub limit: Option<String>,
    /// How much of the limit was used before this bill.
    pub used: String,
    /// How much of it this bill used.
    pub added: String,
}

fn figure(status: &CounterStatus, text: &str) -> String {
    if status.counts_times {
        return format!("{text} 次");
    }
    text.parse::<Fen>().map_or_else(|_| text.to_owned(), Fen::grouped)
}

fn fen(text: &str) -> i64 {
    text.parse::<Fen>().map_or(0, Fen::fen)
}

/// The counters of the year after a bill.
pub fn meters(bill: &BillAnswer) -> Vec<Meter> {
    bill.year_status
        .iter()
        .map(|status| {
            let limit = status.limit.filter(|_| !status.counts_times);
            let whole = limit.map_or(0, |limit| limit.fen());
            Meter {
                label: status.label.clone(),
                before: figure(status, &status.before),
                this: figure(status, &status.this),
                after: figure(status, &status.after),
                limit: limit.map(|limit| limit.grouped()),
                used: share(fen(&status.before).min(whole), whole),
                added: share((fen(&status.after).min(whole) - fen(&status.before).min(whole)).max(0), whole),
            }
        })
        .collect()
}
