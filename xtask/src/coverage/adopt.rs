//! Turns open rows that are carried by now into what they become.

use std::fs;
use std::path::Path;

use super::list::{FILES, Kind, List, Row, load};
use super::shelf::Shelf;

/// Cases named at most where many prove one example.
const MOST: usize = 3;

/// Rewrites the lists' files, a row a line; says which rows changed.
///
/// # Errors
/// Lists, packs or cases that cannot be read, files that cannot be written.
pub fn adopt(root: &Path) -> anyhow::Result<Vec<String>> {
    let shelf = Shelf::open(root)?;
    let mut told = Vec::new();
    for (file, list) in FILES.iter().zip(load(root)?) {
        let text = fs::read_to_string(root.join(file))?;
        let lines: Vec<String> = text
            .lines()
            .map(|line| {
                let id = line.split(" = ").next().unwrap_or_default();
                match list.rows.get(id).and_then(|row| adopted(root, &shelf, &list, id, row)) {
                    Some(row) => {
                        told.push(format!("{id}: {} by {}", row.kind.name(), row.targets.join(", ")));
                        line_of(id, &row)
                    }
                    None => line.to_owned(),
                }
            })
            .collect();
        fs::write(root.join(file), lines.join("\n") + "\n")?;
    }
    Ok(told)
}

fn adopted(root: &Path, shelf: &Shelf, list: &List, id: &str, row: &Row) -> Option<Row> {
    let becomes = row.becomes.filter(|_| row.kind == Kind::Open)?;
    let mut targets = row.targets.clone();
    if list.examples {
        let proving = shelf.cases.iter().filter(|(_, ids)| ids.iter().any(|known| known == id));
        targets = proving.map(|(case, _)| case.clone()).take(MOST).collect();
    }
    let carried = !targets.is_empty() && targets.iter().all(|target| shelf.find(root, target).is_ok());
    let row = Row { kind: becomes, targets, missing: String::new(), becomes: None, ..row.clone() };
    carried.then_some(row)
}

fn quoted(text: &str) -> String {
    // A JSON string is a basic string of TOML, too.
    serde_json::Value::from(text).to_string()
}

fn line_of(id: &str, row: &Row) -> String {
    let mut line =
        format!("{id} = {{ subject = {}, kind = {}", quoted(&row.subject), quoted(row.kind.name()));
    if !row.targets.is_empty() {
        let targets: Vec<String> = row.targets.iter().map(|target| quoted(target)).collect();
        line.push_str(&format!(", targets = [{}]", targets.join(", ")));
    }
    if !row.reason.is_empty() {
        line.push_str(&format!(", reason = {}", quoted(&row.reason)));
    }
    line + " }"
}
