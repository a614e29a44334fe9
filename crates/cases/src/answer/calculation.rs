//! The answer to an event that is no bill.

use serde::{Deserialize, Serialize};

use super::{Clause, Day, Receipt};

/// Named figures, each with its formula and clauses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalculationAnswer {
    /// The kind as people read it: 职工缴费.
    pub label: String,
    /// One sentence: what it comes to.
    pub sentence: String,
    /// Where the person is insured, as people read it.
    pub area: String,
    /// 险种.
    pub scheme_label: String,
    /// The day of the event.
    pub date: Day,
    /// The day whose law was applied.
    pub law_date: Day,
    /// How each figure came about, in order.
    pub steps: Vec<CalculationStep>,
    /// What it was computed with.
    pub receipt: Receipt,
    /// The figures by name: amounts and days as text, counts as numbers.
    #[serde(flatten)]
    pub figures: serde_json::Map<String, serde_json::Value>,
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalculationStep {
    /// Its name among the figures.
    pub name: String,
    /// What people read: 缴费基数.
    pub label: String,
    /// The value, as people read it: `375.60 元`, `4 个月`.
    pub value: String,
    /// The formula with the numbers in it; empty where there is none.
    pub formula: String,
    /// The exact value in yuan before rounding; empty where nothing was rounded.
    pub exact: String,
    /// The rounding's name; `none` where nothing was rounded.
    pub rounding: String,
    /// Why, in one sentence; may be empty.
    pub reason: String,
    /// The clauses that decided it.
    pub clauses: Vec<Clause>,
}
