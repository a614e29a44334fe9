//! Rounds: every area hands in what it has next, all of it is booked together, and each hears its answers.
//!
//! Areas work side by side, so that they share commits. A round is handed in only when every area has said what it wants or is through, and in the
//! order of the areas: whatever the timing, the journal is the same.

use std::sync::mpsc::{Receiver, Sender, channel};

use gongji_agency::actor::Actor;
use gongji_agency::command::Command;
use gongji_agency::office::{Answer, Failure, Office};

use crate::DemoError;

/// A command, under its key, in somebody's name.
pub(super) type Asked = (Actor, String, Command);

/// What became of commands, in their order.
pub(super) type Heard = Vec<Result<Answer, Failure>>;

enum Word {
    Asks(usize, Vec<Asked>),
    Through,
}

/// An area's way to the office.
pub(super) struct Line {
    at: usize,
    tell: Sender<Word>,
    hear: Receiver<Heard>,
}

impl Line {
    /// Hands in commands with the round, and waits for what becomes of them.
    ///
    /// # Errors
    /// The office no longer answers.
    pub fn ask(&self, asked: Vec<Asked>) -> Result<Heard, DemoError> {
        self.tell.send(Word::Asks(self.at, asked)).map_err(|_| DemoError::Silent)?;
        self.hear.recv().map_err(|_| DemoError::Silent)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        // Whoever led the rounds may have stopped with an error.
        let _ = self.tell.send(Word::Through);
    }
}

/// Does a piece of work for each of several areas side by side, round by round; what came of each, in their order. `through` hears how many are.
///
/// # Errors
/// The first of theirs in order; the office that no longer answers.
pub(super) fn rounds<I: Send, T: Send>(
    office: &Office,
    inputs: Vec<I>,
    work: impl Fn(Line, I) -> Result<T, DemoError> + Sync,
    through: &mut dyn FnMut(u64),
) -> Result<Vec<T>, DemoError> {
    let all = inputs.len();
    let (tell, told) = channel();
    let mut answers = Vec::with_capacity(all);
    let mut lines = Vec::with_capacity(all);
    for (at, input) in inputs.into_iter().enumerate() {
        let (answer, hear) = channel();
        answers.push(answer);
        lines.push((Line { at, tell: tell.clone(), hear }, input));
    }
    drop(tell);
    std::thread::scope(|scope| {
        let work = &work;
        let hands: Vec<_> =
            lines.into_iter().map(|(line, input)| scope.spawn(move || work(line, input))).collect();
        lead(office, &told, answers, through);
        hands.into_iter().map(|hand| hand.join().unwrap_or(Err(DemoError::Silent))).collect()
    })
}

fn lead(office: &Office, told: &Receiver<Word>, answers: Vec<Sender<Heard>>, through: &mut dyn FnMut(u64)) {
    let mut at_work = answers.len();
    let mut done = 0;
    while at_work > 0 {
        let mut round: Vec<Option<Vec<Asked>>> = answers.iter().map(|_| None).collect();
        let mut asking = 0;
        while asking < at_work {
            match told.recv() {
                Ok(Word::Asks(at, asked)) => {
                    if let Some(place) = round.get_mut(at) {
                        *place = Some(asked);
                    }
                    asking += 1;
                }
                Ok(Word::Through) => {
                    at_work -= 1;
                    done += 1;
                    through(done);
                }
                Err(_) => return,
            }
        }
        let mut waiting = Vec::with_capacity(asking);
        for (answer, asked) in answers.iter().zip(round) {
            let Some(asked) = asked else { continue };
            let mut heard = Vec::with_capacity(asked.len());
            for (actor, key, command) in asked {
                let (tell, hear) = channel();
                let reply = Box::new(move |answer| {
                    // Whoever no longer listens has stopped with an error.
                    let _ = tell.send(answer);
                });
                office.submit(&actor, &key, command, reply);
                heard.push(hear);
            }
            waiting.push((answer, heard));
        }
        for (answer, heard) in waiting {
            let heard: Result<Heard, _> = heard.into_iter().map(|hear| hear.recv()).collect();
            // An area that hears nothing stops with that error; one that no longer listens has stopped already.
            if let Ok(heard) = heard {
                let _ = answer.send(heard);
            }
        }
    }
}
