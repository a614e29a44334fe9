//! The laws of the layer semantics, on the compiled fold: each in a file of its own.

mod caps;
mod common;
mod differential;
mod identities;
mod limits;
mod monotone;
mod order;
mod purses;
mod sharing;
