//! One file a command.

pub mod audit;
pub mod backup;
pub mod book;
pub mod commands;
pub mod completions;
pub mod conformance;
pub mod correct;
pub mod demo;
pub mod export;
pub mod five;
pub mod import;
pub mod institution;
pub mod item;
pub mod person;
pub mod policy_check;
pub mod policy_diff;
pub mod policy_list;
pub mod policy_matrix;
pub mod policy_show;
pub mod policy_test;
pub mod quote;
pub mod serve;
pub mod settlement;
pub mod token;
pub mod verify;
