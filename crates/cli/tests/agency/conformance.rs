//! `gongji conformance` against a sandbox that the program serves itself: one that answers as it should, one with a planted fault, none at all.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::kit::{Areas, Books, policies};

/// A sandbox at a free port of this machine; it ends when this is dropped.
struct Sandbox {
    child: Child,
    address: String,
    /// Held open: the program still has a line to say.
    _out: BufReader<ChildStdout>,
}

impl Sandbox {
    fn open(books: &Books) -> Sandbox {
        // Its books are in the test's folder: a program that is killed leaves its own temporary folder behind.
        let mut child = Command::new(env!("CARGO_BIN_EXE_gongji"))
            .args(["serve", "--sandbox", "--listen", "127.0.0.1:0", "--data", "sandbox"])
            .env_remove("GONGJI_STORE")
            .env("GONGJI_POLICIES", policies(Areas::Agency))
            .current_dir(books.folder())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        let address = loop {
            let mut line = String::new();
            assert!(out.read_line(&mut line).expect("a line") > 0, "the program ended without an address");
            if let Some((_, rest)) = line.split_once("http://") {
                break rest.split('/').next().expect("an address").to_owned();
            }
        };
        Sandbox { child, address, _out: out }
    }

    /// Switches a fault on.
    fn plant(&self, fault: &str) {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        let (host, length) = (&self.address, fault.len());
        write!(
            stream,
            "POST /api/v1/sandbox/faults HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{fault}"
        )
        .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Where it has ended already, there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A report without the address and the ids of messages, which differ from run to run.
fn shown(report: &str, address: &str) -> String {
    let report = report.replace(address, "127.0.0.1:…");
    let lines = report.lines().map(|line| match line.split_once("，报文 ") {
        Some((before, after)) => {
            let rest = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
            format!("{before}，报文 …{rest}\n")
        }
        None => format!("{line}\n"),
    });
    lines.collect()
}

#[test]
fn a_sandbox_passes_and_a_planted_fault_is_named() {
    let books = Books::new();
    let sandbox = Sandbox::open(&books);
    let report = books.run_nowhere(&["conformance", &sandbox.address], "");
    insta::assert_snapshot!("conformance", shown(&report, &sandbox.address));
    assert!(report.starts_with("exit 0\n"), "{report}");
    sandbox.plant(r#"{"kind":"failure","infno":"5303","times":1000}"#);
    let report = books.run_nowhere(&["conformance", &sandbox.address, "--only", "inpatient"], "");
    insta::assert_snapshot!("conformance_fault", shown(&report, &sandbox.address));
    assert!(report.starts_with("exit 1\n"), "{report}");
    let failed: Vec<&str> = report.lines().filter(|line| line.starts_with("不符")).collect();
    assert!(matches!(failed[..], [one] if one.ends_with("inpatient.in_hospital")), "{failed:?}");
    let told =
        books.run_nowhere(&["conformance", &sandbox.address, "--only", "inpatient", "--format", "json"], "");
    assert!(told.starts_with("exit 1\n") && told.contains("\"id\": \"inpatient.in_hospital\""), "{told}");
}

#[test]
fn nobody_there_is_said() {
    let books = Books::new();
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let told = books.run_nowhere(&["conformance", &closed.to_string()], "");
    insta::assert_snapshot!("conformance_nobody", shown(&told, &closed.to_string()));
    insta::assert_snapshot!(
        "conformance_https",
        books.run_nowhere(&["conformance", "https://127.0.0.1"], "")
    );
    insta::assert_snapshot!(
        "conformance_no_subjects",
        books.run_nowhere(&["conformance", &closed.to_string(), "--subjects", "nothing.json"], "")
    );
}
