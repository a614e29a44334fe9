//! `cargo run -p xtask -- coverage [--adopt]`: writes `docs/coverage.md` from `docs/coverage/*.toml`.

use std::process::ExitCode;

use xtask::{coverage, root};

fn run(adopt: bool) -> anyhow::Result<bool> {
    let root = root();
    if adopt {
        for line in coverage::adopt(&root)? {
            println!("{line}");
        }
    }
    let lists = coverage::load(&root)?;
    let findings = coverage::check(&root, &lists)?;
    for finding in &findings {
        eprintln!("{finding}");
    }
    std::fs::write(root.join(coverage::PAGE), coverage::render(&lists))?;
    println!("{}", coverage::summary(&lists));
    Ok(findings.is_empty())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["coverage"] => run(false),
        ["coverage", "--adopt"] => run(true),
        _ => {
            eprintln!(
                "usage: cargo run -p xtask -- coverage [--adopt]\n\
                 --adopt turns rows that are open but carried by now into what they become"
            );
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
