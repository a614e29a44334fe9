//! The JSON API, one file a noun, and its description.

mod areas;
mod body;
mod five;
mod health;
mod openapi;
mod options;
mod packs;
mod quotes;
mod verify;
mod what_ifs;

use axum::Router;

use crate::Gongji;

/// The routes of the API and of its description.
pub fn routes() -> Router<Gongji> {
    openapi::routes()
}
