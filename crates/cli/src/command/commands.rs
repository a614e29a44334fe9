//! `gongji commands`: what can be booked.

use gongji_agency::command::COMMANDS;
use serde_json::{Map, Value};

use crate::arguments::Commands;
use crate::exit::{Outcome, Stop};
use crate::terminal::{Side, Table};

/// One example of each command, by its name.
const EXAMPLES: &str = include_str!("../../assets/commands.json");

fn examples() -> Result<Map<String, Value>, Stop> {
    serde_json::from_str(EXAMPLES).map_err(Stop::failed)
}

/// Prints every command with its term, or one with its example.
pub fn run(commands: &Commands) -> Outcome {
    let examples = examples()?;
    match &commands.kind {
        Some(kind) => {
            let Some((_, label)) = COMMANDS.iter().find(|(name, _)| name == kind) else {
                return Err(Stop::BadInput(format!("没有这种业务：{kind}；全部业务见 gongji commands")));
            };
            let example = examples.get(kind).map(serde_json::to_string_pretty).transpose();
            let example = example.map_err(Stop::failed)?.unwrap_or_default();
            anstream::eprintln!("{label}；例子：");
            anstream::println!("{example}");
        }
        None => {
            let mut table = Table::new(&[Side::Left, Side::Left, Side::Left]);
            table.row(["业务", "", "例子"]);
            table.rule();
            for (kind, label) in COMMANDS {
                let example = examples.get(*kind).map(Value::to_string).unwrap_or_default();
                table.row([*kind, *label, example.as_str()]);
            }
            anstream::print!("{}", table.render());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use gongji_agency::command::Command;

    use super::*;

    #[test]
    fn every_command_has_an_example_that_reads() {
        let examples = examples().expect("examples");
        for (kind, _) in COMMANDS {
            let example = examples.get(*kind).unwrap_or_else(|| panic!("no example of {kind}"));
            Command::read(kind, &example.to_string()).unwrap_or_else(|refusal| panic!("{kind}: {refusal}"));
        }
        assert_eq!(examples.len(), COMMANDS.len(), "an example of no command");
    }
}
