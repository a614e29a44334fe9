//! Explains the worked examples of the shipped packs whose name contains a word, with every what-if:
//! `cargo run -p gongji-cases --example answer -- WORD [json]`.

use gongji_cases::{Case, QuoteOptions, WorkedExample, explain_text, quote, what_if};
use gongji_packs::PackTexts;

fn main() {
    let texts = PackTexts::shipped();
    let (packs, _) = gongji_policy::read_packs(&texts.rules);
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let as_json = std::env::args().nth(2).is_some();
    for text in texts.cases.iter().filter(|text| text.name.contains(&wanted)) {
        println!("== {}", text.name);
        let case = WorkedExample::read(&text.text).and_then(|example| Case::read(&example.case));
        let answered = case.and_then(|case| {
            let answer = quote(&packs, &case, QuoteOptions::default())?;
            let what_ifs = what_if::what_ifs(&packs, &case, QuoteOptions::default());
            Ok((answer, what_ifs))
        });
        match answered {
            Ok((answer, _)) if as_json => {
                println!("{}", serde_json::to_string_pretty(&answer).unwrap_or_default())
            }
            Ok((answer, what_ifs)) => {
                print!("{}", explain_text(&answer));
                match what_ifs {
                    Ok(what_ifs) => {
                        let compared = [what_ifs.lower_level, what_ifs.filing];
                        compared.iter().flatten().for_each(|comparison| println!("{}", comparison.sentence));
                        what_ifs
                            .next_threshold
                            .iter()
                            .for_each(|threshold| println!("{}", threshold.sentence));
                        for point in &what_ifs.curve.points {
                            println!(
                                "{} {} {}",
                                point.total,
                                point.burden,
                                point.kink.as_deref().unwrap_or("")
                            );
                        }
                    }
                    Err(error) => println!("{error}"),
                }
            }
            Err(error) => println!("{error}"),
        }
    }
}
