//! Work over all people of an area or employer, as jobs: each step a command of at most 500 people, taken from where the books say that the
//! work stands.

use crate::actor::Actor;
use crate::command::Command;
use crate::job::{Job, Progress, Step};
use crate::office::{Answer, Failure, Office};
use crate::row::{BillStatus, ContributionBill, Run};

/// How the command of a step is made: from after whom it goes on.
pub type MakeStep<'work> = Box<dyn Fn(&str) -> Command + 'work>;

/// Steps that a [`Run`] row keeps account of: bills, credits, clearings, the year's close.
pub struct Steps<'work> {
    run: String,
    make: MakeStep<'work>,
    again: bool,
    of: Option<u64>,
    before: u64,
}

impl<'work> Steps<'work> {
    /// The work of a run's id. Work that is done is not begun again.
    pub fn new(run: impl Into<String>, make: impl Fn(&str) -> Command + 'work) -> Steps<'work> {
        Steps { run: run.into(), make: Box::new(make), again: false, of: None, before: 0 }
    }

    /// The same, begun once more where it is done: for those who came later.
    #[must_use]
    pub fn again(mut self, again: bool) -> Steps<'work> {
        self.again = again;
        self
    }

    /// The same, told against so many people.
    #[must_use]
    pub fn of(mut self, people: u64) -> Steps<'work> {
        self.of = Some(people);
        self
    }
}

impl Job for Steps<'_> {
    fn next(&mut self, office: &Office, actor: &Actor) -> Result<Option<Step>, Failure> {
        let run = office
            .look(actor, |desk, _| desk.get::<Run>(&self.run).map(|row| row.map(|row| (*row).clone())))?;
        let (round, after) = match run {
            None => (1, String::new()),
            Some(run) if !run.done => (run.round, run.after),
            Some(run) if self.again => (run.round + 1, String::new()),
            Some(_) => return Ok(None),
        };
        self.again = false;
        let key = format!("{}/{round}/{after}", self.run);
        Ok(Some(Step { key, command: (self.make)(&after) }))
    }

    fn took(&mut self, answer: &Answer) -> Progress {
        let done = answer.result.get("people").and_then(serde_json::Value::as_u64).unwrap_or(self.before);
        self.before = done;
        Progress { done, of: self.of }
    }
}

/// Everything of a bill that was paid is split.
pub struct Split {
    bill: String,
    done: u64,
    of: u64,
}

impl Split {
    /// Of a bill.
    pub fn of(bill: impl Into<String>) -> Split {
        Split { bill: bill.into(), done: 0, of: 0 }
    }
}

impl Job for Split {
    fn next(&mut self, office: &Office, actor: &Actor) -> Result<Option<Step>, Failure> {
        let look = office.look(actor, |desk, _| {
            desk.get::<ContributionBill>(&self.bill).map(|row| row.map(|row| (*row).clone()))
        })?;
        let Some(bill) = look.filter(|bill| bill.status == BillStatus::Paid) else { return Ok(None) };
        self.of = bill.people;
        let command = Command::SplitContributions(crate::command::SplitContributions {
            bill: self.bill.clone(),
            part: bill.split,
        });
        Ok(Some(Step { key: format!("split/{}/{}", self.bill, bill.split), command }))
    }

    fn took(&mut self, answer: &Answer) -> Progress {
        self.done += answer.result.get("people").and_then(serde_json::Value::as_u64).unwrap_or(0);
        Progress { done: self.done, of: Some(self.of) }
    }
}
