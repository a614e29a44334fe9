//! Calculations of many people in one record.

use serde::{Deserialize, Serialize};

/// One person's figures in a [`Bulk`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkLine(pub String, pub Vec<i64>);

/// Calculations of many people in one record: a line each, from which the question can be asked again under the rules of its edition, with the
/// person as the file has it at that record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bulk {
    /// The hash of the texts of the rules.
    pub edition: String,
    /// What the figures are, in fen.
    pub columns: Vec<String>,
    /// Person and figures.
    pub lines: Vec<BulkLine>,
}

impl Bulk {
    /// Nobody yet, under the rules of an edition.
    pub fn new(edition: &str, columns: &[&str]) -> Bulk {
        let columns = columns.iter().map(|name| (*name).to_owned()).collect();
        Bulk { edition: edition.to_owned(), columns, lines: Vec::new() }
    }

    /// A person's line.
    pub fn line(&self, person: &str) -> Option<&BulkLine> {
        self.lines.iter().find(|line| line.0 == person)
    }

    /// A figure of a line, in fen; nothing where there is no such column.
    pub fn figure(&self, line: &BulkLine, name: &str) -> i64 {
        let at = self.columns.iter().position(|column| column == name);
        at.and_then(|at| line.1.get(at)).copied().unwrap_or(0)
    }
}
