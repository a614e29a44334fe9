//! The rules with the texts that they were read from.

use gongji_cases::settle::Rulebook;
use gongji_ledger::ChainHash;
use gongji_policy::Pack;

/// The rules of every area and the edition of their texts.
pub struct Rules {
    book: Rulebook,
    edition: String,
    files: Vec<(String, String)>,
}

impl Rules {
    /// Rules that were read from these files (name and text).
    pub fn new(packs: &'static [Pack], mut files: Vec<(String, String)>) -> Rules {
        files.sort();
        let mut hash = ChainHash::START;
        for (name, text) in &files {
            hash = hash.link(name.as_bytes()).link(text.as_bytes());
        }
        Rules { book: Rulebook::new(packs), edition: hash.to_string(), files }
    }

    /// The rules.
    pub fn book(&self) -> &Rulebook {
        &self.book
    }

    /// The hash of all texts.
    pub fn edition(&self) -> &str {
        &self.edition
    }

    /// The texts.
    pub fn files(&self) -> &[(String, String)] {
        &self.files
    }
}
