//! Exit codes: 0 fine, 2 bad input (nothing changed), 1 failure.

use std::fmt::Display;
use std::process::ExitCode;

/// Why a command did not end well.
#[derive(Debug)]
pub enum Stop {
    /// What was given cannot be used: exit code 2.
    BadInput(String),
    /// Something else failed: exit code 1.
    Failed(String),
    /// Everything was said already: exit code 1.
    Said,
}

impl Stop {
    /// A failure of that message.
    pub fn failed(message: impl Display) -> Stop {
        Stop::Failed(message.to_string())
    }

    /// Bad input of that message.
    pub fn bad_input(message: impl Display) -> Stop {
        Stop::BadInput(message.to_string())
    }
}

/// How a command ends.
pub type Outcome = Result<(), Stop>;

/// Says what there is to say, and gives the code.
pub fn code(outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stop::BadInput(message)) => {
            anstream::eprintln!("错误：{message}");
            ExitCode::from(2)
        }
        Err(Stop::Failed(message)) => {
            anstream::eprintln!("失败：{message}");
            ExitCode::FAILURE
        }
        Err(Stop::Said) => ExitCode::FAILURE,
    }
}
