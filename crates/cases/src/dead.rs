//! Dead parameters: values whose change changes no worked example.

use gongji_policy::Pack;
use gongji_policy::view::{Mutation, mutations};

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

/// The rows of a pack whose every tried change leaves all examples as they are. `progress` hears how many rows of all
/// were tried.
pub fn dead_parameters(
    packs: &[Pack],
    pack: &Pack,
    examples: &[&WorkedExample],
    progress: impl Fn(usize, usize),
) -> Vec<DeadParameter> {
    let outcomes: Vec<_> = examples.iter().map(|example| amounts(example, packs)).collect();
    let all = mutations(pack);
    let same_row = |one: &Mutation, other: &Mutation| (&one.path, one.row, &one.span) == (&other.path, other.row, &other.span);
    let rows: Vec<&[Mutation]> = all.chunk_by(same_row).collect();
    let mut dead = Vec::new();
    for (done, row) in rows.iter().enumerate() {
        progress(done, rows.len());
        let alive = row.iter().any(|mutation| {
            let changed: Vec<Pack> = packs
                .iter()
                .map(|one| if one.area.code == pack.area.code { mutation.apply(one) } else { one.clone() })
                .collect();
            examples.iter().zip(&outcomes).any(|(example, before)| amounts(example, &changed) != *before)
        });
        if let (false, Some(first)) = (alive, row.first()) {
            dead.push(DeadParameter {
                path: first.path.clone(),
                label: first.label.clone(),
                conditions: first.conditions.clone(),
            });
        }
    }
    dead
}

/// What an example comes to, without the words that name the rules.
fn amounts(example: &WorkedExample, packs: &[Pack]) -> Result<Vec<String>, String> {
    let answer = example.run(packs).map_err(|error| error.to_string())?;
    let mut amounts = Vec::new();
    for result in answer["results"].as_array().into_iter().flatten() {
        for (name, value) in result.as_object().into_iter().flatten() {
            if let Some(text) = value.as_str().filter(|_| name != "sentence") {
                amounts.push(format!("{name}={text}"));
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
