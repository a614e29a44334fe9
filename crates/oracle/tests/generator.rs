//! The generator: the same seed the same case, and every operator comes up.

use std::collections::{BTreeMap, BTreeSet};

use gongji_oracle::generate::{Case, all_operators, operators};
use gongji_policy::{Severity, check_pack};

/// How many seeds it takes at most to see everything.
const SEEDS: u64 = 1_000;

/// How many packs the checks look at.
const CHECKED: u64 = 150;

#[test]
fn every_operator_is_generated() {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..SEEDS {
        for operator in operators(&Case::from_seed(seed)) {
            *seen.entry(operator).or_default() += 1;
        }
    }
    let missing: Vec<&str> = all_operators().filter(|operator| !seen.contains_key(*operator)).collect();
    assert_eq!(missing, [""; 0], "never generated");
    let listed: BTreeSet<&str> = all_operators().collect();
    let unlisted: Vec<&String> = seen.keys().filter(|operator| !listed.contains(operator.as_str())).collect();
    assert_eq!(unlisted, [""; 0], "generated, but not listed in operators.txt");
}

#[test]
fn the_same_seed_gives_the_same_case() {
    for seed in [0, 7, u64::MAX] {
        assert_eq!(Case::from_seed(seed), Case::from_seed(seed));
    }
    assert_ne!(Case::from_seed(1), Case::from_seed(2));
}

#[test]
fn the_checks_find_nothing_wrong() {
    for seed in 0..CHECKED {
        let findings = check_pack(&Case::from_seed(seed).pack, None);
        let errors: Vec<String> = findings
            .into_iter()
            .filter(|finding| finding.code.severity() == Severity::Error)
            .map(|finding| {
                format!("{:?} {} {:?} {:?}", finding.code, finding.message, finding.primary.1, finding.notes)
            })
            .collect();
        assert_eq!(errors, [""; 0], "seed {seed}");
    }
}
