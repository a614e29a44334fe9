//! Small packs for the tests of calculators: an invented area with the parameters that a test states.

use gongji_policy::{Dimension, Facts, Inquiry, Pack, SourceText, read_packs};
use jiff::civil::Date;

/// A pack whose scheme has these parameters: name and the keys of its table.
pub fn pack(scheme: &str, parameters: &[(&str, &str)]) -> Pack {
    let mut rules = "[scheme]\nlabel = \"示例\"\nrounding = \"half_up_fen\"\n".to_owned();
    for (name, keys) in parameters {
        let dated = if keys.contains("from = ") { "" } else { "from = \"1990-01-01\"\n" };
        rules.push_str(&format!("\n[parameter.{name}]\n{dated}source = \"test\"\n{keys}\n"));
    }
    let texts = [
        (
            "area.toml",
            "[area]\ncode = \"990901\"\nname = \"示例区\"\nyear_starts = \"01-01\"\nlaw_date = \"settled\"\nyear_date = \"settled\"\nlast_checked = \"2026-01-01\"\n".to_owned(),
        ),
        (
            "sources.toml",
            "[source.test]\ndocument = \"示例\"\ngrade = \"unverified\"\nlast_checked = \"2026-01-01\"\n".to_owned(),
        ),
        (if scheme == "resident" { "resident.toml" } else { "employee.toml" }, rules),
    ];
    let texts = texts.map(|(name, text)| SourceText::new(format!("990901-test/{name}"), text));
    let (mut packs, findings) = read_packs(&texts);
    assert!(packs.len() == 1, "{findings:#?}");
    packs.remove(0)
}

/// The pack's scheme asked on a day, with nothing known of the person but these facts.
pub fn inquiry<'pack>(pack: &'pack Pack, day: Date, facts: &[(Dimension, i64)]) -> Inquiry<'pack> {
    let facts = facts.iter().fold(Facts::default(), |all, (dimension, value)| all.with(*dimension, *value));
    Inquiry::new(pack, &pack.schemes[0], facts, day)
}

/// A day.
pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// An amount.
pub fn yuan(text: &str) -> gongji_money::Fen {
    text.parse().unwrap()
}
