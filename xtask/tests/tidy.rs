//! Style rules that matter, as tests over the texts of the repository.

#![expect(clippy::expect_used, reason = "a test stops where its premises fail")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the root").to_owned()
}

fn walk(folder: &Path, into: &mut Vec<PathBuf>) {
    let skipped = ["target", ".git", "node_modules", "artifacts"];
    let mut entries: Vec<_> =
        fs::read_dir(folder).expect("readable").map(|entry| entry.expect("entry").path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().expect("named").to_string_lossy().into_owned();
        if path.is_dir() {
            if !skipped.contains(&name.as_str()) {
                walk(&path, into);
            }
        } else {
            into.push(path);
        }
    }
}

/// Every text of the repository with one of the endings, relative name first.
fn texts(endings: &[&str]) -> Vec<(String, String)> {
    let mut files = Vec::new();
    walk(&root(), &mut files);
    files
        .into_iter()
        .filter(|path| {
            path.extension().is_some_and(|kind| endings.contains(&kind.to_string_lossy().as_ref()))
        })
        .filter_map(|path| {
            let name =
                path.strip_prefix(root()).expect("below the root").to_string_lossy().replace('\\', "/");
            fs::read_to_string(&path).ok().map(|text| (name, text))
        })
        .collect()
}

/// Rust that ships: no tests, benchmarks or examples.
fn shipped_rust() -> Vec<(String, String)> {
    let mut sources = texts(&["rs"]);
    sources.retain(|(name, _)| {
        name.starts_with("crates/")
            && name.contains("/src/")
            && !name.ends_with("/tests.rs")
            && !name.contains("/tests/")
    });
    for (_, text) in &mut sources {
        if let Some(tests) = text.find("#[cfg(test)]") {
            text.truncate(tests);
        }
    }
    sources
}

fn report(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

/// For each crate the workspace crates it may use in what it ships. The direction of the house.
fn allowed() -> BTreeMap<&'static str, &'static [&'static str]> {
    BTreeMap::from([
        ("money", &[] as &[&str]),
        ("policy", &["money"]),
        ("rules", &["money", "policy"]),
        ("oracle", &["money", "policy"]),
        ("packs", &["policy"]),
        ("cases", &["money", "policy", "rules"]),
        ("ledger", &["money"]),
        ("agency", &["money", "policy", "rules", "cases", "ledger"]),
        ("store", &["ledger", "agency"]),
        ("nhsa", &["money", "policy", "cases", "ledger", "agency"]),
        ("conformance", &["nhsa"]),
        ("web", &["money", "policy", "rules", "cases", "ledger", "agency", "nhsa"]),
        (
            "cli",
            &[
                "money",
                "policy",
                "rules",
                "cases",
                "packs",
                "ledger",
                "agency",
                "store",
                "demo",
                "web",
                "conformance",
            ],
        ),
        ("demo", &["money", "policy", "cases", "ledger", "agency", "nhsa"]),
    ])
}

#[test]
fn dependencies_point_one_way() {
    let mut findings = Vec::new();
    for (name, text) in texts(&["toml"]) {
        let Some(room) = name.strip_prefix("crates/").and_then(|rest| rest.strip_suffix("/Cargo.toml"))
        else {
            continue;
        };
        let manifest: toml::Table = toml::from_str(&text).expect("a manifest");
        let Some(may_use) = allowed().get(room).copied() else {
            findings.push(format!(
                "{name}: crate `{room}` has no place in the direction of the house; add it here"
            ));
            continue;
        };
        for dependency in manifest.get("dependencies").and_then(toml::Value::as_table).into_iter().flatten() {
            if let Some(used) = dependency.0.strip_prefix("gongji-")
                && !may_use.contains(&used)
            {
                findings.push(format!("{name}: `{room}` must not use `{used}`"));
            }
        }
    }
    report(&findings);
}

#[test]
fn the_core_does_no_input_output() {
    let banned = [
        "std::fs",
        "std::net",
        "std::io",
        "std::env",
        "SystemTime",
        "Instant::now",
        "tokio",
        "axum",
        "async fn",
        "Zoned::now",
    ];
    let mut findings = Vec::new();
    for (name, text) in shipped_rust() {
        let core = ["crates/money/", "crates/policy/", "crates/rules/", "crates/oracle/"];
        if core.iter().any(|room| name.starts_with(room)) {
            for (number, line) in text.lines().enumerate() {
                if let Some(word) = banned.iter().find(|word| line.contains(**word)) {
                    findings.push(format!("{name}:{}: `{word}` in the core", number + 1));
                }
            }
        }
    }
    report(&findings);
}

#[test]
fn no_float_and_no_unfinished_code() {
    let banned = ["f32", "f64", "todo!(", "unimplemented!(", "FIXME", "XXX", "dbg!("];
    let mut findings = Vec::new();
    for (name, text) in shipped_rust() {
        for (number, line) in text.lines().enumerate() {
            let words = line.split(|letter: char| {
                !letter.is_alphanumeric() && letter != '_' && letter != '!' && letter != '('
            });
            let named = words.clone().any(|word| word == "f32" || word == "f64");
            if named || banned[2..].iter().any(|word| line.contains(word)) {
                findings.push(format!("{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    report(&findings);
}

/// The areas that ship: codes and names, from the packs themselves.
fn shipped_areas() -> Vec<String> {
    let mut words = Vec::new();
    for (name, text) in texts(&["toml"]) {
        if name.starts_with("policies/") && name.ends_with("/area.toml") {
            let area: toml::Table = toml::from_str(&text).expect("an area");
            let area = area["area"].as_table().expect("[area]");
            let code = area["code"].as_str().expect("a code");
            if code != "000000" {
                words.push(format!("\"{code}\""));
                let full = area["name"].as_str().expect("a name");
                words.push(full.trim_end_matches(['市', '省']).to_owned());
            }
        }
    }
    words
}

#[test]
fn no_area_is_named_in_code() {
    let areas = shipped_areas();
    assert!(!areas.is_empty(), "no pack found");
    let mut findings = Vec::new();
    for (name, text) in shipped_rust() {
        for (number, line) in text.lines().enumerate() {
            let line_code = line.trim_start();
            if !line_code.starts_with("//") && areas.iter().any(|word| line_code.contains(word.as_str())) {
                findings.push(format!("{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    report(&findings);
}

#[test]
fn files_are_small() {
    // One noun a file; 500 lines are already much.
    let mut findings = Vec::new();
    for (name, text) in shipped_rust() {
        let lines = text.lines().count();
        if lines > 500 {
            findings.push(format!("{name}: {lines} lines: one noun?"));
        }
    }
    report(&findings);
}

#[test]
fn every_file_says_what_it_is() {
    let mut findings = Vec::new();
    for (name, text) in shipped_rust() {
        if !text.starts_with("//!") {
            findings.push(format!("{name}: starts without a `//!` line"));
        }
    }
    report(&findings);
}

#[test]
fn no_place_outside_the_repository_is_named() {
    // A machine's folders, and the hosts of registries, have no business in the product.
    let banned = [
        "/work/",
        "/home/",
        "/root/",
        concat!("registry.", "npmjs"),
        concat!("index.", "crates.io"),
        concat!("pypi.", "org"),
    ];
    let mut findings = Vec::new();
    for (name, text) in texts(&["rs", "toml", "md", "json", "js", "mjs", "css", "html", "sh", "yml", "lock"])
    {
        if name == "xtask/tests/tidy.rs" || name == "Cargo.lock" {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            if let Some(word) = banned.iter().find(|word| line.contains(**word)) {
                findings.push(format!("{name}:{}: {word}", number + 1));
            }
        }
    }
    report(&findings);
}
