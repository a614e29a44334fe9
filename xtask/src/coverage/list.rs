//! The lists of statements, as `docs/coverage/*.toml` hold them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context;
use serde::Deserialize;

/// What carries a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A value of a pack.
    Value,
    /// A calculation of the case format.
    Calculation,
    /// A page or an address of the interface.
    Page,
    /// A worked case or a test.
    Case,
    /// The statement is wrong or contradicts itself; its targets show what is right.
    Wrong,
    /// Not the product's business; the reason says why.
    NotModelled,
    /// Not there yet; `missing` says what.
    Open,
}

impl Kind {
    /// Every kind, in the order in which they are counted.
    pub const ALL: [Kind; 7] =
        [Kind::Value, Kind::Calculation, Kind::Page, Kind::Case, Kind::Wrong, Kind::NotModelled, Kind::Open];

    /// The name in the lists.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Value => "value",
            Kind::Calculation => "calculation",
            Kind::Page => "page",
            Kind::Case => "case",
            Kind::Wrong => "wrong",
            Kind::NotModelled => "not_modelled",
            Kind::Open => "open",
        }
    }

    /// The name on the page.
    pub const fn label(self) -> &'static str {
        match self {
            Kind::Value => "pack value",
            Kind::Calculation => "calculation",
            Kind::Page => "page",
            Kind::Case => "case or test",
            Kind::Wrong => "wrong: shown right",
            Kind::NotModelled => "not modelled",
            Kind::Open => "**open**",
        }
    }
}

/// One statement.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// What it says, in short.
    pub subject: String,
    /// What carries it.
    pub kind: Kind,
    /// The carriers; of an open row those that are expected.
    #[serde(default)]
    pub targets: Vec<String>,
    /// Why it is so: what the page gets wrong, why it is not modelled, how it is read.
    #[serde(default)]
    pub reason: String,
    /// Open rows: what is not there yet.
    #[serde(default)]
    pub missing: String,
    /// Open rows: what it becomes when the targets are there.
    pub becomes: Option<Kind>,
}

/// One list: `[list]` with title and how many ids each prefix has, then a row an id.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// The heading on the page.
    pub title: String,
    /// What the list is.
    pub about: String,
    /// How many ids start with each prefix.
    pub counts: BTreeMap<String, usize>,
    /// Prefixes whose numbers run from 1 without a gap.
    #[serde(default)]
    pub contiguous: Vec<String>,
    /// Whether cases name these ids under `examples`.
    #[serde(default)]
    pub examples: bool,
    /// The statements by id. An id that stands twice is an error of the syntax.
    pub rows: BTreeMap<String, Row>,
}

/// The lists' files, in the order of the page.
pub const FILES: [&str; 3] =
    ["docs/coverage/statements.toml", "docs/coverage/hard-cases.toml", "docs/coverage/worked-examples.toml"];

/// Reads the lists.
///
/// # Errors
/// A file that is not there or not as described.
pub fn load(root: &Path) -> anyhow::Result<Vec<List>> {
    FILES
        .iter()
        .map(|name| {
            let text = fs::read_to_string(root.join(name)).with_context(|| format!("cannot read {name}"))?;
            toml::from_str(&text).with_context(|| format!("{name} is not a list"))
        })
        .collect()
}
