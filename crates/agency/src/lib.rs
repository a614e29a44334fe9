//! The agency's use cases: decide, record, answer; and the audit of everything that was recorded.

pub mod port;
