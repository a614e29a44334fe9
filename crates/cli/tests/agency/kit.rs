//! A folder with books in it, and runs of the program on them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
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
        without_hashes(&self.raw(arguments, input, &[("GONGJI_DATA", self.data)]))
    }

    /// The same with these variables besides, which say where the books are.
    pub fn run_with(&self, arguments: &[&str], input: &str, variables: &[(&str, &str)]) -> String {
        without_hashes(&self.raw(arguments, input, variables))
    }

    /// The same without saying where the books are.
    pub fn run_nowhere(&self, arguments: &[&str], input: &str) -> String {
        without_hashes(&self.raw(arguments, input, &[]))
    }

    /// The secret of a new token.
    pub fn token(&self, role: &str, name: &str) -> String {
        let issued = self.raw(&["token", "issue", role, name], "", &[("GONGJI_DATA", self.data)]);
        issued.lines().find(|line| line.starts_with("gongji_")).expect("a secret").to_owned()
    }

    fn raw(&self, arguments: &[&str], input: &str, variables: &[(&str, &str)]) -> String {
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
        format!("exit {code}\n--- stdout\n{}--- stderr\n{}", text(&output.stdout), text(&output.stderr))
    }
}

/// The program serving books; it ends when this is dropped.
pub struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Serves books at a free port of this machine.
    pub fn over(books: &Books) -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gongji"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data", books.data])
            .env_remove("GONGJI_STORE")
            .env("GONGJI_POLICIES", policies(books.areas))
            .current_dir(books.folder())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let out = child.stdout.take().expect("a pipe");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let address =
            line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).expect("an address");
        Server { address: address.to_owned(), child }
    }

    /// The answer to a request, head and body.
    pub fn get(&self, path: &str, token: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        let host = &self.address;
        let bearer =
            if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\n{bearer}Connection: close\r\n\r\n")
            .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Where it has ended already, there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Invented areas.
pub fn policies(areas: Areas) -> PathBuf {
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
