//! A folder with books in it, and runs of the program on them.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use tempfile::TempDir;

/// Books in a folder of their own, away when dropped.
pub struct Books {
    folder: Arc<TempDir>,
    data: &'static str,
    areas: Areas,
}

/// Whose rules the program reads.
#[derive(Clone, Copy)]
pub enum Areas {
    /// One invented area a rule.
    Rules,
    /// Invented areas with everything that an agency needs.
    Agency,
}

/// The first word of a text that is this letter and a number.
pub fn first_word(text: &str, letter: char) -> String {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .find(|word| {
            word.strip_prefix(letter)
                .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
        })
        .unwrap_or_default()
        .to_owned()
}

impl Books {
    /// A folder without books.
    pub fn new() -> Books {
        Books::with_areas_of(Areas::Rules)
    }

    /// A folder without books, under other rules.
    pub fn with_areas_of(areas: Areas) -> Books {
        Books { folder: Arc::new(tempfile::tempdir().expect("a folder")), data: "books", areas }
    }

    /// Other books in the same folder.
    pub fn beside(&self) -> Books {
        Books { folder: Arc::clone(&self.folder), data: "others", areas: self.areas }
    }

    /// The folder in which the program runs.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The code and both streams of a run on the books.
    pub fn run(&self, arguments: &[&str], input: &str) -> String {
        self.shown(arguments, input, &[("GONGJI_DATA", self.data)])
    }

    /// The same without saying where the books are.
    pub fn run_nowhere(&self, arguments: &[&str], input: &str) -> String {
        self.shown(arguments, input, &[])
    }

    fn shown(&self, arguments: &[&str], input: &str, variables: &[(&str, &str)]) -> String {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gongji"))
            .args(arguments)
            .env_remove("GONGJI_DATA")
            .env_remove("GONGJI_STORE")
            .env("GONGJI_POLICIES", policies(self.areas))
            .env("NO_COLOR", "1")
            .env("USER", "测试员")
            .envs(variables.iter().copied())
            .current_dir(self.folder())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        // A program that refuses its arguments never reads its input.
        let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
        let output = child.wait_with_output().expect("the program ends");
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
        let code = output.status.code().expect("a code");
        without_hashes(&format!(
            "exit {code}\n--- stdout\n{}--- stderr\n{}",
            text(&output.stdout),
            text(&output.stderr)
        ))
    }
}

/// Invented areas.
fn policies(areas: Areas) -> PathBuf {
    let folder = match areas {
        Areas::Rules => "../../fixtures/policies",
        Areas::Agency => "../../fixtures/agency",
    };
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

/// Cuts every run of 12 or more hexadecimal digits that holds a letter and a digit.
fn without_hashes(text: &str) -> String {
    let mut shown = String::new();
    let mut run = String::new();
    for letter in text.chars().chain(['\0']) {
        if letter.is_ascii_hexdigit() {
            run.push(letter);
            continue;
        }
        let hash = run.len() >= 12 && run.bytes().any(|byte| byte.is_ascii_alphabetic());
        shown.push_str(if hash { "…" } else { &run });
        run.clear();
        if letter != '\0' {
            shown.push(letter);
        }
    }
    shown
}
