//! The house's rules are tests: see `tests/tidy.rs`. Documents made from data: see [`coverage`].

pub mod coverage;

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    folder.parent().unwrap_or(folder).to_owned()
}
