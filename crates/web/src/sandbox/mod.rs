//! The sandbox for developers of hospital systems: who is on its stage, what came and went, what is made to fail.
//!
//! There is none unless the program was started with one, and then the store holds nothing but invented people.

pub mod deliver;
pub mod faults;
pub mod found;
pub mod log;
pub mod why;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use gongji_nhsa::sandbox::{Character, Counter, Learned, Order, Prepared, Stage, prepare, sequence};

use crate::agency::Agency;
use faults::Faults;
use log::{Entry, Log};

/// A sandbox.
pub struct Sandbox {
    /// Who and what is there.
    pub stage: Stage,
    /// What came and went.
    pub log: Log,
    /// What is made to fail.
    pub faults: Faults,
    /// How many requests were made: two of one second have different ids.
    made: AtomicU64,
}

/// A request that was asked for.
pub struct Ordered {
    /// The step.
    pub step: &'static sequence::Step,
    /// The request.
    pub prepared: Prepared,
}

impl Sandbox {
    /// A sandbox with this stage.
    pub fn new(stage: Stage) -> Sandbox {
        Sandbox { stage, log: Log::default(), faults: Faults::default(), made: AtomicU64::new(0) }
    }

    /// The person for whom a sequence is written, or another one that is asked for.
    pub fn person(&self, sequence: &sequence::Sequence, asked: Option<&str>) -> Option<&Character> {
        self.stage.person(asked.unwrap_or(&sequence.person))
    }

    /// The institution that sends the messages of a sequence, or another one that is asked for.
    pub fn counter(&self, sequence: &sequence::Sequence, asked: Option<&str>) -> Option<&Counter> {
        self.stage.institution(asked.unwrap_or(&sequence.institution))
    }

    /// What the log says of a person at an institution.
    pub fn learned(&self, person: &Character, counter: &Counter) -> Learned {
        let entries = self.log.all();
        let seen = entries.iter().map(|entry| entry.seen());
        Learned::from_log(seen, &counter.id, &person.person)
    }

    /// A step's request as it can be sent now.
    pub fn prepared(
        &self,
        agency: &Agency,
        step: &sequence::Step,
        person: &Character,
        counter: &Counter,
        learned: &Learned,
    ) -> Prepared {
        let serial = self.made.fetch_add(1, Ordering::Relaxed) + 1;
        prepare(
            &agency.platform,
            &Order { step, person, counter, elsewhere: &self.stage.elsewhere, serial },
            learned,
        )
    }

    /// The request of a transaction: the step of a sequence (at its place, from 1, or the first of the number), or the first step that any sequence has of the number.
    pub fn order(
        &self,
        agency: &Agency,
        number: &str,
        (sequence_name, at): (Option<&str>, Option<usize>),
        person: Option<&str>,
        institution: Option<&str>,
    ) -> Option<Ordered> {
        let (sequence, step) = match sequence_name {
            Some(name) => {
                let sequence = sequence::sequence(name)?;
                let fits = |(place, step): &(usize, &sequence::Step)| {
                    step.infno == number && at.is_none_or(|at| at == place + 1)
                };
                (sequence, sequence.steps.iter().enumerate().find(fits)?.1)
            }
            None => sequence::step_of(number)?,
        };
        let (person, counter) = (self.person(sequence, person)?, self.counter(sequence, institution)?);
        let learned = self.learned(person, counter);
        let prepared = self.prepared(agency, step, person, counter, &learned);
        Some(Ordered { step, prepared })
    }

    /// A message of the log.
    pub fn message(&self, id: u64) -> Option<Arc<Entry>> {
        self.log.one(id)
    }
}
