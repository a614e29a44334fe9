//! `docs/coverage.md`.

use std::collections::BTreeMap;

use super::list::{Kind, List, Row};

/// Where the page stands.
pub const PAGE: &str = "docs/coverage.md";

const HEAD: &str = "# What carries every statement

Made by `cargo run -p xtask -- coverage` from `docs/coverage/*.toml`; a test fails when it is stale, when a named case, parameter, page or test
is not there, or when an id is missing. Cases of `policies/` and `fixtures/policies/` run as tests (`gongji policy test`, `cargo test -p gongji-cases`),
so what is named here passes.

| kind | meaning |
|---|---|
| pack value | a parameter of a pack, `area:path`; with ` = …`, one of its rows holds just that value |
| calculation | an event of the case format that some case asks and expects an answer to |
| page | a page or an address of the interface |
| case or test | a worked case, or a test of the code, that shows it |
| wrong: shown right | the statement is wrong, out of date or contradicts itself; the target shows what is right |
| not modelled | no rule of insurance: the reason says what it is |
| **open** | not there yet: what is missing, and what is expected to carry it |
";

fn counts(list: &List) -> BTreeMap<Kind, usize> {
    let mut counts = BTreeMap::new();
    for row in list.rows.values() {
        *counts.entry(row.kind).or_default() += 1;
    }
    counts
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn target(text: &str) -> String {
    // The page lies in `docs/`.
    if text.ends_with(".json") {
        let name = text.rsplit('/').next().unwrap_or(text);
        let folder = text.rsplit('/').nth(2).unwrap_or_default();
        let code = folder.split('-').next().unwrap_or_default();
        return format!("[{code} {name}](../{text})");
    }
    format!("`{}`", cell(text))
}

fn row_of(id: &str, row: &Row) -> String {
    let targets: Vec<String> = row.targets.iter().map(|text| target(text)).collect();
    let mut words = Vec::new();
    if !row.missing.is_empty() {
        words.push(format!("missing: {}", row.missing));
    }
    if !row.reason.is_empty() {
        words.push(row.reason.clone());
    }
    let carriers = match (row.kind, targets.is_empty()) {
        (_, true) => String::new(),
        (Kind::Open, false) => format!("expected: {}", targets.join(", ")),
        (_, false) => targets.join(", "),
    };
    format!(
        "| {id} | {} | {} | {carriers} | {} |\n",
        cell(&row.subject),
        row.kind.label(),
        cell(&words.join("; "))
    )
}

/// The page.
pub fn render(lists: &[List]) -> String {
    let mut text = HEAD.to_owned();
    text.push_str("\n## Counts\n\n| list |");
    for kind in Kind::ALL {
        text.push_str(&format!(" {} |", kind.label()));
    }
    text.push_str(" all |\n|---|");
    text.push_str(&"---:|".repeat(Kind::ALL.len() + 1));
    text.push('\n');
    let mut total: BTreeMap<Kind, usize> = BTreeMap::new();
    let line = |title: &str, counts: &BTreeMap<Kind, usize>| {
        let cells: Vec<String> =
            Kind::ALL.iter().map(|kind| counts.get(kind).copied().unwrap_or_default().to_string()).collect();
        format!("| {title} | {} | {} |\n", cells.join(" | "), counts.values().sum::<usize>())
    };
    for list in lists {
        let counts = counts(list);
        text.push_str(&line(&list.title, &counts));
        for (kind, count) in counts {
            *total.entry(kind).or_default() += count;
        }
    }
    text.push_str(&line("all", &total));
    for list in lists {
        text.push_str(&format!("\n## {}\n\n{}\n\n", list.title, list.about));
        text.push_str("| id | subject | kind | carried by | remark |\n|---|---|---|---|---|\n");
        for (id, row) in &list.rows {
            text.push_str(&row_of(id, row));
        }
    }
    text
}

/// The counts in one line a list.
pub fn summary(lists: &[List]) -> String {
    let of = |list: &List| {
        let counts = counts(list);
        let parts: Vec<String> = Kind::ALL
            .iter()
            .filter_map(|kind| counts.get(kind).map(|count| format!("{} {count}", kind.name())))
            .collect();
        format!("{}: {} ({})", list.title, list.rows.len(), parts.join(", "))
    };
    lists.iter().map(of).collect::<Vec<_>>().join("\n")
}
