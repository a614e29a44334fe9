//! Plays the documented sequences of the national interface (定点医药机构接口) against an address, as a hospital's and a pharmacy's system would, and tells what
//! is otherwise than documented. Whose platform answers there does not matter: nothing is asked of it that the interface does not describe.

mod catalogue;
mod client;
mod form;
mod identity;
mod message;
mod reply;
mod report;
mod run;
mod sequence;
mod subjects;

pub use catalogue::{CHECKS, Check, Level};
pub use client::{PathStyle, Target, Trouble};
pub use report::{Checked, Outcome, Report};
pub use run::Step;
pub use sequence::SEQUENCES;
pub use subjects::{Character, Institution, Item, Subjects, SubjectsError};

/// What is played.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Names of the [`SEQUENCES`] that are played; all where none is named.
    pub only: Vec<String>,
    /// Transactions that are not asked for.
    pub without: Vec<String>,
}

/// Plays the sequences of a plan. `step` is told what is played next.
///
/// # Errors
/// [`Trouble`] where nothing answers at the address at all. What answers wrongly is told in the report.
pub fn conformance(
    target: Target,
    subjects: &Subjects,
    plan: &Plan,
    step: &mut dyn FnMut(Step<'_>),
) -> Result<Report, Trouble> {
    let base = target.base.clone();
    let client = client::Client::new(target);
    let mut run = run::Run::new(client, subjects, &plan.without, step);
    sequence::play(&mut run, &plan.only)?;
    Ok(run.report(base))
}

/// What a sandbox at an address lists of itself; `None` where it lists nothing.
///
/// # Errors
/// [`Trouble`] where nothing answers at the address; a list that cannot be read.
pub fn listed(target: &Target) -> Result<Option<Subjects>, ListedError> {
    let raw = client::Client::new(target.clone()).get("/api/v1/sandbox").map_err(ListedError::Trouble)?;
    if raw.status != 200 {
        return Ok(None);
    }
    Subjects::read(&raw.text).map(Some).map_err(ListedError::Subjects)
}

/// Why a sandbox's list cannot be used.
#[derive(Debug)]
pub enum ListedError {
    /// Nothing answers there.
    Trouble(Trouble),
    /// What it says is no list of subjects.
    Subjects(SubjectsError),
}
