//! `gongji verify`.

use gongji_cases::{Difference, verify};

use super::quote::stop;
use crate::arguments::Verify;
use crate::exit::{Outcome, Stop};
use crate::shelf::{Shelf, read_input};

/// The largest answer that is read.
const ANSWER_LIMIT: u64 = 1 << 30;

/// Recomputes an answer and prints what differs.
pub fn run(arguments: &Verify) -> Outcome {
    let text = read_input(&arguments.answer, ANSWER_LIMIT)?;
    let shelf = Shelf::sound(&arguments.packs)?;
    let found = verify(&shelf.packs, &text).map_err(|error| stop(&error))?;
    if found.same {
        anstream::println!("一致：重算的结果与这份结果分毫不差");
        return Ok(());
    }
    list("回执", &found.receipt);
    list("结果", &found.differences);
    anstream::println!("{} 处不同", found.receipt.len() + found.differences.len());
    Err(Stop::Said)
}

fn list(head: &str, differences: &[Difference]) {
    if !differences.is_empty() {
        anstream::println!("{head}不同：");
    }
    for Difference { place, stated, computed } in differences {
        anstream::println!("  {place}：原为 {stated}，重算为 {computed}");
    }
}
