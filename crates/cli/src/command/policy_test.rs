//! `gongji policy test`.

use std::io::{self, IsTerminal, Write};

use gongji_cases::{WorkedExample, dead_parameters};
use gongji_policy::{Pack, SourceText};

use crate::arguments::PolicyTest;
use crate::exit::{Outcome, Stop};
use crate::shelf::Shelf;

/// Runs every worked example, then looks for parameters that none of them depends on.
pub fn run(test: &PolicyTest) -> Outcome {
    let shelf = Shelf::sound(&test.packs)?;
    let wanted = |name: &str| test.only.as_ref().is_none_or(|text| name.contains(text.as_str()));
    let (mut passed, mut failed) = (0, 0);
    let mut examples = Vec::new();
    for text in shelf.texts.cases.iter().filter(|text| wanted(&text.name)) {
        let problems = problems(text, &shelf.packs, &mut examples);
        if problems.is_empty() {
            passed += 1;
        } else {
            failed += 1;
            anstream::println!("{}\n{}", text.name, problems.join("\n"));
        }
    }
    if passed + failed == 0 {
        return Err(Stop::bad_input("没有样例可跑；样例是每个政策包文件夹下的 cases/*.json"));
    }
    if !test.quick && failed == 0 {
        let dead: usize = shelf.packs.iter().map(|pack| report_dead(pack, &shelf, &examples)).sum();
        anstream::println!("{dead} 个参数改了也不影响任何样例");
    }
    anstream::println!("{passed} passed, {failed} failed");
    if failed > 0 { Err(Stop::Said) } else { Ok(()) }
}

/// What does not come out in one example, a line each.
fn problems(text: &SourceText, packs: &[Pack], examples: &mut Vec<(String, WorkedExample)>) -> Vec<String> {
    match WorkedExample::read(&text.text) {
        Ok(example) => {
            let found = example.check(packs);
            examples.push((text.name.clone(), example));
            found
                .iter()
                .map(|one| format!("  {}：应为 {}，得到 {}", one.place, one.expected, one.found))
                .collect()
        }
        Err(error) => vec![format!("  {error}")],
    }
}

/// Prints a pack's dead parameters and counts them. Only a pack whose examples were all run can have any.
fn report_dead(pack: &Pack, shelf: &Shelf, examples: &[(String, WorkedExample)]) -> usize {
    let of_pack = |name: &str| name.starts_with(&pack.area.code);
    let own: Vec<_> = examples.iter().filter(|(name, _)| of_pack(name)).map(|(_, example)| example).collect();
    let all = shelf.texts.cases.iter().filter(|text| of_pack(&text.name)).count();
    if own.is_empty() || own.len() < all {
        return 0;
    }
    let terminal = io::stderr().is_terminal();
    let progress = |done: usize, rows: usize| {
        if terminal {
            // Progress is a courtesy: a terminal that cannot take it loses nothing.
            let _ = write!(io::stderr(), "\r{} {done}/{rows}\x1b[K", pack.area.name);
        }
    };
    let dead = dead_parameters(&shelf.packs, pack, &own, progress);
    if terminal {
        let _ = write!(io::stderr(), "\r\x1b[K");
    }
    for one in &dead {
        anstream::println!("无样例触及：{}（{}）{}", one.label, one.path, one.conditions);
    }
    dead.len()
}
