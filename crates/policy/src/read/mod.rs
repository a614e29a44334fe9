//! From trees to the model: what every key means, and what is wrong where it means nothing.

mod amount;
mod area;
mod bands;
mod benefit;
mod calculation;
mod cap;
mod catalogue;
mod condition;
mod counter;
mod date;
mod deductible;
mod domain;
mod guarantee;
mod hash;
mod layer;
mod library;
mod money;
pub(crate) mod nearest;
mod pack;
mod parameter;
mod portion;
mod purse;
mod ratio;
mod reader;
mod scheme;
mod share;
mod source;
mod values;

pub use pack::read_packs;
