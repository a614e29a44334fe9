//! What is kept of the fold's steps.

use gongji_rules::{Step, Trace};

/// A trace that can be started empty and gives its steps at the end.
pub(crate) trait Sink: Trace {
    /// An empty one.
    fn start() -> Self;

    /// What it kept, in order.
    fn steps(self) -> Vec<Step>;
}

/// Every step, for explanations.
impl Sink for Vec<Step> {
    fn start() -> Self {
        Vec::with_capacity(32)
    }

    fn steps(self) -> Vec<Step> {
        self
    }
}

/// The steps that say who paid what of which portion, and nothing else.
#[derive(Debug)]
pub(crate) struct CellSteps(Vec<Step>);

impl Trace for CellSteps {
    const ON: bool = true;

    #[inline]
    fn step(&mut self, step: Step) {
        if matches!(
            step,
            Step::Band { .. }
                | Step::DeductibleLeft { .. }
                | Step::OverCeiling { .. }
                | Step::Relief { .. }
                | Step::Cash { .. }
        ) {
            self.0.push(step);
        }
    }
}

impl Sink for CellSteps {
    fn start() -> Self {
        CellSteps(Vec::with_capacity(16))
    }

    fn steps(self) -> Vec<Step> {
        self.0
    }
}
