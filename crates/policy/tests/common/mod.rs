//! Small packs from texts, and the packs of the repository.

use std::path::Path;

use gongji_policy::{Pack, Severity, SourceText, check_pack, read_packs};

const AREA: &str = r#"[area]
code = "990001"
name = "示例市"
year_starts = "01-01"
law_date = "discharged"
year_date = "discharged"
last_checked = "2026-11-01"

[index.average_wage]
label = "职工平均工资"
source = "early"
rows = [
  { from = "2020-01-01", to = "2022-12-31", value = 60000 },
  { from = "2023-01-01", value = 72000, source = "late" },
]
"#;

const SOURCES: &str = r#"[source.early]
document = "示例市旧办法"
article = "第二条"
grade = "official"
published = "2019-11-01"
last_checked = "2026-11-01"

[source.late]
document = "示例市新办法"
grade = "press"
published = "2022-12-15"
last_checked = "2026-11-01"

[source.undated]
document = "示例市政策问答"
grade = "unverified"
last_checked = "2026-11-01"
"#;

/// The pack whose `employee.toml` this is, which must be sound.
pub fn pack(employee: &str) -> Pack {
    let texts = [("area", AREA), ("employee", employee), ("sources", SOURCES)]
        .map(|(name, text)| SourceText::new(format!("990001-test/{name}.toml"), text));
    let (packs, found) = read_packs(&texts);
    assert_eq!(found, Vec::new());
    let pack = packs.into_iter().next().unwrap();
    let found = check_pack(&pack, None);
    assert!(found.iter().all(|it| it.code.severity() == Severity::Warning), "{found:#?}");
    pack
}

fn gather(root: &Path, folder: &Path, texts: &mut Vec<SourceText>) {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            gather(root, &path, texts);
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            texts.push(SourceText::new(name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Every pack of the repository: those that ship and the fixtures.
pub fn all_packs() -> Vec<Pack> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut packs = Vec::new();
    for folder in ["policies", "fixtures/policies"] {
        let mut texts = Vec::new();
        gather(&root.join(folder), &root.join(folder), &mut texts);
        let (read, found) = read_packs(&texts);
        assert_eq!(found, Vec::new());
        packs.extend(read);
    }
    assert!(!packs.is_empty());
    packs
}
