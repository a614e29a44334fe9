//! Clearing: what institutions settled by day, whether both sides agree, what they are paid, and what areas owe each other.

mod bills;
mod compare;
mod day;
mod types;

pub use bills::{DayBill, DayGroup, day_bills, day_groups};
pub use compare::{AmountDifference, BillKey, Difference, DifferenceKind, Told, compare, key_of};
pub use types::{ClearingType, clearing_type, clearing_type_of_code};

pub(crate) use day::{back_of, day_move};
