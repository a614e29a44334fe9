//! Why a bill gets no answer.

use gongji_policy::Dimension;

/// Why a bill is refused. The path is that of the table, as in [`gongji_policy::Table::path`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The row that serves the case says that no source gives the value.
    Unknown {
        /// The reason the row states.
        reason: String,
        /// The table.
        path: String,
    },
    /// The answer along this dimension decides, and there is none.
    NeedsAnswer {
        /// The first dimension, in declaration order, whose answer alone can change the value.
        dimension: Dimension,
        /// The table (the layer's path where no table names the dimension, such as an amount per year of age).
        path: String,
    },
    /// No row serves the case.
    NoRule {
        /// The table.
        path: String,
    },
}
