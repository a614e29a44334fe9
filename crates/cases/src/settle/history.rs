//! What earlier live bills left, as one bill can see it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::CounterId;

/// The running totals of one person under one scheme, and the stays that were counted as admissions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// Each total: fen, or times for admissions. One that is missing stands at nothing.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counters: BTreeMap<CounterId, i64>,
    /// The stays that were counted, in the order in which they were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stays: Vec<CountedStay>,
}

/// A stay that counts as an admission. Written `["admissions|2024-01-01","S1",2]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(CounterId, String, i64)", into = "(CounterId, String, i64)")]
pub struct CountedStay {
    /// The counter of admissions, in its period.
    pub counter: CounterId,
    /// The id of the first stay of its chain of transfers.
    pub stay: String,
    /// Which admission it was given, from 1.
    pub ordinal: i64,
}

impl From<(CounterId, String, i64)> for CountedStay {
    fn from((counter, stay, ordinal): (CounterId, String, i64)) -> CountedStay {
        CountedStay { counter, stay, ordinal }
    }
}

impl From<CountedStay> for (CounterId, String, i64) {
    fn from(counted: CountedStay) -> (CounterId, String, i64) {
        (counted.counter, counted.stay, counted.ordinal)
    }
}

impl History {
    /// What a total stands at: fen, or times.
    pub fn value(&self, id: &CounterId) -> i64 {
        self.counters.get(id).copied().unwrap_or(0)
    }

    /// Which admission a stay was given, where it was counted under this counter and period.
    pub fn ordinal(&self, counter: &CounterId, stay: &str) -> Option<i64> {
        let counted = self.stays.iter().rev().find(|known| known.stay == stay && known.counter == *counter);
        counted.map(|known| known.ordinal)
    }

    /// Takes in what a settled bill left.
    pub fn apply(&mut self, settled: &super::Settled) {
        for counted in &settled.counted {
            self.counters.insert(counted.id.clone(), counted.after);
        }
        if let Some(admission) = settled.admission.as_ref().filter(|admission| admission.new) {
            self.stays.push(admission.stay.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_is_compact_text() {
        let history = History {
            counters: BTreeMap::from([("admissions|2024-01-01".parse().unwrap(), 1)]),
            stays: vec![CountedStay {
                counter: "admissions|2024-01-01".parse().unwrap(),
                stay: "S1".to_owned(),
                ordinal: 1,
            }],
        };
        let text = r#"{"counters":{"admissions|2024-01-01":1},"stays":[["admissions|2024-01-01","S1",1]]}"#;
        assert_eq!(serde_json::to_string(&history).unwrap(), text);
        assert_eq!(serde_json::from_str::<History>(text).unwrap(), history);
        assert_eq!(serde_json::to_string(&History::default()).unwrap(), "{}");
    }
}
