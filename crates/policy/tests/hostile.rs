//! Whatever happens to a text: no panic, and either a pack or an error that says why not.

use gongji_policy::{Severity, SourceText, check_pack, read_packs, render};
use proptest::prelude::*;

const SOUND: [(&str, &str); 8] = [
    ("990000-frame/area.toml", include_str!("full/990000-frame/area.toml")),
    ("990000-frame/employee.toml", include_str!("full/990000-frame/employee.toml")),
    ("990000-frame/sources.toml", include_str!("full/990000-frame/sources.toml")),
    ("990002-full/area.toml", include_str!("full/990002-full/area.toml")),
    ("990002-full/employee.inpatient.toml", include_str!("full/990002-full/employee.inpatient.toml")),
    ("990002-full/employee.toml", include_str!("full/990002-full/employee.toml")),
    ("990002-full/resident.toml", include_str!("full/990002-full/resident.toml")),
    ("990002-full/sources.toml", include_str!("full/990002-full/sources.toml")),
];

/// Words that mean something somewhere, and some that should mean nothing anywhere.
const WORDS: [&str; 40] = [
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "=",
    "\"",
    "'",
    "\"\"\"",
    "#",
    "\n",
    "\r",
    ",",
    ".",
    "..",
    ":",
    "-",
    "%",
    "\\u0000",
    "inherit = \"employee\"",
    "inherit = \"employee.benefit.later\"",
    "inherit = \"990000:\"",
    "0x7fffffffffffffff",
    "99999999999999999999",
    "-1",
    "1e400",
    "nan",
    "2022-02-30",
    "\"9999-12-31\"",
    "\"-9999-01-01\"",
    "true",
    "value",
    "rows = []",
    "unknown",
    "otherwise = true",
    "医保",
    "\u{feff}",
    "\u{0}",
    "[benefit.inpatient]",
];

#[derive(Clone, Debug)]
enum Mutation {
    Cut { at: prop::sample::Index, length: usize },
    Truncate { at: prop::sample::Index },
    Insert { at: prop::sample::Index, word: &'static str },
    SwapLines { one: prop::sample::Index, other: prop::sample::Index },
    RepeatLine { line: prop::sample::Index, at: prop::sample::Index },
    Lose,
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        (index(), 1_usize..60).prop_map(|(at, length)| Mutation::Cut { at, length }),
        index().prop_map(|at| Mutation::Truncate { at }),
        (index(), prop::sample::select(&WORDS[..])).prop_map(|(at, word)| Mutation::Insert { at, word }),
        (index(), index()).prop_map(|(one, other)| Mutation::SwapLines { one, other }),
        (index(), index()).prop_map(|(line, at)| Mutation::RepeatLine { line, at }),
        Just(Mutation::Lose),
    ]
}

fn boundary(text: &str, at: prop::sample::Index) -> usize {
    let mut position = at.index(text.len() + 1);
    while !text.is_char_boundary(position) {
        position -= 1;
    }
    position
}

fn mutate(text: &str, mutation: &Mutation) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    match mutation {
        Mutation::Cut { at, length } => {
            let start = boundary(text, *at);
            let mut end = (start + length).min(text.len());
            while !text.is_char_boundary(end) {
                end += 1;
            }
            format!("{}{}", &text[..start], &text[end..])
        }
        Mutation::Truncate { at } => text[..boundary(text, *at)].to_owned(),
        Mutation::Insert { at, word } => {
            let at = boundary(text, *at);
            format!("{}{word}{}", &text[..at], &text[at..])
        }
        Mutation::SwapLines { one, other } if !lines.is_empty() => {
            let (one, other) = (one.index(lines.len()), other.index(lines.len()));
            lines.swap(one, other);
            lines.concat()
        }
        Mutation::RepeatLine { line, at } if !lines.is_empty() => {
            let (line, at) = (line.index(lines.len()), at.index(lines.len()));
            lines.insert(at, lines[line]);
            lines.concat()
        }
        Mutation::SwapLines { .. } | Mutation::RepeatLine { .. } | Mutation::Lose => String::new(),
    }
}

proptest! {
    #[test]
    fn mutated_texts_are_read_or_refused(changes in prop::collection::vec((0..SOUND.len(), mutation()), 1..4)) {
        let mut texts: Vec<SourceText> = SOUND.map(|(name, text)| SourceText::new(name, text)).to_vec();
        for (file, mutation) in &changes {
            texts[*file].text = mutate(&texts[*file].text, mutation);
        }
        let (packs, findings) = read_packs(&texts);
        for finding in &findings {
            let message = render(finding, &texts, false);
            prop_assert!(message.contains(&finding.code.number()), "{}", message);
        }
        let refused = findings.iter().any(|finding| finding.code.severity() == Severity::Error);
        prop_assert!(packs.len() == 2 || refused, "a pack is missing and nobody says why");
        for pack in &packs {
            check_pack(pack, None);
        }
    }

    #[test]
    fn any_text_at_all(text in "(?s).{0,200}") {
        let texts = [SourceText::new("990001-x/area.toml", text.clone()), SourceText::new("990001-x/employee.toml", text)];
        let (packs, findings) = read_packs(&texts);
        prop_assert!(packs.is_empty() && !findings.is_empty());
        for finding in &findings {
            render(finding, &texts, true);
        }
    }
}
