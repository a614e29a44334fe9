//! `gongji completions`.

use std::io;

use clap::CommandFactory;

use crate::arguments::{Arguments, Completions};
use crate::exit::Outcome;

/// Writes the completion script to standard output.
pub fn run(completions: &Completions) -> Outcome {
    clap_complete::generate(completions.shell, &mut Arguments::command(), "gongji", &mut io::stdout());
    Ok(())
}
