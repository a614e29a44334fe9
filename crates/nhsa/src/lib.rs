//! The national interface of designated institutions (定点医药机构接口): numbered transactions over the agency's office.
//!
//! A [`Platform`] takes the body of a request and gives the body of the answer; transport and gateways are somebody else's. Fields, code tables and
//! the differences between areas are data ([`fields`], [`tables`]); nothing here computes money: every amount is read off the table of a settlement.

mod bill;
mod call;
mod envelope;
mod fault;
pub mod fields;
mod file;
pub mod gateway;
mod input;
mod line;
mod moment;
mod output;
mod platform;
pub mod sandbox;
pub mod tables;
mod transaction;
pub mod wire;

pub use file::File;
pub use platform::Platform;

/// The numbers of the transactions that are answered, A forms left out.
pub fn offered() -> impl Iterator<Item = &'static str> {
    transaction::OFFERED.iter().map(|(number, _)| *number)
}
