//! `gongji quote`.

use gongji_cases::what_if::what_ifs;
use gongji_cases::{Answer, Case, CaseError, ErrorCode, QuoteOptions, quote};

use crate::arguments::{Format, Quote};
use crate::exit::{Outcome, Stop};
use crate::shelf::{Shelf, read_input};
use crate::table;

/// The largest case that is read.
const CASE_LIMIT: u64 = 256 << 20;

/// Bad input, or a failure of the engine itself.
pub fn stop(error: &CaseError) -> Stop {
    match error.code {
        ErrorCode::Internal => Stop::failed(error),
        _ => Stop::bad_input(error),
    }
}

/// Answers a case and prints it.
pub fn run(arguments: &Quote) -> Outcome {
    let text = read_input(&arguments.case, CASE_LIMIT)?;
    let shelf = Shelf::sound(&arguments.packs)?;
    let case = Case::read(&text).map_err(|error| stop(&error))?;
    let options = QuoteOptions { on: arguments.on, known_on: arguments.known_on };
    let answer = quote(&shelf.packs, &case, options).map_err(|error| stop(&error))?;
    let other = match arguments.compare {
        Some(day) => {
            let options = QuoteOptions { on: Some(day), known_on: arguments.known_on };
            Some((day, quote(&shelf.packs, &case, options).map_err(|error| stop(&error))?))
        }
        None => None,
    };
    match arguments.format {
        Format::Json => print_json(&answer, other.as_ref().map(|(_, other)| other)),
        Format::Table => {
            if arguments.explain {
                // A year's end has no bill to vary; then there is nothing to try.
                let what_ifs = what_ifs(&shelf.packs, &case, options).ok();
                anstream::println!("{}", table::explanation(&answer, what_ifs.as_ref()));
            } else {
                for (number, result) in answer.results.iter().enumerate() {
                    if answer.results.len() > 1 {
                        anstream::println!("第 {} 笔", number + 1);
                    }
                    if let Some(bill) = result.bill() {
                        anstream::println!("{}", table::bill(bill));
                    }
                    if let Some(calculation) = result.calculation() {
                        anstream::println!("{}", table::calculation(calculation));
                    }
                }
            }
            if let Some((day, other)) = &other {
                anstream::println!("{}", table::comparison(&answer, other, *day));
            }
            Ok(())
        }
    }
}

/// One document: the answer, or with a comparison both.
fn print_json(answer: &Answer, other: Option<&Answer>) -> Outcome {
    let text = match other {
        None => serde_json::to_string_pretty(answer),
        Some(other) => {
            serde_json::to_string_pretty(&serde_json::json!({ "answer": answer, "compared": other }))
        }
    };
    anstream::println!("{}", text.map_err(Stop::failed)?);
    Ok(())
}
