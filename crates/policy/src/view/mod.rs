//! A pack as people look at it: every parameter flat, side by side, and changed one at a time.

mod diff;
mod matrix;
mod mutation;
mod parameter;
mod topic;
mod value;
mod visit;
mod words;

pub use diff::{ParameterDiff, RowDiff, diff, diff_dates};
pub use matrix::{MatrixCell, MatrixRow, matrix};
pub use mutation::{Mutation, mutations};
pub use parameter::{ParameterView, RowView, parameters};
pub use topic::Topic;
pub use value::ValueWords;
pub(crate) use visit::with_table;
pub use visit::{
    AnyTable, AnyTableMut, Place, Role, visit_benefit_tables, visit_benefit_tables_mut, visit_tables,
    visit_tables_mut,
};
pub use words::{condition_words, conditions_words, interval_words, value_label, value_name, value_words};
