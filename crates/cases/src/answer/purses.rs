//! The purses as the answer tells them.

use serde::{Deserialize, Serialize};

use super::Yuan;

/// The balances of the own account and of relatives' accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PursesAnswer {
    /// The own account, current year.
    pub current_year: Yuan,
    /// The own account, carried over.
    pub carried_over: Yuan,
    /// Relatives' accounts, in order of the case.
    pub mutual_aid: Vec<RelativeAccount>,
}

/// A relative's account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelativeAccount {
    /// `spouse`, `parent` ….
    pub relation: String,
    /// The relation, as people read it.
    pub relation_label: String,
    /// Where the relative is insured.
    pub pooling_area: String,
    /// Current year.
    pub current_year: Yuan,
    /// Carried over.
    pub carried_over: Yuan,
}

/// The purses before and after a bill.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PursesChange {
    /// Before.
    pub before: PursesAnswer,
    /// After.
    pub after: PursesAnswer,
}
