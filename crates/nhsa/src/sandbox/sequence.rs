//! The documented sequences: `assets/sequences.json`.

use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::Value;

/// A message of a sequence.
#[derive(Clone, Debug, Deserialize)]
pub struct Step {
    /// The number of the transaction.
    pub infno: String,
    /// What it is there for.
    pub what: String,
    /// Its content, with `${name}` for what is filled in.
    pub input: Value,
}

/// Messages that belong together, in order.
#[derive(Clone, Debug, Deserialize)]
pub struct Sequence {
    /// Short name.
    pub name: String,
    /// 名称.
    pub title: String,
    /// The person of the stage for whom it is written.
    pub person: String,
    /// The institution of the stage that sends.
    pub institution: String,
    /// What it shows.
    pub remark: String,
    /// The messages.
    pub steps: Vec<Step>,
}

/// What an earlier message gives.
#[derive(Clone, Debug, Deserialize)]
pub struct Lesson {
    /// The name in `${name}`.
    pub name: String,
    /// Whether it is the `person`'s or the `institution`'s.
    pub of: String,
    /// Transactions that give it.
    pub from: Vec<String>,
    /// Where it stands in infno, msgid, input, output of the exchange: the first place that is there.
    pub at: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Asset {
    learn: Vec<Lesson>,
    sequences: Vec<Sequence>,
}

const TEXT: &str = include_str!("../../assets/sequences.json");

fn asset() -> &'static Asset {
    static ASSET: OnceLock<Asset> = OnceLock::new();
    // A test reads the asset; a broken one has no sequence.
    ASSET.get_or_init(|| serde_json::from_str(TEXT).unwrap_or_default())
}

/// The sequences, in order.
pub fn sequences() -> &'static [Sequence] {
    &asset().sequences
}

/// What earlier messages give.
pub fn lessons() -> &'static [Lesson] {
    &asset().learn
}

/// The sequence of a name.
pub fn sequence(name: &str) -> Option<&'static Sequence> {
    sequences().iter().find(|known| known.name == name)
}

/// The first step of a transaction, with its sequence.
pub fn step_of(number: &str) -> Option<(&'static Sequence, &'static Step)> {
    sequences().iter().find_map(|sequence| {
        sequence.steps.iter().find(|step| step.infno == number).map(|step| (sequence, step))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequences_read_and_name_what_is_known() {
        assert!(sequences().len() > 5 && lessons().len() > 5);
        for sequence in sequences() {
            for step in &sequence.steps {
                assert!(crate::fields::transaction(&step.infno).is_some(), "{}", step.infno);
                let known = crate::transaction::find(&step.infno);
                assert!(known.is_ok(), "{} of {} is not offered", step.infno, sequence.name);
            }
        }
    }
}
