//! Every statement that was asked of the product, and what carries it: `docs/coverage/*.toml` → `docs/coverage.md`.

mod adopt;
mod check;
mod list;
mod page;
mod shelf;

pub use adopt::adopt;
pub use check::check;
pub use list::{Kind, List, Row, load};
pub use page::{PAGE, render, summary};
