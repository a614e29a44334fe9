//! What filings need: data with sources, in `assets/filings.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::refusal::Refusal;
use crate::row::FilingKind;

/// A kind of filing for care away from home.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Away {
    /// The kind.
    pub kind: FilingKind,
    /// How long one holds that names no last day, in months; 0 until it is ended.
    pub valid_months: i64,
    /// For so many months it cannot be ended.
    pub keeps_months: i64,
    /// Whether an institution may state it where nothing was filed.
    pub unfiled: bool,
    /// One of these must be shown; none where the list is empty.
    pub proofs: Vec<String>,
    /// Where it stands.
    pub sources: Vec<String>,
}

/// A kind of registration at home.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// The kind.
    pub kind: FilingKind,
    /// Whether it holds only once a second person approved it.
    pub review: bool,
    /// One of these must be shown; none where the list is empty.
    pub proofs: Vec<String>,
    /// Where it stands.
    pub sources: Vec<String>,
}

/// Kinds of care that ask for a registration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Care {
    /// 医疗类别.
    pub care_types: Vec<String>,
    /// What must be registered.
    pub needs: FilingKind,
    /// Where it stands.
    pub sources: Vec<String>,
}

/// A document that proves something.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofKind {
    /// Its name in commands.
    pub kind: String,
    /// The term that people read.
    pub label: String,
}

/// A coded reason.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Its name in commands.
    pub code: String,
    /// The term that people read.
    pub label: String,
}

/// A source.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The document.
    pub document: String,
    /// How sure it is: `official`, `press`, `web`, `unverified`.
    pub grade: String,
    /// What of it is used.
    pub note: String,
}

/// The file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Needs {
    /// By name.
    pub source: std::collections::BTreeMap<String, Source>,
    /// Care away from home.
    pub away: Vec<Away>,
    /// Registrations at home.
    pub registration: Vec<Registration>,
    /// Kinds of care that need one.
    pub care: Vec<Care>,
    /// Documents.
    pub proof: Vec<ProofKind>,
    /// Reasons for not approving.
    pub refusal: Vec<Reason>,
}

const TEXT: &str = include_str!("../assets/filings.toml");

/// What filings need. A test reads the file.
pub static NEEDS: LazyLock<Needs> = LazyLock::new(|| toml::from_str(TEXT).unwrap_or_default());

impl Needs {
    /// A kind of filing away from home.
    pub fn away(&self, kind: FilingKind) -> Option<&Away> {
        self.away.iter().find(|known| known.kind == kind)
    }

    /// What a kind of care asks for.
    pub fn of_care(&self, care_type: &str) -> Option<FilingKind> {
        let asks = |care: &&Care| care.care_types.iter().any(|known| known == care_type);
        self.care.iter().find(asks).map(|care| care.needs)
    }

    /// The documents of which one must be shown.
    pub fn proofs(&self, kind: FilingKind) -> &[String] {
        let away = self.away.iter().find(|known| known.kind == kind).map(|known| &known.proofs);
        let here = self.registration.iter().find(|known| known.kind == kind).map(|known| &known.proofs);
        away.or(here).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a second person must approve it.
    pub fn review(&self, kind: FilingKind) -> bool {
        self.registration.iter().any(|known| known.kind == kind && known.review)
    }

    /// The term for a document.
    pub fn proof_label(&self, kind: &str) -> &str {
        self.proof.iter().find(|known| known.kind == kind).map_or("", |known| &known.label)
    }
}

/// The reason of a code.
///
/// # Errors
/// The refusal `unknown_value`.
pub fn reason<'list>(field: &str, list: &'list [Reason], code: &str) -> Result<&'list Reason, Refusal> {
    list.iter().find(|known| known.code == code).ok_or_else(|| {
        let known: Vec<String> =
            list.iter().map(|known| format!("{}（{}）", known.code, known.label)).collect();
        Refusal::new("unknown_value", "没有这个理由代码").at(field).found(code).expected(known.join("、"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_reads_and_names_its_sources() {
        let needs: Needs = toml::from_str(TEXT).expect("reads");
        for kind in FilingKind::ALL {
            let away = needs.away.iter().filter(|known| known.kind == kind).count();
            let here = needs.registration.iter().filter(|known| known.kind == kind).count();
            assert_eq!((away, here), if kind.is_away() { (1, 0) } else { (0, 1) }, "{kind:?}");
            for proof in needs.proofs(kind) {
                assert_ne!(needs.proof_label(proof), "", "{proof}");
            }
        }
        let lists = [
            needs.away.iter().map(|known| &known.sources).collect::<Vec<_>>(),
            needs.registration.iter().map(|known| &known.sources).collect(),
            needs.care.iter().map(|known| &known.sources).collect(),
        ];
        for sources in lists.into_iter().flatten() {
            assert!(!sources.is_empty());
            assert!(sources.iter().all(|name| needs.source.contains_key(name)), "{sources:?}");
        }
        assert_eq!(needs.of_care("special_drug"), Some(FilingKind::Chronic));
        assert_eq!(needs.of_care("outpatient"), None);
    }
}
