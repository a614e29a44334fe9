//! `gongji person explain`: the calculations behind a person's part of a record.

use gongji_agency::calculation::explained;
use gongji_agency::look;
use gongji_agency::row::Edition;
use gongji_cases::settle::Rulebook;
use gongji_policy::{SourceText, read_packs};

use super::person::find;
use crate::arguments::ExplainRecord;
use crate::exit::Outcome;
use crate::office::{Counter, halt};
use crate::table;

/// Explains each under the rules of its edition.
pub fn run(asked: &ExplainRecord) -> Outcome {
    let counter = Counter::open(&asked.one.agency)?;
    let kept = counter.look(|desk, context| {
        let person = find(desk, &asked.one.person)?;
        let kept = look::calculations(desk, context, &person.id, asked.record)?;
        let mut texts = Vec::with_capacity(kept.len());
        for one in kept {
            let older = match one.edition == context.edition {
                true => None,
                false => Some(desk.need::<Edition>(&one.edition)?.files.clone()),
            };
            texts.push((one, older));
        }
        Ok(texts)
    })?;
    for (one, files) in kept {
        let older = files.map(|files| {
            let texts: Vec<SourceText> =
                files.into_iter().map(|(name, text)| SourceText { name, text }).collect();
            // Read once for this one answer, and the program ends after it.
            Rulebook::new(read_packs(&texts).0.leak())
        });
        let rules = older.as_ref().unwrap_or_else(|| counter.office.rules().book());
        anstream::println!("{}", table::calculation(&explained(rules, &one).map_err(halt)?));
    }
    Ok(())
}
