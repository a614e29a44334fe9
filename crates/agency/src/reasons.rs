//! The reasons that clerks give as codes, with their Chinese words: an asset, so that words change without the program.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

/// A reason.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The code in commands.
    pub code: String,
    /// The words that people read.
    pub label: String,
    /// `line` for lines of a claim, `payment` for payments that came back.
    pub applies_to: String,
}

/// Every reason, in the order of the asset.
pub fn reasons() -> &'static [Reason] {
    static REASONS: OnceLock<Vec<Reason>> = OnceLock::new();
    const TEXT: &str = include_str!("../assets/claim_reasons.csv");
    // A test reads every line of the asset.
    REASONS.get_or_init(|| csv::Reader::from_reader(TEXT.as_bytes()).deserialize().flatten().collect())
}

/// The words for a code; the code itself where it is not known any more.
pub fn label_of(code: &str) -> &str {
    reasons().iter().find(|reason| reason.code == code).map_or(code, |reason| reason.label.as_str())
}

/// Checks that a code is one for this use.
///
/// # Errors
/// The refusal `unknown_reason`, with the codes that there are.
pub fn check(field: &str, applies_to: &str, code: &str) -> Result<(), Refusal> {
    let of: Vec<&Reason> = reasons().iter().filter(|reason| reason.applies_to == applies_to).collect();
    if of.iter().any(|reason| reason.code == code) {
        return Ok(());
    }
    let expected: Vec<String> =
        of.iter().map(|reason| format!("{}（{}）", reason.code, reason.label)).collect();
    Err(Refusal::new("unknown_reason", "没有这个原因代码")
        .at(field)
        .found(code)
        .expected(expected.join("、")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_asset_reads() {
        let lines = include_str!("../assets/claim_reasons.csv").lines().count() - 1;
        assert_eq!(reasons().len(), lines);
        for (at, reason) in reasons().iter().enumerate() {
            assert!(matches!(reason.applies_to.as_str(), "line" | "payment"), "{reason:?}");
            assert!(reasons()[..at].iter().all(|other| other.code != reason.code), "{reason:?} stands twice");
        }
        assert!(check("reason", "line", "third_party").is_ok());
        assert!(check("reason", "payment", "third_party").is_err());
        assert_eq!(label_of("third_party"), "应由第三人负担");
    }
}
