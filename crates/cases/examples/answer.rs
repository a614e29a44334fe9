//! Prints the answer to a worked example of the shipped packs: `cargo run -p gongji-cases --example answer -- NAME`.

use gongji_cases::WorkedExample;
use gongji_packs::PackTexts;

fn main() {
    let texts = PackTexts::shipped();
    let (packs, _) = gongji_policy::read_packs(&texts.rules);
    let wanted = std::env::args().nth(1).unwrap_or_default();
    for text in texts.cases.iter().filter(|text| text.name.contains(&wanted)) {
        println!("== {}", text.name);
        match WorkedExample::read(&text.text).and_then(|example| example.run(&packs)) {
            Ok(answer) => println!("{answer:#}"),
            Err(error) => println!("{error}"),
        }
    }
}
