//! A scheme (险种) of a pooling area.

use super::{Benefit, Catalogue, Counter, Domain, OpenValues, ParameterTable, Share, StatedParameter, Table};

/// 职工医保 or 居民医保 in one area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// `employee` or `resident`.
    pub name: String,
    /// 名称.
    pub label: String,
    /// Names of the open dimensions (conditions, facility groups, item classes, premium tiers).
    pub values: OpenValues,
    /// The order in which several assistance identities of one person are weighed: the first that the person has decides
    /// the `aid` dimension. Indices of [`super::Dimension::Aid`].
    pub aid_order: Vec<i64>,
    /// For whom and where the scheme has rules at all.
    pub domain: Domain,
    /// Running totals.
    pub counters: Vec<Counter>,
    /// Benefits by care type and time.
    pub benefits: Vec<Benefit>,
    /// Which causes of treatment the fund does not pay for (`true` = excluded); dimension `cause`.
    pub exclusion: Option<Table<bool>>,
    /// What of a relative's account may be used; dimension `relation` and whatever else the pack names.
    pub sharing: Option<Table<Share>>,
    /// How lines become portions.
    pub catalogue: Option<Catalogue>,
    /// What the calculations beyond the bill ask for.
    pub parameters: Vec<StatedParameter>,
}

impl Scheme {
    /// The table of a calculation's parameter, if the pack gives it.
    pub fn parameter(&self, calculation: &str, name: &str) -> Option<&ParameterTable> {
        let of = |stated: &&StatedParameter| {
            stated.parameter.calculation == calculation && stated.parameter.name == name
        };
        self.parameters.iter().find(of).map(|stated| &stated.table)
    }
}
