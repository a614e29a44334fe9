//! Reads every pack under a folder and prints what there is to say: `cargo run -p gongji-policy --example check -- policies`.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use gongji_policy::{Severity, SourceText, check_pack, read_packs, render};

/// Every TOML text under the folder, named relative to it.
fn gather(root: &Path, folder: &Path, texts: &mut Vec<SourceText>) -> io::Result<()> {
    let mut entries: Vec<_> = std::fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            gather(root, &path, texts)?;
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            texts.push(SourceText::new(name, std::fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

fn main() -> io::Result<ExitCode> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "policies".to_owned());
    let mut texts = Vec::new();
    gather(Path::new(&folder), Path::new(&folder), &mut texts)?;
    let (packs, mut findings) = read_packs(&texts);
    findings.extend(packs.iter().flat_map(|pack| check_pack(pack, None)));
    let mut out = io::stdout().lock();
    let color = out.is_terminal();
    for finding in &findings {
        writeln!(out, "{}\n", render(finding, &texts, color))?;
    }
    for pack in &packs {
        let benefits: usize = pack.schemes.iter().map(|scheme| scheme.benefits.len()).sum();
        writeln!(
            out,
            "{} {}：{} 个险种，{benefits} 项待遇，{} 个出处，{}",
            pack.area.code,
            pack.area.name,
            pack.schemes.len(),
            pack.sources.len(),
            &pack.content_hash[..12],
        )?;
    }
    let errors = findings.iter().filter(|finding| finding.code.severity() == Severity::Error).count();
    writeln!(out, "{} 个政策包可用，{errors} 处错误，{} 处提醒", packs.len(), findings.len() - errors)?;
    Ok(if errors == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
