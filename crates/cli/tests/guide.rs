//! The documents, run as they stand: the walk-through "Write a pack" and the README, each in both languages, every file, every command,
//! every output; and every link inside the repository.
//!
//! A block whose first line names a file (```` ```toml my-packs/…/area.toml ````) writes it; where the TOML file is there already, each of
//! the block's tables takes the place of the table with the same head, or goes to the end. A `sh` block is run; the `text` block after it is
//! what it prints (`exit=1` after `text` is its exit code), where a line `…` stands for any lines.

#![expect(clippy::expect_used, reason = "a test that cannot read its page or start a shell has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use gongji_policy::view::value_label;
use gongji_policy::{AnswerField, Dimension, DimensionKind, Payer};

const PAGES: [&str; 2] = ["docs/write-a-pack.md", "docs/write-a-pack.zh-CN.md"];
const README: [&str; 2] = ["README.md", "README.zh-CN.md"];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn page(name: &str) -> String {
    fs::read_to_string(repository().join(name)).expect("the page")
}

/// One fenced block.
#[derive(Debug, PartialEq, Eq)]
struct Block {
    language: String,
    /// What stands after the language: a file's name, an exit code.
    tag: String,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for line in page.lines() {
        match line.strip_prefix("```") {
            Some(_) if open => open = false,
            Some(head) => {
                let (language, tag) = head.split_once(' ').unwrap_or((head, ""));
                let (language, tag) = (language.to_owned(), tag.to_owned());
                blocks.push(Block { language, tag, text: String::new() });
                open = true;
            }
            None if open => {
                let text = &mut blocks.last_mut().expect("an open block").text;
                text.push_str(line);
                text.push('\n');
            }
            None => {}
        }
    }
    blocks
}

/// A new folder with what the documents use of the repository: the national pack and the examples. Away when dropped.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Place {
        let name = name.replace('/', "-");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("guide-{name}"));
        let _ = fs::remove_dir_all(&folder);
        for used in ["policies/000000-national", "docs/examples"] {
            fs::create_dir_all(folder.join(used)).expect("a folder");
            for file in fs::read_dir(repository().join(used)).expect("a folder of the repository") {
                let file = file.expect("a file").path();
                if file.is_file() {
                    let copy = folder.join(used).join(file.file_name().expect("a name"));
                    fs::copy(&file, copy).expect("a copy");
                }
            }
        }
        Place(folder)
    }

    /// Runs a block; the day is fixed, so that no source of the page grows stale.
    fn run(&self, commands: &str) -> (i32, String) {
        let shell = format!(
            "gongji() {{ case \"$1 $2\" in 'policy check') \"$GONGJI\" \"$@\" --today 2026-12-01;; *) \"$GONGJI\" \"$@\";; esac; }}\n{commands}"
        );
        let output = Command::new("sh")
            .args(["-ec", &shell])
            .env("GONGJI", env!("CARGO_BIN_EXE_gongji"))
            .env_remove("GONGJI_POLICIES")
            .env("NO_COLOR", "1")
            .current_dir(&self.0)
            .output()
            .expect("a shell");
        let text = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap_or(-1), String::from_utf8(text).expect("UTF-8"))
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        let old = fs::read_to_string(&path).ok().filter(|_| name.ends_with(".toml"));
        let text = old.map_or_else(|| text.to_owned(), |old| edited(&old, text));
        fs::write(path, text).expect("a file that can be written");
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The tables of a text, each from its head to the next head.
fn tables(text: &str) -> Vec<String> {
    let mut tables = vec![String::new()];
    for line in text.split_inclusive('\n') {
        if line.starts_with('[') {
            tables.push(String::new());
        }
        tables.last_mut().expect("never empty").push_str(line);
    }
    tables.retain(|table| !table.trim().is_empty());
    tables
}

fn edited(old: &str, change: &str) -> String {
    let mut all = tables(old);
    for table in tables(change) {
        let same = all.iter().position(|one| one.lines().next() == table.lines().next());
        match same {
            Some(position) => all[position] = table,
            None => all.push(table),
        }
    }
    all.iter().map(|table| format!("{}\n\n", table.trim_end())).collect()
}

/// Whether the lines are as the page says; `…` stands for any lines.
fn agrees(said: &[&str], found: &[&str]) -> bool {
    match said.split_first() {
        None => found.is_empty(),
        Some((&"…", rest)) => (0..=found.len()).any(|skipped| agrees(rest, &found[skipped..])),
        Some((line, rest)) => found.first() == Some(line) && agrees(rest, &found[1..]),
    }
}

/// Does what a page says. The error tells which command prints something else.
fn follow(place: &Place, page: &str) -> Result<usize, String> {
    let mut last: Option<(String, i32, String)> = None;
    let mut compared = 0;
    for block in blocks(page) {
        match block.language.as_str() {
            "toml" | "json" if !block.tag.is_empty() => place.write(&block.tag, &block.text),
            "sh" => {
                settled(last.take())?;
                let (code, output) = place.run(&block.text);
                last = Some((block.text, code, output));
            }
            "text" => {
                let (commands, code, output) = last.take().ok_or("an output without a command before it")?;
                let wanted: i32 =
                    block.tag.strip_prefix("exit=").map_or(0, |code| code.parse().expect("a code"));
                let said: Vec<&str> = block.text.trim().lines().map(str::trim_end).collect();
                let found: Vec<&str> = output.trim().lines().map(str::trim_end).collect();
                if code != wanted || !agrees(&said, &found) {
                    return Err(format!(
                        "{commands}ended with {code} (the page says {wanted}) and printed:\n{output}"
                    ));
                }
                compared += 1;
            }
            // `console` is what a reader types once and a test cannot: building the program.
            "console" => {}
            other => return Err(format!("a block `{other} {}` that nobody runs", block.tag)),
        }
    }
    settled(last)?;
    Ok(compared)
}

/// A command whose output the page does not show must have ended well.
fn settled(last: Option<(String, i32, String)>) -> Result<(), String> {
    match last {
        Some((commands, code, output)) if code != 0 => Err(format!("{commands}ended with {code}:\n{output}")),
        _ => Ok(()),
    }
}

#[test]
fn each_page_leads_from_nothing_to_a_passing_bill() {
    for name in PAGES {
        let place = Place::new(name);
        let compared = follow(&place, &page(name)).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
        assert!(compared >= 8, "{name}: only {compared} outputs");
        let (code, output) = place.run("gongji policy test --quick --policies my-packs");
        assert!(code == 0 && output.contains("5 passed, 0 failed"), "{name}: {output}");
    }
}

#[test]
fn the_readme_prints_what_it_says() {
    for name in README {
        let compared =
            follow(&Place::new(name), &page(name)).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
        assert!(compared >= 3, "{name}: only {compared} outputs");
    }
}

#[test]
fn both_languages_hold_the_same_blocks() {
    let [one, other] = PAGES;
    assert_eq!(blocks(&page(one)), blocks(&page(other)), "{one} and {other}");
    // Commands that are shown and not run may carry remarks.
    let [one, other] = README;
    assert_eq!(bare_blocks(&page(one)), bare_blocks(&page(other)), "{one} and {other}");
}

/// The blocks of a reference, without the comments, which are in the reader's language.
fn bare_blocks(page: &str) -> Vec<Block> {
    let bare = |line: &str| line.split(" #").next().unwrap_or_default().trim().to_owned();
    let mut blocks = blocks(page);
    for block in &mut blocks {
        let lines: Vec<String> = block.text.lines().map(bare).collect();
        block.text = lines.into_iter().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    }
    blocks
}

#[test]
fn both_references_hold_the_same_keys() {
    let [one, other] = ["docs/pack-format.md", "docs/pack-format.zh-CN.md"].map(page);
    assert_eq!(bare_blocks(&one), bare_blocks(&other));
    // Everything in backticks that is a key or a value stands in both, however the sentence around it runs.
    let marked = |text: &str| -> BTreeSet<String> {
        let words = text.split('`').skip(1).step_by(2);
        // A phrase with a quoted part holds a placeholder in the reader's language.
        let words = words.filter(|word| word.is_ascii() && !word.contains(['<', '/', '{']));
        let words = words.filter(|word| !(word.contains(' ') && word.contains('"')));
        words.map(|word| word.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    };
    let prose = |text: &str| text.split("```").step_by(2).collect::<String>();
    let missing: Vec<String> = marked(&prose(&one)).difference(&marked(&prose(&other))).cloned().collect();
    assert!(missing.is_empty(), "pack-format.zh-CN.md does not speak of {missing:?}");
}

#[test]
fn links_lead_somewhere() {
    let folders = ["", "docs", "fixtures", "crates/oracle"];
    let mut wrong = Vec::new();
    let mut links = 0;
    for folder in folders.map(|folder| repository().join(folder)) {
        for file in fs::read_dir(&folder).expect("a folder").map(|file| file.expect("a file").path()) {
            if file.extension().is_none_or(|ending| ending != "md") {
                continue;
            }
            let text = fs::read_to_string(&file).expect("a document");
            for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
                let target = link.split('#').next().unwrap_or_default();
                if target.is_empty() || target.contains("://") {
                    continue;
                }
                links += 1;
                if !folder.join(target).exists() {
                    wrong.push(format!("{}: {link}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "links that lead nowhere:\n{}", wrong.join("\n"));
    assert!(links > 20, "only {links} links were found");
}

#[test]
fn a_wrong_block_is_found() {
    let right = page(PAGES[0]);
    for (from, to) in [
        ("\"pooled_paid\": \"420.00\"", "\"pooled_paid\": \"421.00\""),
        ("value = \"60%\" }", "value = \"61%\" }"),
        ("error[P017]", "error[P018]"),
        ("exit=1", "exit=0"),
        ("  { level = \"2\", value = \"60%\" },\n", ""),
    ] {
        assert!(right.contains(from), "{from}");
        let place = Place::new("wrong");
        assert!(follow(&place, &right.replace(from, to)).is_err(), "{from} → {to} went unnoticed");
    }
}

/// A line for each dimension with fixed values, as `docs/case-format.md` shows them.
fn values() -> String {
    let rows = Dimension::ALL.into_iter().filter_map(|dimension| match dimension.kind() {
        DimensionKind::Choice(names) => {
            let named = |name: &&str| match value_label(dimension, name) {
                label if label == *name => format!("`{name}`"),
                label => format!("`{name}` {label}"),
            };
            let names: Vec<String> = names.iter().map(named).collect();
            Some(format!("| `{}` | {} | {} |\n", dimension.name(), dimension.label(), names.join(", ")))
        }
        _ => None,
    });
    format!("| dimension | 名称 | values |\n|---|---|---|\n{}", rows.collect::<String>())
}

#[test]
fn the_case_format_lists_every_value() {
    let values = values();
    assert!(page("docs/case-format.md").contains(&values), "docs/case-format.md should hold:\n{values}");
}

#[test]
fn the_pack_format_names_every_dimension_payer_and_field() {
    let format = page("docs/pack-format.md");
    let names = Dimension::ALL.map(Dimension::name).into_iter();
    let names = names.chain(Payer::ALL.map(Payer::name)).chain(AnswerField::ALL.map(AnswerField::name));
    let words: BTreeSet<&str> =
        format.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').collect();
    let missing: Vec<&str> = names.filter(|name| !words.contains(name)).collect();
    assert!(missing.is_empty(), "docs/pack-format.md does not name {missing:?}");
}
