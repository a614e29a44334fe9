//! `gongji policy test`.

use std::io::{self, IsTerminal, Write};

use gongji_cases::{WorkedExample, dead_parameters};

use crate::arguments::PolicyTest;
use crate::exit::{Outcome, Stop};
use crate::shelf::Shelf;

/// Runs every worked example; with `--dead` looks for parameters that none of them depends on.
pub fn run(test: &PolicyTest) -> Outcome {
    let shelf = Shelf::sound(&test.packs)?;
    let wanted = |name: &str| test.only.as_ref().is_none_or(|text| name.contains(text.as_str()));
    let (mut passed, mut failed) = (0, 0);
    let mut examples = Vec::new();
    for text in shelf.texts.cases.iter().filter(|text| wanted(&text.name)) {
        let mismatches = match WorkedExample::read(&text.text) {
            Ok(example) => {
                let found = example.check(&shelf.packs);
                examples.push((text.name.clone(), example));
                found
                    .into_iter()
                    .map(|one| format!("  {}：应为 {}，得到 {}", one.place, one.expected, one.found))
                    .collect()
            }
            Err(message) => vec![format!("  {message}")],
        };
        if mismatches.is_empty() {
            passed += 1;
        } else {
            failed += 1;
            anstream::println!("{}\n{}", text.name, mismatches.join("\n"));
        }
    }
    if passed + failed == 0 {
        return Err(Stop::bad_input("没有样例可跑；样例是每个政策包文件夹下的 cases/*.json"));
    }
    if test.dead && failed == 0 {
        let mut dead = 0;
        for pack in &shelf.packs {
            let own: Vec<&WorkedExample> = examples
                .iter()
                .filter(|(name, _)| name.starts_with(&pack.area.code))
                .map(|(_, example)| example)
                .collect();
            if own.is_empty() {
                continue;
            }
            let progress = |done: usize, all: usize| {
                if io::stderr().is_terminal() {
                    let _ = write!(io::stderr(), "\r{}：{done}/{all} 个参数", pack.area.name);
                }
            };
            for parameter in dead_parameters(&shelf.packs, pack, &own, progress) {
                dead += 1;
                anstream::println!(
                    "无样例触及：{}（{}）{}",
                    parameter.label,
                    parameter.path,
                    parameter.conditions
                );
            }
            if io::stderr().is_terminal() {
                let _ = writeln!(io::stderr());
            }
        }
        anstream::println!("{dead} 个参数改了也不影响任何样例");
    }
    anstream::println!("{passed} passed, {failed} failed");
    if failed > 0 { Err(Stop::Said) } else { Ok(()) }
}
