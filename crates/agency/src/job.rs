//! Long work over many people, in steps that are each one command under a key of their own: interrupted and started again, it goes on where it
//! stopped, and nothing is done twice.

use crate::actor::Actor;
use crate::command::Command;
use crate::office::{Answer, Failure, Office};

/// So many people at most stand in one step, and so in one record.
pub const MOST_A_STEP: usize = 500;

/// The next command of a job.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its key: the same for the same step whenever the job is run.
    pub key: String,
    /// What is done.
    pub command: Command,
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is done.
    pub done: u64,
    /// Of how much, where that is known.
    pub of: Option<u64>,
}

/// Work in steps. What is left to do is told from what is booked, never from memory.
pub trait Job {
    /// The next step; `None` when all is done.
    ///
    /// # Errors
    /// A refusal; the store's failure.
    fn next(&mut self, office: &Office, actor: &Actor) -> Result<Option<Step>, Failure>;

    /// Takes in what a step was answered.
    fn took(&mut self, answer: &Answer) -> Progress;
}

/// Runs a job to its end; `progress` is told after each step.
///
/// # Errors
/// The first refusal or failure. What was booked before stays, and the same job run again goes on from there.
pub fn run(
    office: &Office,
    actor: &Actor,
    job: &mut dyn Job,
    progress: &mut dyn FnMut(Progress),
) -> Result<Option<Answer>, Failure> {
    let mut last = None;
    while let Some(step) = job.next(office, actor)? {
        let answer = office.book(actor, &step.key, step.command)?;
        progress(job.took(&answer));
        last = Some(answer);
    }
    Ok(last)
}
