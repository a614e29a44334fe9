//! Amounts as rules give them: fixed, a percentage of the bill, a multiple of an index, steps.

use gongji_money::{Fen, Rate, Rounding};

use super::Table;

/// A quantity of the bill that a percentage or a step may look at, in fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BillMeasure {
    /// 医疗费总额.
    Total,
    /// 符合政策范围金额.
    InScope,
    /// What the layer looks at, before its deductible.
    Eligible,
}

/// One step of a stepped amount: up to `upto` (included or not), the amount is `amount`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Step {
    /// The bound in fen; `None` for the last step.
    pub upto: Option<Fen>,
    /// Whether the bound itself belongs to this step (以下/以内) or to the next (不满).
    pub included: bool,
    /// The amount in fen.
    pub amount: Fen,
}

/// An amount as a rule gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AmountRule {
    /// So many fen.
    Fixed(Fen),
    /// No limit; what is used still counts. Only for caps and price caps.
    Unlimited,
    /// The rule does not apply here, and nothing counts towards its counter. Only for caps and limits.
    NotApplied,
    /// A percentage of a measure of the bill, between two amounts.
    PercentOf {
        /// Of what.
        measure: BillMeasure,
        /// The percentage.
        rate: Rate,
        /// At least so much.
        low: Option<Fen>,
        /// At most so much.
        high: Option<Fen>,
    },
    /// A multiple of an index (its position in [`super::Pack::indices`]) on the law's date, rounded as stated.
    OfIndex {
        /// The index's position.
        index: usize,
        /// The multiple.
        rate: Rate,
        /// How the product is rounded.
        rounding: Rounding,
    },
    /// An amount that depends on how large a measure of the bill is.
    Steps {
        /// Of what.
        measure: BillMeasure,
        /// The steps, ascending; the last is open.
        steps: Vec<Step>,
    },
}

/// What an adjustment does to an amount. The result never goes below zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AmountChange {
    /// × a factor.
    Times(Table<Rate>),
    /// − an amount; with `per_repeat`, once for each earlier admission (ordinal − 1 times).
    Minus {
        /// How much.
        amount: Table<AmountRule>,
        /// Whether once for each earlier admission.
        per_repeat: bool,
    },
    /// + an amount.
    Plus(Table<AmountRule>),
    /// At least.
    Floor(Table<AmountRule>),
    /// At most.
    Ceiling(Table<AmountRule>),
}

/// One adjustment, applied in declared order. Tables in it hold only fixed amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmountAdjust {
    /// What it is called.
    pub label: String,
    /// What it does.
    pub change: AmountChange,
}
