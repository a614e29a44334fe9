//! What each layer did, or why it did nothing.

use serde::{Deserialize, Serialize};

use super::{Clause, Yuan};

/// One layer of the stack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepAnswer {
    /// The layer's name in the pack.
    pub layer: String,
    /// The layer, as people read it.
    pub label: String,
    /// Whose money: as in [`super::Cell::payer`].
    pub payer: String,
    /// `ratio`, `guarantee`, `purse` or `tally`.
    pub kind: String,
    /// Whether it paid anything (a tally: whether it counted anything).
    pub triggered: bool,
    /// One sentence: what it did, or why it did nothing.
    pub reason: String,
    /// What it looked at.
    pub eligible: Yuan,
    /// What it paid.
    pub paid: Yuan,
    /// Its deductible, where it has one and had anything to look at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deductible: Option<DeductibleStep>,
    /// Its bands that this bill reached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bands: Vec<BandStep>,
    /// Its caps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caps: Vec<CapStep>,
    /// What it left over its ceiling.
    pub over_ceiling: Yuan,
    /// The whole payment as a formula, with the numbers in it; empty where it paid nothing.
    pub formula: String,
    /// The payment before rounding, in yuan; empty where nothing was rounded.
    pub exact: String,
    /// The rounding's name; `none` where nothing was rounded.
    pub rounding: String,
    /// The clauses that decided it.
    pub clauses: Vec<Clause>,
}

/// The deductible of a layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeductibleStep {
    /// 起付标准 after adjustments.
    pub standard: Yuan,
    /// What was taken before under its counter.
    pub used: Yuan,
    /// What a further limit leaves, where one applies.
    pub limit: Option<Yuan>,
    /// 本次起付.
    pub taken: Yuan,
    /// One sentence.
    pub reason: String,
}

/// A band that the bill reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BandStep {
    /// Counted from 1.
    pub number: u32,
    /// The tag of the in-scope money where it is not `general`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// The band's bounds as people read them: 起付标准以上至 10,000.00 元; empty with one band only.
    pub range: String,
    /// How much entered.
    pub entered: Yuan,
    /// The layer's ratio after adjustments: `88%`.
    pub ratio: String,
    /// How the ratio came about where it was adjusted: `88% + 5% = 93%`; empty otherwise.
    pub ratio_formula: String,
    /// What the layer paid.
    pub paid: Yuan,
    /// What it left to the person.
    pub own_share: Yuan,
}

/// A cap of a layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapStep {
    /// What it is called.
    pub label: String,
    /// What it measures, as people read it: 基金支付额.
    pub axis: String,
    /// How much; `None` for no limit.
    pub limit: Option<Yuan>,
    /// What was used before.
    pub used: Yuan,
    /// The room that this bill found; `None` for no limit.
    pub room: Option<Yuan>,
    /// Whether it held something back.
    pub binds: bool,
}
