//! How the lines of a bill become portions (甲/乙/丙, item ratios, price caps, unit-price bands, tags).

use gongji_money::{Fen, Rate};

use super::{AmountRule, Table};

/// How unit-price bands apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitBandMode {
    /// Each part of the unit price by its own band.
    Marginal,
    /// The whole unit price by the band it falls in; bounds belong to the lower band.
    Whole,
}

/// Own shares by bands of the unit price (consumables).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitBands {
    /// How they apply.
    pub mode: UnitBandMode,
    /// Upper bounds in fen, ascending, for an item class; an empty list where the class has none.
    pub bounds: Table<Vec<Fen>>,
    /// The share of each band that is paid upfront; dimensions `band`, `item_class` and others.
    pub upfront: Table<Rate>,
}

/// The rules that split lines. The line's own `upfront_ratio` and `price_cap`, where given, come first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    /// Whether an item is paid for at all (`false`: the whole line is 全自费).
    pub covered: Table<bool>,
    /// 先行自付比例 by class and item class.
    pub upfront: Table<Rate>,
    /// 限价 of one unit.
    pub price_cap: Table<AmountRule>,
    /// Bands of the unit price.
    pub unit_bands: Option<UnitBands>,
    /// The tag of in-scope money by item class, a name that benefits may declare; `general` otherwise.
    pub tag: Option<Table<String>>,
}
