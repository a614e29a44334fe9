//! What packs lend to one another: their trees with references filled in, and their sources.

use super::reader::Reader;
use crate::Diagnostic;
use crate::model::Source;
use crate::text::{Expander, Node, RawPack};

/// Every pack's trees and sources.
pub(super) struct Library {
    pub shelves: Vec<Shelf>,
}

/// One pack's.
#[derive(Default)]
pub(super) struct Shelf {
    /// Trees by name, references filled in.
    pub trees: Vec<(String, Node)>,
    /// Sources by name; `None` for one that could not be read.
    pub sources: Vec<(String, Option<Source>)>,
    /// Whether the list of sources is complete.
    pub sources_complete: bool,
    /// What was wrong in filling in.
    pub findings: Vec<Diagnostic>,
    /// Whether something could not be filled in.
    pub failed: bool,
}

impl Shelf {
    /// The tree of that name.
    pub fn tree(&self, name: &str) -> Option<&Node> {
        self.trees.iter().find(|(known, _)| known == name).map(|(_, node)| node)
    }
}

impl Library {
    /// Fills in every reference and reads every source.
    pub fn of(packs: &[RawPack]) -> Library {
        let mut shelves: Vec<Shelf> = Vec::with_capacity(packs.len());
        for (index, pack) in packs.iter().enumerate() {
            let mut expander = Expander::new(packs);
            let trees: Vec<(String, Node)> = pack
                .roots
                .iter()
                .filter(|root| !root.broken)
                .filter_map(|root| Some((root.name.clone(), expander.root(index, &root.name)?)))
                .collect();
            let sources_complete = pack.root("sources").is_none_or(|root| !root.broken);
            let (findings, failed) = (expander.findings, expander.failed);
            shelves.push(Shelf { trees, sources: Vec::new(), sources_complete, findings, failed });
        }
        let mut library = Library { shelves };
        for index in 0..packs.len() {
            let mut reader = Reader::new(packs, &library, index);
            let sources = reader.own_sources();
            let (findings, failed) = (reader.findings, reader.failed);
            let shelf = &mut library.shelves[index];
            shelf.sources = sources;
            shelf.findings.extend(findings);
            shelf.failed |= failed;
        }
        library
    }
}
