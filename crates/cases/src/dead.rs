//! Dead parameters: values whose change changes no worked example.

use gongji_policy::Pack;
use gongji_policy::view::{Mutation, mutations};
use serde_json::Value;

use crate::WorkedExample;

/// A row that no worked example depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadParameter {
    /// The parameter's path in the pack.
    pub path: String,
    /// What it is called.
    pub label: String,
    /// The row's conditions, in words.
    pub conditions: String,
}

/// What an example comes to: its amounts, and the whole text of the answer.
struct Run<'examples> {
    example: &'examples WorkedExample,
    amounts: Result<Vec<String>, String>,
    text: String,
}

/// The rows of a pack whose every tried change leaves all examples as they are. `progress` hears how many rows of all
/// were tried.
pub fn dead_parameters(
    packs: &[Pack],
    pack: &Pack,
    examples: &[&WorkedExample],
    progress: impl Fn(usize, usize),
) -> Vec<DeadParameter> {
    let Some(place) = packs.iter().position(|one| one.area.code == pack.area.code) else { return Vec::new() };
    let runs: Vec<Run<'_>> = examples
        .iter()
        .map(|example| {
            let answer = example.run(packs);
            let text = answer.as_ref().map_or_else(ToString::to_string, Value::to_string);
            Run { example, amounts: amounts(answer.map_err(|error| error.to_string())), text }
        })
        .collect();
    let all = mutations(pack);
    let same_row = |one: &Mutation, other: &Mutation| {
        (&one.path, one.row, &one.span) == (&other.path, other.row, &other.span)
    };
    let rows: Vec<&[Mutation]> = all.chunk_by(same_row).collect();
    let mut changed = packs.to_vec();
    let mut dead = Vec::new();
    for (done, row) in rows.iter().enumerate() {
        progress(done, rows.len());
        let Some(first) = row.first() else { continue };
        // Examples that cite the row come first: nearly always one of them tells the change.
        let rule = format!("{}#{}\"", first.path, first.row + 1);
        let (citing, others): (Vec<&Run<'_>>, Vec<&Run<'_>>) =
            runs.iter().partition(|run| run.text.contains(&rule));
        let alive = row.iter().any(|mutation| {
            changed[place] = mutation.apply(pack);
            let differs = |run: &&Run<'_>| {
                let outcome = run.example.run(&changed).map_err(|error| error.to_string());
                amounts(outcome) != run.amounts
            };
            citing.iter().any(differs) || others.iter().any(differs)
        });
        if !alive {
            dead.push(DeadParameter {
                path: first.path.clone(),
                label: first.label.clone(),
                conditions: first.conditions.clone(),
            });
        }
    }
    dead
}

/// The amounts of an outcome, without the words that name the rules.
fn amounts(outcome: Result<Value, String>) -> Result<Vec<String>, String> {
    let answer = outcome?;
    let mut amounts = Vec::new();
    for result in answer["results"].as_array().into_iter().flatten() {
        for (name, value) in result.as_object().into_iter().flatten() {
            let plain = value.is_string() || value.is_number() || value.is_boolean();
            if plain && name != "sentence" {
                amounts.push(format!("{name}={value}"));
            }
        }
        for cell in result["cells"].as_array().into_iter().flatten() {
            amounts.push(format!("{}/{}={}", cell["row"], cell["payer"], cell["amount"]));
        }
        amounts.push(result["accumulated"].to_string());
    }
    amounts.push(answer["purses"].to_string());
    Ok(amounts)
}
