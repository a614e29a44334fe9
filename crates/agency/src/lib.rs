//! The agency's use cases: decide, record, answer; and the audit of everything that was recorded.
//!
//! A [`command::Command`] goes to the [`office::Office`], which decides it from the rows on its [`desk::Desk`], writes one or
//! more [`record::Record`]s into the journal, derives every changed row from the record alone ([`apply`]), and answers after the commit. Ports ([`port`]) say
//! where records are kept and what time it is; this crate does no I/O of its own.

pub mod access;
pub mod actor;
pub mod apply;
pub mod audit;
pub mod bulk;
pub mod calculation;
pub mod catalogue;
pub mod certificate;
pub mod clearing;
pub mod command;
pub mod context;
pub mod corrections;
pub mod desk;
pub mod family;
pub mod filing;
pub mod fund_close;
pub mod job;
pub mod long_work;
pub mod look;
pub mod office;
pub mod port;
pub mod reasons;
mod recent_rows;
pub mod record;
pub mod refusal;
pub mod returns;
pub mod row;
pub mod secret;
pub mod settlement;
mod stop;
pub mod yuan;

pub use stop::Stop;
