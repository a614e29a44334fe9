//! HTTP: the JSON API with OpenAPI, the national interface of institutions, and the page 这张单子，谁付、为什么.
//!
//! Nothing of a request's body and no token is logged. A trial bill lives in the address of its page or in the body of the request that asks, and is stored
//! nowhere; what is booked goes through an office that the caller of this crate opens. Every number shown of a bill is taken from
//! `gongji_cases::answer` or from the journal; this crate lays out and words nothing that they do not say.

mod agency;
mod api;
mod assets;
mod caller;
mod editions;
mod engine;
mod fund_picture;
mod headers;
mod interface;
mod options;
mod origin;
mod page;
mod problem;
mod sandbox;
mod server;
mod state;
mod tokens;

pub use fund_picture::fund_picture;
pub use gongji_nhsa::gateway::Gateway;
pub use options::Options;
pub use server::{router, serve};
pub use state::Gongji;
