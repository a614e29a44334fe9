//! A small sound pack from the text of its `employee.toml`.

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
