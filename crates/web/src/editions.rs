//! Rules of other editions than the one that runs, read from the texts that the journal keeps.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use gongji_agency::Stop;
use gongji_agency::desk::Desk;
use gongji_agency::office::Rules;
use gongji_agency::port::StoreError;
use gongji_agency::row::Edition;
use gongji_policy::{SourceText, read_packs};

/// Rules by the hash of their texts. Each is read once and kept as long as the program runs.
#[derive(Default)]
pub struct Editions {
    read: Mutex<HashMap<String, Arc<Rules>>>,
}

impl Editions {
    /// The rules of an edition.
    ///
    /// # Errors
    /// An edition that is not in the store, or whose texts are no longer those of its hash.
    pub fn of(&self, edition: &str, desk: &mut Desk<'_>) -> Result<Arc<Rules>, Stop> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rules) = read.get(edition) {
            return Ok(Arc::clone(rules));
        }
        let files = desk.need::<Edition>(edition)?.files.clone();
        let texts: Vec<SourceText> =
            files.iter().map(|(name, text)| SourceText { name: name.clone(), text: text.clone() }).collect();
        let (packs, findings) = read_packs(&texts);
        if !findings.is_empty() {
            return Err(StoreError::Corrupt(format!("规则版本 {edition} 的文本读不成规则")).into());
        }
        // Rules live as long as the program: there are as many as the agency had editions while it ran.
        let rules = Arc::new(Rules::new(Vec::leak(packs), files));
        if rules.edition() != edition {
            return Err(StoreError::Corrupt(format!("规则版本 {edition} 的文本被改动过")).into());
        }
        read.insert(edition.to_owned(), Arc::clone(&rules));
        Ok(rules)
    }
}
