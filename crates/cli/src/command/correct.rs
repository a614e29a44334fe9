//! `gongji settlement cancel`, `readjudicate`.

use gongji_agency::command::{CancelSettlement, Command, Readjudicate};

use crate::arguments::Correct;
use crate::exit::Outcome;
use crate::office::Counter;

/// Books the negative of a settlement.
pub fn cancel(correct: &Correct) -> Outcome {
    let counter = Counter::open(&correct.agency)?;
    let (settlement, reason) = (correct.id.clone(), correct.reason.clone());
    let answer = counter.book(Command::CancelSettlement(CancelSettlement { settlement, reason }))?;
    let again = if answer.replayed { "先前已" } else { "已" };
    anstream::println!("{again}撤销 {}，记为第 {} 条", correct.id, answer.seq);
    anstream::println!("同一年度其后的结算可能因此不同：gongji settlement affected {}", correct.id);
    Ok(())
}

/// Books the negative of a settlement and the one that takes its place.
pub fn readjudicate(correct: &Correct) -> Outcome {
    let counter = Counter::open(&correct.agency)?;
    let (settlement, reason) = (correct.id.clone(), correct.reason.clone());
    let answer = counter.book(Command::Readjudicate(Readjudicate { settlement, reason }))?;
    let again = if answer.replayed { "先前已" } else { "已" };
    anstream::println!("{again}重新结算 {}，新的结算为 S{}", correct.id, answer.seq);
    Ok(())
}
