//! The layer: one object for every fund, supplement, account and guarantee.

use gongji_money::{Fen, Rate, Rounding};

use super::{AmountAdjust, AmountRule, AnswerField, Payer, PortionSelector, Span, Table};

/// One layer of a benefit's stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// The name in the pack.
    pub name: String,
    /// 名称.
    pub label: String,
    /// Whose money it is.
    pub payer: Payer,
    /// Where its payments are reported.
    pub field: AnswerField,
    /// The fund account it is booked to, as the national platform numbers funds (such as 310100), where known.
    pub fund_account: Option<String>,
    /// Which still-unpaid portions it looks at, in order.
    pub base: Vec<PortionSelector>,
    /// Whether it takes part at all; absent means always. A row's `reason` says why it does not.
    pub applies: Option<Table<bool>>,
    /// What it does.
    pub kind: LayerKind,
    /// Counters that take a measure of this layer besides those of its deductible and caps.
    pub adds: Vec<(LayerMeasure, usize)>,
    /// Where the layer stands.
    pub span: Span,
}

/// What a layer does with its base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LayerKind {
    /// Deductible, bands, ratio, caps. It *opens* `in_scope` where its base is `in_scope`, otherwise it relieves pro rata.
    Ratio(Box<RatioLayer>),
    /// Pays up to a share of a declared base, less what named payers paid; relieves pro rata.
    Guarantee(Box<Guarantee>),
    /// Pays 100% up to a balance; relieves portion after portion.
    Purse(Box<Purse>),
    /// Pays nothing: adds Σ base to the counters of `adds`.
    Tally,
}

/// A measure of one layer over one bill, in fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LayerMeasure {
    /// What it paid.
    Paid,
    /// What it looked at, deductible included.
    Eligible,
    /// What it looked at, less the deductible: what a net axis takes.
    AfterDeductible,
    /// What entered the bands: less the deductible, less what lies over a ceiling.
    EligibleNet,
    /// What entered the bands plus the deductible.
    EligibleGross,
    /// The deductible taken.
    Deductible,
    /// What its ratio left to the person.
    OwnShare,
    /// What lies over its ceiling.
    OverCeiling,
    /// Paid plus deductible.
    PaidWithDeductible,
}

/// A layer of deductible, bands, ratio and caps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatioLayer {
    /// What stays with the person first.
    pub deductible: Option<Deductible>,
    /// How the amount is cut; absent means one band.
    pub bands: Option<Bands>,
    /// The share this layer pays; the `band` dimension counts from 1.
    pub ratio: Table<Rate>,
    /// Adjustments of the ratio, in order.
    pub ratio_adjust: Vec<RatioAdjust>,
    /// How much at most.
    pub caps: Vec<Cap>,
    /// How its payment is rounded.
    pub rounding: Rounding,
    /// Whether each band's payment is rounded on its own instead of the running sum.
    pub round_each_band: bool,
}

/// A deductible (起付标准): `min(eligible, amount − used, each limit − used)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deductible {
    /// What it is called.
    pub label: String,
    /// The standard (起付标准).
    pub amount: Table<AmountRule>,
    /// Adjustments, in order.
    pub adjust: Vec<AmountAdjust>,
    /// What was already taken under this counter lowers it (yearly, per day and institution, per stay …);
    /// absent means every bill anew. Index into the scheme's counters.
    pub counter: Option<usize>,
    /// Due again after each so many days of stay: the standard times the periods begun.
    pub due_every_days: Option<i64>,
    /// Further limits, such as a common ceiling of several deductibles.
    pub limits: Vec<Limit>,
}

/// A further limit of a deductible, with its own counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What it is called.
    pub label: String,
    /// At most so much under the counter. Only fixed amounts, index multiples, `NotApplied`.
    pub amount: Table<AmountRule>,
    /// The counter; index into the scheme's counters.
    pub counter: usize,
}

/// Along what the amount is cut into bands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BandAxis {
    /// From zero; the deductible eats the lowest bands.
    Gross,
    /// From zero after the deductible.
    Net,
    /// From where this counter stands, deductible included (the counter takes what was eligible, deductible included).
    CounterGross(usize),
    /// From where this counter stands, after the deductible (the counter takes what was eligible less the deductible).
    CounterNet(usize),
}

/// How the amount is cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bands {
    /// Along what.
    pub axis: BandAxis,
    /// Upper bounds in fen, ascending; the last band is open.
    pub bounds: Table<Vec<Fen>>,
    /// Whether the text counts a bound to the band below (以下, 以内) or above (不满). For bands this moves no fen; it is kept
    /// for the wording.
    pub bound_included: bool,
}

/// What an adjustment does to a ratio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RatioChange {
    /// ± points on the fund share; with `per_year_of_age`, times the age in years.
    Points {
        /// The points, such as 5% or −3%.
        points: Table<Rate>,
        /// Whether they count once for each year of age.
        per_year_of_age: bool,
    },
    /// × the fund share.
    TimesFund(Table<Rate>),
    /// × the own share.
    TimesOwn(Table<Rate>),
    /// Fund share at least.
    Floor(Table<Rate>),
    /// Fund share at most.
    Ceiling(Table<Rate>),
}

/// One adjustment of a ratio, applied in declared order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatioAdjust {
    /// What it is called.
    pub label: String,
    /// What it does.
    pub change: RatioChange,
}

/// What a cap measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CapAxis {
    /// What the layer pays.
    Paid,
    /// What enters the bands, after the deductible.
    EligibleNet,
    /// What the layer looks at, deductible included.
    EligibleGross,
    /// What it pays plus the deductible.
    PaidWithDeductible,
}

/// What happens to the excess of a cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Excess {
    /// It becomes 超限额.
    OverCeiling,
    /// It stays 按比例自付 of its band.
    OwnShare,
}

/// A cap (最高支付限额).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cap {
    /// What it is called.
    pub label: String,
    /// What it measures.
    pub axis: CapAxis,
    /// How much.
    pub amount: Table<AmountRule>,
    /// Adjustments, in order.
    pub adjust: Vec<AmountAdjust>,
    /// What was already used; absent means per bill. Index into the scheme's counters.
    pub counter: Option<usize>,
    /// What happens to the excess.
    pub excess: Excess,
}

/// A term of a guarantee's base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    missing_docs,
    reason = "the portions of the bill as split, and the deductible taken by opening layers"
)]
pub enum GuaranteeTerm {
    Total,
    InScope,
    NonCovered,
    OverLimitPrice,
    UpfrontSelfPay,
    Deductible,
}

/// 保底: pays `min(Σ unpaid base, max(0, rate × target − Σ paid by the named payers))`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guarantee {
    /// The guaranteed share.
    pub rate: Table<Rate>,
    /// What it is a share of: terms with their sign.
    pub target: Vec<(bool, GuaranteeTerm)>,
    /// Whose payments count towards it.
    pub counts: Vec<Payer>,
    /// How the target is rounded.
    pub rounding: Rounding,
}

/// Which balance a purse draws on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PurseKind {
    /// The own account, current year.
    CurrentYear,
    /// The own account, carried over.
    CarriedOver,
    /// The relatives' accounts, in the order listed.
    Relatives,
}

/// A purse layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purse {
    /// Which balance.
    pub purse: PurseKind,
    /// How much at most; only the axis `Paid`, excess stays where it is.
    pub caps: Vec<Cap>,
}

/// What of a relative's account may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// Nothing: not a relative in the rule's sense.
    Nothing,
    /// The whole balance.
    All,
    /// Only what is carried over.
    CarriedOver,
    /// Only what lies above this balance.
    Above(Fen),
}
