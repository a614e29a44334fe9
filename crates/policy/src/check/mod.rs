//! What can be proved of a pack before any bill: complete tables, ratios within bounds, a stack that fits together.

mod amounts;
mod benefits;
#[cfg(test)]
mod brute;
mod counters;
mod freshness;
mod grid;
mod indices;
mod proof;
mod ratio;
mod ratio_bounds;
#[cfg(test)]
mod ratio_brute;
mod region;
mod report;
mod stack;
mod tables;

use jiff::civil::Date;

use crate::diagnostic::Diagnostic;
use crate::model::Pack;

/// Every finding of every check, in order of the checks and of the texts. `today` is the day from which staleness counts;
/// without it nothing is stale. A pack without a finding of severity `Error` can be compiled and answers every case of its
/// benefits' domains.
pub fn check_pack(pack: &Pack, today: Option<Date>) -> Vec<Diagnostic> {
    let mut found = tables::check_tables(pack);
    found.extend(indices::check_indices(pack));
    found.extend(benefits::check_benefits(pack));
    found.extend(amounts::check_amounts(pack));
    found.extend(stack::check_stacks(pack));
    found.extend(counters::check_counters(pack));
    found.extend(ratio::check_ratios(pack));
    found.extend(today.into_iter().flat_map(|today| freshness::check_freshness(pack, today)));
    // A layer that several benefits share fails once, not once for each.
    let mut told: Vec<Diagnostic> = Vec::with_capacity(found.len());
    for diagnostic in found {
        if !told.contains(&diagnostic) {
            told.push(diagnostic);
        }
    }
    told
}
