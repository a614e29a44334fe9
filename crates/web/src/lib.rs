//! HTTP: the JSON API with OpenAPI, and the page 这张单子，谁付、为什么.
//!
//! Nothing is stored and nothing of a request's body is logged: a bill lives in the address of its page or in the body of the
//! request that asks. Every number shown is taken from `gongji_cases::Answer`; this crate lays out and words nothing that the
//! answer does not say.

mod api;
mod assets;
mod engine;
mod headers;
mod options;
mod page;
mod problem;
mod server;
mod state;

pub use options::Options;
pub use server::{router, serve};
pub use state::Gongji;
