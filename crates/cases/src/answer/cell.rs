//! The table why × who: rows, cells, clauses.

use serde::{Deserialize, Serialize};

use super::{Day, Yuan};

/// Named figures and texts that entered a formula, in order of use: `{"起付标准": "900.00", "比例": "88%"}`.
pub type Inputs = serde_json::Map<String, serde_json::Value>;

/// One row of the table: a portion of the bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRow {
    /// `non_covered`, `over_limit_price`, `upfront_self_pay`, `account_first`, `deductible`, `band:N` or `over_ceiling`.
    pub row: String,
    /// The tag of the in-scope money where it is not `general`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// What people read: 全自费, 第 2 段（10,000.00–50,000.00）.
    pub label: String,
    /// The portion's amount; for a band what entered it, the fund's part included.
    pub amount: Yuan,
    /// Positions of its cells in the answer's `cells`; empty for a row of nothing.
    pub cells: Vec<usize>,
    /// One sentence: what this portion is and why it is so much, also where it is nothing.
    pub reason: String,
}

/// One cell: what one payer pays of one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The row, as in [`TableRow::row`].
    pub row: String,
    /// The row's tag, as in [`TableRow::tag`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// The layer's name in the pack; `cash` for what remains after the stack.
    pub layer: String,
    /// The layer, as people read it.
    pub layer_label: String,
    /// Whose money: `pooled_fund`, `large_sum_fund` … `current_year`, `carried_over`, `relatives`, `cash`.
    pub payer: String,
    /// Whose money, as people read it.
    pub payer_label: String,
    /// For relatives' accounts the position in the case's `mutual_aid` list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relative: Option<usize>,
    /// How much.
    pub amount: Yuan,
    /// The deciding row of the pack: area, table path and row number (from 1), `410100:employee.….ratio#3`.
    pub rule_id: String,
    /// The figures that entered the formula.
    pub inputs: Inputs,
    /// The formula with the numbers in it: `(20000.00 − 900.00) × 88% = 16808.00`.
    pub formula: String,
    /// The exact value in yuan before rounding, as a decimal or a fraction.
    pub exact: String,
    /// The rounding's name: `half_up_fen` …; `none` where nothing was rounded.
    pub rounding: String,
    /// The clause that decided; absent for cash, where no rule pays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<Clause>,
    /// The rule ids of further clauses that took part (deductible, bounds, adjustments, caps); they stand among the `clauses`
    /// of the layer's step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub further: Vec<String>,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    /// The parameter that it decided, as people read it: 起付标准, 第 2 段支付比例.
    pub parameter: String,
    /// The value that it gave, as people read it: `88%`, `900.00 元`. Empty where the value is not told as text.
    #[serde(default)]
    pub value: String,
    /// The deciding row: area, table path and row number (from 1).
    pub rule_id: String,
    /// The document as the source names it.
    pub document: String,
    /// The article, where known.
    pub article: Option<String>,
    /// Where it can be read; empty where no address is known.
    pub address: String,
    /// `official`, `press`, `web` or `unverified`.
    pub grade: String,
    /// 官方, 媒体, 网络, 未核实.
    pub grade_label: String,
    /// First and last day in force; no last day while still in force.
    pub in_force: (Day, Option<Day>),
    /// The day it was published, where known.
    pub published: Option<Day>,
    /// Words of the text, where the pack quotes them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// Remarks for readers: the other reading of an ambiguity, a conflict between sources.
    pub note: Option<String>,
    /// The name of the source in its pack: `410100:outpatient-2022`.
    pub source: String,
    /// The pack file in which the row stands.
    pub file: String,
}
