//! `gongji policy check`.

use std::io::IsTerminal;

use gongji_policy::{Severity, check_pack, render};
use jiff::Zoned;

use crate::arguments::PolicyCheck;
use crate::exit::{Outcome, Stop};
use crate::shelf::Shelf;

/// Reads and proves every pack; prints every finding.
pub fn run(check: &PolicyCheck) -> Outcome {
    let mut shelf = Shelf::open(&check.packs)?;
    let today = check.today.unwrap_or_else(|| Zoned::now().date());
    let mut findings = std::mem::take(&mut shelf.findings);
    for pack in &shelf.packs {
        findings.extend(check_pack(pack, Some(today)));
    }
    // A row that several packs inherit is found once.
    let mut said: Vec<_> = Vec::new();
    findings.retain(|finding| {
        let seen = said.contains(finding);
        if !seen {
            said.push(finding.clone());
        }
        !seen
    });
    let color = std::io::stdout().is_terminal();
    for finding in &findings {
        anstream::println!("{}\n", render(finding, &shelf.texts.rules, color));
    }
    let errors = findings.iter().filter(|finding| finding.code.severity() == Severity::Error).count();
    let warnings = findings.len() - errors;
    anstream::println!(
        "{} 个政策包，{} 个文件：{errors} 处错误，{warnings} 处提醒",
        shelf.packs.len(),
        shelf.texts.rules.len()
    );
    if errors > 0 { Err(Stop::Said) } else { Ok(()) }
}
