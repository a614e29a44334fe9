//! Clearing: what institutions settled by day, whether both sides agree; and the statements of funds.

mod bills;
mod compare;
mod day;
mod fund_lines;
mod funds;
mod types;

pub use bills::{DayBill, DayGroup, day_bills, day_groups};
pub use compare::{AmountDifference, BillKey, Difference, DifferenceKind, Told, compare, key_of};
pub use fund_lines::{Side, fund_line};
pub use funds::{FundBook, FundLine, fund_books, fund_csv, fund_label, fund_table};
pub use types::{ClearingType, clearing_type, clearing_type_of_code};

pub(crate) use bills::bill_of;
pub(crate) use day::{back_of, day_move};
