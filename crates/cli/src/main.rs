//! `gongji`: one bill, every fen.

mod arguments;
mod command;
mod exit;
mod five_table;
mod shelf;
mod table;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command, PolicyCommand};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        Command::Quote(quote) => command::quote::run(&quote),
        Command::Five(five) => command::five::run(&five),
        Command::Verify(verify) => command::verify::run(&verify),
        Command::Policy(PolicyCommand::Check(check)) => command::policy_check::run(&check),
        Command::Policy(PolicyCommand::List(list)) => command::policy_list::run(&list),
        Command::Policy(PolicyCommand::Matrix(matrix)) => command::policy_matrix::run(&matrix),
        Command::Policy(PolicyCommand::Show(show)) => command::policy_show::run(&show),
        Command::Policy(PolicyCommand::Diff(diff)) => command::policy_diff::run(&diff),
        Command::Policy(PolicyCommand::Test(test)) => command::policy_test::run(&test),
        Command::Serve(serve) => command::serve::run(&serve),
        Command::Completions(completions) => command::completions::run(&completions),
    };
    exit::code(outcome)
}
