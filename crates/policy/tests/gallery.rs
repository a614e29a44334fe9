//! The gallery: for every code a small pack with that one mistake, and the message that people then read.
//!
//! `gallery/P005-….toml` is the `employee.toml` of an otherwise sound pack `990001-gallery`. A line `#=== name ===` starts
//! another text, such as `#=== 990001-gallery/area.toml ===`, which then takes the place of the sound one.
//! After a change: `INSTA_UPDATE=always cargo test -p gongji-policy --test gallery`, and read what changed.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its texts has failed")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gongji_policy::{Code, Diagnostic, Severity, SourceText, check_pack, read_packs, render};
use jiff::civil::date;

const AREA: &str = "990001-gallery/area.toml";
const SOURCES: &str = "990001-gallery/sources.toml";
const EMPLOYEE: &str = "990001-gallery/employee.toml";

const SOUND_AREA: &str = r#"[area]
code = "990001"
name = "示例市"
year_starts = "01-01"
law_date = "discharged"
year_date = "discharged"
last_checked = "2026-11-01"
"#;

const SOUND_SOURCES: &str = r#"[source.notice]
document = "示例市职工医保待遇通知"
grade = "unverified"
last_checked = "2026-11-01"
"#;

fn entries() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gallery");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|ending| ending == "toml")).collect();
    files.sort();
    files
}

/// The texts of one entry, sound ones where it has none of its own, in order of name.
fn texts(entry: &str) -> Vec<SourceText> {
    let mut texts = BTreeMap::from([(AREA, SOUND_AREA.to_owned()), (SOURCES, SOUND_SOURCES.to_owned())]);
    let mut name = EMPLOYEE;
    let mut text = String::new();
    for line in entry.split_inclusive('\n') {
        match line.trim_end().strip_prefix("#=== ").and_then(|rest| rest.strip_suffix(" ===")) {
            Some(next) => {
                texts.insert(std::mem::replace(&mut name, next), std::mem::take(&mut text));
            }
            None => text.push_str(line),
        }
    }
    texts.insert(name, text);
    texts.into_iter().map(|(name, text)| SourceText::new(name, text)).collect()
}

/// Everything there is to say of the texts, from reading and from the checks.
fn findings(texts: &[SourceText]) -> Vec<Diagnostic> {
    let (packs, mut findings) = read_packs(texts);
    for pack in &packs {
        findings.extend(check_pack(pack, Some(date(2026, 12, 1))));
    }
    findings
}

fn code_of(path: &Path) -> Code {
    let stem = path.file_stem().unwrap().to_str().unwrap();
    let number = stem.split('-').next().unwrap();
    Code::ALL
        .into_iter()
        .find(|code| code.number() == number)
        .unwrap_or_else(|| panic!("{stem}: no code {number}"))
}

#[test]
fn every_mistake_has_its_message() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("gallery");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let _guard = settings.bind_to_scope();
    for path in entries() {
        let code = code_of(&path);
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let texts = texts(&std::fs::read_to_string(&path).unwrap());
        let findings = findings(&texts);
        let codes: Vec<Code> = findings.iter().map(|finding| finding.code).collect();
        assert!(!codes.is_empty(), "{stem}: nothing found");
        assert!(codes.iter().all(|&found| found == code), "{stem}: found {codes:?}, one mistake makes noise");
        let messages: Vec<String> = findings.iter().map(|finding| render(finding, &texts, false)).collect();
        insta::assert_snapshot!(stem, messages.join("\n\n"));
    }
}

#[test]
fn every_code_is_shown() {
    let shown: Vec<Code> = entries().iter().map(|path| code_of(path)).collect();
    for code in Code::ALL {
        assert!(shown.contains(&code), "{code:?} ({}) has no entry in the gallery", code.number());
    }
}

#[test]
fn the_sound_pack_is_sound() {
    let texts = texts("[scheme]\nlabel = \"职工医保\"\n");
    assert_eq!(findings(&texts), Vec::new());
    assert_eq!(read_packs(&texts).0.len(), 1);
}

#[test]
fn an_error_refuses_the_pack() {
    for path in entries() {
        let texts = texts(&std::fs::read_to_string(&path).unwrap());
        let (packs, findings) = read_packs(&texts);
        let refused = findings.iter().any(|finding| finding.code.severity() == Severity::Error);
        assert_eq!(refused, !packs.iter().any(|pack| pack.area.code == "990001"), "{}", path.display());
    }
}
