//! What the shared use of accounts needs, and what of it is unusual: data, in `assets/family.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::filing::{ProofKind, Reason};
use crate::row::FlagKind;

/// Where unusual use is looked for.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unusual {
    /// So many days back.
    pub window_days: i32,
    /// The first hour of the night in Beijing.
    pub night_from_hour: i64,
    /// The hour before which it ends.
    pub night_to_hour: i64,
    /// From this percentage of a limit up an amount is just under it.
    pub just_under_percent: i64,
}

/// From where on something is flagged.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// What.
    pub kind: FlagKind,
    /// The term that people read.
    pub label: String,
    /// So often, or so many fen.
    pub at_least: i64,
    /// Why somebody should look.
    pub reason: String,
}

/// The file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    /// What proves a relationship.
    pub proof: Vec<ProofKind>,
    /// Reasons for not approving.
    pub refusal: Vec<Reason>,
    /// Where unusual use is looked for.
    pub unusual: Unusual,
    /// From where on.
    pub flag: Vec<Threshold>,
}

const TEXT: &str = include_str!("../assets/family.toml");

/// What the shared use of accounts needs. A test reads the file.
pub static FAMILY: LazyLock<Family> = LazyLock::new(|| toml::from_str(TEXT).unwrap_or_default());

impl Family {
    /// The threshold of a kind of flag.
    pub fn threshold(&self, kind: FlagKind) -> Option<&Threshold> {
        self.flag.iter().find(|known| known.kind == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_reads() {
        let family: Family = toml::from_str(TEXT).expect("reads");
        let kinds = [
            FlagKind::ManyBeneficiaries,
            FlagKind::NightDraws,
            FlagKind::JustUnderLimit,
            FlagKind::ManyPlaces,
            FlagKind::LargeSum,
        ];
        for kind in kinds {
            assert!(family.threshold(kind).is_some_and(|known| known.at_least > 0), "{kind:?}");
        }
        assert!(family.unusual.window_days > 0 && !family.proof.is_empty() && !family.refusal.is_empty());
    }
}
