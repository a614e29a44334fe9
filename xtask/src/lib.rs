//! The house's rules are tests: see `tests/tidy.rs`.
