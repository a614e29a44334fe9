//! The JSON API, one file a noun, and its description.

mod areas;
mod asked;
mod balances;
pub mod bill;
mod body;
mod claims;
mod clearing;
mod commands;
mod contributions;
mod corrections;
mod families;
mod filings;
mod five;
mod funds;
mod health;
mod institutions;
mod items;
mod keys;
mod openapi;
mod options;
mod packs;
mod people;
mod pre_settlements;
mod quotes;
mod records;
pub mod sandbox;
pub mod settlements;
mod verify;
mod visits;
mod what_ifs;
mod worked;

use axum::Router;

use crate::Gongji;

/// The routes of the API and of its description.
pub fn routes() -> Router<Gongji> {
    openapi::routes()
}
