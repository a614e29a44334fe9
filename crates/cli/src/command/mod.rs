//! One file a command.

pub mod completions;
pub mod five;
pub mod policy_check;
pub mod policy_diff;
pub mod policy_list;
pub mod policy_matrix;
pub mod policy_show;
pub mod policy_test;
pub mod quote;
pub mod serve;
pub mod verify;
